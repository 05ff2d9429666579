"""Beth keeps people in agencies, Sara finds one and puts them on paper for a family; one answers by their link. No barrier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.account import INFORMATION_OFFICER, KEY_WORKER
from directory.keeping import invented_contacts
from directory.store import designated_contacts as rows
from plumbing.db import open_db
from tests.browser.checks import SMALL, look
from tests.browser.test_checks import heading
from tests.browser.test_lock import Served, lend
from tests.directory.desk.people import ask
from tests.family import BETH, SARA, Member, join_staff

pytestmark = pytest.mark.browser
SIZES = [SMALL, {"width": 1280, "height": 900}]


@pytest.fixture
def server(own_app: Flask) -> Iterator[Served]:
    """The starter directory, with invented people in agencies."""
    settings = own_app.extensions["settings"]
    db = open_db(settings.directory_db)
    with own_app.app_context():
        invented_contacts.fill(db, settings)
    db.close()
    served = Served(own_app)
    yield served
    served.stop()


@pytest.fixture
def beth(server: Served, page: Page) -> Member:
    """The information officer, in this browser."""
    member = join_staff(server.app.test_client(), BETH, INFORMATION_OFFICER)
    lend(member, page, server.url)
    return member


@pytest.fixture
def sara(server: Served, page: Page) -> Member:
    """A key worker, in this browser."""
    member = join_staff(server.app.test_client(), SARA, KEY_WORKER)
    lend(member, page, server.url)
    return member


@pytest.mark.parametrize("size", SIZES)
def test_an_officer_keeps_people_without_barrier(page: Page, beth: Member, server: Served, size):
    page.set_viewport_size(size)
    page.goto(f"{server.url}/directory/contacts")
    heading(page, "Designated contacts")
    look(page)
    page.locator("li", has_text="Dr Osman Tait").get_by_role("button", name="By phone").click()
    expect(page.get_by_role("status")).to_contain_text("Written down: Dr Osman Tait, checked.")
    page.get_by_role("link", name="Gwen Pike").first.click()
    heading(page, "Gwen Pike")
    look(page)
    page.get_by_role("link", name="Put it right").click()
    heading(page, "Change a contact")
    look(page)
    page.get_by_label("Phone", exact=True).fill("nonsense")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the phone number in digits")
    look(page)
    page.get_by_label("Phone", exact=True).fill("01632 960866")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    page.goto(f"{server.url}/directory/contacts/roles")
    heading(page, "Roles and who holds them")
    look(page)
    page.goto(f"{server.url}/directory/contacts/spreadsheet")
    heading(page, "Contacts as a spreadsheet")
    look(page)
    table = b"Name,Role,Phone\r\nNina Hall,Portage and early years,01632 960867\r\nNo Number,dco,\r\n"
    page.get_by_label("File (CSV)").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": table})
    page.get_by_role("button", name="Look at it").click()
    heading(page, "What the spreadsheet would change")
    look(page)
    page.get_by_role("button", name="Keep 1 row").click()
    heading(page, "Designated contacts")
    expect(page.get_by_role("link", name="Nina Hall").first).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_a_key_worker_finds_somebody_and_puts_them_on_a_list(page: Page, sara: Member, server: Served, size):
    page.set_viewport_size(size)
    page.goto(f"{server.url}/search?q=short+breaks")
    page.get_by_text("1 person in agencies").click()
    expect(page.get_by_role("heading", name="Gwen Pike")).to_be_visible()
    look(page)
    page.goto(f"{server.url}/directory/contacts/find")
    heading(page, "People in agencies")
    look(page)
    page.get_by_label("Name, role, agency or what it is about").fill("sendiass")
    page.get_by_role("button", name="Find people").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text(["1 person found"])
    page.get_by_role("button", name="Put on my list for a family").click()
    heading(page, "People on your list for a family")
    expect(page.get_by_text("Halina Frost").first).to_be_visible()
    look(page)
    page.goto(f"{server.url}/directory/contacts/find")
    heading(page, "People in agencies")
    page.locator("li", has_text="Halina Frost").get_by_role("button", name="Keep in a family’s record").click()
    heading(page, "Keep in a family’s record")
    look(page)


@pytest.mark.parametrize("size", SIZES)
def test_somebody_says_that_they_are_still_there(page: Page, server: Served, size):
    page.set_viewport_size(size)
    db = open_db(server.app.extensions["settings"].directory_db)
    contact = next(one for one in rows.every(db) if one.name == "Lars Beck")
    page.goto(server.url + ask(server.app, db, contact.id, contact.email))
    heading(page, "Are you still the person to ring?")
    look(page)
    page.get_by_role("button", name="Still me: all of this is right").click()
    heading(page, "Thank you")
    assert rows.checks(db, contact.id)
    db.close()
