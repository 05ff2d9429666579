"""Meetings by their pages: planned and agreed to by the family, answered by those invited, and seen by nobody else."""

from __future__ import annotations

import datetime
import re

import pytest
from flask import Flask

from plumbing import clock
from tests.family import NOBODY, SARA, Member, fill, join_staff, sign_up, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.readers import lines, share, write

PLAN = {
    "which": "team_around",
    "what": "Spring meeting",
    "date": "3 March 2099",
    "time": "2pm",
    "ends": "3pm",
    "place": "Harbourne school",
    "prefer": "In the afternoon, not on Tuesdays",
    "chair": "Amina",
    "invited": "Dr Jones, paediatrician\nMr Patel",
    "agenda": "Sleep\nThe bus",
    "support": "An interpreter for Punjabi",
    "childs_way": "By pictures",
}


@pytest.fixture
def sara(empty_app: Flask) -> Member:
    return join_staff(empty_app.test_client(), SARA, "key_worker")


def plan(member: Member, record: str, **changes: str) -> str:
    """A meeting planned by its page; its address."""
    answer = fill(member.client, f"{record}/meeting", **{**PLAN, "agreed": "yes", **changes})
    assert answer.status_code == 302, answer.text
    return answer.location


def pages_of(meeting: str) -> str:
    """What the addresses of a meeting's own pages begin with."""
    return meeting.replace("/entries/", "/meetings/")


def document(member: Member, record: str, meeting: str) -> dict[str, object]:
    with member.app.test_request_context():
        return opened(member, record).entry(meeting.rsplit("/", 1)[1]).document


@pytest.mark.parametrize(
    ("nation", "name", "held_by", "has_cetr"),
    [
        ("england", "Annual review of the education, health and care plan", "The council has to hold one every year", True),
        ("wales", "Review of the individual development plan (IDP)", "the school or the council, has to review it", False),
        ("scotland", "Review of the co-ordinated support plan", "The council has to review the plan every year", False),
        ("northern_ireland", "Annual review of the statement", "The Education Authority has to review the statement", False),
        ("", "Annual review of the plan for school", "Whoever keeps the plan, mostly the council", True),
    ],
)
def test_a_meeting_is_called_as_it_is_where_the_child_lives(amina, yusuf, nation, name, held_by, has_cetr):
    fill(amina.client, f"{yusuf}/about", called="Yusuf", born="3 May 2019", nation=nation)
    form = amina.client.get(f"{yusuf}/meeting").text
    assert name in form
    assert held_by in form
    assert ("Care (Education) and Treatment Review" in form) == has_cetr
    meeting = plan(amina, yusuf, which="annual_review", what="", agreed="")
    page = amina.client.get(meeting).text
    assert f"<h1>{name}</h1>" in page
    assert held_by in page
    assert document(amina, yusuf, meeting).get("nation", "") == nation


def test_a_childs_plan_meeting_stays_one_when_the_family_moves_and_for_whoever_reads(amina, yusuf, sara):
    fill(amina.client, f"{yusuf}/about", called="Yusuf", born="3 May 2019", nation="scotland")
    meeting = plan(amina, yusuf, what="")
    share(amina, yusuf, sara, "meetings")
    assert "<h1>Child’s Plan meeting</h1>" in sara.client.get(meeting).text
    assert "It is: Child’s Plan meeting." in amina.client.get(f"{pages_of(meeting)}/invite").text


def test_the_plan_is_kept_as_it_was_written_and_shown_in_order(amina, yusuf):
    sara_ = write(amina, yusuf, "people", kind="person", name="Sara Morgan", role="key worker", email="sara@example.org")
    meeting = plan(amina, yusuf, person=sara_.id)
    kept = document(amina, yusuf, meeting)
    assert kept["invited"] == ["Sara Morgan, key worker", "Dr Jones, paediatrician", "Mr Patel"]
    assert (kept["date"], kept["time"], kept["state"]) == ("2099-03-03", "14:00", "planned")
    assert kept["agreed_to_meet_on"] == clock.today().isoformat()
    page = amina.client.get(meeting).text
    for words in (
        "Spring meeting",
        "Team around the child or family",
        "Dr Jones",
        "In the afternoon",
        "An interpreter",
        "By pictures",
    ):
        assert words in page, words
    form = amina.client.get(f"{pages_of(meeting)}/plan").text
    assert re.search(rf'value="{sara_.id}" checked', form), "Whoever was ticked is ticked."
    assert "Sara Morgan, key worker\n" not in form
    assert "Spring meeting" in amina.client.get(f"{yusuf}/dates").text


def test_each_kind_says_who_may_hold_it_and_that_one_yes_is_not_another(amina, yusuf):
    page = amina.client.get(f"{yusuf}/meeting?which=cetr").text
    for words in ("Anybody who helps you may suggest one", "independent reviewing officer", "mental health hospital"):
        assert words in page
    assert "is not saying yes to another one, nor to another kind of meeting" in page
    assert re.search(r'value="cetr" checked', page)


