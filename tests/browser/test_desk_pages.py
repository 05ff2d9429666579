"""Every page of the desk, with work on it, in a real browser: nothing for axe to find, too wide or too small, at 320 and 1280 px.

A page without anything in its address is walked by itself; a new one with something in it fails here until it is named.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlite_utils import Database
from werkzeug.routing import Rule

from directory import store
from directory.guide import Guide
from directory.keeping import drafting, editing
from directory.keeping.drafting import Writer
from directory.store import guides
from plumbing.db import open_db
from plumbing.ids import new_id
from tests.browser.checks import SMALL, look, press, settled
from tests.browser.demonstration import at_desk, beth, server  # noqa: F401 - a desk with work on it
from tests.browser.test_lock import Served
from tests.directory.desk.people import add as add_contact
from tests.family import Member, fill, token_of

pytestmark = pytest.mark.browser
PARTS = 4
STEPS = ("name", "who", "how", "where", "when", "contact", "cost")
# What answers with a file, or is no page of an officer's.
NO_PAGE = {
    "directory.desk_booklet_pdf",
    "directory.desk_leaflet_pdf",
    "directory.desk_newsletter_pdf",
    "directory.desk_contacts_csv",
    "directory.desk_not_found_file",
    "directory.import_progress",
    "directory.refused_rows",
    "directory.desk_mine",
}
_A_SERVICE = "SELECT id FROM service WHERE name LIKE 'Slow Boat%'"
_READY = "(SELECT id FROM import_job WHERE status = 'ready')"
# What stands in the address of each page, by a query of as many columns.
FILLED = {
    "directory.desk_check": _A_SERVICE,
    "directory.desk_listing": _A_SERVICE,
    "directory.desk_retire": _A_SERVICE,
    "directory.desk_history": "SELECT service_id FROM service_revision WHERE why = 'new'",
    "directory.desk_organization": "SELECT organization_id FROM service WHERE name LIKE 'Slow Boat%'",
    "directory.desk_comment": "SELECT id FROM comment WHERE status = 'new'",
    "directory.desk_question": "SELECT id FROM question",
    "directory.edit_publication": "SELECT id FROM publication",
    "directory.edit_you_said": "SELECT id FROM you_said",
    "directory.desk_report": "SELECT id FROM report WHERE status = 'new'",
    "directory.desk_contact": "SELECT id FROM designated_contact",
    "directory.desk_edit_contact": "SELECT id FROM designated_contact",
    "directory.desk_draft": "SELECT id, ? FROM listing_draft WHERE state = 'writing' AND based_on = 0",
    "directory.desk_finish": "SELECT id FROM listing_draft WHERE state = 'writing' AND based_on = 0",
    "directory.desk_both": "SELECT id FROM listing_draft WHERE why = 'two at once'",
    "directory.desk_look": "SELECT id FROM listing_draft WHERE author_id = 'demonstration-priya'",
    "directory.desk_guide": "SELECT slug FROM guide",
    "directory.desk_edit_guide": "SELECT slug FROM guide",
    "directory.desk_guide_history": "SELECT slug FROM guide",
    "directory.desk_guide_draft": "SELECT id FROM guide_draft WHERE state = 'writing'",
    "directory.desk_look_at_guide": "SELECT id FROM guide_draft WHERE state = 'waiting'",
    "directory.desk_import": f"SELECT id FROM import_job WHERE id = {_READY}",
    "directory.import_row": f"SELECT job, number FROM import_row WHERE job = {_READY} AND kind = 'changed'",
    "directory.desk_leaflet": "SELECT id FROM leaflet",
    "directory.desk_newsletter": "SELECT id FROM newsletter",
    "directory.desk_look_at_newsletter": "SELECT id FROM newsletter",
    "directory.desk_event": "SELECT id FROM event",
    "directory.desk_end_provider": "SELECT account_id FROM provider_organization",
    "directory.two_listings": "SELECT one, other FROM twin WHERE kind = 'service' ORDER BY score DESC",
}


@pytest.fixture
def full(server: Served, beth: Member) -> Database:  # noqa: F811
    """The demonstration's desk with what else there can be on it: drafts, a guide to approve, a contact, a provider."""
    db = open_db(server.app.extensions["settings"].directory_db)
    me, found = Writer(beth.id, "Beth"), {one.name: one for one in store.get_services(db, store.all_service_ids(db))}
    boat, swap = found["Slow Boat: wheelchair boat trips from Amble"], found["Swap Shelf: pass it on online"]
    draft = drafting.begin(db, swap.id, me)
    drafting.keep(db, replace(draft, why="two at once"), replace(swap, wait_time="A week"), draft.saves)
    db.execute("UPDATE listing_draft SET why = 'two at once' WHERE id = ?", [draft.id])
    db.conn.commit()
    editing.save(db, replace(swap, wait_time="A month", fees="£2"), "Dev", "meanwhile")
    new = drafting.begin_new(db, me, boat.organization)
    drafting.keep(db, new, replace(new.service, name="Boat repairs", description="Paint and glue."), new.saves)
    add_contact(db)
    guide = Guide("a-new-guide", "A new guide", "What is new.", body="## First\n\nSome words.\n")
    with db.atomic():
        for author, state in ((beth.id, "writing"), ("somebody-else", "waiting")):
            guides.save_guide_draft(db, guides.GuideDraft(new_id(), guide, 0, author, "Dev", state))
    _let_a_provider_in(server, beth, boat.organization.name if boat.organization else "")
    yield db
    db.close()


