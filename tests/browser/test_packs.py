"""A pack from Amina's phone to Mr Patel's: two taps to reading, five wrong tries and it is gone, and a square code at a door."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import SMALL, look, press
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member
from tests.records.pages.conftest import begin_record
from tests.records.pages.letters import Desk, photo

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(page: Page, amina: Member, server: Served) -> Page:  # noqa: F811
    """Amina's phone, a small one, at a letter of two sheets."""
    desk = Desk(amina, begin_record(amina))
    letter = desk.keep(desk.begin(photo(), photo("Page two")), title="Hearing test", from_whom="Dr Khan")
    page.set_viewport_size(SMALL)
    lend(amina, page, server.url)
    page.goto(server.url + letter)
    return page


def give(phone: Page) -> tuple[str, str]:
    """Make a pack; the link and the PIN."""
    phone.get_by_role("link", name="Show it to somebody").tap()
    phone.get_by_label("Who is it for?").fill("Mr Patel")
    phone.get_by_role("button", name="Make the link and the PIN").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("For Mr Patel")
    expect(phone.locator(".codes li")).to_have_count(2)
    pin = "".join(phone.locator(".codes li").all_inner_texts())
    return phone.get_by_label("Or send them this link").input_value(), pin


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06}"


def test_mr_patel_reads_in_two_taps_and_amina_sees_it(phone, open_page):
    phone.get_by_role("link", name="Show it to somebody").tap()
    expect(phone.get_by_role("checkbox", name="Hearing test")).to_be_checked()
    phone.get_by_role("button", name="Make the link and the PIN").tap()
    expect(phone.get_by_role("alert")).to_contain_text("Write who it is for")
    look(phone)
    phone.go_back()
    phone.go_back()
    link, pin = give(phone)
    look(phone)
    expect(phone.get_by_role("img", name="A square code for a phone’s camera")).to_be_visible()
    assert phone.locator(".sheet svg[role=img]").bounding_box()["width"] >= 200

    guest = open_page()
    guest.set_viewport_size(SMALL)
    guest.goto(link)
    expect(guest.get_by_label("The code")).to_be_hidden()
    expect(guest.get_by_label("The six digits")).to_be_focused()
    expect(guest).not_to_have_url(re.compile("#"))
    look(guest)
    guest.reload()
    expect(guest.get_by_label("The code")).to_be_hidden()
    expect(guest.get_by_label("The six digits")).to_be_focused()
    guest.keyboard.type(pin)
    guest.get_by_role("button", name="Open").tap()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Yusuf: shared by Amina")
    expect(guest.locator(".pages img")).to_have_count(2)
    first = guest.locator(".pages img").first
    expect(first).to_have_js_property("complete", True)
    assert first.evaluate("image => image.naturalWidth") > 500
    expect(guest.get_by_role("button", name="Print")).to_be_visible()
    expect(guest.get_by_role("navigation", name="Main")).to_have_count(0)
    look(guest)
    guest.emulate_media(media="print")
    expect(guest.get_by_role("button")).to_have_count(0)
    expect(first).to_be_visible()
    guest.emulate_media(media="screen")

    phone.reload()
    expect(phone.get_by_text("Opened once, on")).to_be_visible()
    phone.get_by_role("button", name="End it now").tap()
    expect(phone.get_by_text("Nothing is shown by a link at the moment.")).to_be_visible()
    look(phone)
    guest.reload()
    expect(guest.get_by_role("heading", level=1)).to_have_text("There is nothing to open here")
    look(guest)


def test_who_goes_back_after_it_was_opened_needs_the_link_again(phone, open_page):
    link, pin = give(phone)
    guest = open_page()
    guest.goto(link)
    guest.keyboard.type(pin)
    guest.get_by_role("button", name="Open").tap()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Yusuf: shared by Amina")
    guest.go_back()
    guest.reload()
    expect(guest.get_by_label("The code")).to_be_visible()
    expect(guest.get_by_label("The code")).to_have_value("")


def test_five_wrong_tries_and_it_is_gone(phone, open_page):
    link, pin = give(phone)
    guest = open_page()
    guest.goto(link)
    for left in ("4 more times", "3 more times", "2 more times", "1 more time"):
        guest.get_by_label("The six digits").fill(wrong(pin))
        guest.get_by_role("button", name="Open").tap()
        expect(guest.get_by_role("alert")).to_contain_text(left)
        expect(guest.get_by_label("The code")).to_have_count(0)
    look(guest)
    guest.get_by_label("The six digits").fill(wrong(pin))
    guest.get_by_role("button", name="Open").tap()
    expect(guest.get_by_role("heading", level=1)).to_have_text("There is nothing to open here")
    phone.reload()
    expect(phone.get_by_role("region", name="It is gone")).to_be_visible()
    look(phone)
    phone.get_by_role("link", name="Shown by a link").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Shown by a link")
    look(phone)


def test_without_script_and_with_the_keyboard_alone(phone, open_page):
    link, pin = give(phone)
    guest = open_page(None, java_script_enabled=False)
    guest.goto(link)
    guest.get_by_label("The code").fill(link.split("#")[1])
    guest.get_by_label("The six digits").fill(pin)
    guest.get_by_role("button", name="Open").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Yusuf: shared by Amina")
    expect(guest.get_by_role("link", name="All of it as a PDF")).to_be_visible()

    hands = open_page(None)
    hands.goto(link)
    hands.keyboard.type(pin)
    press(hands, "Tab")
    hands.keyboard.press("Enter")
    expect(hands.get_by_role("heading", level=1)).to_have_text("Yusuf: shared by Amina")
    # Not tabbed to: a photographed page is higher than the window, and its link with it.
    hands.get_by_role("button", name="I have read it: close it").focus()
    hands.keyboard.press("Enter")
    expect(hands.get_by_role("heading", level=1)).to_have_text("It is closed")
    hands.goto(re.sub("#.*", "/open", link))
    expect(hands.get_by_role("heading", level=1)).to_contain_text("A family has shared")
