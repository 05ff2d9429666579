"""Two phones on one kitchen table: Amina shares the plan with Sara, sees that she looked, and takes it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import follow, look_on_phones, settled, tab_to
from tests.browser.test_amina import sign_up

pytestmark = pytest.mark.browser
SARAS = "bicycle lamp under the stairs"


def write_plan(page: Page, record: str) -> None:
    """One note in the care plan."""
    page.goto(record)
    page.get_by_role("link", name="Care plan").click()
    page.get_by_text("Add something else").click()
    page.get_by_role("link", name="Write a note").click()
    page.get_by_label("Title").fill("Short breaks on Fridays")
    page.get_by_role("button", name=re.compile("Save|Keep")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Short breaks on Fridays")


def share(page: Page, record: str) -> list[str]:
    """Share the plan and the meetings, to read and add; the eight words."""
    page.goto(f"{record}/share")
    page.locator("#name").fill("Sara Morgan")
    page.get_by_label("What do they do?").fill("key worker")
    for section in ("Care plan", "Meetings"):
        page.get_by_label(section, exact=True).check()
    page.get_by_role("radio", name=re.compile("^Read and add")).check()
    page.get_by_label("What is it for?").fill("to plan short breaks with us")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What Sara Morgan will see")
    look_on_phones(page)
    page.get_by_role("button", name=re.compile("We agree")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("eight words")
    expect(page.locator("main ol li")).to_have_count(8)
    return page.locator("main ol li").all_inner_texts()


def take_up(page: Page, words: list[str]) -> None:
    """Sara, who has no account yet, types the words and makes one."""
    page.goto("/words")
    page.get_by_label("The eight words").fill(" ".join(words).upper())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The words are right")
    page.get_by_role("button", name="I am new here").click()
    page.locator("main [name=shown_name]").fill("Sara Morgan")
    page.locator("main [name=passphrase]").fill(SARAS)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amina wants to share a part of Yusuf’s record with you")
    look_on_phones(page)
    page.get_by_role("button", name="Accept").click()


def test_amina_shares_the_plan_with_sara_sees_her_look_and_takes_it_back(open_page):
    amina, sara = open_page(), open_page()
    record = sign_up(amina)
    write_plan(amina, record)
    words = share(amina, record)
    take_up(sara, words)

    # Neither of them touches anything: Amina's open page notices, and Sara's goes on by itself.
    expect(amina.get_by_role("heading", level=1)).to_contain_text("Sara Morgan can now see")
    expect(sara.get_by_role("heading", level=1)).to_contain_text("Yusuf’s record")
    expect(sara.get_by_text("You can see 2 of 12 sections")).to_be_visible()
    look_on_phones(sara)

    # On her desk, and what is in the plan; she adds the minutes in her own name.
    sara.goto("/desk")
    expect(sara.get_by_text("to plan short breaks with us")).to_be_visible()
    look_on_phones(sara)
    sara.get_by_role("link", name="Yusuf").click()
    sara.get_by_role("link", name="Care plan").click()
    expect(sara.get_by_text("Short breaks on Fridays")).to_be_visible()
    sara.goto(record)
    sara.get_by_role("link", name="Meetings").click()
    sara.get_by_role("link", name="Write down a meeting").click()
    sara.get_by_label("What do you call it?").fill("Team around the family")
    sara.get_by_label("What was said").fill("Two hours on Fridays, from January.")
    sara.get_by_role("button", name=re.compile("Save|Keep")).first.click()
    expect(sara.get_by_role("heading", level=1)).to_contain_text("Team around the family")

    # Amina reads what Sara added, and that she looked.
    amina.goto(record)
    amina.get_by_role("link", name="Meetings").click()
    amina.get_by_role("link", name=re.compile("Team around the family")).click()
    expect(amina.get_by_text(re.compile("Sara Morgan")).first).to_be_visible()
    amina.goto(f"{record}/who")
    expect(amina.get_by_text(re.compile("Looked .*today")).first).to_be_visible()
    look_on_phones(amina)

    # One tap with the keyboard, at once. Sara's open page is refused at her next tap.
    sara.goto(record)
    tab_to(amina, amina.get_by_role("button", name=re.compile("^Withdraw")))
    amina.keyboard.press("Enter")
    expect(amina.get_by_text(re.compile("can no longer see")).first).to_be_visible()
    expect(amina.get_by_role("button", name=re.compile("Give it back")).first).to_be_visible()
    look_on_phones(amina)
    sara.get_by_role("link", name="Meetings").click()
    expect(sara.get_by_role("heading", level=1)).to_contain_text("not shared with you")
    settled(sara)
    assert "Short breaks" not in sara.content()

    # And given back it opens again.
    follow(amina.get_by_role("button", name=re.compile("Give it back")).first)
    sara.goto(record)
    expect(sara.get_by_text("You can see 2 of 12 sections")).to_be_visible()
