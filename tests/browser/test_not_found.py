"""From a word that nobody found anything by to a search that succeeds; and the numbers; on a phone and at a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.account import INFORMATION_OFFICER
from directory.not_found import Cell
from directory.store import searches
from plumbing import clock
from plumbing.db import open_db
from tests.browser.checks import SMALL, follow, look
from tests.browser.test_lock import Served, lend
from tests.family import BETH, join_staff

pytestmark = pytest.mark.browser


@pytest.fixture
def server(own_app):
    """The starter directory, and what could not be found last year."""
    db = open_db(own_app.extensions["settings"].directory_db)
    with db.atomic():
        last = clock.today().year - 1
        searches.add(db, Cell(f"{last}-03", "sleep", "nothing", "NE66", "5_10"), 9)
        searches.add(db, Cell(f"{last}-04", "short-breaks", "waiting", "NE71", "11_15"), 12)
        searches.add_word(db, f"{last}-03", b"mark", 0b11111, "hairdresser")
    db.close()
    served = Served(own_app)
    yield served
    served.stop()


@pytest.mark.parametrize("size", [SMALL, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_a_failed_search_succeeds_once_its_word_is_known(page, server, size):
    beth = join_staff(server.app.test_client(), BETH, INFORMATION_OFFICER)
    page.set_viewport_size(size)
    page.goto(f"{server.url}/search?q=hairdresser")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing found yet")
    lend(beth, page, server.url)
    heading = page.get_by_role("heading", level=1)
    page.goto(f"{server.url}/directory/not-found")
    expect(heading).to_have_text("What people could not find")
    page.get_by_text("Choose: area, age, month").click()
    look(page)
    follow(page.get_by_role("link", name="Add a synonym – hairdresser"))
    expect(heading).to_have_text("Add a synonym")
    look(page)
    follow(page.get_by_role("button", name="See what would change"))
    expect(page.get_by_role("alert")).to_contain_text("Write what they mean")
    page.get_by_label("What it means").fill("haircut, barber")
    follow(page.get_by_role("button", name="See what would change"))
    expect(heading).to_have_text("This is what would change")
    look(page)
    follow(page.get_by_role("button", name="Keep it"))
    expect(page.get_by_role("status")).to_contain_text("every search knows it now")
    look(page)
    page.goto(f"{server.url}/search?q=hairdresser")
    expect(page.get_by_text("Found for “hairdresser”: haircut").first).to_be_visible()
    page.goto(f"{server.url}/directory/not-found")
    follow(page.get_by_role("link", name="A note to those who plan", exact=True))
    expect(heading).to_have_text("A note to those who plan")
    look(page)
