"""Growing up, on a parent's phone with the young person beside them: asked, read aloud, said no, written down."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from plumbing import clock
from plumbing.dates import months_after
from tests.browser.checks import SMALL, follow, look
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member, fill

pytestmark = pytest.mark.browser

VOICE = """window.spoken = [];
const voice = {
  speaking: false,
  speak(said) { spoken.push(said.text); this.speaking = true; },
  cancel() { this.speaking = false; },
};
Object.defineProperty(window, "speechSynthesis", {value: voice});"""


@pytest.fixture
def phone(page: Page, amina: Member, server: Served) -> Page:  # noqa: F811
    """Amina's phone, a small one with a voice, at the record of a Yusuf who is nearly 13."""
    soon = months_after(clock.today(), 2).replace(day=15)
    born = soon.replace(year=soon.year - 13).isoformat()
    record = fill(amina.client, "/records/new", called="Yusuf", born=born, nation="england").location
    page.set_viewport_size(SMALL)
    page.add_init_script(VOICE)
    lend(amina, page, server.url)
    page.goto(server.url + record)
    return page


def test_a_family_looks_at_it_together_says_no_and_writes_down_who_decides(phone):
    expect(phone.get_by_role("heading", name="Yusuf will be 13 on")).to_be_visible()
    look(phone)
    follow(phone.get_by_role("region", name="Growing up").get_by_role("link", name="Let Yusuf have a say"), Locator.tap)
    look(phone)
    phone.get_by_role("button", name="Read this to me").tap()
    expect(phone.get_by_role("button", name="Stop reading")).to_be_visible()
    spoken = phone.evaluate("spoken")
    assert spoken[:2] == ["Deciding together", phone.locator(".lead").inner_text()]
    assert "1. Look at who can see what" in spoken
    phone.get_by_role("button", name="Stop reading").tap()

    phone.get_by_role("link", name="Write down a no").tap()
    phone.get_by_role("button", name="Write it down").tap()
    expect(phone.get_by_role("alert")).to_contain_text("Write what they said or showed")
    look(phone)
    phone.get_by_label("What did they say or show?").fill("Do not tell school about my medicine.")
    phone.get_by_label("Health and needs").check()
    phone.get_by_label("Is there somebody it should not be shown to?").fill("Mr Patel")
    phone.get_by_role("button", name="Write it down").tap()
    expect(phone.get_by_text("Not for: Mr Patel.")).to_be_visible()
    look(phone)

    phone.get_by_role("link", name="Deciding together").tap()
    expect(phone.get_by_text("Yusuf has said no to this.")).to_be_visible()
    phone.get_by_role("link", name="Write down who decides what").tap()
    phone.get_by_role("link", name="Write down who decides").tap()
    phone.get_by_label("Who decides?").fill("Yusuf, with Amina’s help")
    phone.get_by_label("What do they decide?").fill("Who may see this record")
    phone.get_by_label("Their own view.").check()
    look(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.locator("dt")).to_have_text("Yusuf, with Amina’s help decides")
    look(phone)

    follow(phone.get_by_role("link", name="Home").first, Locator.tap)
    look(phone)
    phone.get_by_role("button", name="We have looked at it").tap()
    expect(phone.get_by_role("heading", name="Yusuf will be 13 on")).to_have_count(0)
    expect(phone.get_by_text("Who may see this record")).to_be_visible()
