"""A tired parent on the phone: from a question typed in bed to a number to tap."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.checks import settled
from tests.browser.kinds import KINDS, QUESTION

pytestmark = pytest.mark.browser

OUTSIDE = "https://www.bbc.co.uk/**"
WITH_SHARE = "Object.defineProperty(navigator, 'share', {value: async (what) => { window.shared = what; }})"
SHARE_CLOSED = """Object.defineProperty(navigator, 'share', {value: () => {
  window.shared = true;
  return Promise.reject(new DOMException('', 'AbortError'));
}})"""
WITHOUT_SHARE = "Object.defineProperty(navigator, 'share', {value: undefined})"


def ask(page, words):
    page.goto("/")
    page.get_by_label("What do you need?").fill(words)
    page.get_by_role("button", name="Find help").tap()
    expect(page.locator("h1.found")).to_be_visible()
    settled(page)


def chip(page, words):
    return page.get_by_role("list", name="What we looked for").get_by_role("link", name=words)


def test_a_question_in_plain_words_leads_to_a_number_to_tap(page):
    ask(page, QUESTION)
    expect(chip(page, "Near Alnwick")).to_be_visible()
    expect(chip(page, "Age 7")).to_be_visible()
    card = page.locator("li.card", has=page.locator("a[href^='tel:']")).first
    name = card.get_by_role("heading").inner_text()
    card.get_by_role("link", name=name).tap()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    settled(page)
    call = page.locator("a[href^='tel:']").first
    expect(call).to_be_in_viewport(ratio=1)
    assert call.bounding_box()["height"] >= 44


def test_what_was_understood_can_be_overruled_with_a_tap(page):
    ask(page, QUESTION)
    chip(page, "Age 7").tap()
    expect(chip(page, "Age 7")).to_have_count(0)
    expect(chip(page, "Near Alnwick")).to_be_visible()
    page.get_by_text("Change", exact=True).tap()
    expect(page.get_by_label("What do you need?")).to_have_value(QUESTION)


def test_the_question_stays_in_the_address_so_that_going_back_finds_it(page):
    ask(page, QUESTION)
    found = page.url
    page.locator("li.card").get_by_role("heading").first.get_by_role("link").tap()
    expect(page.get_by_role("heading", name="Get in touch")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(found)
    expect(chip(page, "Near Alnwick")).to_be_visible()


def test_every_number_to_ring_is_a_target_for_a_thumb(page):
    ask(page, "sleep")
    calls = page.locator("main a[href^='tel:']")
    assert calls.count() >= 3
    assert min(call.bounding_box()["height"] for call in calls.all()) >= 44


def test_a_service_is_shared_by_the_phones_own_sheet(page, server, addresses):
    page.add_init_script(WITH_SHARE)
    page.goto(addresses["service"])
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Share").tap()
    page.wait_for_function("window.shared")
    assert page.evaluate("window.shared") == {"title": name, "url": server.url + addresses["service"]}


def test_where_there_is_no_share_sheet_the_link_is_copied(page, server, addresses):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page.add_init_script(WITHOUT_SHARE)
    page.goto(addresses["service"])
    page.get_by_role("button", name="Share").tap()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == server.url + addresses["service"]


def test_a_share_sheet_closed_without_choosing_copies_nothing(page, server, addresses):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page.add_init_script(SHARE_CLOSED)
    page.goto(addresses["service"])
    page.evaluate("navigator.clipboard.writeText('as before')")
    page.get_by_role("button", name="Share").tap()
    page.wait_for_function("window.shared")
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "as before"


def test_what_is_wrong_can_be_said_without_an_account(page, addresses):
    page.goto(addresses["service"])
    page.get_by_role("link", name="Tell us something is wrong").tap()
    page.get_by_role("radio").first.check()
    page.get_by_label("What should it say?").fill("They moved to the church hall.")
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("heading", level=1, name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Back to").tap()
    expect(page).to_have_url(re.compile(re.escape(addresses["service"]) + "$"))


def test_an_empty_report_is_refused_with_a_list_that_leads_to_each_field(page, addresses):
    page.goto(addresses["service"] + "/report")
    page.get_by_role("button", name="Send").tap()
    expect(page).to_have_title("Error: Tell us something is wrong – Linkbook")
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("heading", name="There is a problem")).to_be_in_viewport()
    expect(summary.get_by_role("link")).to_have_text(["Choose what is wrong", "Tell us what is wrong, in a few words"])
    summary.get_by_role("link", name="Choose what is wrong").tap()
    expect(page.get_by_role("radio").first).to_be_focused()
    summary.get_by_role("link", name="Tell us what is wrong").tap()
    words = page.get_by_label("What should it say?")
    expect(words).to_be_focused()
    expect(words).to_have_accessible_description("Please leave out names of children and anything private. "
                                                 "Error: Tell us what is wrong, in a few words")  # fmt: skip


def test_a_refused_report_keeps_what_was_typed(page, addresses):
    page.goto(addresses["service"] + "/report")
    page.get_by_role("radio").nth(1).check()
    page.get_by_label("What should it say?").fill("It is on Tuesdays <now> & “free”.")
    page.get_by_label("Your e-mail address").fill("mum at example")
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["Check the e-mail address: it should look like name@example.com"]
    )
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    expect(page.get_by_label("What should it say?")).to_have_value("It is on Tuesdays <now> & “free”.")
    expect(page.get_by_label("Your e-mail address")).to_have_value("mum at example")


def test_the_box_for_programs_is_never_shown_nor_reached(page, addresses):
    page.goto(addresses["service"] + "/report")
    trap = page.locator("[name=website]")
    expect(trap).not_to_be_in_viewport()
    assert trap.get_attribute("tabindex") == "-1"
    assert page.get_by_role("textbox", name="Leave this empty").count() == 0


def test_somebody_to_talk_to_is_one_tap_away_from_every_page(page, show):
    for kind in KINDS:
        show(page, kind)
        now = page.get_by_role("banner").get_by_role("link", name="Need to talk to someone now?")
        expect(now, f"on {kind}").to_be_in_viewport(ratio=1)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        below = page.get_by_role("navigation", name="Main").get_by_role("link", name="Talk now")
        expect(below, f"at the end of {kind}").to_be_in_viewport(ratio=1)
        now.tap()
        expect(page.locator("a[href='tel:999']").first, f"after a tap on {kind}").to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("path", ["/talk-now", "/guides/safe-at-home"])
def test_leaving_quickly_does_not_let_anyone_go_back(page, path):
    page.route(OUTSIDE, lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
    page.goto("/guides")
    page.goto(path)
    page.mouse.wheel(0, 3000)
    leave = page.get_by_role("link", name="Leave this page quickly")
    expect(leave).to_be_in_viewport(ratio=1)
    with page.expect_request(OUTSIDE) as asked:
        leave.tap()
    expect(page).to_have_title("Weather")
    assert "referer" not in asked.value.all_headers()
    page.go_back()
    expect(page).to_have_url("/guides")


def test_leaving_quickly_blanks_the_page_before_the_next_has_come(page):
    # An address that never answers, as on a weak signal.
    page.route(OUTSIDE, lambda _route: None)
    page.goto("/talk-now")
    leave = page.get_by_role("link", name="Leave this page quickly")
    assert leave.evaluate("link => { link.click(); return [document.body.hidden, document.title]; }") == [True, ""]


@pytest.mark.parametrize(
    "words", ["i want to kill myself", "i cant go on", "my partner hits me", "suicidal teenager", "zzxqj suicide"]
)
def test_words_of_a_crisis_put_people_to_talk_to_before_everything_else(page, words):
    ask(page, words)
    banner = page.locator(".note.bad")
    expect(banner).to_be_in_viewport(ratio=1)
    others = page.locator("main li.card, main .tiles a, main .list a")
    # Where no service has such words there is nothing but people to talk to.
    assert others.count() == 0 or banner.bounding_box()["y"] < others.first.bounding_box()["y"]
    expect(banner.locator("a[href='tel:999']")).to_be_in_viewport()
    banner.get_by_role("link", name="See everyone").tap()
    expect(page.locator("a[href='tel:999']").first).to_be_visible()


@pytest.mark.parametrize("words", ["sleep", "skills for life", "first aid course", "cutting hair without tears"])
def test_everyday_words_raise_no_alarm(page, words):
    ask(page, words)
    expect(page.locator(".note.bad")).to_have_count(0)


def test_the_phones_position_fills_the_box_and_leaves_the_phone_rounded(open_page, server):
    page = open_page(geolocation={"latitude": 55.412345, "longitude": -1.708765}, permissions=["geolocation"])
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto("/")
    assert not [url for url in sent if "nearest" in url]
    page.get_by_role("button", name="Use where I am now").tap()
    expect(page.get_by_label("Town or postcode")).to_have_value("NE66")
    asked = [url for url in sent if "nearest" in url]
    assert [parse_qs(urlsplit(url).query) for url in asked] == [{"lat": ["55.41"], "lon": ["-1.71"]}]
    page.get_by_role("button", name="Find help").tap()
    expect(chip(page, "Near NE66")).to_be_visible()
    assert not [url for url in sent if "55.412" in url or "1.708" in url]


def test_a_phone_that_may_not_say_where_it_is_says_so(open_page):
    page = open_page(permissions=[])
    page.goto("/")
    page.get_by_label("Town or postcode").fill("Hexham")
    page.get_by_role("button", name="Use where I am now").tap()
    expect(page.get_by_role("status")).to_have_text("Your phone did not say where it is. Type a town or postcode instead.")
    expect(page.get_by_label("Town or postcode")).to_have_value("Hexham")


@pytest.mark.parametrize("position", [(48.85, 2.35), (40.71, -74.01), (-33.87, 151.21)], ids=["Paris", "New York", "Sydney"])
def test_a_position_that_is_not_ours_is_refused_in_words(open_page, position):
    page = open_page(geolocation={"latitude": position[0], "longitude": position[1]}, permissions=["geolocation"])
    page.goto("/")
    page.get_by_role("button", name="Use where I am now").tap()
    expect(page.get_by_role("status")).to_contain_text("Type a town or postcode instead.")
    expect(page.get_by_label("Town or postcode")).to_have_value("")


@pytest.mark.parametrize(
    "mischief",
    [
        "fetch('https://example.org/').catch(() => 0)",
        "document.body.setAttribute('style', 'color: red')",
        "document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))",
    ],
)
def test_a_break_of_the_policy_is_stopped_and_would_not_go_unnoticed(page, complaints, mischief):
    page.goto("/")
    with page.expect_console_message():
        page.evaluate(mischief)
    assert "Content Security Policy" in complaints[0]
    complaints.clear()
