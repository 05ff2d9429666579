"""Minutes on a phone: kept as they are typed, by two people at once, with actions that go straight into the plan."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from plumbing import clock
from tests.family import SARA, Member, fill, join_staff, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.letters import FETCH
from tests.records.pages.readers import lines, share, write
from tests.records.pages.test_meetings import document, pages_of, plan


@pytest.fixture
def sara(empty_app: Flask) -> Member:
    return join_staff(empty_app.test_client(), SARA, "key_worker")


@pytest.fixture
def meeting(amina: Member, yusuf: str) -> str:
    return plan(amina, yusuf)


def typed(member: Member, meeting: str, **fields: str) -> TestResponse:
    """What the page's script sends."""
    page = f"{pages_of(meeting)}/minutes"
    data = {"csrf_token": token_of(member.client.get(page).text)} | fields
    return member.client.post(page, data=data, headers=FETCH)


def actions(member: Member, record: str) -> list[dict[str, object]]:
    with member.app.test_request_context():
        return [one.document for one in opened(member, record).entries() if one.kind == "action"]


def test_what_is_typed_is_kept_as_it_is_typed(amina, yusuf, meeting):
    first = typed(amina, meeting, version="1", minutes="Sara says", who_came="Dr Jones, paediatrician\nGran")
    assert first.json == {"version": 2}
    assert typed(amina, meeting, version="2", minutes="Sara says", who_came="Dr Jones, paediatrician\nGran").json == {
        "version": 2
    }
    assert typed(amina, meeting, version="2", minutes="Sara says yes.", who_came="Gran").json == {"version": 3}
    kept = document(amina, yusuf, meeting)
    assert (kept["minutes"], kept["who_came"], kept["state"]) == ("Sara says yes.", ["Gran"], "planned"), "It is still to come."
    assert kept["agenda"] == ["Sleep", "The bus"], "What was planned stays."


def test_an_hour_of_typing_is_one_step_back_and_not_a_hundred(amina, yusuf, meeting):
    def versions() -> list[int]:
        with amina.app.test_request_context():
            return [one.version for one in opened(amina, yusuf).history(meeting.rsplit("/", 1)[1])]

    for number in range(1, 6):
        typed(amina, meeting, version=str(number), since="1", minutes="x" * number)
    assert versions() == [6, 1]
    assert document(amina, yusuf, meeting)["minutes"] == "xxxxx"
    assert amina.client.get(f"{meeting}/history").status_code == 200


