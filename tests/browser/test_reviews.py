"""Reviews and dates in a real browser: Amina counts the days from a letter, at three widths, and finds no barrier."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import Page, expect

from plumbing import clock
from tests.browser.checks import SMALL, follow, look
from tests.browser.test_desk import heading
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member, fill
from tests.records.pages.readers import write

pytestmark = pytest.mark.browser


def in_words(days: int) -> str:
    day = clock.today() + datetime.timedelta(days=days)
    return f"{day.day} {day:%B} {day.year}"


@pytest.fixture
def yusuf(amina: Member) -> str:  # noqa: F811
    """The record of a Yusuf who moves to secondary school before long."""
    born = f"3 May {clock.today().year - 10}"
    record = fill(amina.client, "/records/new", called="Yusuf", born=born, nation="england").location
    soon = (clock.today() + datetime.timedelta(days=20)).isoformat()
    write(amina, record, "care_plan", kind="agreed_plan", agreed_on="2026-06-03", review_on=soon)
    return record


def count(page: Page, what: str, on: str) -> None:
    page.get_by_role("link", name="Something happened: count the days").click()
    heading(page, "Count the days")
    look(page)
    page.get_by_label(what).check()
    page.get_by_label("On which day?").fill(on)
    page.get_by_role("button", name="Count the days").click()
    heading(page, "Reviews and dates")


@pytest.mark.parametrize("size", [SMALL, {"width": 390, "height": 844}, {"width": 1280, "height": 900}])
def test_days_are_counted_from_a_letter_and_each_page_is_without_barrier(page, amina, yusuf, server: Served, size):  # noqa: F811
    page.set_viewport_size(size)
    lend(amina, page, server.url)
    page.goto(server.url + yusuf + "/dates")
    follow(page.get_by_role("link", name="See by when the council"))
    look(page)
    count(page, "The council got a request for an EHC needs assessment", in_words(-45))
    expect(page.get_by_text("3 days late.")).to_be_visible()
    count(page, "The council sent us a draft of the EHC plan", "today")
    look(page)
    page.get_by_text("More about this").first.click()
    look(page)
    follow(page.get_by_role("button", name="Add it: Moving to secondary school"))
    look(page)
    first = page.locator(".card", has_text="EHC needs assessment").first
    first.get_by_role("button", name="Done").first.click()
    expect(page.get_by_text("3 days late.")).to_have_count(0)
    page.get_by_text("More about this").first.click()
    follow(page.get_by_role("button", name="Switch it off").first)
    look(page)
    page.goto(server.url + yusuf + "/dates")
    expect(page.get_by_text("See all reviews and dates")).to_be_visible()
    look(page)


def test_a_slip_is_said_on_top(page, amina, yusuf, server: Served):  # noqa: F811
    page.set_viewport_size(SMALL)
    lend(amina, page, server.url)
    page.goto(server.url + yusuf + "/reviews/new")
    page.get_by_role("button", name="Count the days").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what happened")
    look(page)
