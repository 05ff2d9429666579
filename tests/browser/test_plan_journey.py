"""One plan, one meeting: Amina and Sara plan it, Dr Jones answers by a slip, and Mr Patel takes his own part home on paper."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from plumbing import clock
from tests.browser.checks import SMALL, follow, look_on_phones, tab_to
from tests.browser.test_amina import sign_up
from tests.browser.test_consent import share, take_up
from tests.printed import check_accessible, tags, words

pytestmark = pytest.mark.browser

SLEEP, CLINIC, BLANKET, GUARD = (
    "Sleep",
    "See him at the sleep clinic",
    "Give him his blanket after lunch",
    "Fit a guard to his bed",
)
OFFERED, REFUSED = "The clinic is full until then", "We have no money for one this year"
MINUTES = "The bus comes too early. Everybody wants him to sleep."


def day(days: int) -> str:
    """A day to come, as people write one."""
    found = clock.today() + datetime.timedelta(days=days)
    return f"{found.day} {found:%B %Y}"


def heading(page: Page, said: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(said)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def to_section(page: Page, record: str, name: str) -> str:
    """Open a section of the record by its link; its address."""
    page.goto(record)
    page.get_by_role("main").get_by_role("link", name=re.compile(f"^{name}")).first.click()
    heading(page, name)
    return page.url


def in_action(page: Page, title: str, name: str) -> None:
    """Follow a link that is folded away under an action of the plan."""
    action = page.locator("li.action", has=page.get_by_role("heading", name=title))
    action.locator("summary").click()
    action.get_by_role("link", name=name).click()


def begin_plan(amina: Page, record: str) -> str:
    """What matters to them, and what is strong already; the address of the plan."""
    plan = to_section(amina, record, "Care plan")
    look_on_phones(amina)
    amina.get_by_role("link", name="Add something that matters").click()
    amina.get_by_label("What matters?").fill(SLEEP)
    amina.get_by_label("What do we want to change?").fill("All of us sleep through the night")
    amina.get_by_label("What is already strong?").fill("Gran reads to him")
    press(amina, "Save")
    expect(amina.get_by_text("This is a draft. Nobody has agreed to it yet.")).to_be_visible()
    return plan


def add_clinic(sara: Page, plan: str) -> None:
    """Sara writes into the family's plan what Dr Jones is to do."""
    sara.goto(plan)
    sara.get_by_role("link", name=f"Add an action – {SLEEP}").click()
    sara.get_by_label("What will be done?").fill(CLINIC)
    sara.get_by_label("Who will do it?").fill("Dr Jones")
    sara.get_by_label("Health", exact=True).check()
    sara.get_by_label("By when?").fill(day(20))
    press(sara, "Save")
    expect(sara.get_by_role("heading", name=CLINIC)).to_be_visible()


def plan_meeting(sara: Page, amina: Page, record: str) -> str:
    """Sara writes down what they talked about; it is Amina who says yes, without a mouse. The address of the meeting."""
    to_section(sara, record, "Meetings")
    sara.get_by_role("link", name="Plan a meeting").click()
    sara.get_by_label("Team around the child or family").check()
    sara.get_by_label("What do you call it?").fill("Spring meeting")
    sara.get_by_label("Date", exact=True).fill(day(7))
    sara.get_by_label("When and where suits us best").fill("At home, in the afternoon")
    sara.get_by_label("Who leads it?").fill("Amina")
    sara.get_by_label("Names", exact=True).fill("Dr Jones, paediatrician\nMr Patel, teacher")
    sara.get_by_label("What to talk about").fill("Sleep\nThe bus")
    sara.get_by_label("How our child takes part").fill("By pictures, for ten minutes")
    look_on_phones(sara)
    press(sara, "Save")
    heading(sara, "Spring meeting")
    expect(sara.get_by_text("The family has not said yes to this meeting yet.")).to_be_visible()
    sara.get_by_role("link", name="Say if you are coming").click()
    sara.get_by_label("I am coming", exact=True).check()
    follow(sara.get_by_role("button", name="Save", exact=True))

    to_section(amina, record, "Meetings")
    amina.get_by_role("link", name="Spring meeting").click()
    tab_to(amina, amina.get_by_role("button", name="We say yes to this meeting"))
    amina.keyboard.press("Enter")
    expect(amina.get_by_text(re.compile("^The family said yes to this meeting on"))).to_be_visible()
    expect(amina.get_by_text("They are coming")).to_be_visible()
    look_on_phones(amina)
    return amina.url


