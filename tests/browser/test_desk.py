"""Sara's desk in a real browser: no barrier on any page, at three widths; and her open page is refused once it is over."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import Page, expect

from plumbing import clock
from tests.browser.checks import SMALL, follow, look
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import SARA, Member, join_staff
from tests.records.pages.conftest import begin_record, opened
from tests.records.pages.letters import Desk, photo
from tests.records.pages.readers import share, take_up, withdraw, write

pytestmark = pytest.mark.browser


@pytest.fixture
def sara(server: Served) -> Member:  # noqa: F811
    return join_staff(server.app.test_client(), SARA, "key_worker")


@pytest.fixture
def yusuf(amina: Member) -> str:  # noqa: F811
    """Yusuf's record, with something to see in it."""
    record = begin_record(amina)
    soon = (clock.today() + datetime.timedelta(days=3)).isoformat()
    write(amina, record, "appointments", kind="appointment", what="Eye clinic", date=soon, time="14:30", place="Alnwick")
    write(
        amina, record, "meetings", kind="meeting", what="Team around Yusuf", date="2026-10-01", minutes="Short breaks on Fridays."
    )
    write(amina, record, "about_me", kind="about_me", liked="Trains, and being outside")
    Desk(amina, record).keep(Desk(amina, record).begin(photo()), title="Hearing test", from_whom="Dr Khan")
    return record


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def walk(page: Page, record: str, url: str) -> None:
    """Through every page that Sara has, by its links."""
    page.goto(url + "/desk")
    look(page)
    page.get_by_role("link", name="Yusuf", exact=True).click()
    heading(page, "Yusuf’s record")
    expect(page.get_by_role("link", name=re.compile(r"^You can see 5 of 12 sections, until"))).to_be_visible()
    look(page)
    page.get_by_text("What you agreed to").click()
    look(page)
    for place in ("/about-me", "/letters", "/dates", "/people", "/timeline", "/search", "/agency-copy"):
        page.goto(url + record + place)
        expect(page.get_by_text(re.compile("^You can see 5 of 12"))).to_be_visible()
        look(page)
    page.get_by_role("button", name="Make the copy").click()
    expect(page.get_by_role("alert")).to_contain_text("Write which file it is for")
    look(page)
    page.goto(url + record)
    page.get_by_role("link", name=re.compile("Meetings")).first.click()
    page.get_by_role("link", name="Team around Yusuf").click()
    expect(page.get_by_text("Added by Amina on")).to_be_visible()
    look(page)


@pytest.mark.parametrize("size", [SMALL, {"width": 390, "height": 844}, {"width": 1280, "height": 900}])
def test_the_desk_and_a_record_from_it_have_no_barrier(page, sara, amina, yusuf, server, size):  # noqa: F811
    sections = ("about_me", "health_letters", "appointments", "meetings", "care_plan")
    share(amina, yusuf, sara, *sections, verb="read_and_add", copies="what_matters")
    page.set_viewport_size(size)
    lend(sara, page, server.url)
    walk(page, yusuf, server.url)


def test_saras_open_page_is_refused_at_the_next_tap(page, sara, amina, yusuf, server):  # noqa: F811
    page.set_viewport_size(SMALL)
    lend(sara, page, server.url)
    take_up(amina, yusuf, sara, "meetings", verb="read_and_add")
    page.goto(server.url + yusuf)
    heading(page, "Nearly there")
    look(page)
    # Amina's page notices.
    granted = share(amina, yusuf, sara, "appointments", verb="add")
    page.get_by_role("link", name="Look again").click()
    heading(page, "Yusuf’s record")
    follow(page.get_by_role("link", name="Put something in"))
    look(page)
    page.get_by_label("What is it?", exact=True).fill("Speech report")
    page.get_by_role("button", name="Send").click()
    heading(page, "It has arrived")
    look(page)
    page.goto(server.url + yusuf)
    page.get_by_role("link", name=re.compile("^Meetings")).click()
    follow(page.locator("main a[href$='/new/meeting']"))
    with server.app.test_request_context():
        grants = opened(amina, yusuf).roster.given.grants
    for one in grants:
        withdraw(amina, yusuf, one)
    assert granted in grants
    page.get_by_label("What").first.fill("Minutes")
    page.get_by_role("button", name="Save").click()
    heading(page, "This is not shared with you now")
    look(page)
    page.get_by_role("link", name="What is shared with you").click()
    expect(page.get_by_text("Nothing is shared with you now")).to_be_visible()
