"""Asking and answering in a real browser: a parent on a phone, Beth at her desk, at three widths and without a barrier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.checks import PHONE, SMALL, axe_faults, too_small, too_wide
from tests.browser.test_lock import Served, lend
from tests.family import BETH, Member, join_staff

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def server(own_app: Flask) -> Iterator[Served]:
    served = Served(own_app)
    yield served
    served.stop()


@pytest.fixture
def beth(server: Served) -> Member:
    return join_staff(server.app.test_client(), BETH, "information_officer")


def heading(page: Page, words: str) -> None:
    """Wait for the page of that heading, and hold it to everything."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    for size in (DESK, PHONE, SMALL):
        page.set_viewport_size(size)
        assert not too_wide(page)
        assert not axe_faults(page)
    assert not too_small(page)


def test_a_question_is_asked_answered_and_read(open_page, server, beth):
    phone: Page = open_page()
    phone.goto("/search?q=zzxqj")
    phone.get_by_role("link", name="Ask us", exact=True).click()
    heading(phone, "Ask us")
    phone.get_by_label("What would you like to know?").fill("Who teaches a deaf child to swim?")
    phone.get_by_role("button", name="Send my question").click()
    heading(phone, "We have your question")
    reference, pin = phone.locator(".said-number").all_text_contents()

    desk: Page = open_page(None, viewport=DESK)
    lend(beth, desk, server.url)
    desk.goto("/directory")
    heading(desk, "What needs me today")
    desk.get_by_role("main").get_by_role("link", name="Questions").first.click()
    heading(desk, "Questions")
    desk.get_by_role("link", name="Who teaches a deaf child").click()
    heading(desk, "A question")
    desk.get_by_label("What you write to the family").fill("Ring the first one.")
    desk.get_by_label("Find a service to add").fill("swimming")
    desk.get_by_role("button", name="Find", exact=True).click()
    desk.get_by_role("button", name="Add").first.click()
    expect(desk.get_by_role("heading", name="Goes with the answer")).to_be_visible()
    heading(desk, "A question")
    desk.get_by_label("What kind of help was it about?").select_option("leisure-clubs")
    desk.get_by_role("button", name="Send it").click()
    expect(desk.get_by_role("heading", name="Our answer")).to_be_visible()

    phone.goto("/ask/answer")
    phone.get_by_label("Your reference").fill(reference)
    phone.get_by_label("Your PIN", exact=True).fill(pin)
    phone.get_by_role("button", name="Open").click()
    heading(phone, "Your question")
    expect(phone.get_by_text("Ring the first one.")).to_be_visible()
    assert pin.replace(" ", "") not in phone.url
    phone.get_by_label("Yes").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("You said that this was what you needed.")).to_be_visible()


def test_what_was_not_found_is_counted_without_script(open_page):
    page: Page = open_page(java_script_enabled=False)
    page.goto("/search?q=sleep&place=NE66")
    page.get_by_role("link", name="I couldn’t find it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I couldn’t find it, or it was no use")
    page.get_by_role("button", name="Count it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Counted. Would you say more?")
    expect(page.get_by_label("Your town or postcode, if you like")).to_have_value("NE66")
    page.get_by_label("It is too far away").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you: it counts")
