"""A list that a phone keeps: two tabs lose nothing, a refusing browser keeps it in the address, and it is printed and sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.checks import look_on_phones, settled, tab_to

pytestmark = pytest.mark.browser
KEEP = re.compile("^Keep on my list")


def _keep(page, number):
    page.locator("[data-keep]").nth(number).click()


def _names(page):
    settled(page)
    return page.locator("[data-kept] h2").all_inner_texts()


@pytest.fixture
def filled(page):
    """A page that shows a list of three."""
    page.goto("/search?q=sleep")
    for number in range(3):
        _keep(page, number)
    page.get_by_role("link", name="My list: 3").click()
    expect(page.locator("[data-kept]")).to_have_count(3)
    return page


def test_what_is_kept_is_counted_and_shown_and_nothing_is_sent(page):
    page.goto("/search?q=sleep", wait_until="networkidle")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    _keep(page, 0)
    expect(page.get_by_role("link", name="My list: 1")).to_be_visible()
    _keep(page, 1)
    _keep(page, 1)
    expect(page.get_by_role("link", name="My list: 1")).to_be_visible()
    assert sent == []
    page.reload()
    expect(page.locator("[data-keep]").first).to_contain_text("On my list: take it off")


def test_the_address_of_one_s_own_list_says_nothing(filled):
    expect(filled).to_have_url("/shortlist")


def test_order_and_taking_off_by_the_keyboard(filled):
    one, two, three = _names(filled)
    tab_to(filled, filled.get_by_role("button", name=f"Move up – {three}"))
    filled.keyboard.press("Enter")
    expect(filled.locator("[data-kept] h2").nth(1)).to_have_text(three)
    expect(filled.locator("[data-status]")).to_have_text("Moved.")
    filled.get_by_role("button", name=f"Take off – {one}").click()
    expect(filled.locator("[data-kept]")).to_have_count(2)
    filled.reload()
    expect(filled.locator("[data-kept]")).to_have_count(2)
    assert _names(filled) == [three, two]


def test_two_tabs_at_once_lose_nothing(page):
    page.goto("/search?q=sleep")
    other = page.context.new_page()
    other.goto("/search?q=swimming")
    _keep(page, 0)
    _keep(other, 0)
    _keep(page, 1)
    _keep(other, 1)
    for tab in (page, other):
        expect(tab.get_by_role("link", name="My list: 4")).to_be_visible()


def test_a_browser_that_keeps_nothing_has_the_list_in_the_address(open_page):
    page = open_page()
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    page.add_init_script(refuse)
    page.goto("/search?q=sleep")
    _keep(page, 0)
    expect(page.locator("[data-kept]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/shortlist\?s="))
    page.get_by_label("What do you need?").fill("swimming")
    page.get_by_role("button", name="Find help").click()
    _keep(page, 0)
    expect(page.locator("[data-kept]")).to_have_count(2)


def test_without_script_too(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/search?q=sleep")
    page.get_by_role("button", name=KEEP).first.click()
    expect(page).to_have_url(re.compile(r"/shortlist\?s="))
    with page.expect_request("**/shortlist/leaflet") as sent:
        page.get_by_role("button", name="Make a leaflet (PDF)").click()
    assert sent.value.method == "POST"
    assert sent.value.response().headers["content-type"] == "application/pdf"


def test_a_list_that_was_sent_is_looked_at_and_kept(filled, open_page):
    message = filled.locator("[data-send]").get_attribute("data-send")
    names = _names(filled)
    address = message.splitlines()[-1].partition("/shortlist")[2]
    friend = open_page()
    friend.goto("/shortlist" + address)
    expect(friend.locator("[data-kept]")).to_have_count(3)
    expect(friend.get_by_role("button", name=re.compile("Take off"))).to_have_count(0)
    friend.get_by_role("button", name="Keep these on my own list").click()
    expect(friend.get_by_role("button", name=re.compile("Take off"))).to_have_count(3)
    assert _names(friend) == names
    expect(friend).to_have_url("/shortlist")


def test_it_is_cleared_for_whoever_has_the_phone_next(filled):
    filled.get_by_role("link", name="Clear my list").click()
    expect(filled.get_by_text("There is nothing on your list yet.")).to_be_visible()
    assert filled.evaluate("Object.keys(localStorage).length") == 0
    filled.go_back()
    expect(filled.get_by_role("link", name=re.compile("My list:"))).to_be_hidden()


def test_what_cannot_be_looked_up_is_said_and_stays(filled):
    filled.route("**/shortlist", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    filled.reload()
    expect(filled.locator("[data-status]")).to_contain_text("It is still on this phone")
    filled.unroute("**/shortlist")
    filled.reload()
    expect(filled.locator("[data-kept]")).to_have_count(3)


def test_the_list_is_for_everybody(filled):
    look_on_phones(filled)