def pack_for_dr_jones(amina: Page, plan: str) -> tuple[str, str]:
    """The plan as it stands, by a link and six digits."""
    amina.goto(plan)
    amina.get_by_role("link", name="Show somebody a part of it").click()
    amina.get_by_label("Who is it for?").fill("Dr Jones")
    amina.get_by_label("What is it for?").fill("Our spring meeting")
    press(amina, "Make the link and the PIN")
    heading(amina, "For Dr Jones")
    expect(amina.locator(".codes li")).to_have_count(2)
    return amina.get_by_label("Or send them this link").input_value(), "".join(amina.locator(".codes li").all_inner_texts())


def slip_of_dr_jones(guest: Page, link: str, pin: str) -> None:
    """Dr Jones, who has no account, reads it and offers another day."""
    guest.goto(link)
    guest.get_by_label("The six digits").fill(pin)
    press(guest, "Open")
    heading(guest, "Yusuf: shared by Amina")
    look_on_phones(guest)
    guest.get_by_role("link", name=f"Say yes or no – {CLINIC}").click()
    guest.get_by_label("Yes, but on another date").check()
    guest.get_by_label("Why?").fill(OFFERED)
    guest.get_by_label("Which other date?").fill(day(40))
    look_on_phones(guest)
    press(guest, "Send it to the family")
    heading(guest, "The family has your answer")


def file_slip(amina: Page, record: str, plan: str) -> None:
    """Nothing comes into the plan by itself: Amina files it, and takes the day."""
    amina.goto(plan)
    expect(amina.get_by_text(OFFERED)).to_have_count(0)
    amina.goto(record)
    follow(amina.get_by_role("link", name="See what came"))
    look_on_phones(amina)
    press(amina, f"Put it into the plan – {CLINIC}")
    heading(amina, "Care plan")
    expect(amina.get_by_text(f"Dr Jones said, by the slip, on {day(0)}: by {day(40)} instead.")).to_be_visible()
    expect(amina.get_by_text(OFFERED)).to_be_visible()
    press(amina, "Take that date")
    expect(amina.get_by_text(f"Dr Jones, Health · by {day(40)}")).to_be_visible()


def take_minutes(amina: Page, meeting: str) -> None:
    """On a small phone, while they talk: two people take something on, and it is in the plan."""
    amina.set_viewport_size(SMALL)
    amina.goto(meeting)
    amina.get_by_role("link", name="Take the minutes").tap()
    amina.get_by_label("Mr Patel, teacher").check()
    amina.get_by_label("What was said").fill(MINUTES)
    for what, who, days in ((BLANKET, "Mr Patel", 14), (GUARD, "Sara Morgan", 15)):
        amina.get_by_label("What will be done?").fill(what)
        amina.get_by_label("Who will do it?").fill(who)
        amina.get_by_label("By when?").fill(day(days))
        amina.get_by_role("button", name="Put it into the plan, and go on").tap()
        expect(amina.get_by_role("link", name=what)).to_be_visible()
        expect(amina.get_by_label("What was said")).to_have_value(MINUTES)
    look_on_phones(amina)
    follow(amina.get_by_role("button", name="Save", exact=True), Locator.tap)
    amina.get_by_role("button", name="We agree these minutes").tap()
    expect(amina.get_by_text(re.compile("^The family agreed these minutes on"))).to_be_visible()


