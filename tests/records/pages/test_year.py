"""The year at a glance, and the letter that asks for one meeting instead of two."""

from __future__ import annotations

import datetime
import re

import pytest

from plumbing import clock
from records import editing, wording
from tests.family import fill, token_of
from tests.printed import check_accessible, pages, words
from tests.records.pages.conftest import opened
from tests.records.pages.readers import share, url_of, write


def _day(ahead: int) -> str:
    return (clock.today() + datetime.timedelta(days=ahead)).isoformat()


def _ids(page: str) -> list[str]:
    return re.findall(r'name="of" value="([^"]+)"', page)[:2]


@pytest.fixture
def two(amina, yusuf) -> str:
    """A plan to be looked at again, and nine days later the annual review."""
    write(amina, yusuf, "care_plan", kind="agreed_plan", agreed_on=clock.today().isoformat(), review_on=_day(60))
    write(amina, yusuf, "meetings", kind="meeting", which="annual_review", date=_day(69), chair="Mr Patel, teacher")
    return yusuf


def _post(member, address: str, **typed):
    token = token_of(member.client.get("/settings").text)
    return member.client.post(address, data={"csrf_token": token, **typed})


def _letter(member, record: str, **typed) -> str:
    page = member.client.get(f"{record}/year").text
    answer = _post(member, f"{record}/year/together", of=_ids(page), **typed)
    assert answer.status_code == 200, answer.text
    found = re.search(r'<textarea id="letter"[^>]*>([^<]*)<', answer.text)
    assert found
    return found[1]


def test_the_year_is_linked_from_dates_and_from_home(amina, yusuf):
    for address in (yusuf, f"{yusuf}/dates"):
        assert f"{yusuf}/year" in amina.client.get(address).text


def test_twelve_months_with_what_is_in_them(amina, yusuf):
    write(amina, yusuf, "appointments", kind="appointment", what="Eye clinic", date=_day(40), place="RVI")
    write(amina, yusuf, "appointments", kind="appointment", what="Long ago", date=_day(-70))
    page = amina.client.get(f"{yusuf}/year").text
    assert page.count('id="month-') == 12
    assert "Eye clinic" in page
    assert "Health · RVI" in page
    assert "Long ago" not in page
    assert page.count("Nothing so far") == 11


def test_what_could_be_one_meeting_is_asked_and_can_be_answered_with_no(amina, two):
    page = amina.client.get(f"{two}/year").text
    assert "Your plan review and the school’s annual review are 9 days apart: ask for one meeting?" in page
    answer = _post(amina, f"{two}/year/apart", of=_ids(page))
    assert answer.location == f"{two}/year"
    assert "ask for one meeting?" not in amina.client.get(f"{two}/year").text
    # A page of before: it is settled, and a letter about it is no longer offered.
    assert _post(amina, f"{two}/year/apart", of=_ids(page)).status_code == 404


def test_not_these_two_is_forgotten_with_what_it_was_about(amina, two):
    _post(amina, f"{two}/year/apart", of=_ids(amina.client.get(f"{two}/year").text))
    write(amina, two, "meetings", kind="meeting", which="team_around", date=_day(71))
    page = amina.client.get(f"{two}/year").text
    with amina.app.test_request_context():
        of = opened(amina, two)
        plan = next(one for one in of.entries() if one.kind == "agreed_plan")
        editing.put_into_bin(of, plan.id)
    _post(amina, f"{two}/year/apart", of=_ids(page))
    with amina.app.test_request_context():
        assert len(opened(amina, two).book.setting("not_together")) == 1


def test_the_letter_is_to_both_with_the_familys_reasons_and_says_nothing_else(amina, two):
    letter = _letter(amina, two, reason=["once", "made up"], own="The drive takes two hours")
    assert "Hello everybody who helps with our plan and Mr Patel," in letter
    assert "The review of our plan, by" in letter
    with amina.app.test_request_context():
        day = wording.date_in_words(clock.today() + datetime.timedelta(days=69))
    assert f"The annual review, on {(clock.today() + datetime.timedelta(days=69)):%A} {day}" in letter
    assert "- we would tell our story once, and not twice" in letter
    assert "- The drive takes two hours" in letter
    assert letter.rstrip().endswith("Amina")
    assert "made up" not in letter


def test_the_letter_is_kept_only_when_the_family_keeps_it(amina, two):
    _letter(amina, two, own="quokka")
    with amina.app.test_request_context():
        of_amina = opened(amina, two)
        assert {one.kind for one in of_amina.entries()} == {"agreed_plan", "meeting"}
    of = _ids(amina.client.get(f"{two}/year").text)
    answer = _post(amina, f"{two}/year/together/keep", of=of, letter="Hello both,\n\nquokka", once="0" * 32)
    again = _post(amina, f"{two}/year/together/keep", of=of, letter="Hello both,\n\nquokka", once="0" * 32)
    assert answer.location == again.location, "Sent twice by a thumb, it is one note."
    assert "quokka" in amina.client.get(answer.location).text
    assert amina.client.get(url_of(amina, two, "diary")).text.count("We asked for one meeting") == 1


def test_the_letter_is_printed_as_it_stands_on_the_page(amina, two):
    of = _ids(amina.client.get(f"{two}/year").text)
    answer = _post(amina, f"{two}/year/together/letter.pdf", of=of, letter="Hello both,\n\n- one\n- two")
    assert answer.mimetype == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    check_accessible(answer.data, "One meeting instead of two")
    assert "Hello both," in words(answer.data)


