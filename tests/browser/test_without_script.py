"""The same journey on a phone that runs no script: old, blocked, or half loaded."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.checks import follow
from tests.browser.kinds import QUESTION, kinds

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page):
    return open_page(java_script_enabled=False)


def ask(page, words, place=""):
    page.goto("/")
    page.get_by_label("What do you need?").fill(words)
    page.get_by_label("Town or postcode").fill(place)
    page.get_by_role("button", name="Find help").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("found")
    page.wait_for_load_state()


def total(page):
    return int(page.get_by_role("heading", level=1).inner_text().split()[0])


def names(page):
    return page.locator("li.card").get_by_role("heading").all_inner_texts()


def test_script_is_really_off(page):
    page.goto("data:text/html,<title>off</title><script>document.title='on'</script>")
    expect(page).to_have_title("off")


def test_a_question_in_plain_words_leads_to_a_number_to_tap(page):
    ask(page, QUESTION)
    page.get_by_role("list", name="What we looked for").get_by_role("link", name="Age 7").tap()
    expect(page.get_by_role("link", name="Age 7")).to_have_count(0)
    card = page.locator("li.card", has=page.locator("a[href^='tel:']")).first
    card.get_by_role("heading").get_by_role("link").tap()
    expect(page.get_by_role("heading", name="Get in touch")).to_be_visible()
    expect(page.locator("a[href^='tel:']").first).to_be_in_viewport(ratio=1)


def test_the_question_can_be_changed(page):
    ask(page, "swimming", "Morpeth")
    expect(page.get_by_label("What do you need?")).to_be_hidden()
    page.get_by_text("Change", exact=True).tap()
    expect(page.get_by_label("Town or postcode").first).to_have_value("Morpeth")
    page.get_by_label("What do you need?").fill("sleep")
    page.get_by_role("button", name="Find help").tap()
    expect(page.locator(".asked .q")).to_have_text("sleep")
    expect(page.get_by_role("link", name="Near Morpeth")).to_be_visible()


def test_more_choices_narrow_what_was_found_by_as_much_as_they_say(page):
    ask(page, "groups", "Alnwick")
    before = total(page)
    page.get_by_text("More choices").tap()
    free = page.locator("label.pick", has_text=re.compile(r"Free \(\d+\)"))
    promised = int(re.search(r"\((\d+)\)", free.inner_text())[1])
    assert 0 < promised < before
    free.tap()
    page.get_by_role("button", name="Show these").tap()
    expect(page.get_by_role("link", name="Free")).to_be_visible()
    assert total(page) == promised
    expect(page.get_by_role("link", name="Near Alnwick")).to_be_visible()
    follow(page.get_by_role("link", name="Free"), Locator.tap)
    expect(page.get_by_role("link", name="Free")).to_have_count(0)
    assert total(page) == before


def test_every_choice_that_is_ticked_comes_back_as_a_chip(page):
    ask(page, "", "Alnwick")
    page.get_by_text("More choices").tap()
    for name in ("category", "need", "delivery", "referral"):
        page.locator(f"[name={name}]").first.check()
    page.get_by_role("textbox", name="Age").fill("7")
    page.get_by_label("20 miles").check()
    page.get_by_role("button", name="Show these").tap()
    chips = page.get_by_role("list", name="What we looked for").get_by_role("link")
    expect(chips).to_have_count(7)


def test_the_nearest_can_be_put_first_and_the_best_again(page):
    ask(page, "groups", "Alnwick")
    best = names(page)
    follow(page.locator(".sort").get_by_role("link", name="Nearest"), Locator.tap)
    expect(page.locator(".sort b")).to_have_text("Nearest")
    metas = [text for text in page.locator("li.card .meta").all_inner_texts() if "Whole county" not in text]
    miles = [float(match[1]) for match in (re.search(r"about ([\d.]+) mile", text) for text in metas) if match]
    assert len(miles) >= 3
    assert miles == sorted(miles)
    follow(page.locator(".sort").get_by_role("link", name="Best match"), Locator.tap)
    expect(page.locator(".sort b")).to_have_text("Best match")
    assert names(page) == best


def test_nothing_can_be_sorted_by_distance_from_nowhere(page):
    ask(page, "groups")
    expect(page.locator(".sort")).to_have_count(0)
    page.goto("/search?q=groups&sort=nearest")
    assert total(page) > 0


def test_pages_of_results_follow_each_other_without_repeating(page):
    ask(page, "sleep", "Hexham")
    first = names(page)
    assert len(first) == 10
    paging = page.get_by_role("navigation", name="Pages of results")
    expect(paging.get_by_role("link", name="Back")).to_have_count(0)
    follow(paging.get_by_role("link", name="More"), Locator.tap)
    expect(paging).to_contain_text("Page 2 of")
    assert not set(first) & set(names(page))
    expect(page.locator("ol.plain").first).to_have_attribute("start", "11")
    follow(paging.get_by_role("link", name="Back"), Locator.tap)
    expect(paging).to_contain_text("Page 1 of")
    assert names(page) == first


def test_a_page_beyond_the_last_shows_the_last(page):
    page.goto("/search?q=sleep&page=99")
    expect(page.get_by_role("navigation", name="Pages of results").get_by_role("link", name="More")).to_have_count(0)
    assert names(page)


def test_what_is_wrong_can_be_said_and_a_slip_put_right(page, addresses):
    page.goto(addresses["service"])
    page.get_by_role("link", name="Tell us something is wrong").tap()
    page.get_by_label("What should it say?").fill("The number is that of a bakery.")
    page.get_by_role("button", name="Send").tap()
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_text(["Choose what is wrong"])
    summary.get_by_role("link").tap()
    expect(page.get_by_role("radio").first).to_be_focused()
    page.get_by_role("radio").first.check()
    expect(page.get_by_label("What should it say?")).to_have_value("The number is that of a bakery.")
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("heading", level=1, name="Thank you")).to_be_visible()


def test_the_nearest_of_a_kind_are_found_from_a_category_and_a_need(page):
    for path in ("/categories/short-breaks", "/needs/autism"):
        page.goto(path)
        page.get_by_label("Town or postcode").fill("Berwick")
        page.get_by_role("button", name="Nearest first").tap()
        expect(page.get_by_label("Town or postcode")).to_have_value("Berwick")
        expect(page.locator("li.card .meta").filter(has_text="about").first).to_be_visible()


def test_the_quick_exit_still_leaves(page):
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
    page.goto("/talk-now")
    page.get_by_role("link", name="Leave this page quickly").tap()
    expect(page).to_have_title("Weather")


@pytest.mark.parametrize(
    "kind", kinds("home", "results-question-open", "nothing-found", "service", "guide", "guide-safety"), ids=str
)
def test_no_button_is_shown_that_would_do_nothing(page, show, kind):
    show(page, kind)
    buttons = page.get_by_role("button").all()
    # What sends a form does something: a button of its form, or one that names the form it belongs to.
    idle = [one for one in buttons if one.get_attribute("type") != "submit" and not one.get_attribute("form")]
    assert [button.inner_text() for button in idle] == []
    for words in ("Use where I am now", "Share", "Print", "Read this to me"):
        expect(page.get_by_role("button", name=words, exact=True)).to_have_count(0)