def test_who_says_yes_on_the_way_to_inviting_goes_on_to_invite(amina, yusuf):
    meeting = plan(amina, yusuf, agreed="")
    before = amina.client.get(f"{pages_of(meeting)}/invite").text
    assert 'name="then" value="invite"' in before
    answer = fill(amina.client, meeting, to=f"{pages_of(meeting)}/agree", agreed="yes", which="team_around", then="invite")
    assert answer.location == f"{pages_of(meeting)}/invite"
    assert "In your own words" in amina.client.get(answer.location).text


def test_after_a_meeting_nobody_is_waited_for(amina, yusuf):
    meeting = plan(amina, yusuf)
    assert amina.client.get(meeting).text.count("Note their answer") == 2
    fill(amina.client, meeting, to=f"{pages_of(meeting)}/agree", state="held")
    text = amina.client.get(meeting).text
    assert "Not answered yet" not in text
    assert "Note their answer" not in text


def test_a_yes_to_one_kind_is_none_to_another(amina, yusuf):
    meeting = plan(amina, yusuf)
    answer = fill(amina.client, f"{pages_of(meeting)}/plan", **{**PLAN, "place": "The clinic"}, agreed="yes", version="1")
    assert answer.status_code == 302
    assert "agreed_to_meet_on" in document(amina, yusuf, meeting)
    fill(amina.client, f"{pages_of(meeting)}/plan", **{**PLAN, "which": "cetr"}, agreed="yes", version="2")
    assert "agreed_to_meet_on" not in document(amina, yusuf, meeting)
    assert "You have not said yes to this meeting yet" in amina.client.get(meeting).text
    # A tap on a page that is older than the change says yes to nothing.
    fill(amina.client, meeting, to=f"{pages_of(meeting)}/agree", agreed="yes", which="team_around")
    assert "agreed_to_meet_on" not in document(amina, yusuf, meeting)
    fill(amina.client, meeting, to=f"{pages_of(meeting)}/agree", agreed="yes", which="cetr")
    assert "agreed_to_meet_on" in document(amina, yusuf, meeting)


def test_a_slip_keeps_what_was_typed(amina, yusuf):
    answer = fill(amina.client, f"{yusuf}/meeting", **{**PLAN, "date": "the 40th"})
    assert answer.status_code == 400
    assert "Error:" in answer.text
    for words in ("the 40th", "Dr Jones, paediatrician", "By pictures", "Sleep"):
        assert words in answer.text


def test_two_who_plan_at_once_are_shown_both(amina, yusuf):
    meeting = plan(amina, yusuf)
    fill(amina.client, f"{pages_of(meeting)}/plan", **{**PLAN, "place": "The library"}, version="1")
    answer = fill(amina.client, f"{pages_of(meeting)}/plan", **{**PLAN, "place": "The clinic"}, version="1")
    assert answer.status_code == 409
    assert "The library" in answer.text
    assert "The clinic" in answer.text
    assert document(amina, yusuf, meeting)["place"] == "The library"


def test_called_off_it_is_off_everywhere(amina, yusuf):
    meeting = plan(amina, yusuf)
    fill(amina.client, meeting, to=f"{pages_of(meeting)}/agree", state="called_off")
    assert "This meeting was called off" in amina.client.get(meeting).text
    assert "cancelled" in amina.client.get(f"{yusuf}/dates").text
    assert "STATUS:CANCELLED" in amina.client.get(f"{meeting}/calendar").text
    assert "was called off" in amina.client.get(f"{pages_of(meeting)}/invite").text
    fill(amina.client, meeting, to=f"{pages_of(meeting)}/agree", state="planned")
    assert "STATUS:CONFIRMED" in amina.client.get(f"{meeting}/calendar").text


def test_a_meeting_of_before_stays_readable_and_changes(amina, yusuf):
    old = write(
        amina,
        yusuf,
        "meetings",
        kind="meeting",
        what="Annual review",
        date="2026-01-05",
        minutes="All well",
        actions=["Sara rings"],
    )
    meeting = f"{yusuf}/entries/{old.id}"
    page = amina.client.get(meeting).text
    assert "Sara rings" in page
    assert "All well" in page
    assert amina.client.get(f"{pages_of(meeting)}/plan").status_code == 200
    fill(amina.client, f"{pages_of(meeting)}/plan", what="Annual review", date="5/1/2026", which="annual_review", version="1")
    kept = document(amina, yusuf, meeting)
    assert kept["actions"] == ["Sara rings"]
    assert kept["minutes"] == "All well"


# Readers


