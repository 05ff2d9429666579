"""A plan with its answers and reviews, and a meeting from asking to minutes: with a word of its own in every field there is."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from records.sections import DEFAULT_SECTIONS, GETTING_READY, OF_A_MEETING, PLAN
from tests.records.browser import Page, as_it_stands
from tests.records.marks import STEM, mark

# What is written on pages of its own, and not by "Add ..." in a section.
WRITTEN_HERE = {*PLAN, *OF_A_MEETING, GETTING_READY, "meeting"}
# A day to come, whenever this is read: what is over is neither reviewed nor met for.
_SOON = datetime.date.today() + datetime.timedelta(days=60)
DAY = f"{_SOON:%d/%m/%Y}"
_NEAR = f"{_SOON + datetime.timedelta(days=5):%d/%m/%Y}"


def plan_everything(home: Any) -> None:
    """Every kind that has to do with a plan or a meeting, each by its own page."""
    plan = _plan(home)
    _meeting(home)
    _review(home)
    _one_meeting(home)
    assert STEM in home.get(plan).text
    known = {kind for section in DEFAULT_SECTIONS for kind in section.kinds}
    assert known >= WRITTEN_HERE


def _kept(page: Page) -> Page:
    assert page.status == 200, f"{page.address}: {page.status}"
    return page


def _link(page: Page, pattern: str) -> str:
    found = re.findall(rf'href="([^"]*{pattern}[^"]*)"', page.text)
    assert found, f"{page.address} leads to no {pattern}"
    return found[0]


def _plan(home: Any) -> str:
    amina = home.amina
    tiles = re.findall(r'href="([^"]+/sections/[0-9a-f]{32})"', home.get(home.record).text)
    plan = next(tile for tile in tiles if "/new/need" in home.get(tile).text).replace("/sections/", "/plan/")
    need = home.get(_link(home.get(plan), "/new/need"))
    assert STEM in _kept(amina.fill(need, "")).text
    action = home.get(_link(home.get(plan), "/new/action"))
    assert STEM in _kept(amina.fill(action, "", by_when=DAY)).text
    answer = home.get(_link(home.get(plan), "/answer"))
    _kept(amina.fill(answer, "", says="other_date", other_date=DAY, on="today"))
    went = home.get(_link(home.get(plan), "/progress"))
    _kept(amina.fill(went, "", on="today"))
    agree = home.get(_link(home.get(plan), "/agree"))
    _kept(amina.fill(agree, "", review_on=DAY))
    _kept(home.amina.open(f"{plan}/plan.pdf"))
    return plan


def _meeting(home: Any) -> None:
    amina = home.amina
    form = home.get(f"{home.record}/meeting")
    meeting = _kept(amina.fill(form, "", which="plan_review", date=DAY, time="2.30pm", ends="4pm", agreed="yes")).address
    assert STEM in home.get(meeting).text
    if "/agree" in home.get(meeting).text:
        _kept(amina.send(home.get(meeting), "/agree"))
    for name, chosen in (
        ("getting-ready", {}),
        ("answer", {"coming": "instead"}),
        ("minutes", {"action_by_when": DAY, "do": "action"}),
    ):
        address = re.sub(r"/entries/", "/meetings/", meeting) + f"/{name}"
        assert _kept(amina.fill(home.get(address), "", **chosen)).status == 200, address


def _one_meeting(home: Any) -> None:
    """The letter that asks for one meeting where there would be two: written, printed, kept."""
    amina = home.amina
    _kept(
        amina.fill(
            home.get(f"{home.record}/meeting"), "", which="annual_review", date=_NEAR, time="10am", ends="11am", agreed="yes"
        )
    )
    link = html.unescape(_link(home.get(f"{home.record}/year"), "/year/together"))
    first = home.get(link)
    pair = [(name, value) for name, value in parse_qsl(urlsplit(link).query) if name == "of"]

    def send(page: Page, address: str, **typed: str) -> Page:
        # The two keys have one name, which a form's fields by name do not keep apart.
        fields = as_it_stands(page.form()) | typed
        sent = urlencode([*pair, *((name, value) for name, value in fields.items() if name != "of")])
        return _kept(amina.open(address, sent.encode(), "application/x-www-form-urlencoded"))

    letter = send(first, f"{home.record}/year/together", own=mark())
    assert STEM in letter.text
    words = f"{mark()}\n\n- {mark()}"
    assert send(letter, f"{home.record}/year/together/letter.pdf", letter=words).data.startswith(b"%PDF")
    assert words.split("\n")[0] in send(letter, f"{home.record}/year/together/keep", letter=words).text


def _review(home: Any) -> None:
    form = home.get(f"{home.record}/reviews/new?nation=england")
    names = re.findall(r'type="radio"[^>]*name="([a-z_]+)"|name="([a-z_]+)"[^>]*type="radio"', form.text)
    name = next(filter(None, names[0]))
    value = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]+)"|<input[^>]*value="([^"]+)"[^>]*name="{name}"', form.text)[
        0
    ]
    _kept(home.amina.fill(form, "/reviews/new", **{name: next(filter(None, value)), "counted_from": "today"}))
