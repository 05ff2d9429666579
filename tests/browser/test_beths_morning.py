"""Beth's morning: three checks, a report answered, a twin merged, and a synonym for words that found nothing, which then find."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from plumbing import clock
from plumbing.db import open_db
from tests.browser.checks import follow, look
from tests.browser.demonstration import at_desk, beth, server  # noqa: F401 - a desk with work on it
from tests.browser.test_lock import Served

pytestmark = pytest.mark.browser
# What no listing calls it.
FAILED = "splashytime"


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def said(page: Page) -> Locator:
    return page.get_by_role("status")


def one(server: Served, sql: str) -> str:  # noqa: F811
    db = open_db(server.app.extensions["settings"].directory_db)
    (value,) = db.execute(sql).fetchone()
    db.close()
    return str(value)


def first_card(page: Page) -> str:
    return page.locator("main h2.name").first.inner_text()


def check_three(page: Page) -> None:
    """One by phone that is still true, one that has changed, and one that nobody reaches."""
    follow(page.get_by_role("link", name="Checks due"))
    heading(page, "Checks due")
    expect(page.get_by_role("link", name="Due: 9")).to_be_visible()
    true = first_card(page)
    follow(page.get_by_role("button", name="By phone").first)
    expect(said(page)).to_contain_text(f"Written down: {true}, checked. By phone.")
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    changed = first_card(page)
    assert changed != true
    follow(page.get_by_role("button", name="Something changed").first)
    heading(page, "Name, and what it is")
    page.get_by_label("Important notice").fill("Ring the other door in January")
    follow(page.get_by_role("button", name="Save and go on"))
    follow(page.get_by_role("link", name="Look at it all"))
    heading(page, "Look at it all")
    page.get_by_label("Why has it changed?").fill("They said so")
    page.get_by_label("Yes: I rang them").check()
    follow(page.get_by_role("button", name="Publish"))
    heading(page, changed)
    expect(said(page)).to_have_text("Published: families see it now.")
    follow(page.get_by_role("link", name="Checks", exact=True))
    missed = first_card(page)
    assert missed not in {true, changed}
    follow(page.get_by_role("button", name="Could not reach them").first)
    expect(said(page)).to_contain_text("Noted: nobody could be reached.")
    expect(page.get_by_role("link", name="Due: 6")).to_be_visible()


def answer_a_report(page: Page) -> None:
    follow(page.get_by_role("link", name="Reports", exact=True))
    heading(page, "Reports")
    expect(page.locator(".card.late")).to_have_count(1)
    follow(page.locator("main h2.name a").first)
    heading(page, "A report about Splash All In: swimming lessons, Morpeth")
    page.get_by_label("I put it right").check()
    page.get_by_label("What the reporter will read").fill("Thank you. The page says 11 now.")
    follow(page.get_by_role("button", name="Answer and close"))
    expect(said(page)).to_contain_text("Answered.")


def merge_a_twin(page: Page, url: str) -> None:
    follow(page.get_by_role("link", name="Likely twins"))
    heading(page, "Likely twins")
    follow(page.get_by_role("link", name=re.compile("^Look at both.*Trundle")).first)
    heading(page, "Are these one?")
    kept, other = page.url.rsplit("/", 2)[1:]
    follow(page.get_by_role("button", name="Yes: make one of them"))
    expect(said(page)).to_contain_text("The two are one now.")
    page.goto(f"{url}/services/{other}")
    assert page.url.endswith(kept), "The old address leads to the one that was kept."
    heading(page, re.compile("^Trundle Toy Library"))
    page.goto(f"{url}/directory")


def add_a_synonym(page: Page, url: str) -> None:
    page.goto(f"{url}/search?q={FAILED}")
    expect(page.get_by_role("link", name=re.compile("swimming lessons"))).to_have_count(0)
    page.goto(f"{url}/directory/not-found")
    heading(page, "What people could not find")
    look(page)
    follow(page.get_by_role("link", name=re.compile(f"^Add a synonym.*{FAILED}")))
    heading(page, "Add a synonym")
    expect(page.get_by_label("What families type")).to_have_value(FAILED)
    page.get_by_label("What it means").fill("swimming")
    follow(page.get_by_role("button", name="See what would change"))
    heading(page, "This is what would change")
    look(page)
    follow(page.get_by_role("button", name="Keep it"))
    page.goto(f"{url}/search?q={FAILED}")
    expect(page.get_by_role("link", name=re.compile("swimming lessons")).first).to_be_visible()


def many_search(server: Served) -> None:  # noqa: F811
    """Families type the same words, last month, and find nothing: so many that at least five are told apart for sure."""
    with clock.moved(days=-40):
        for number in range(40):
            answered = server.app.test_client().get(
                "/search", query_string={"q": FAILED}, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}
            )
            assert answered.status_code == 200


def test_beths_morning(at_desk: Page, server: Served):  # noqa: F811
    many_search(server)
    reference = one(server, "SELECT reference FROM report WHERE topic = 'times'")
    at_desk.goto(f"{server.url}/directory")
    heading(at_desk, "What needs me today")
    assert first_card(at_desk).strip() == "Checks due", "What is late stands first."
    check_three(at_desk)
    answer_a_report(at_desk)
    merge_a_twin(at_desk, server.url)
    add_a_synonym(at_desk, server.url)
    at_desk.goto(f"{server.url}/reports/{reference}")
    expect(at_desk.get_by_text("The page says 11 now.")).to_be_visible()
