"""The plan in a real browser: no barrier on any page of it, at three widths; agreed, given away and answered without a mouse."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from plumbing import clock
from tests.browser import checks
from tests.browser.checks import SMALL, enter, follow, settled
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member
from tests.records.pages.conftest import begin_record, opened
from tests.records.pages.readers import write

pytestmark = pytest.mark.browser


def day(days: int) -> str:
    return (clock.today() + datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def yusuf(amina: Member) -> str:  # noqa: F811
    """Yusuf's record, with a plan in it: late, answered, offered another date, done."""
    record = begin_record(amina)
    write(amina, record, "about_me", kind="about_me", matters="Trains.\nKnowing what comes next.")
    write(
        amina, record, "people", kind="person", name="Sara Morgan", role="Key worker", agency="social_care", phone="01632 960123"
    )
    sleep = write(
        amina, record, "care_plan", kind="need", title="Sleep", change="All of us sleep", strong="Gran helps", order="1"
    ).id
    write(amina, record, "care_plan", kind="need", title="Getting to school", change="He gets there calm", order="2")

    def action(what: str, **more: str) -> str:
        return write(amina, record, "care_plan", kind="action", need_id=sleep, what=what, **more).id

    action("Ask for a guard for the bed", who="Sara Morgan", agency="health", by_when=day(-5))
    lift = action("Show us how to lift safely", who="Priya Shah", agency="health", by_when=day(20))
    write(
        amina,
        record,
        "care_plan",
        kind="answer",
        action_id=lift,
        says="other_date",
        other_date=day(40),
        who="Priya Shah",
        on=day(-1),
    )
    play = action("Short break on Saturdays", who="Sara Morgan", agency="social_care", by_when=day(9))
    write(amina, record, "care_plan", kind="answer", action_id=play, says="yes", who="Sara Morgan", how="by phone", on=day(-2))
    write(
        amina, record, "care_plan", kind="progress", action_id=play, words="The place is booked", is_done=True, who="Sara Morgan"
    )
    action("Sleep diary", who="Amina", agency="family", state="done", how_it_went="It is worst after the bus")
    return record


def plan_of(member: Member, record: str) -> str:
    with member.app.test_request_context():
        return f"{record}/plan/{opened(member, record).book.by_slug('care_plan').id}"


def unfold(page: Page) -> None:
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")


def look(page: Page) -> None:
    """See that nothing is wrong with the page, nor with what is folded away on it."""
    unfold(page)
    checks.look(page)


def press(page: Page, name: str) -> None:
    """Press a button that leads to another page, or to this one again."""
    follow(page.get_by_role("button", name=name), enter)


def go(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow a link without a mouse."""
    follow(page.get_by_role("link", name=name).first, enter)


@pytest.mark.parametrize("size", [SMALL, {"width": 390, "height": 844}, {"width": 1280, "height": 900}])
def test_the_plan_has_no_barrier(page, browser: Browser, amina, yusuf, server: Served, size):  # noqa: F811
    page.set_viewport_size(size)
    lend(amina, page, server.url)
    plan = server.url + plan_of(amina, yusuf)
    page.goto(plan)
    expect(page.get_by_role("heading", name="1 thing is late")).to_be_visible()
    look(page)
    for form in ("Add something that matters", "Note a yes or a no", "Say how it went", "Add an action"):
        page.goto(plan)
        unfold(page)
        go(page, form)
        look(page)
        press(page, "Save")
        if form != "Say how it went":
            expect(page.get_by_role("alert")).to_be_visible()
        look(page)
    page.goto(plan)
    press(page, "Yes, it is done")
    go(page, "We agree this plan")
    look(page)
    press(page, "We agree this plan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Give the plan to people")
    look(page)
    page.get_by_label("Who is it for?").fill("Sara Morgan")
    page.get_by_label("Only what they do themselves").check()
    press(page, "Make a link and a PIN")
    answer(page, browser, server)
    page.goto(server.url + yusuf + "/to-file")
    look(page)
    press(page, "Put it into the plan")
    expect(page.get_by_text(re.compile("Sara Morgan said no, by the slip, on"))).to_be_visible()
    look(page)
    go(page, re.compile("^Agreed on"))
    look(page)
    page.goto(server.url + yusuf + "/fell-through")
    look(page)
    page.get_by_label("What fell through?").fill("The short break on Saturday")
    page.get_by_label("Sara Morgan").check()
    press(page, "Write it down")
    expect(page.get_by_role("heading", level=1)).to_have_text("It is in your diary")
    look(page)


def answer(page: Page, browser: Browser, server: Served) -> None:  # noqa: F811
    """By the link, on another telephone."""
    address = page.locator("input[readonly]").first.input_value()
    pin = "".join(re.findall(r"<li>(\d{3})</li>", page.content()))
    guest = browser.new_context(viewport=page.viewport_size).new_page()
    guest.goto(server.url + "/pack" + address[address.index("#") :])
    guest.get_by_label("The six digits").fill(pin)
    guest.keyboard.press("Enter")
    go(guest, "Say yes or no")
    look(guest)
    press(guest, "Send it to the family")
    expect(guest.get_by_role("alert")).to_contain_text("Choose yes, no, or yes on another date")
    look(guest)
    guest.get_by_label("No", exact=True).check()
    guest.get_by_label("Why?").fill("We have none left")
    press(guest, "Send it to the family")
    expect(guest.get_by_role("heading", level=1)).to_have_text("The family has your answer")
    look(guest)
    go(guest, "Back to what was shared with you")
    look(guest)
    guest.context.close()


def test_the_buttons_of_what_matters_stand_in_one_row(page, amina, yusuf, server: Served):  # noqa: F811
    page.set_viewport_size({"width": 390, "height": 844})
    lend(amina, page, server.url)
    page.goto(server.url + plan_of(amina, yusuf))
    row = page.locator(".tools").nth(1).locator(".btn")
    boxes = [one.bounding_box() for one in row.all()]
    assert len(boxes) == 3, "add, change, up"
    assert len({round(box["y"]) for box in boxes}) == 1
    assert all(box["height"] >= 48 and box["width"] >= 48 for box in boxes)
    expect(page.get_by_role("button", name="Move up – Getting to school")).to_be_visible()
