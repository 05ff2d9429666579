"""Two people at once: nothing of one is ever seen by the other."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def mum(open_page):
    return open_page()


@pytest.fixture
def neighbour(open_page):
    return open_page()


def token(page):
    return page.locator("[name=csrf_token]").get_attribute("value")


def test_looking_for_help_leaves_nothing_on_the_phone(mum, addresses):
    for path in ("/search?q=bedwetting&place=Hexham", addresses["service"], "/talk-now", "/guides/safe-at-home"):
        mum.goto(path)
        assert mum.context.cookies() == []
        assert mum.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_words_that_one_types_are_never_shown_to_another(mum, neighbour):
    mum.goto("/search?q=bedwetting&place=Hexham")
    expect(mum.get_by_role("heading", level=1)).to_contain_text("found")
    for path in ("/", "/search?q=sleep", "/search", "/categories"):
        neighbour.goto(path)
        assert "Hexham" not in [box.input_value() for box in neighbour.get_by_role("textbox").all()]
        assert "bedwetting" not in [box.input_value() for box in neighbour.get_by_role("searchbox").all()]
    expect(neighbour.locator(".asked .q")).to_have_count(0)


def test_each_gets_a_cookie_of_their_own_that_ends_with_the_browser(mum, neighbour, addresses):
    kept = []
    for page in (mum, neighbour):
        page.goto(addresses["service"] + "/report")
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert cookie["expires"] == -1
        kept.append(cookie["value"])
    assert kept[0] != kept[1]
    assert token(mum) != token(neighbour)


def test_the_token_of_one_is_refused_to_another(mum, neighbour, addresses):
    for page in (mum, neighbour):
        page.goto(addresses["service"] + "/report")
    neighbour.locator("[name=csrf_token]").evaluate("(box, theirs) => { box.value = theirs; }", token(mum))
    neighbour.get_by_role("radio").first.check()
    neighbour.get_by_label("What should it say?").fill("Sent with somebody else's token.")
    neighbour.get_by_role("button", name="Send").tap()
    expect(neighbour.get_by_role("heading", level=1)).to_have_text("That form was open for too long")


def test_a_half_written_report_stays_with_its_writer(mum, neighbour, addresses):
    for page in (mum, neighbour):
        page.goto(addresses["service"] + "/report")
    mum.get_by_label("What should it say?").fill("My son was turned away.")
    mum.get_by_label("Your e-mail address").fill("mum@example.org")
    mum.get_by_role("button", name="Send").tap()
    expect(mum.get_by_label("What should it say?")).to_have_value("My son was turned away.")
    neighbour.get_by_role("button", name="Send").tap()
    expect(neighbour.get_by_role("alert")).to_be_visible()
    expect(neighbour.get_by_label("What should it say?")).to_have_value("")
    expect(neighbour.get_by_label("Your e-mail address")).to_have_value("")


def test_both_can_send_at_the_same_time(mum, neighbour, addresses):
    for page in (mum, neighbour):
        page.goto(addresses["service"] + "/report")
    for page in (mum, neighbour):
        page.get_by_role("radio").first.check()
        page.get_by_label("What should it say?").fill("It is closed on Mondays.")
    for page in (neighbour, mum):
        page.get_by_role("button", name="Send").tap()
    for page in (neighbour, mum):
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
