"""Two phones on one kitchen table: Amina shares with Sara, and each page notices what the other has done."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.checks import SMALL, follow, look
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import PASSPHRASES, SARA, Member, fill, sign_up

pytestmark = pytest.mark.browser


@pytest.fixture
def record(amina: Member) -> str:  # noqa: F811
    return fill(amina.client, "/records/new", called="Yusuf", born="", nation="england").location


@pytest.fixture
def phone(page: Page, amina: Member, server: Served, record: str) -> Page:  # noqa: F811
    """Amina's phone, a small one, at Yusuf's care plan."""
    page.set_viewport_size(SMALL)
    lend(amina, page, server.url)
    page.goto(server.url + record)
    follow(page.get_by_role("link", name="Diary"), Locator.tap)
    return page


def agree(phone: Page, check: Callable[[Page], None] = lambda _page: None) -> str:
    """From the section to the words."""
    follow(phone.get_by_role("link", name="Share this section"), Locator.tap)
    check(phone)
    phone.get_by_role("button", name="Go on").tap()
    expect(phone.get_by_role("alert")).to_contain_text("Write their name")
    check(phone)
    phone.get_by_label("Their name", exact=True).fill("Sara Morgan")
    phone.get_by_label("What do they do?").fill("Key worker")
    phone.get_by_label("Meetings").check()
    phone.get_by_label("Read and add").check()
    phone.get_by_label("What is it for?", exact=True).fill("To plan short breaks")
    expect(phone.get_by_label("The last day")).to_be_hidden()
    phone.get_by_role("button", name="Go on").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("What Sara Morgan will see")
    check(phone)
    phone.get_by_role("button", name="We agree: make the words").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tell Sara Morgan these eight words")
    check(phone)
    expect(phone.locator(".told li")).to_have_count(8)
    return " ".join(phone.locator(".told li").all_inner_texts())


def test_at_one_table_both_pages_notice(phone, open_page, server, record):  # noqa: F811
    words = agree(phone, look)
    sara = open_page(base_url=server.url)
    sara.set_viewport_size(SMALL)
    # What the camera reads: the words come from behind the #, and out of the address.
    sara.goto(f"/words#{words.replace(' ', '-')}")
    expect(sara.get_by_role("heading", level=1)).to_have_text("The words are right")
    expect(sara).to_have_url("/words")
    look(sara)
    sara.get_by_role("button", name="I am new here").tap()
    sara.get_by_label("What should we call you?").fill("Sara Morgan")
    sara.get_by_label("Passphrase").fill(PASSPHRASES[SARA])
    sara.get_by_role("button", name="Make my account").tap()
    expect(sara).to_have_url(re.compile("/welcome"))
    sara.goto("/words")
    expect(sara.get_by_role("heading", level=1)).to_have_text("Amina wants to share a part of Yusuf’s record with you")
    look(sara)
    # Amina's page asks a little later than usual, so that Sara's can be looked at while it waits.
    asked: list[Route] = []
    phone.route("**/waiting", lambda route: asked.append(route))
    sara.get_by_role("button", name="Accept").tap()
    expect(sara.get_by_text("Amina’s page will show it")).to_be_visible()
    look(sara)
    for route in asked:
        route.continue_()
    phone.unroute("**/waiting")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Sara Morgan can now see")
    look(phone)
    expect(sara).to_have_url(server.url + record)
    phone.get_by_role("button", name="Stop it now").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sara Morgan cannot see anything any more")
    look(phone)


def test_nobody_asks_while_the_page_is_not_looked_at(phone, server):  # noqa: F811
    phone.context.clock.install()
    agree(phone)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url) if request.url.endswith("/waiting") else None)
    expect(phone.get_by_text("Waiting until the words are typed")).to_be_visible()
    hide = "Object.defineProperty(document, 'hidden', {value: true}); document.dispatchEvent(new Event('visibilitychange'))"
    phone.evaluate(hide)
    phone.context.clock.fast_forward(60_000)
    expect(phone.get_by_role("button", name="They have typed them: look now")).to_be_visible()
    assert asked == []


def test_without_script_a_button_asks(open_page, amina, server, record):  # noqa: F811
    phone = open_page(base_url=server.url, java_script_enabled=False)
    lend(amina, phone, server.url)
    phone.goto(record)
    phone.get_by_role("link", name="Diary").tap()
    phone.get_by_role("link", name="Share this section").tap()
    phone.get_by_label("Their name", exact=True).fill("Sara Morgan")
    phone.get_by_label("What is it for?", exact=True).fill("To plan short breaks")
    phone.get_by_role("button", name="Go on").tap()
    phone.get_by_role("button", name="We agree: make the words").tap()
    expect(phone.locator(".told li")).to_have_count(8)
    words = ", ".join(phone.locator(".told li").all_inner_texts())
    sara = open_page(base_url=server.url, java_script_enabled=False)
    lend(sign_up(server.app.test_client(), SARA), sara, server.url)
    sara.goto("/words")
    sara.get_by_label("The eight words").fill(words.upper())
    sara.get_by_role("button", name="Go on").tap()
    sara.get_by_role("button", name="Accept").tap()
    expect(sara.get_by_role("heading", level=1)).to_have_text("You said yes")
    phone.get_by_role("button", name="They have typed them: look now").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Sara can now see Diary")
    sara.get_by_role("button", name="Look now").tap()
    expect(sara).to_have_url(server.url + record)