def test_a_reader_who_may_add_plans_one_and_cannot_agree_to_it(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    meeting = plan(sara, yusuf)
    assert "agreed_to_meet_on" not in document(amina, yusuf, meeting)
    assert "has not said yes to this meeting yet" in sara.client.get(meeting).text
    assert "has not said yes" in sara.client.get(f"{pages_of(meeting)}/invite").text
    token = token_of(sara.client.get(f"{yusuf}/meeting").text)
    typed = {"csrf_token": token, "agreed": "yes", "which": "team_around"}
    assert sara.client.post(f"{pages_of(meeting)}/agree", data=typed).status_code == 404
    assert sara.client.post(f"{pages_of(meeting)}/invite/mail", data=typed | {"addresses": "a@example.org"}).status_code == 404
    new = f"{meeting.split('/entries/')[0]}/sections/{_section(amina, yusuf)}/new/meeting"
    forged = sara.client.post(new, data=typed | {"what": "Forged", "agreed_to_meet_on": "2026-01-01", "minutes_agreed": "yes"})
    assert not {"agreed_to_meet_on", "minutes_agreed"} & document(amina, yusuf, forged.location).keys()


def _section(member: Member, record: str, slug: str = "meetings") -> str:
    with member.app.test_request_context():
        found = opened(member, record).book.by_slug(slug)
        assert found
        return found.id


def test_a_reader_answers_in_their_own_name_and_the_family_for_anybody(amina, sara, yusuf):
    meeting = plan(amina, yusuf)
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    assert "Not answered yet" in amina.client.get(meeting).text
    answer = fill(sara.client, f"{pages_of(meeting)}/answer", coming="instead", words="Sleep is better", who="Dr Jones")
    assert answer.status_code == 302, answer.text
    page = amina.client.get(meeting).text
    assert "They send their words instead" in page
    assert "Sleep is better" in page
    assert re.search(r"<li>Dr Jones, paediatrician<small>", page), "Sara speaks for nobody but herself."
    asked = amina.client.get(f"{pages_of(meeting)}/answer?guest=1").text
    assert 'value="Dr Jones"' in asked
    fill(amina.client, f"{pages_of(meeting)}/answer", who="Dr Jones", coming="no")
    fill(amina.client, f"{pages_of(meeting)}/answer", who="Dr  jones", coming="yes")
    page = amina.client.get(meeting).text
    assert "They are coming" in page
    assert "They are not coming" not in page, "The newest answer counts."
    assert not re.search(r"<li>Dr Jones, paediatrician<small>", page)
    refused = fill(amina.client, f"{pages_of(meeting)}/answer", who="", coming="yes")
    assert refused.status_code == 400
    assert "Write who it is from" in refused.text


def test_who_only_reads_sees_the_meeting_and_changes_nothing(amina, sara, yusuf):
    meeting = plan(amina, yusuf)
    share(amina, yusuf, sara, "meetings")
    page = sara.client.get(meeting).text
    assert "Spring meeting" in page
    for name in ("/plan", "/answer", "/invite", "/minutes", "/getting-ready", "/getting-ready.pdf", "/invite/calendar"):
        assert f"{pages_of(meeting)}{name}" not in page
        assert sara.client.get(f"{pages_of(meeting)}{name}").status_code == 404, name
    assert sara.client.get(f"{yusuf}/meeting").status_code == 404
    assert {one["what"] for one in lines(amina, yusuf, sara)} <= {"took_up_words", "listed", "opened"}


def test_a_stranger_is_told_nothing(empty_app, amina, yusuf):
    meeting = plan(amina, yusuf)
    nobody = sign_up(empty_app.test_client(), NOBODY)
    for address in (
        meeting,
        f"{yusuf}/meeting",
        *(f"{pages_of(meeting)}/{name}" for name in ("plan", "answer", "invite", "minutes")),
    ):
        answer = nobody.client.get(address)
        assert answer.status_code == 404
        assert "Spring" not in answer.text


def test_days_that_have_been_are_not_planned_any_more(amina, yusuf):
    past = (clock.today() - datetime.timedelta(days=3)).isoformat()
    meeting = plan(amina, yusuf, date=past)
    page = amina.client.get(meeting).text
    assert "Invite people" not in page
    assert "Take the minutes" in page


def test_a_meeting_in_just_us_has_all_of_it_there_and_offers_it_to_nobody(amina, yusuf):
    new = re.search(r'href="([^"]+/new/meeting)"', amina.client.get(f"{yusuf}/just-us").text)
    assert new
    meeting = fill(amina.client, new[1], what="Secret", date="3 March 2099").location
    assert fill(amina.client, f"{pages_of(meeting)}/answer", who="Gran", coming="yes").status_code == 302
    assert fill(amina.client, f"{pages_of(meeting)}/minutes", version="1", minutes="Hush").status_code == 302
    page = amina.client.get(meeting).text
    assert "They are coming" in page
    assert "Hush" in page
    assert "Share the section" not in page
    assert "Secret" not in amina.client.get(f"{yusuf}/dates").text
