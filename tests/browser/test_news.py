"""Beth's newsletter, guide and leaflet in a real browser, and a parent who opens what came of them: no barrier on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.account import INFORMATION_OFFICER
from directory.keeping import invented_news
from directory.search import Query
from plumbing.db import open_db
from tests.browser.checks import SMALL, follow, look
from tests.browser.test_lock import Served, lend
from tests.family import BETH, Member, join_staff

pytestmark = pytest.mark.browser
PHONE, DESK = SMALL, {"width": 1280, "height": 900}


@pytest.fixture
def server(own_app: Flask) -> Iterator[Served]:
    """The starter directory, with a newsletter in it."""
    db = open_db(own_app.extensions["settings"].directory_db)
    finder = own_app.extensions["finder"]
    with own_app.test_request_context():
        invented_news.fill(db, lambda words: [one.id for one in finder.search(db, Query(words=words)).results])
    db.close()
    served = Served(own_app)
    yield served
    served.stop()


@pytest.fixture
def beth(server: Served) -> Member:
    return join_staff(server.app.test_client(), BETH, INFORMATION_OFFICER)


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_parent_reads_the_news_and_asks_for_it(page, server):
    page.goto(server.url + "/")
    follow(page.get_by_role("link", name="News", exact=True))
    heading(page, "News")
    look(page, PHONE, DESK)
    follow(page.get_by_role("link", name=re.compile("^Winter news")))
    heading(page, "Winter news from Borderland")
    look(page, PHONE, DESK)
    follow(page.get_by_role("link", name="Get it by e-mail"))
    heading(page, "The newsletter by e-mail")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your e-mail address")
    look(page, PHONE, DESK)
    page.get_by_label("Your e-mail address").fill("mum@example.com")
    page.get_by_role("button", name="Ask for it").click()
    heading(page, "Look in your e-mail")
    look(page, PHONE)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_beth_begins_orders_and_publishes_a_newsletter(page, beth, server, size):
    page.set_viewport_size(size)
    lend(beth, page, server.url)
    page.goto(server.url + "/directory/newsletters")
    look(page)
    follow(page.get_by_role("link", name="Add an event"))
    heading(page, "Add an event")
    look(page)
    page.goto(server.url + "/directory/newsletters")
    page.get_by_role("button", name="Begin a newsletter").click()
    heading(page, re.compile("^News, "))
    look(page)
    follow(page.get_by_role("button", name=re.compile("^Move down – Soft play")))
    expect(page.locator("ol li b").first).to_have_text("Filling in the DLA form together")
    page.get_by_label("Title").fill("Spring news")
    page.get_by_label("Soft play, quiet hour", exact=True).uncheck()
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_role("status")).to_have_text("Published: families read it now.")
    look(page)
    follow(page.get_by_role("link", name="How it will look"))
    heading(page, "Spring news")
    expect(page.get_by_text("Soft play, quiet hour")).to_have_count(0)
    look(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_beth_looks_after_a_guide(page, beth, server, size):
    page.set_viewport_size(size)
    lend(beth, page, server.url)
    page.goto(server.url + "/directory/guides")
    look(page)
    follow(page.get_by_role("link", name=re.compile("^Sleep: when")))
    look(page)
    follow(page.get_by_role("link", name="Edit", exact=True))
    page.get_by_label("Title").fill("Sleep, and how to get some")
    page.get_by_role("button", name="See how it looks").click()
    expect(page.locator(".reader-name")).to_have_text("Sleep, and how to get some")
    look(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Published: families read it now.")
    page.get_by_role("button", name="I read it: still true").click()
    expect(page.get_by_role("status")).to_have_text("Checked: its page says so.")
    follow(page.get_by_role("link", name="History"))
    heading(page, re.compile("^History"))
    look(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_leaflet_is_printed(page, beth, server, size):
    page.set_viewport_size(size)
    lend(beth, page, server.url)
    page.goto(server.url + "/directory/leaflets")
    look(page)
    follow(page.get_by_role("link", name="New leaflet"))
    heading(page, "New leaflet")
    page.get_by_label("Title").fill("Sleepless in Alnwick")
    page.get_by_label("Find services to add").fill("sleep")
    for number in range(1, 4):
        button = "Find" if number == 1 else re.compile("^Add – ")
        follow(page.get_by_role("button", name=button, exact=number == 1).first)
        expect(page.get_by_label("Title")).to_have_value("Sleepless in Alnwick")
    names = page.locator("ol.plain li b")
    expect(names).to_have_count(2)
    second = names.nth(1).inner_text()
    follow(page.get_by_role("button", name=f"Move up – {second}"))
    expect(names.first).to_have_text(second)
    look(page)
    follow(page.get_by_role("button", name="Save", exact=True).first)
    expect(page.get_by_role("status")).to_have_text("Saved.")
    pdf = page.get_by_role("link", name="Look at it as PDF").get_attribute("href")
    assert page.request.get(server.url + pdf).body().startswith(b"%PDF")
    follow(page.get_by_role("button", name="Give it out"))
    expect(page.get_by_text("Given out:")).to_be_visible()
    look(page)
    page.goto(server.url + "/directory/booklets")
    look(page)
    page.context.clear_cookies()
    page.goto(server.url + "/leaflets")
    look(page)
    follow(page.get_by_role("link", name="Sleepless in Alnwick"))
    heading(page, "Sleepless in Alnwick")
    look(page)
    answer = page.request.get(server.url + page.get_by_role("link", name="Print it (PDF)").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
