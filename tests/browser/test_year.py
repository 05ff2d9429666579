"""The year at a glance in a real browser: two meetings become one letter; somebody new is told once. At three widths."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import expect

from plumbing import clock
from tests.browser.checks import SMALL, follow, look
from tests.browser.test_desk import heading
from tests.browser.test_lock import Served, amina, lend, server  # noqa: F401 - the same Linkbook, the same Amina
from tests.family import Member, fill
from tests.records.pages.readers import write

pytestmark = pytest.mark.browser
SIZES = [SMALL, {"width": 390, "height": 844}, {"width": 1280, "height": 900}]


@pytest.fixture
def yusuf(amina: Member) -> str:  # noqa: F811
    """The record of a Yusuf with a busy year."""

    def day(ahead: int) -> str:
        return (clock.today() + datetime.timedelta(days=ahead)).isoformat()

    record = fill(amina.client, "/records/new", called="Yusuf", born="3 May 2019", nation="england").location
    write(amina, record, "care_plan", kind="agreed_plan", agreed_on=day(-120), review_on=day(60))
    write(
        amina, record, "meetings", kind="meeting", which="annual_review", date=day(69), chair="Mr Patel", place="Harbour School"
    )
    write(amina, record, "appointments", kind="appointment", what="Wheelchair clinic", date=day(12), time="14:30", place="RVI")
    write(amina, record, "appointments", kind="appointment", what="Short break at Beech House", date=day(19))
    write(amina, record, "appointments", kind="appointment", what="Eye clinic", date=day(160), time="09:00")
    write(amina, record, "care_plan", kind="review", rule="ehc_plan", what="Next review of the EHC plan", counted_from=day(-300))
    write(amina, record, "health_and_needs", kind="equipment", name="Hoist", next_check=day(-9))
    write(amina, record, "about_me", kind="about_me", liked="My laugh", support="Give me time")
    need = write(amina, record, "care_plan", kind="need", title="Sleeping", change="Nights without waking")
    write(amina, record, "care_plan", kind="action", need_id=need.id, what="Sleep clinic", who="Sara Morgan", by_when=day(90))
    write(amina, record, "people", kind="person", name="Sara Morgan", role="key worker", phone="0191 496 0000")
    return record


@pytest.mark.parametrize("size", SIZES)
def test_two_meetings_become_one_letter(page, amina, yusuf, server: Served, size):  # noqa: F811
    page.set_viewport_size(size)
    lend(amina, page, server.url)
    page.goto(server.url + yusuf + "/dates")
    page.get_by_role("link", name="The year at a glance").click()
    heading(page, "Yusuf’s year")
    look(page)
    page.get_by_role("link", name="Write the letter with us").first.click()
    heading(page, "Ask for one meeting")
    look(page)
    page.get_by_label("we would tell our story once").check()
    page.get_by_label("Anything else").fill("The drive takes two hours")
    follow(page.get_by_role("button", name="Write the letter"))
    look(page)
    expect(page.get_by_label("Your letter")).to_have_value(re.compile("- The drive takes two hours"))
    page.get_by_role("button", name="Keep it as a note").click()
    heading(page, "We asked for one meeting")
    page.goto(server.url + yusuf + "/year")
    follow(page.get_by_role("button", name="Not these two").first)
    heading(page, "Yusuf’s year")


@pytest.mark.parametrize("size", SIZES)
def test_somebody_new_is_told_once(page, amina, yusuf, server: Served, size):  # noqa: F811
    page.set_viewport_size(size)
    lend(amina, page, server.url)
    page.goto(server.url + yusuf)
    page.get_by_role("link", name="Tell it once, to somebody new").click()
    heading(page, "Tell it once")
    look(page)
    page.get_by_role("link", name="Let them see it here").click()
    expect(page.locator("[name=sections]:checked")).to_have_count(3)
    page.go_back()
    page.get_by_role("link", name="Make a link").click()
    heading(page, "Tell it once, by a link")
    look(page)
    page.get_by_label("Who is it for?").fill("Dr Jones")
    page.get_by_role("button", name="Make the link and the PIN").click()
    heading(page, "For Dr Jones")
