"""Two parents at one table: Amina invites Joe to hold the record, makes him a holder, and he leaves again. A phone each."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import follow, look_on_phones, tab_to
from tests.browser.test_amina import sign_up

pytestmark = pytest.mark.browser


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def take_up(joe: Page, words: list[str]) -> None:
    """Joe, who has no account yet, types the words and makes one."""
    joe.goto("/words")
    joe.get_by_label("The eight words").fill(" ".join(words))
    joe.get_by_role("button", name="Go on").click()
    joe.get_by_role("button", name="I am new here").click()
    joe.locator("main [name=shown_name]").fill("Joe")
    joe.locator("main [name=passphrase]").fill("seven quiet otters dancing")
    joe.get_by_role("button", name="Make my account").click()
    follow(joe.get_by_role("link", name="Go on"))
    look_on_phones(joe)
    joe.get_by_role("button", name="Accept").click()


def test_a_record_is_held_together_and_left(open_page):
    amina, joe = open_page(), open_page()
    record = sign_up(amina)
    amina.goto(f"{record}/who")
    amina.get_by_role("link", name="Hold it with somebody").click()
    heading(amina, "Hold it with somebody")
    look_on_phones(amina)
    amina.get_by_label("What do you call them?").fill("Joe")
    tab_to(amina, amina.get_by_role("button", name="Make eight words for them"))
    amina.keyboard.press("Enter")
    heading(amina, "Tell Joe these eight words")
    expect(amina.locator("main ol li")).to_have_count(8)
    words = amina.locator("main ol li").all_inner_texts()
    take_up(joe, words)

    # Her open page notices, and asks once more.
    amina.get_by_role("link", name=re.compile("Make Joe a holder too")).click()
    heading(amina, "Make Joe a holder too?")
    look_on_phones(amina)
    amina.get_by_role("button", name="Make Joe a holder too").click()
    expect(amina.get_by_text("Joe holds it too")).to_be_visible()
    look_on_phones(amina)

    joe.goto(record)
    heading(joe, "Yusuf’s record")
    expect(joe.get_by_text("Who can see: 1 person")).to_be_visible()
    amina.goto(f"{record}/log")
    expect(amina.get_by_text("You made Joe a holder of this record.")).to_be_visible()
    look_on_phones(amina)
    amina.goto(f"{record}/who")
    amina.get_by_role("link", name="If Joe would step back").click()
    heading(amina, "What should Joe go on seeing?")
    look_on_phones(amina)

    joe.goto(f"{record}/holders/leave")
    if joe.get_by_label("Passphrase").count():
        joe.get_by_label("Passphrase").fill("seven quiet otters dancing")
        joe.get_by_role("button", name="Go on").click()
    heading(joe, "Stop holding this record")
    look_on_phones(joe)
    joe.get_by_label("What are they called in this record?").fill("Yusuf")
    joe.get_by_role("button", name="Stop holding it").click()
    heading(joe, "You no longer hold it")
    amina.goto(record)
    expect(amina.get_by_text("Only you can see this.")).to_be_visible()
