"""Minutes on a phone: kept while they are typed, through a lock and through somebody else who takes minutes too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import SMALL, look_on_phones
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member, fill

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(page: Page, amina: Member, server: Served) -> Page:  # noqa: F811
    """Amina's phone, a small one, at the meeting."""
    record = fill(amina.client, "/records/new", called="Yusuf", born="", nation="england").location
    meeting = fill(
        amina.client, f"{record}/meeting", which="team_around", what="Spring meeting", invited="Dr Jones\nMr Patel", agreed="yes"
    )
    page.set_viewport_size(SMALL)
    lend(amina, page, server.url)
    page.goto(server.url + meeting.location)
    return page


def leave_for_a_moment(page: Page) -> None:
    """Another app comes to the front, and goes: a page that is left keeps at once what it would have kept soon."""
    page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange'));"
        " Object.defineProperty(document, 'hidden', { value: false, configurable: true }); }"
    )


def test_each_page_of_a_meeting_is_whole_on_a_small_phone(phone):
    meeting = phone.url
    look_on_phones(phone)
    for name, heading in (
        ("Change the meeting", "Plan a meeting"),
        ("Get ready", "Getting ready"),
        ("Invite people", "Invite people"),
        ("Take the minutes", "Minutes"),
        ("Note an answer", "Who is coming?"),
    ):
        phone.goto(meeting)
        phone.get_by_role("link", name=name).tap()
        expect(phone.get_by_role("heading", level=1)).to_have_text(heading)
        look_on_phones(phone)


def test_what_is_typed_is_kept_and_of_two_nobody_loses_a_word(phone, open_page, amina, server, complaints):  # noqa: F811
    phone.get_by_role("link", name="Take the minutes").tap()
    phone.get_by_label("Dr Jones").check()
    phone.get_by_label("What was said").fill("The bus is late.")
    expect(phone.get_by_text("Not saved yet.")).to_be_visible()
    leave_for_a_moment(phone)
    expect(phone.get_by_text("Saved at")).to_be_visible()
    other = open_page()
    lend(amina, other, server.url)
    other.goto(phone.url)
    expect(other.get_by_label("What was said")).to_have_value("The bus is late.")
    other.get_by_label("What was said").fill("The bus is late on Mondays.")
    other.get_by_role("button", name="Save", exact=True).tap()
    expect(other.get_by_role("heading", level=1)).to_have_text("Spring meeting")
    phone.get_by_label("What was said").fill("The bus is late. We ask the council.")
    leave_for_a_moment(phone)
    expect(phone.get_by_text("Somebody saved this while you were writing.")).to_be_visible()
    expect(phone.get_by_text("The bus is late on Mondays.")).to_be_visible()
    expect(phone.get_by_label("What was said")).to_have_value("The bus is late. We ask the council.")
    look_on_phones(phone)
    phone.get_by_label("What was said").fill("The bus is late on Mondays. We ask the council.")
    phone.get_by_label("What will be done?").fill("Ask the council")
    phone.get_by_role("button", name="Put it into the plan").tap()
    expect(phone.get_by_label("What was said")).to_have_value("The bus is late on Mondays. We ask the council.")
    expect(phone.get_by_role("link", name="Ask the council")).to_be_visible()
    # The browser notes an answer of 409 as an error: that one was asked for.
    complaints[:] = [one for one in complaints if "409" not in one]


def test_without_a_connection_it_says_so_and_keeps_it_when_there_is_one(phone, complaints):
    phone.get_by_role("link", name="Take the minutes").tap()
    phone.get_by_label("What was said").fill("Everybody agreed.")
    phone.context.set_offline(True)
    leave_for_a_moment(phone)
    expect(phone.get_by_role("alert").filter(has_text="there is no connection")).to_be_visible()
    phone.context.set_offline(False)
    leave_for_a_moment(phone)
    expect(phone.get_by_text("Saved at")).to_be_visible()
    phone.reload()
    expect(phone.get_by_label("What was said")).to_have_value("Everybody agreed.")
    complaints[:] = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one]
