"""The lock: what a page is told of its session, and how it is opened again with everything in it as it was."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from plumbing import clock
from tests.family import AMINA, DEV, JOE, Member, fill, join_staff, sign_up, token_of

FETCH = {"X-Linkbook": "fetch"}


def state(member: Member) -> dict:
    return member.client.get("/session/state").json


def send(member: Member, path: str, token: str, **fields: str):
    return member.client.post(path, data={"csrf_token": token} | fields, headers=FETCH)


@pytest.fixture
def token(amina: Member) -> str:
    """The token in the page that Amina has open."""
    return token_of(amina.client.get("/settings").text)


def test_a_page_knows_when_it_locks_and_ends(amina):
    lock = BeautifulSoup(amina.client.get("/settings").text, "html.parser").find("dialog")
    assert 18 * 60 < int(lock["data-locks"]) <= 20 * 60
    assert 7 * 3600 < int(lock["data-ends"]) <= 8 * 3600
    assert lock["role"] == "alertdialog"
    assert all(lock.find(id=f"lock-title-{step['data-step']}") for step in lock.find_all(attrs={"data-step": True}))
    assert not lock.has_attr("open"), "Without script it stays shut."


def test_staff_lock_after_fifteen_minutes(empty_app):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager")
    assert 13 * 60 < state(dev)["locks"] <= 15 * 60


def test_only_pages_for_people_who_are_signed_in_have_it(own_app):
    amina = sign_up(own_app.test_client(), AMINA)
    assert "data-lock" in amina.client.get("/settings").text
    assert "data-lock" not in amina.client.get("/").text
    assert "data-lock" not in own_app.test_client().get("/sign-in").text


def test_to_ask_keeps_nothing_open(amina):
    for minutes in (5, 10, 15, 18):
        with clock.moved(minutes=minutes):
            assert state(amina)["state"] == "open"
    with clock.moved(minutes=21):
        assert state(amina)["state"] == "locked"
        assert state(amina)["locks"] == 0


def test_to_say_stay_keeps_it_open(amina, token):
    with clock.moved(minutes=18):
        answer = send(amina, "/session/stay", token)
        assert answer.json["state"] == "open"
        assert answer.json["locks"] > 18 * 60
    with clock.moved(minutes=36):
        assert amina.client.get("/settings").status_code == 200


def test_to_say_stay_too_late_opens_nothing(amina, token):
    with clock.moved(minutes=21):
        answer = send(amina, "/session/stay", token)
        assert (answer.status_code, answer.json) == (401, {"locked": True})
        assert state(amina)["state"] == "locked"


def test_nobody_stays_beyond_eight_hours(amina, token):
    for minutes in range(15, 480, 15):
        with clock.moved(minutes=minutes):
            send(amina, "/session/stay", token)
    with clock.moved(minutes=479):
        assert state(amina)["ends"] <= 60
        assert state(amina)["locks"] <= 60
    with clock.moved(minutes=481):
        assert state(amina) == {"state": "none", "who": "", "locks": 0, "ends": 0}
        assert send(amina, "/session/unlock", token, passphrase=amina.passphrase).status_code == 401


def test_the_passphrase_opens_it_and_the_open_pages_form_still_goes_through(amina, token):
    with clock.moved(minutes=21):
        answer = send(amina, "/session/unlock", token, passphrase=amina.passphrase)
        assert (answer.status_code, answer.json["state"]) == (200, "open")
        # The page under the dialog was loaded before; its form carries the token of then.
        sent = {"csrf_token": token, "shown_name": "Amina Y"}
        assert amina.client.post("/settings/name", data=sent).location == "/settings"
    assert amina.account().shown_name == "Amina Y"


def test_the_wrong_passphrase_opens_nothing_and_is_said_in_words(amina, token):
    with clock.moved(minutes=21):
        for passphrase in ("not my words at all", ""):
            answer = send(amina, "/session/unlock", token, passphrase=passphrase)
            assert answer.status_code == 400
            assert "not your passphrase" in answer.json["words"]
        assert state(amina)["state"] == "locked"


def test_guessing_at_the_lock_is_slowed_down(amina, token):
    with clock.moved(minutes=21):
        answers = [send(amina, "/session/unlock", token, passphrase="not my words at all") for _ in range(6)]
        assert answers[-1].status_code == 429
        assert answers[-1].headers["Retry-After"]
        assert "Wait" in answers[-1].json["words"]


def test_a_pin_opens_it_on_its_phone_and_is_not_enough_for_what_is_grave(amina):
    fill(amina.client, "/quick-unlock", pin="270914")
    page = amina.client.get("/settings").text
    assert 'id="lock-pin"' in page
    with clock.moved(minutes=21):
        wrong = send(amina, "/session/unlock", token_of(page), pin="270915")
        assert (wrong.status_code, wrong.json["field"]) == (400, "pin")
        assert "4 more tries" in wrong.json["words"]
        assert send(amina, "/session/unlock", token_of(page), pin="270914").json["state"] == "open"
        assert amina.client.get("/leave").location == "/again?next=/leave"


def test_at_the_last_wrong_pin_the_passphrase_is_asked_for(amina):
    fill(amina.client, "/quick-unlock", pin="270914")
    token = token_of(amina.client.get("/settings").text)
    with clock.moved(minutes=21):
        fields = [send(amina, "/session/unlock", token, pin="270915").json["field"] for _ in range(5)]
        assert fields == ["pin"] * 4 + ["pin_gone"]
        assert send(amina, "/session/unlock", token, passphrase=amina.passphrase).json["state"] == "open"


def test_somebody_elses_pin_opens_nobody_elses_page(amina):
    """A phone lent: Joe's PIN is on it, and Amina's session is locked on it."""
    joe = sign_up(amina.app.test_client(), JOE)
    fill(joe.client, "/quick-unlock", pin="270914")
    amina.client.set_cookie("linkbook-device-key", joe.client.get_cookie("linkbook-device-key").value)
    page = amina.client.get("/settings").text
    assert 'id="lock-pin"' not in page
    with clock.moved(minutes=21):
        assert send(amina, "/session/unlock", token_of(page), pin="270914").status_code == 400
        assert state(amina)["state"] == "locked"


def test_without_its_token_nothing_is_opened(empty_app, amina):
    with clock.moved(minutes=21):
        assert amina.client.post("/session/unlock", data={"passphrase": amina.passphrase}, headers=FETCH).status_code == 400
        assert state(amina)["state"] == "locked"


def test_a_page_can_tell_whose_session_it_is_and_nobody_else_can(amina):
    who = state(amina)["who"]
    assert re.fullmatch(r"[0-9a-f]{16}", who)
    assert f'data-who="{who}"' in amina.client.get("/settings").text
    other = amina.app.test_client()
    amina.sign_in(other)
    assert other.get("/session/state").json["who"] == who, "The same person, in another session."
    joe = sign_up(amina.app.test_client(), JOE)
    assert state(joe)["who"] != who
    assert who not in amina.id


def test_a_stranger_is_told_nothing(empty_app):
    assert empty_app.test_client().get("/session/state").json == {"state": "none", "who": "", "locks": 0, "ends": 0}


def test_answers_are_kept_by_no_browser(amina):
    assert amina.client.get("/session/state").headers["Cache-Control"] == "no-store"
