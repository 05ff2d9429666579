"""Beth imports a council's file and takes it back, and makes one listing of two, in a real browser at two widths."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.account import INFORMATION_OFFICER
from directory import store
from directory.contact import Phone
from directory.keeping import editing
from directory.service import Service
from plumbing.db import open_db
from tests.browser.checks import SMALL, look
from tests.browser.test_lock import Served, lend
from tests.family import BETH, Member, join_staff

pytestmark = pytest.mark.browser
SIZES = [SMALL, {"width": 1280, "height": 900}]
A, B = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "ab")


def feed(path: Path, fees: str) -> Path:
    """A council's file: eight clubs, one with a web address that does not break, and one that cannot be taken."""
    clubs = [{"id": f"x{n}", "name": f"Club {n}", "status": "active", "fees": fees, "description": "A club."} for n in range(8)]
    clubs[0] |= {
        "name": "Mellowfields saturday club for brothers, sisters and everybody else",
        "url": f"https://a.example/{'x' * 80}",
    }
    path.write_text(json.dumps({"contents": [*clubs, {"id": "bad", "name": "Club", "status": "gone"}]}))
    return path


@pytest.fixture
def server(own_app: Flask) -> Iterator[Served]:
    """The starter directory, with two listings that are one."""
    db = open_db(own_app.extensions["settings"].directory_db)
    with db.atomic():
        store.ensure_source(db, "council", "Council")
    for id_, name, fees in ((A, "Alnwick Toy Library", "£2"), (B, "Toy Library, Alnwick", "Free")):
        editing.save(db, Service(id_, name, source="council", fees=fees, phones=(Phone("01632 960001"),)), "Beth", "new")
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
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=20_000)


def picture(page: Page, name: str) -> None:
    """Keep what is seen, where somebody asked to see it."""
    if folder := os.environ.get("LINKBOOK_LOOK"):
        width = page.evaluate("innerWidth")
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def seen(page: Page, name: str) -> None:
    look(page)
    picture(page, name)


def read(page: Page, server: Served, file: Path) -> None:
    page.goto(f"{server.url}/directory/imports")
    heading(page, "Imports")
    page.get_by_label("Files from your computer").set_input_files(file)
    page.get_by_label("Whose listings are they?").fill("hills")
    page.get_by_role("button", name="Read it").click()
    heading(page, "What this import would do")


@pytest.mark.parametrize("size", SIZES)
def test_an_import_is_looked_at_done_and_taken_back(page: Page, beth: Member, server: Served, tmp_path: Path, size):
    page.set_viewport_size(size)
    page.goto(f"{server.url}/directory/imports")
    seen(page, "imports-empty")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file, or write a web address")
    look(page)
    read(page, server, feed(tmp_path / "first.json", "£2"))
    seen(page, "import-preview")
    page.get_by_role("link", name="Refused: 1").click()
    expect(page.get_by_text("it should be one of")).to_be_visible()
    look(page)
    page.get_by_role("link", name="New: 8").click()
    # Taken out and not kept by a press of its own: it is left out all the same.
    page.get_by_label("Club 3").uncheck()
    page.get_by_role("button", name="Do what is ticked").click()
    heading(page, "The import is done")
    expect(page.get_by_text("7 added, 1 refused")).to_be_visible()
    seen(page, "import-done")
    read(page, server, feed(tmp_path / "second.json", "Free"))
    page.get_by_role("link", name="Changed: 7").click()
    page.get_by_role("link", name="Look closer Club 5").click()
    heading(page, "Club 5")
    seen(page, "import-row")
    page.get_by_role("button", name="Leave this listing out").click()
    expect(page.get_by_role("status")).to_have_text("Your choice is kept.")
    page.get_by_role("button", name="Do what is ticked").click()
    heading(page, "The import is done")
    page.get_by_role("button", name="Take the whole import back").click()
    heading(page, "The import was taken back")
    look(page)
    page.goto(f"{server.url}/directory/imports")
    seen(page, "imports")
    page.get_by_role("link", name="Add a feed").click()
    heading(page, "Add a feed")
    page.get_by_role("button", name="Add the feed").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the web address of the feed")
    seen(page, "feed")


@pytest.mark.parametrize("size", SIZES)
def test_two_become_one_and_two_again(page: Page, beth: Member, server: Served, size):
    page.set_viewport_size(size)
    page.goto(f"{server.url}/directory/twins")
    heading(page, "Likely twins")
    seen(page, "twins")
    page.get_by_role("link", name=re.compile("Look at both Alnwick Toy Library")).click()
    heading(page, "Are these one?")
    seen(page, "two")
    page.get_by_role("group", name="Cost").get_by_label("Free").check()
    page.get_by_role("button", name="Yes: make one of them").click()
    expect(page.get_by_role("status")).to_contain_text("The two are one now.")
    seen(page, "twins-merged")
    page.goto(f"{server.url}/services/{B}")
    heading(page, re.compile("Alnwick Toy Library"))
    expect(page).to_have_url(re.compile(A))
    page.goto(f"{server.url}/directory/twins")
    page.get_by_role("button", name="Make two again").click()
    expect(page.get_by_role("status")).to_have_text("The two are two again.")
    page.goto(f"{server.url}/directory/twins?kind=organization")
    heading(page, "Likely twins")
    look(page)
