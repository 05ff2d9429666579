"""Who may use a route: and what somebody typed outlives a session that was shut meanwhile."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from flask import Blueprint, Flask, Response, request

from accounts.access import current_account, current_person, just_us_open, recent_passphrase, signed_in
from plumbing import clock
from tests.conftest import create_app, settings_for
from tests.family import AMINA, DEV, JOE, SARA, join_staff, sign_up, token_of
from tests.inspector import InspectingClient

kept: list[tuple[str, dict[str, list[str]]]] = []
notes = Blueprint("notes", __name__)


@notes.post("/notes")
@signed_in()
def keep():
    """A form of somebody else's, to be sent too late."""
    kept.append((current_account().shown_name, request.form.to_dict(flat=False)))
    assert current_person().account_id == current_account().id
    return Response("kept", mimetype="text/plain")


@notes.post("/grave")
@signed_in()
@recent_passphrase
def grave():
    return Response("done", mimetype="text/plain")


@notes.post("/private")
@signed_in()
@just_us_open
def private():
    assert current_person().just_us
    return Response("opened", mimetype="text/plain")


@notes.get("/only-for-managers")
@signed_in("service_manager")
def only_for_managers():
    return Response("secret", mimetype="text/plain")


@pytest.fixture
def app(tmp_path) -> Flask:
    app = create_app(settings_for(tmp_path / "data"))
    app.testing = True
    app.test_client_class = InspectingClient
    app.register_blueprint(notes)
    kept.clear()
    return app


@pytest.fixture
def amina(app):
    return sign_up(app.test_client(), AMINA)


def _hidden(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for box in BeautifulSoup(page, "html.parser").select("main form input[type=hidden]"):
        found.setdefault(box["name"], []).append(box["value"])
    return found


TYPED = {
    "title": 'A "letter" <b>& more',
    "line": ["one", "two"],
    "note": "first\r\nsecond",
    "passphrase": "secret words",
    "pin": "123456",
}


def _send_late(amina, path: str = "/notes"):
    token = token_of(amina.client.get("/settings").text)
    return lambda: amina.client.post(path, data=TYPED | {"csrf_token": token})


def test_a_form_that_comes_too_late_is_kept_on_the_page_and_goes_on_with_the_passphrase(amina):
    late = _send_late(amina)
    with clock.moved(minutes=21):
        answer = late()
        assert answer.status_code == 401
        assert "You were away for a while" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert not kept
        hidden = _hidden(answer.text)
        assert hidden["title"] == [TYPED["title"]]
        assert hidden["line"] == ["one", "two"]
        assert "passphrase" not in hidden
        assert "pin" not in hidden
        assert "secret words" not in answer.text
        assert amina.client.post("/notes", data=hidden | {"_passphrase": amina.passphrase}).text == "kept"
        ((name, form),) = kept
        assert name == AMINA
        assert (form["title"], form["line"], form["note"]) == ([TYPED["title"]], ["one", "two"], [TYPED["note"]])
        assert amina.client.get("/settings").status_code == 200


def test_wrong_words_on_that_page_keep_what_was_typed(amina):
    late = _send_late(amina)
    with clock.moved(minutes=21):
        hidden = _hidden(late().text)
        answer = amina.client.post("/notes", data=hidden | {"_passphrase": "not these words at all"})
        assert answer.status_code == 401
        assert "That is not your passphrase" in answer.text
        assert "not these words at all" not in answer.text
        assert _hidden(answer.text)["title"] == [TYPED["title"]]
        assert not kept


def test_after_the_session_has_ended_the_page_asks_for_the_name_too(amina):
    late = _send_late(amina)
    with clock.moved(hours=9):
        answer = late()
        assert answer.status_code == 401
        sent = _hidden(answer.text) | {"_name": amina.sign_in_name, "_passphrase": amina.passphrase, "_code": ""}
        assert amina.client.post("/notes", data=sent).text == "kept"
        assert kept[0][0] == AMINA


def test_somebody_else_who_answers_that_page_is_themselves(amina):
    joe = sign_up(amina.app.test_client(), JOE)
    late = _send_late(amina)
    with clock.moved(hours=9):
        sent = _hidden(late().text) | {"_name": joe.sign_in_name, "_passphrase": joe.passphrase, "_code": ""}
        assert amina.client.post("/notes", data=sent).text == "kept"
        assert kept[0][0] == JOE


def test_files_cannot_wait_and_the_page_says_so(amina):
    token = token_of(amina.client.get("/settings").text)
    with clock.moved(minutes=21):
        photo = (io.BytesIO(b"a photo"), "photo.jpg")
        answer = amina.client.post("/notes", data={"csrf_token": token, "title": "A letter", "photo": photo})
    assert "choose them once more" in answer.text
    assert _hidden(answer.text)["title"] == ["A letter"]


def test_a_script_is_told_that_the_door_is_locked(amina):
    headers = {"X-Linkbook": "fetch"}
    with clock.moved(minutes=21):
        for answer in (amina.client.get("/only-for-managers", headers=headers), amina.client.get("/settings", headers=headers)):
            assert answer.status_code == 401
            assert answer.get_json() == {"locked": True}


@pytest.mark.parametrize(("path", "opened", "minutes"), [("/grave", "done", 7), ("/private", "opened", 11)])
def test_what_is_grave_asks_for_the_passphrase_and_goes_on(amina, path, opened, minutes):
    late = _send_late(amina, path)
    assert late().text == opened
    with clock.moved(minutes=minutes):
        answer = late()
        assert answer.status_code == 401
        assert "Type your passphrase again" in answer.text
        assert amina.client.post(path, data=_hidden(answer.text) | {"_passphrase": amina.passphrase}).text == opened


def test_the_passphrase_on_a_late_page_opens_what_needs_it_in_one_go(amina):
    late = _send_late(amina, "/private")
    with clock.moved(minutes=21):
        assert amina.client.post("/private", data=_hidden(late().text) | {"_passphrase": amina.passphrase}).text == "opened"


def test_a_page_for_managers_is_for_managers(app, amina):
    assert amina.client.get("/only-for-managers").status_code == 403
    sara = join_staff(app.test_client(), SARA, "key_worker")
    assert sara.client.get("/only-for-managers").status_code == 403
    dev = join_staff(app.test_client(), DEV, "service_manager")
    assert dev.client.get("/only-for-managers").text == "secret"


def test_staff_open_nothing_before_their_second_factor(app):
    dev = join_staff(app.test_client(), DEV, "service_manager", second_factor=False)
    for path in ("/only-for-managers", "/staff", "/start-together", "/settings/name"):
        answer = dev.client.get(path)
        assert answer.status_code == 302
        assert answer.location == "/second-factor"
    token = token_of(dev.client.get("/settings").text)
    assert dev.client.post("/notes", data={"csrf_token": token}).status_code == 302
    assert not kept


def test_a_form_without_its_token_is_refused_before_anything_is_unlocked(amina):
    with clock.moved(minutes=21):
        assert amina.client.post("/notes", data={"_passphrase": amina.passphrase, "title": "x"}).status_code == 400
        assert amina.client.get("/settings").status_code == 302


def test_asking_who_is_there_on_an_open_page_is_a_mistake(app):
    with app.test_request_context("/"):
        for ask in (current_account, current_person):
            with pytest.raises(RuntimeError):
                ask()
