"""The pages of the sheet, the second factor and the PIN, as somebody with a phone goes through them."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import SMALL, follow, look
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member

pytestmark = pytest.mark.browser

PIN = "270914"


@pytest.fixture
def phone(page: Page, amina: Member, server: Served) -> Page:  # noqa: F811
    """Amina's phone, a small one, signed in."""
    page.set_viewport_size(SMALL)
    lend(amina, page, server.url)
    return page


def code_of(phone: Page) -> str:
    return "-".join(re.findall(r"\b[0-9A-Z]{4}\b", phone.get_by_role("list", name="The code").inner_text()))


def test_the_sheet_is_made_checked_by_two_groups_and_used(phone, amina):  # noqa: F811
    phone.goto("/kit")
    look(phone)
    follow(phone.get_by_role("button", name="Make my sheet"), Locator.tap)
    look(phone)
    code = code_of(phone)
    follow(phone.get_by_role("link", name="I have it: check it"), Locator.tap)
    look(phone)
    for box in phone.get_by_label(re.compile(r"Group \d of the code")).all():
        number = int(re.search(r"\d", phone.locator(f"label[for={box.get_attribute('id')}]").inner_text())[0])
        box.fill(code.split("-")[number - 1].lower())
    phone.get_by_role("button", name="Check", exact=True).tap()
    expect(phone.get_by_text("If you lose your passphrase, it opens your record again.")).to_be_visible()
    look(phone)
    phone.context.clear_cookies()
    # The camera opens the link in the square.
    phone.goto(f"/kit/use#{code}")
    expect(phone.get_by_label("The code on your sheet")).to_have_value(code)
    expect(phone).to_have_url(re.compile(r"/kit/use$"))
    look(phone)
    phone.get_by_label("Sign-in name or e-mail address").fill(amina.sign_in_name)
    phone.get_by_role("button", name="Make one for me").tap()
    expect(phone.get_by_label("The code on your sheet")).to_have_value(code)
    phone.get_by_role("button", name="Open my record").tap()
    expect(phone.get_by_role("button", name="Make my sheet")).to_be_visible()


def test_scanning_the_square_checks_it(phone):
    phone.goto("/kit")
    phone.get_by_role("button", name="Make my sheet").tap()
    phone.goto(f"/kit/use#{code_of(phone)}")
    expect(phone.get_by_text("If you lose your passphrase, it opens your record again.")).to_be_visible()
    expect(phone).to_have_url(re.compile(r"/kit$"))


def test_the_second_factor_is_set_up_and_its_codes_are_shown_once(phone, amina):  # noqa: F811
    phone.goto("/second-factor")
    look(phone)
    phone.get_by_role("button", name="Set it up").tap()
    expect(phone.get_by_role("img", name="A square code for your app")).to_be_visible()
    phone.get_by_text("My app is on this phone, or cannot scan").tap()
    look(phone)
    secret = phone.locator("details b").inner_text().replace(" ", "")
    phone.get_by_label("The six digits that your app shows").fill(pyotp.TOTP(secret).now())
    phone.get_by_role("button", name="Show what I type").tap()
    expect(phone.get_by_label("Your passphrase")).to_have_attribute("type", "text")
    phone.get_by_label("Your passphrase").fill(amina.passphrase)
    phone.get_by_role("button", name="Turn it on").tap()
    expect(phone.locator(".codes li")).to_have_count(10)
    look(phone)
    phone.goto("/second-factor")
    look(phone)


def test_a_pin_is_turned_on_and_opens_the_phone(phone):
    phone.goto("/quick-unlock")
    look(phone)
    phone.get_by_label("Six digits").fill("123456")
    phone.get_by_role("button", name="Turn it on").tap()
    expect(phone.get_by_role("alert")).to_be_focused()
    look(phone)
    phone.get_by_label("Six digits").fill(PIN)
    phone.get_by_role("button", name="Turn it on").tap()
    expect(phone.get_by_text("It is turned on.")).to_be_visible()
    look(phone)
    phone.goto("/settings")
    look(phone)
    phone.get_by_role("main").get_by_role("button", name="Sign out").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You are signed out")
    phone.goto("/sign-in")
    look(phone)
    phone.get_by_label("Your PIN").fill("270915")
    phone.get_by_role("button", name="Open by PIN").tap()
    expect(phone.get_by_role("alert")).to_be_focused()
    look(phone)
    phone.get_by_label("Your PIN").fill(PIN)
    phone.get_by_role("button", name="Open", exact=True).tap()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Open by PIN")