def _let_a_provider_in(server: Served, beth: Member, organization: str) -> None:  # noqa: F811
    page = beth.client.get("/directory/providers").text
    invited = {"csrf_token": token_of(page), "shown_name": "Priya", "organizations": organization, "email": ""}
    code = re.findall(r'<b class="name">([^<]+)</b>', beth.client.post("/directory/providers", data=invited).text)[0]
    client = server.app.test_client()
    fill(client, "/join", code=code)
    fill(client, "/join", to="/join/passphrase", code=code, passphrase="four sheep under a bridge")


def rules(server: Served) -> list[Rule]:  # noqa: F811
    """Every page of the desk."""
    every = server.app.url_map.iter_rules()
    found = [rule for rule in every if rule.rule.startswith("/directory") and "GET" in (rule.methods or ())]
    return sorted((rule for rule in found if rule.endpoint not in NO_PAGE), key=lambda rule: rule.rule)


def addresses(server: Served, db: Database) -> list[str]:  # noqa: F811
    """The address of every page of the desk, with what it needs in it."""
    found = []
    for rule in rules(server):
        names = re.findall(r"<(?:\w+:)?(\w+)>", rule.rule)
        if not names:
            found.append(rule.rule)
            continue
        assert rule.endpoint in FILLED, f"Name {rule.endpoint} in FILLED, so that its page is looked at."
        for given in [[step] for step in STEPS] if "?" in FILLED[rule.endpoint] else [[]]:
            row = db.execute(FILLED[rule.endpoint], given).fetchone()
            assert row, f"There is nothing on this desk for {rule.endpoint} to show."
            values = iter(row)
            found.append(re.sub(r"<[^>]+>", lambda _part, values=values: str(next(values)), rule.rule))
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_desk_has_no_barrier(at_desk: Page, server: Served, full: Database, part: int):  # noqa: F811
    faults = []
    for address in addresses(server, full)[part::PARTS]:
        answer = at_desk.goto(server.url + address)
        if answer is None or answer.status != 200:
            faults.append(f"{address}: {answer.status if answer else 'nothing'}")
            continue
        expect(at_desk.get_by_role("heading", level=1)).to_have_count(1)
        try:
            look(at_desk, SMALL)
        except AssertionError as found:
            faults.append(f"{address}:\n{found}")
    assert not faults, "\n".join(faults)


def test_the_desk_is_worked_by_the_keyboard_alone(at_desk: Page, server: Served):  # noqa: F811
    at_desk.goto(server.url + "/directory/checks")
    settled(at_desk)
    target = at_desk.get_by_role("button", name="By phone").first
    for _step in range(60):
        press(at_desk, "Tab")
        if target.evaluate("part => part === document.activeElement"):
            break
    with at_desk.expect_navigation():
        at_desk.keyboard.press("Enter")
    expect(at_desk.get_by_role("status")).to_contain_text("Written down:")


def test_what_is_named_here_is_there(server: Served):  # noqa: F811
    known = {rule.endpoint for rule in server.app.url_map.iter_rules()}
    assert {*FILLED, *NO_PAGE} - known == set()
