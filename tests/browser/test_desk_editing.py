"""Beth writes a listing in a real browser: no barrier at any step, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect

from accounts.account import INFORMATION_OFFICER
from tests.browser.checks import SMALL, look
from tests.browser.test_lock import Served, lend
from tests.family import BETH, Member, join_staff

pytestmark = pytest.mark.browser
STEPS = ("Who it is for", "How to get it", "Where", "When", "How to get in touch", "What it costs", "Look at it all")


@pytest.fixture
def server(own_app: Flask) -> Iterator[Served]:
    """The starter directory."""
    served = Served(own_app)
    yield served
    served.stop()


@pytest.fixture
def beth(server: Served) -> Member:
    return join_staff(server.app.test_client(), BETH, INFORMATION_OFFICER)


@pytest.mark.parametrize("size", [SMALL, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_a_listing_is_found_changed_and_its_history_read_without_barrier(page, beth, server, size):
    page.set_viewport_size(size)
    lend(beth, page, server.url)
    heading = page.get_by_role("heading", level=1)
    page.goto(server.url + "/directory/listings")
    look(page)
    page.get_by_label("Words in the name or organisation").fill("tea paperwork")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=re.compile("^Tea and Paperwork")).first.click()
    expect(page.get_by_role("button", name="Change it")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Change it").click()
    expect(heading).to_have_text("Name, and what it is")
    look(page)
    page.get_by_label("Important notice").fill("Moved to the church hall until May")
    for words in STEPS:
        page.get_by_role("button", name="Save and go on").click()
        expect(heading).to_have_text(words)
        look(page)
    expect(page.get_by_text("Important notice: nothing → Moved to the church hall until May")).to_be_visible()
    page.get_by_label("Why has it changed?").fill("They rang")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published: families see it now.")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(heading).to_have_text(re.compile("^History"))
    expect(page.get_by_text("They rang")).to_be_visible()
    look(page)


def test_a_slip_is_said_on_top_and_leads_to_its_field(page, beth, server):
    page.set_viewport_size(SMALL)
    lend(beth, page, server.url)
    page.goto(server.url + "/directory/listings")
    page.get_by_role("button", name="Write a new listing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Name, and what it is")
    page.get_by_role("button", name="Save and go on").click()
    expect(page).to_have_title(re.compile("^Error:"))
    page.get_by_role("link", name="Write the name of the service").click()
    expect(page.get_by_label("Name of the service")).to_be_focused()
    look(page)