def test_what_somebody_else_wrote_is_a_step_back_whatever_a_page_says(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    theirs = plan(sara, yusuf)
    fill(sara.client, f"{pages_of(theirs)}/plan", what="Sara's own words", version="1")
    for number in range(2, 5):
        typed(amina, theirs, version=str(number), since="1", minutes="x" * number)
    with amina.app.test_request_context():
        assert 2 in [one.version for one in opened(amina, yusuf).history(theirs.rsplit("/", 1)[1])]


def test_without_a_script_a_button_keeps_it(amina, yusuf, meeting):
    page = f"{pages_of(meeting)}/minutes"
    answer = fill(
        amina.client, page, version="1", minutes="All agreed", came=["Mr Patel", "Dr Jones, paediatrician"], who_came="Gran"
    )
    assert answer.location == meeting
    assert document(amina, yusuf, meeting)["who_came"] == ["Mr Patel", "Dr Jones, paediatrician", "Gran"]
    again = amina.client.get(page).text
    assert again.count(" checked") == 2
    assert "All agreed" in again
    assert ">Gran</textarea>" in again


def test_of_two_who_take_minutes_at_once_the_second_is_shown_both(amina, yusuf, meeting):
    typed(amina, meeting, version="1", minutes="What Amina wrote")
    second = typed(amina, meeting, version="1", minutes="What Joe wrote")
    assert second.status_code == 409
    assert second.json == {"version": 2, "theirs": {"who_came": "", "minutes": "What Amina wrote"}}
    page = fill(amina.client, f"{pages_of(meeting)}/minutes", version="1", minutes="What Joe wrote")
    assert page.status_code == 409
    assert "What Amina wrote" in page.text
    assert "What Joe wrote" in page.text
    assert document(amina, yusuf, meeting)["minutes"] == "What Amina wrote"
    both = fill(amina.client, f"{pages_of(meeting)}/minutes", version="2", minutes="What Amina wrote\nWhat Joe wrote")
    assert both.status_code == 302


def test_a_locked_page_is_told_so_and_what_it_sends_then_is_kept(amina, yusuf, meeting):
    page = f"{pages_of(meeting)}/minutes"
    token = token_of(amina.client.get(page).text)
    with clock.moved(hours=1):
        answer = amina.client.post(page, data={"csrf_token": token, "version": "1", "minutes": "Half a sen"}, headers=FETCH)
        assert answer.status_code == 401
        assert answer.json["locked"]
        assert amina.sign_in().status_code == 302
        assert typed(amina, meeting, version="1", minutes="Half a sentence.").json == {"version": 2}


def test_an_action_goes_straight_into_the_plan(amina, yusuf, meeting):
    jones = write(amina, yusuf, "people", kind="person", name="Dr Jones", role="paediatrician", agency="health")
    page = f"{pages_of(meeting)}/minutes"
    action = {"action_what": "Ask for a bath lift", "action_who": "dr jones", "action_by_when": "3 April 2099", "do": "action"}
    answer = fill(amina.client, page, version="1", minutes="He will ask.", **action)
    assert answer.location == page
    [kept] = actions(amina, yusuf)
    assert (kept["what"], kept["who"], kept["by_when"], kept["state"]) == (
        "Ask for a bath lift",
        "dr jones",
        "2099-04-03",
        "open",
    )
    assert (kept["person_id"], kept["agency"], kept["meeting_id"]) == (jones.id, "health", meeting.rsplit("/", 1)[1])
    assert document(amina, yusuf, meeting)["minutes"] == "He will ask."
    assert "Ask for a bath lift" in amina.client.get(meeting).text
    section = amina.client.get(f"{yusuf}/timeline").text
    assert "Ask for a bath lift" in section


def test_an_unclear_action_loses_neither_itself_nor_the_minutes(amina, yusuf, meeting):
    page = f"{pages_of(meeting)}/minutes"
    answer = fill(
        amina.client, page, version="1", minutes="He will ask.", action_what="Ask", action_by_when="soonish", do="action"
    )
    assert answer.status_code == 400
    assert "soonish" in answer.text
    assert "Error:" in answer.text
    assert document(amina, yusuf, meeting)["minutes"] == "He will ask."
    assert 'name="version" value="2"' in answer.text
    assert actions(amina, yusuf) == []
    assert fill(amina.client, page, version="2", minutes="He will ask.", action_who="Dr Jones").status_code == 400


# The key worker


def test_who_may_add_takes_notes_of_their_own_and_the_family_takes_them_over(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    page = sara.client.get(f"{pages_of(meeting)}/minutes").text
    assert "These are your notes of the meeting" in page
    assert "Somebody takes something on" not in page, "Sara was not given leave to add to the plan."
    assert typed(sara, meeting, version="0", begun="0" * 32, minutes="Sara not").json == {"version": 1}
    assert typed(sara, meeting, version="1", begun="0" * 32, minutes="Sara noted this").json == {"version": 2}
    other_tab = typed(sara, meeting, version="0", begun="1" * 32, minutes="Another tab")
    assert other_tab.status_code == 409
    assert other_tab.json["theirs"]["minutes"] == "Sara noted this"
    assert "minutes" not in document(amina, yusuf, meeting)
    seen = amina.client.get(meeting).text
    assert "Sara noted this" in seen
    assert "Added by Sara" in seen or "Last changed by Sara" in seen
    family = f"{pages_of(meeting)}/minutes"
    notes = amina.client.get(family).text.split('name="take" value="')[1].split('"')[0]
    fill(amina.client, family, version="1", minutes="Our words", take=notes)
    assert document(amina, yusuf, meeting)["minutes"] == "Our words\n\nSara noted this"


def test_a_key_worker_with_leave_to_add_to_the_plan_writes_actions_there(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "meetings", "care_plan", verb="read_and_add")
    answer = fill(
        sara.client, f"{pages_of(meeting)}/minutes", version="0", minutes="Noted", action_what="Ring school", do="action"
    )
    assert answer.status_code == 302, answer.text
    assert [one["what"] for one in actions(amina, yusuf)] == ["Ring school"]
    page = sara.client.get(meeting).text
    assert "Ring school" in page
    assert "saved" in {one["what"] for one in lines(amina, yusuf, sara)}


def test_who_may_not_add_to_the_plan_adds_no_action_whatever_they_send(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    fill(sara.client, f"{pages_of(meeting)}/minutes", version="0", minutes="Noted", action_what="Forged", do="action")
    assert actions(amina, yusuf) == []


def test_who_only_reads_takes_no_minutes(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "meetings")
    token = token_of(sara.client.get(f"{yusuf}/search").text)
    for headers in ({}, FETCH):
        answer = sara.client.post(
            f"{pages_of(meeting)}/minutes", data={"csrf_token": token, "minutes": "Forged"}, headers=headers
        )
        assert answer.status_code == 404
    assert "minutes" not in document(amina, yusuf, meeting)


# Agreed


def test_the_family_agrees_these_minutes_and_no_others(amina, sara, yusuf, meeting):
    share(amina, yusuf, sara, "meetings", verb="read_and_add")
    typed(amina, meeting, version="1", minutes="Sleep is better")
    assert "Minutes not agreed yet" in amina.client.get(meeting).text
    agree = f"{pages_of(meeting)}/minutes/agree"
    fill(amina.client, meeting, to=agree, version="1")
    assert "minutes_agreed" not in document(amina, yusuf, meeting), "These were not the ones on the page."
    token = token_of(sara.client.get(f"{yusuf}/search").text)
    assert sara.client.post(agree, data={"csrf_token": token, "version": "2"}).status_code == 404
    fill(amina.client, meeting, to=agree, version="2")
    assert document(amina, yusuf, meeting)["minutes_agreed"] is True
    assert "The family agreed these minutes on" in sara.client.get(meeting).text
    page = amina.client.get(meeting).text
    assert "These people see this section already, and so these minutes: Sara Morgan" in page
    assert "/share?section=" in page
    assert "/pack?entry=" in page
    typed(amina, meeting, version="3", minutes="Sleep is much better")
    assert "minutes_agreed" not in document(amina, yusuf, meeting)
