"""The letter-box: the school's computer puts a letter in by a link; Amina's phone files it; and all of it without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import checks
from tests.browser.checks import SMALL, follow, tab_to
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member
from tests.records.pages.conftest import begin_record
from tests.records.pages.letters import photo

pytestmark = pytest.mark.browser


@pytest.fixture
def record(amina: Member) -> str:  # noqa: F811
    return begin_record(amina)


@pytest.fixture
def phone(page: Page, amina: Member, server: Served, record: str) -> Page:  # noqa: F811
    """Amina's phone, a small one, at the page that makes links."""
    page.set_viewport_size(SMALL)
    lend(amina, page, server.url)
    page.goto(f"{server.url}{record}")
    follow(page.get_by_role("link", name="A letter-box for school or clinic"), Locator.tap)
    return page


def look(page: Page, heading: str) -> None:
    """Look for faults in the page of that heading, once it is there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    checks.look(page)


def give(phone: Page) -> str:
    """Make a link; its address."""
    phone.get_by_label("Who is it for?").fill("School office")
    phone.get_by_label("What should stand above their page?").fill("Letters for our family")
    phone.get_by_role("button", name="Make the link").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("For School office")
    return phone.get_by_label("The link").input_value()


def file(data: bytes) -> dict[str, object]:
    return {"name": "yusuf-page-1.jpg", "mimeType": "image/jpeg", "buffer": data}


def send(sender: Page, *files: dict[str, object]) -> None:
    sender.get_by_label("Your name").fill("Mrs Jones")
    sender.get_by_label("What is it?").fill("Speech report")
    sender.get_by_label("Photos of the letter, or a PDF").set_input_files(list(files))
    sender.get_by_label("School or nursery").check()
    sender.get_by_role("button", name="Send").click()


def test_a_letter_from_the_schools_computer_to_its_section(phone, record, open_page):
    look(phone, "A letter-box for school or clinic")
    link = give(phone)
    look(phone, "For School office")
    sender = open_page(None, viewport={"width": 1280, "height": 900})
    sender.goto(link)
    look(sender, "Letters for our family")
    expect(sender).not_to_have_url(re.compile("#"))
    expect(sender.get_by_role("navigation", name="Main")).to_have_count(0)
    sender.get_by_role("button", name="Send").click()
    expect(sender.get_by_role("alert")).to_contain_text("Write your name")
    look(sender, "Letters for our family")
    send(sender, file(photo("one", size=(3000, 4000))), file(photo("two")))
    look(sender, "It has arrived")

    phone.goto(record)
    phone.get_by_role("link", name="See what came").tap()
    look(phone, "To file")
    phone.get_by_role("link", name="Speech report").tap()
    expect(phone.locator(".pages img")).to_have_count(2)
    expect(phone.locator(".pages img").first).to_have_attribute("height", "2400")
    expect(phone.get_by_label("Education letters")).to_be_checked()
    look(phone, "A letter to file")
    phone.get_by_role("button", name="Keep the letter").tap()
    look(phone, "To file")
    expect(phone.get_by_text("All is filed.")).to_be_visible()
    phone.get_by_role("link", name="Open the letter you kept").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Speech report")
    expect(phone.get_by_text("It came through the letter-box, from Mrs Jones.")).to_be_visible()


def test_turned_off_in_one_tap_the_senders_open_page_is_refused(phone, open_page, complaints):
    link = give(phone)
    sender = open_page()
    sender.goto(link)
    expect(sender.get_by_role("heading", level=1)).to_have_text("Letters for our family")
    phone.get_by_role("button", name="Turn it off now").tap()
    expect(phone.get_by_role("button", name="Make the link")).to_be_visible()
    expect(phone.get_by_role("link", name="School office")).to_have_count(0)
    send(sender, file(photo()))
    look(sender, "This letter-box is closed")


def test_without_a_script_the_link_is_pasted_and_the_pages_go_in_one_post(phone, record, open_page):
    link = give(phone)
    sender = open_page(java_script_enabled=False)
    sender.goto(link)
    sender.get_by_label("The code").fill(link)
    sender.get_by_role("button", name="Go on").tap()
    send(sender, file(photo("one")), file(photo("two")))
    expect(sender.get_by_role("heading", level=1)).to_have_text("It has arrived")
    phone.goto(record)
    expect(phone.get_by_text("1 letter to file.")).to_be_visible()


def test_everything_is_done_with_the_keyboard(phone, open_page, record):
    link = give(phone)
    sender = open_page(None, viewport={"width": 1280, "height": 900})
    sender.goto(link)
    expect(sender.get_by_role("heading", level=1)).to_have_text("Letters for our family")
    tab_to(sender, sender.locator("[name=name]"))
    sender.keyboard.type("Mrs Jones")
    tab_to(sender, sender.locator("[name=note]"))
    sender.keyboard.type("Please ring the office.")
    tab_to(sender, sender.get_by_role("button", name="Send"))
    sender.keyboard.press("Enter")
    expect(sender.get_by_role("heading", level=1)).to_have_text("It has arrived")
    phone.goto(f"{record}/to-file")
    expect(phone.get_by_role("link", name="Letter from Mrs Jones")).to_be_visible()
