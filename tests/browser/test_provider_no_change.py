"""A provider's one tap: Beth asks by e-mail, they press "no change" on their phone, and families read who said so and when."""

from __future__ import annotations

import email
import re
from email import policy

import pytest
from playwright.sync_api import Page, expect

from plumbing import clock
from plumbing.dates import date_in_words
from tests.browser.checks import SMALL, follow, look
from tests.browser.demonstration import at_desk, beth, server  # noqa: F401 - a desk with work on it
from tests.browser.test_lock import Served

pytestmark = pytest.mark.browser
CLINIC = "Children's sleep clinic, Morpeth"


def link_in_the_mail(server: Served) -> str:  # noqa: F811
    (path,) = server.app.extensions["settings"].outbox.glob("*.eml")
    text = email.message_from_bytes(path.read_bytes(), policy=policy.default).get_content()
    return server.url + re.search(r"/for-providers/\S+", text)[0]


def test_one_tap_is_a_check(at_desk: Page, page: Page, server: Served):  # noqa: F811
    at_desk.goto(server.url + "/directory/checks")
    card = at_desk.get_by_role("listitem").filter(has=at_desk.get_by_role("heading", name=CLINIC))
    follow(card.get_by_role("button", name=re.compile("^Ask them by e-mail")))
    expect(card.get_by_text("No answer yet.")).to_be_visible()
    expect(card.get_by_role("button", name=re.compile("^Ask them by e-mail"))).to_have_count(0)

    link = link_in_the_mail(server)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this still right?")
    expect(page.get_by_text(CLINIC).first).to_be_visible()
    look(page, SMALL)
    follow(page.get_by_role("button", name="No change: all of this is true"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not open")

    at_desk.goto(server.url + "/directory/checks")
    expect(card).to_have_count(0)
    at_desk.goto(server.url + "/search?q=childrens+sleep+clinic+morpeth")
    follow(at_desk.get_by_role("link", name=CLINIC).first)
    with server.app.test_request_context():
        day = date_in_words(clock.today())
    expect(at_desk.get_by_text(f"by e-mail on {day}").first).to_be_visible()