@pytest.mark.parametrize(("letter", "says"), [("  ", "Write something in the letter"), ("x" * 20_001, "The letter is too long")])
@pytest.mark.parametrize("how", ["keep", "letter.pdf"])
def test_a_letter_that_is_none_is_neither_kept_nor_printed(amina, two, letter, says, how):
    of = _ids(amina.client.get(f"{two}/year").text)
    answer = _post(amina, f"{two}/year/together/{how}", of=of, letter=letter)
    assert answer.status_code == 400
    assert says in answer.text
    assert "<title>Error:" in answer.text


def test_a_letter_is_only_written_about_a_pair_that_was_offered(amina, two):
    of = _ids(amina.client.get(f"{two}/year").text)
    for made_up in (["0" * 32, of[0]], of[:1], [], [*of, "0" * 32]):
        assert amina.client.get(f"{two}/year/together", query_string={"of": made_up}).status_code == 404
        assert _post(amina, f"{two}/year/together", of=made_up).status_code == 404


def test_our_familys_plan_is_in_the_year_and_in_no_letter(amina, yusuf):
    write(amina, yusuf, "family_plan", kind="agreed_plan", agreed_on=clock.today().isoformat(), review_on=_day(60))
    write(amina, yusuf, "meetings", kind="meeting", which="annual_review", date=_day(61))
    page = amina.client.get(f"{yusuf}/year").text
    assert "Our family’s plan: look at it again" in page
    assert "ask for one meeting?" not in page


def test_a_reader_sees_what_is_theirs_and_is_asked_nothing(amina, sara, two):
    write(amina, two, "appointments", kind="appointment", what="Eye clinic", date=_day(40))
    share(amina, two, sara, "meetings", "care_plan")
    page = sara.client.get(f"{two}/year").text
    assert wording.choice("which", "annual_review") in page
    assert "look at it again" in page
    assert "Eye clinic" not in page
    assert "ask for one meeting?" not in page
    assert "Eye clinic" not in words(sara.client.get(f"{two}/year.pdf").data)
    of = _ids(amina.client.get(f"{two}/year").text)
    assert sara.client.get(f"{two}/year/together", query_string={"of": of}).status_code == 404
    assert _post(sara, f"{two}/year/apart", of=of).status_code == 404


def test_the_days_of_one_clock_are_told_apart(amina, yusuf):
    counted = {"rule": "annual_review", "counted_from": _day(30), "nation": "england"}
    fill(amina.client, f"{yusuf}/reviews/new?nation=england", f"{yusuf}/reviews/new", **counted)
    text = amina.client.get(f"{yusuf}/year").text
    for step in ("report sent", "council decides"):
        assert text.count(f"Annual review of the EHC plan: {step}</span>") == 1


def test_nobody_else_sees_anything(joe, two):
    for address in ("year", "year.pdf", "year/together"):
        assert joe.client.get(f"{two}/{address}").status_code == 404


def test_the_sheet_is_one_side_and_can_be_read_aloud(amina, two):
    answer = amina.client.get(f"{two}/year.pdf")
    check_accessible(answer.data, "Yusuf’s year")
    assert pages(answer.data) == 1
    assert "Care plan: look at it again" in words(answer.data)
    assert "no-store" in answer.headers["Cache-Control"]
    large = amina.client.get(f"{two}/year.pdf?large=1").data
    check_accessible(large, "Yusuf’s year")


def test_what_is_late_stands_on_the_sheet_too(amina, yusuf):
    write(amina, yusuf, "health_and_needs", kind="equipment", name="Hoist", next_check=_day(-100))
    assert "Hoist: next check" in amina.client.get(f"{yusuf}/year").text
    text = words(amina.client.get(f"{yusuf}/year.pdf").data)
    assert "It was for" in text
    assert "Hoist: next check (Health)" in text


def test_the_sheet_says_which_step_of_a_review_a_day_is(amina, yusuf):
    name = "Annual review of the EHC plan"
    write(amina, yusuf, "care_plan", kind="review", rule="annual_review", what=name, counted_from=_day(100))
    text = " ".join(words(amina.client.get(f"{yusuf}/year.pdf").data).split())
    assert text.count(name) == 5
    for step in ("everybody invited, papers sent", "the meeting", "report sent", "council decides", "new plan, if it changes"):
        assert f"{name}: {step}" in text


def test_every_line_of_the_year_leads_somewhere(amina, two):
    write(amina, two, "care_plan", kind="review", rule="ehc_plan", what="EHC plan", counted_from=_day(-300))
    write(amina, two, "health_and_needs", kind="equipment", name="Hoist", next_check=_day(20))
    links = set(re.findall(rf'href="({two}/entries/[0-9a-f]+)"', amina.client.get(f"{two}/year").text))
    assert len(links) == 4
    for link in links:
        assert amina.client.get(link, follow_redirects=True).status_code == 200, link


def test_the_day_a_plan_was_agreed_to_be_reviewed_is_offered_as_a_grants_last_and_our_own_plans_is_not(amina, yusuf):
    for slug, days in (("care_plan", 90), ("family_plan", 30)):
        write(amina, yusuf, slug, kind="agreed_plan", agreed_on=_day(0), review_on=_day(days))
    page = amina.client.get(f"{yusuf}/share").text
    day = datetime.date.fromisoformat(_day(90))
    assert f"Until the plan is reviewed, on {day.day} {day:%B %Y}" in page
    assert page.count("Until the plan is reviewed") == 1