def decline(sara: Page, plan: str) -> None:
    """Sara reads what she was given to do, and says no to it, with her reason."""
    sara.goto(plan)
    in_action(sara, GUARD, "Say yes or no")
    sara.get_by_label("No", exact=True).check()
    sara.get_by_label("Why?").fill(REFUSED)
    look_on_phones(sara)
    press(sara, "Save")
    heading(sara, "Care plan")
    # To agree and to give away is the family's alone.
    expect(sara.get_by_role("link", name=re.compile("We agree this plan|Give it to people"))).to_have_count(0)


def agree(amina: Page, plan: str) -> None:
    """Amina sees the no and who has said nothing yet, and agrees all the same."""
    amina.goto(plan)
    expect(amina.get_by_text(re.compile(f"Sara Morgan said no.*{REFUSED}"))).to_be_visible()
    expect(amina.get_by_role("region", name="What nobody has said yes to").get_by_role("link")).to_have_text([BLANKET, GUARD])
    look_on_phones(amina)
    amina.get_by_role("link", name="We agree this plan").click()
    press(amina, "We agree this plan")
    heading(amina, "Give the plan to people")


def circulate(amina: Page) -> bytes:
    """To Sara here, to Dr Jones by a link, to Mr Patel on paper: his sheet."""
    to_give = amina.url
    expect(amina.get_by_text("Sara Morgan, key worker")).to_be_visible()
    amina.get_by_label("Who is it for?").fill("Dr Jones")
    amina.get_by_label("The whole plan").check()
    press(amina, "Make a link and a PIN")
    heading(amina, "For Dr Jones")
    amina.goto(to_give)
    amina.get_by_label("Who is it for?").fill("Mr Patel")
    amina.get_by_label("Only what they do themselves").check()
    with amina.expect_request(re.compile(r"/plan\.pdf\?")) as asked:
        press(amina, "Print it")
    # Chromium shows it in a viewer, which does not give it away: it comes again by the same address and the same cookies.
    assert "Patel" not in asked.value.url
    answer = amina.context.request.get(asked.value.url)
    assert answer.headers["content-type"] == "application/pdf"
    amina.goto(to_give)
    given = amina.locator("section", has=amina.get_by_role("heading", name="Who was given it")).get_by_role("listitem")
    expect(given).to_have_text([re.compile("^Dr Jones"), re.compile("^Mr Patel")])
    look_on_phones(amina)
    return answer.body()


def test_one_plan_and_one_meeting(open_page, complaints):
    amina, sara, dr_jones = open_page(), open_page(), open_page()
    record = sign_up(amina)
    take_up(sara, share(amina, record))
    expect(amina.get_by_role("heading", level=1)).to_contain_text("Sara Morgan can now see")
    heading(sara, "Yusuf’s record")

    plan = begin_plan(amina, record)
    add_clinic(sara, plan)
    meeting = plan_meeting(sara, amina, record)
    slip_of_dr_jones(dr_jones, *pack_for_dr_jones(amina, plan))
    file_slip(amina, record, plan)
    take_minutes(amina, meeting)
    decline(sara, plan)
    agree(amina, plan)
    sheet = circulate(amina)

    check_accessible(sheet, "Care plan: Yusuf")
    assert [tag for tag, _alt in tags(sheet) if re.fullmatch("/H[1-6]", tag)] == ["/H1", "/H2", "/H3", "/H2", "/H3"]
    said = words(sheet)
    assert "What Mr Patel does" in said
    assert BLANKET in said
    for other in (SLEEP, CLINIC, GUARD, "Dr Jones", "Sara", "Gran", OFFERED, REFUSED, MINUTES):
        assert other not in said

    # Sara sees what was agreed, and not to whom the family gave it.
    sara.goto(plan)
    expect(sara.get_by_text(re.compile("^The family agreed this plan on"))).to_be_visible()
    sara.get_by_role("link", name=re.compile("^Agreed on")).click()
    expect(sara.get_by_role("heading", name=BLANKET)).to_be_visible()
    expect(sara.get_by_role("heading", name="Who was given it")).to_have_count(0)
    look_on_phones(sara)
