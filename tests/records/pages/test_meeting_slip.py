"""Dr Jones, who has no account, answers an invitation by the link he was given; Amina files what he says."""

from __future__ import annotations

import datetime
import re

import pytest
from flask.testing import FlaskClient

from plumbing import clock
from records import editing, items, packs
from tests.family import Member, fill
from tests.records.pages.conftest import opened
from tests.records.pages.plans import shown
from tests.records.pages.test_meetings import PLAN, document, pages_of, plan


def guest_of(amina: Member, yusuf: str, *meetings: str) -> FlaskClient:
    """Dr Jones's browser, with these meetings open in it."""
    with amina.app.test_request_context():
        section = opened(amina, yusuf).book.by_slug("meetings").id
    form = f"{yusuf}/sections/{section}/pack"
    ids = [one.rsplit("/", 1)[1] for one in meetings]
    answer = fill(amina.client, form, name="Dr Jones", last_day="tomorrow", how_much="some", entries=ids)
    assert answer.status_code == 302, answer.text
    text = amina.client.get(answer.location).text
    code, pin = re.search(r'/pack#([0-9A-Z-]{34})"', text)[1], "".join(re.findall(r"<li>(\d{3})</li>", text))
    client = amina.app.test_client()
    assert fill(client, "/pack", code=code, pin=pin).status_code == 303
    return client


@pytest.fixture
def meeting(amina: Member, yusuf: str) -> str:
    return plan(amina, yusuf)


@pytest.fixture
def guest(amina: Member, yusuf: str, meeting: str) -> FlaskClient:
    return guest_of(amina, yusuf, meeting)


def slip_of(meeting: str) -> str:
    return "/pack/meetings/" + meeting.rsplit("/", 1)[1]


def waiting(amina: Member, yusuf: str) -> list[items.Item]:
    with amina.app.test_request_context():
        return items.waiting(opened(amina, yusuf))


def test_the_page_of_inviting_leads_to_such_a_link(amina, meeting):
    assert "By a link they can answer by" in shown(amina, f"{pages_of(meeting)}/invite")


@pytest.mark.parametrize(
    ("coming", "said"),
    [("yes", "They are coming"), ("no", "They are not coming"), ("instead", "They send their words instead")],
)
def test_a_guest_answers_and_the_family_files_it_in_one_tap(amina, yusuf, guest, meeting, coming, said):
    assert f'href="{slip_of(meeting)}"' in guest.get("/pack/open").text
    answer = fill(
        guest, slip_of(meeting), coming=coming, words="He sleeps better.\nAsk about the bed.", who="Dr Jones, Harbourne"
    )
    assert (answer.status_code, answer.location) == (302, "/pack/sent")
    assert "Dr Jones" not in shown(amina, meeting).partition("Who is coming")[2].partition("Not answered yet")[0]
    text = shown(amina, f"{yusuf}/to-file")
    assert said in text
    item = re.search(r"/to-file/([0-9a-f]{32})/keep", text)[1]
    one = shown(amina, f"{yusuf}/to-file/{item}")
    for words in ("Spring meeting", "Tuesday 3 March 2099, 2pm to 3pm", said, "Ask about the bed.", "Dr Jones, Harbourne"):
        assert words in one
    filed = fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item}/keep")
    assert filed.location == meeting
    text = shown(amina, meeting)
    assert "He sleeps better." in text
    assert said in text
    assert "Dr Jones, paediatrician" not in text.partition("Not answered yet")[2]
    # Twice is once.
    assert fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item}/keep").status_code == 302
    assert not waiting(amina, yusuf)


def test_what_is_sent_twice_is_one_slip_and_an_answer_replaces_the_one_before(amina, yusuf, guest, meeting):
    for coming, once in (("yes", "a" * 32), ("yes", "a" * 32), ("no", "b" * 32)):
        assert fill(guest, slip_of(meeting), coming=coming, once=once).status_code == 302
    came = waiting(amina, yusuf)
    assert len(came) == 2
    for item in sorted(came, key=lambda one: one.document["coming"] == "no"):
        fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item.id}/keep")
    assert "They are not coming" in shown(amina, meeting)


def test_a_slip_says_only_what_it_may(amina, yusuf, guest, meeting):
    forged = {"coming": "yes", "turn": "99", "at": "9", "meeting_id": "f" * 32, "kind": "meeting", "state": "called_off"}
    assert fill(guest, slip_of(meeting), **forged).status_code == 302
    (item,) = waiting(amina, yusuf)
    assert item.document.pop("at") <= clock.second()
    assert item.document == {"v": 1, "kind": "contribution", "coming": "yes", "meeting_id": meeting.rsplit("/", 1)[1]}
    fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item.id}/keep")
    with amina.app.test_request_context():
        entry = opened(amina, yusuf).entry(item.id)
    assert (entry.document["who"], entry.document["turn"]) == ("Dr Jones", "1")
    assert document(amina, yusuf, meeting)["state"] == "planned"


def test_nothing_said_is_not_sent_and_what_was_typed_stays(amina, yusuf, guest, meeting):
    answer = fill(guest, slip_of(meeting), words="He sleeps better.")
    assert answer.status_code == 400
    assert "Choose if you are coming" in answer.text
    assert "He sleeps better." in answer.text
    assert "<title>Error:" in answer.text
    assert not waiting(amina, yusuf)


@pytest.mark.parametrize(
    "changes", [{"agreed": ""}, {"date": "3 March 2020"}], ids=["the family did not say yes to it", "it has been"]
)
def test_a_meeting_that_nobody_is_invited_to_has_no_slip(amina, yusuf, changes):
    meeting = plan(amina, yusuf, **changes)
    guest = guest_of(amina, yusuf, meeting)
    assert "Say if you are coming" not in guest.get("/pack/open").text
    assert guest.get(slip_of(meeting)).status_code == 404


def test_only_what_is_in_the_pack_is_answered_and_only_while_it_is_live(amina, yusuf, guest, meeting):
    other = plan(amina, yusuf, what="Another")
    assert guest.get(slip_of(other)).status_code == 404
    stranger = amina.app.test_client()
    assert stranger.get(slip_of(meeting)).location == "/pack"
    form = guest.get(slip_of(meeting)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    with amina.app.test_request_context():
        of = opened(amina, yusuf)
        packs.end(of, of.roster.given.packs[0].id)
    assert guest.post(slip_of(meeting), data={"csrf_token": token, "coming": "yes"}).status_code == 410
    assert not waiting(amina, yusuf)


def test_a_slip_to_a_meeting_that_is_gone_is_still_filed(amina, yusuf, guest, meeting):
    fill(guest, slip_of(meeting), coming="instead", words="Ask about the bed.")
    with amina.app.test_request_context():
        editing.put_into_bin(opened(amina, yusuf), meeting.rsplit("/", 1)[1])
    (item,) = waiting(amina, yusuf)
    assert "It is not there any more." in shown(amina, f"{yusuf}/to-file/{item.id}")
    kept = fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item.id}/keep")
    assert "Ask about the bed." in shown(amina, kept.location)


def test_a_slip_comes_late_only_until_the_meeting_has_been(amina, yusuf, monkeypatch):
    soon = clock.today() + datetime.timedelta(days=1)
    meeting = plan(amina, yusuf, **PLAN | {"date": soon.isoformat()})
    guest = guest_of(amina, yusuf, meeting)
    assert guest.get(slip_of(meeting)).status_code == 200
    monkeypatch.setattr(clock, "today", lambda: soon + datetime.timedelta(days=1))
    assert guest.get(slip_of(meeting)).status_code in (404, 410)
