"""Beth checks, asks and answers in a real browser; a provider answers with one tap. No barrier at three widths."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from email import policy

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.account import INFORMATION_OFFICER
from directory import store
from directory.keeping import editing, provider_links
from directory.report import Report, new_reference
from directory.store import web_links
from plumbing import clock
from plumbing.db import open_db
from tests.browser.checks import SMALL, look, press, tab_to
from tests.browser.test_lock import Served, lend
from tests.family import BETH, Member, join_staff

pytestmark = pytest.mark.browser
SIZES = [SMALL, {"width": 390, "height": 844}, {"width": 1280, "height": 900}]


@pytest.fixture
def server(own_app: Flask) -> Iterator[Served]:
    """The starter directory, with a report and a link that broke."""
    db = open_db(own_app.extensions["settings"].directory_db)
    first, second = store.all_service_ids(db)[:2]
    words = "The number rings a bakery. They were kind about it, but they have no soft play."
    store.add_report(db, Report(first, "phone", words, "amina@example.org", clock.now(), reference=new_reference()))
    address = "https://www.example.org/a-long-address-that-nobody-would-type/and-that-does-not-break/by-itself/index.html"
    editing.save(db, replace(store.get_services(db, [second])[0], url=address), "Beth", "a new website")
    for days in (0, 1, 2):
        with clock.moved(days=days):
            web_links.note_failure(db, address, clock.now(), "gone", counts=True)
    db.close()
    served = Served(own_app)
    yield served
    served.stop()


@pytest.fixture
def beth(server: Served, page: Page) -> Member:
    member = join_staff(server.app.test_client(), BETH, INFORMATION_OFFICER)
    lend(member, page, server.url)
    return member


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.mark.parametrize("size", SIZES)
def test_a_morning_at_the_desk_has_no_barrier(page: Page, beth: Member, server: Served, size):
    page.set_viewport_size(size)
    page.goto(f"{server.url}/directory/checks/never")
    heading(page, "Never checked")
    look(page)
    first = page.locator("h2.name").first.text_content()
    page.get_by_role("button", name="On their website").first.click()
    expect(page.get_by_role("status")).to_contain_text(f"Written down: {first}, checked.")
    expect(page.locator("h2.name").first).not_to_have_text(first)
    look(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_have_text("Taken back. It is as it was.")
    expect(page.locator("h2.name").first).to_have_text(first)
    page.get_by_role("link", name=first, exact=True).click()
    heading(page, f"Check {first}")
    look(page)
    page.goto(f"{server.url}/directory/checks")
    heading(page, "Checks due")
    look(page)
    page.goto(f"{server.url}/directory/links")
    heading(page, "Broken links")
    look(page)
    page.get_by_role("button", name="Works for me").click()
    expect(page.get_by_role("status")).to_contain_text("We believe you")
    page.goto(f"{server.url}/directory/reports")
    heading(page, "Reports")
    look(page)
    page.locator("h2.name a").click()
    heading(page, re.compile("^A report about"))
    look(page)
    page.get_by_label("The listing was right already").check()
    page.get_by_role("button", name="Answer and close").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a sentence what you found")
    look(page)
    page.get_by_label("What the reporter will read").fill("We rang: it is the right number again.")
    page.get_by_role("button", name="Answer and close").click()
    expect(page.get_by_role("status")).to_contain_text("Answered.")


def link_for_provider(server: Served) -> str:
    """Ask the provider of a listing; returns the link in the mail."""
    app = server.app
    db = open_db(app.extensions["settings"].directory_db)
    service = next(one for one in store.get_services(db, store.all_service_ids(db)) if one.email and one.is_demonstration)
    key = app.extensions["server_secrets"].server_key
    with app.test_request_context():
        provider_links.ask(db, app.extensions["settings"], key, service.id, BETH, clock.today())
    db.close()
    (path,) = app.extensions["settings"].outbox.glob("*.eml")
    text = email.message_from_bytes(path.read_bytes(), policy=policy.default).get_content()
    return server.url + re.search(r"/for-providers/\S+", text)[0]


@pytest.mark.parametrize("size", SIZES)
def test_a_provider_answers_with_one_tap(page: Page, server: Served, size):
    page.set_viewport_size(size)
    link = link_for_provider(server)
    page.goto(link)
    heading(page, "Is this still right?")
    look(page)
    page.get_by_role("link", name="Something should change").click()
    heading(page, "What should change?")
    look(page)
    page.go_back()
    heading(page, "Is this still right?")
    page.get_by_role("button", name="No change: all of this is true").click()
    heading(page, "Thank you")
    look(page)
    page.goto(link)
    heading(page, "This link does not open")
    look(page)


def test_a_provider_answers_by_the_keyboard_alone(page: Page, server: Served):
    page.goto(link_for_provider(server))
    heading(page, "Is this still right?")
    tab_to(page, page.get_by_role("button", name="No change: all of this is true"))
    page.keyboard.press("Enter")
    heading(page, "Thank you")
    press(page, "Tab")


@pytest.mark.parametrize("size", SIZES)
def test_a_parent_follows_what_they_told_us(page: Page, server: Served, size):
    page.set_viewport_size(size)
    page.goto(f"{server.url}/search?q=sleep")
    page.locator("h2.name a").first.click()
    page.get_by_role("link", name="Tell us something is wrong").click()
    page.get_by_label("It has closed or moved").check()
    page.get_by_label("What should it say?").fill("It moved to the library.")
    page.get_by_role("button", name="Send").click()
    heading(page, "Thank you")
    look(page)
    reference = page.locator(".reference").text_content()
    page.goto(f"{server.url}/reports")
    page.get_by_label("Your reference").fill("nonsense")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("alert")).to_contain_text("We do not know this reference")
    look(page)
    page.get_by_label("Your reference").fill(reference.lower())
    page.get_by_role("button", name="Look").click()
    heading(page, "Your report")
    expect(page.get_by_text("We got it.")).to_be_visible()
    look(page)
