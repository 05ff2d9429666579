"""Registering: as little as it takes, and nobody learns who else is here."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from accounts import signing_in, store
from accounts.current import family, secrets
from accounts.keyring import read
from plumbing.crypto import passphrase as crypto_passphrase
from plumbing.ids import once_id
from tests.family import AMINA, JOE, PASSPHRASES, fill, give_second_factor, sign_up, token_of


def test_a_parent_registers_is_welcomed_and_is_in(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA)
    assert re.fullmatch(r"amina-[a-z]+-[0-9]{2}", amina.sign_in_name)
    assert amina.account().role == "parent"
    assert amina.client.get("/settings").status_code == 200


def test_the_keyring_is_there_from_the_first_moment(amina):
    with amina.app.test_request_context():
        assert read(family(), amina.person()) == {}


def test_two_of_one_name_get_names_of_their_own(empty_app):
    names = {sign_up(empty_app.test_client(), AMINA).sign_in_name for _ in range(5)}
    assert len(names) == 5


def test_a_name_in_another_writing_gets_a_sign_in_name_too(empty_app):
    member = sign_up(empty_app.test_client(), "أمينة", passphrase=PASSPHRASES[AMINA])
    assert member.sign_in_name.startswith("friend-")
    assert member.sign_in().status_code == 302


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"shown_name": "  "}, "Type a name"),
        ({"shown_name": "x" * 61}, "under 60 letters"),
        ({"email": "amina at home"}, "should look like name@example.com"),
        ({"passphrase": "tiny words"}, "Make it longer"),
        ({"passphrase": "passwordpassword1"}, "Many people use this one"),
        ({"passphrase": "aaaaaaaaaaaaaaaaaaaaaa"}, "again and again"),
        ({"passphrase": ""}, "Make it longer"),
    ],
)
def test_what_will_not_do_is_said_and_what_was_typed_stays(empty_app, family_db, fields, words):
    typed = {"shown_name": "Amina Yusuf", "email": "amina@example.org", "passphrase": PASSPHRASES[AMINA]} | fields
    answer = fill(empty_app.test_client(), "/register", **typed)
    assert answer.status_code == 400
    assert words in answer.text
    assert "<title>Error:" in answer.text
    if "shown_name" not in fields:
        assert "Amina Yusuf" in answer.text
    if typed["passphrase"]:
        assert typed["passphrase"] not in answer.text
    assert not store.rows(family_db, "SELECT id FROM account", [])


def test_a_passphrase_is_made_for_those_who_want_one(empty_app):
    client = empty_app.test_client()
    page = fill(client, "/register", shown_name="Amina", passphrase="", make="1").text
    made = re.search(r'id="passphrase"[^>]*value="([a-z ]+)"', page)
    assert made
    assert len(made[1].split()) >= 4
    assert 'value="Amina"' in page
    assert sign_up(empty_app.test_client(), "Amina", passphrase=made[1]).sign_in().status_code == 302


def test_a_name_with_hidden_marks_is_cleaned(empty_app):
    member = sign_up(empty_app.test_client(), "Ami\u202ena\u0007", passphrase=PASSPHRASES[AMINA])
    assert member.account().shown_name == "Amina"


def test_a_known_address_is_answered_like_an_unknown_one(empty_app, monkeypatch):
    sign_up(empty_app.test_client(), AMINA, email="shared@example.org")
    work = _count(monkeypatch)
    first = fill(empty_app.test_client(), "/register", shown_name=JOE, email="shared@example.org", passphrase=PASSPHRASES[JOE])
    known = len(work)
    second = fill(empty_app.test_client(), "/register", shown_name=JOE, email="other@example.org", passphrase=PASSPHRASES[JOE])
    assert (first.status_code, first.location) == (second.status_code, second.location) == (302, "/welcome")
    assert known == len(work) - known == 1
    assert len(list(empty_app.extensions["settings"].outbox.glob("*.eml"))) == 3


def _count(monkeypatch) -> list[str]:
    """Note each derivation; it is done all the same."""
    done: list[str] = []
    real = crypto_passphrase.stretch

    def counting(*args, **kwargs):
        done.append("stretched")
        return real(*args, **kwargs)

    monkeypatch.setattr("accounts.keys.stretch", counting)
    return done


def test_an_unknown_name_costs_the_same_work_and_gets_the_same_answer(amina, monkeypatch):
    work, answers = _count(monkeypatch), []
    for name in (amina.sign_in_name, "nobody-at-all-12", "nobody@example.org"):
        before = len(work)
        answer = amina.sign_in(amina.app.test_client(), name=name, passphrase="not the right words at all")
        answers.append((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))
        assert len(work) - before == 1
    assert answers[0][0] == 400
    assert answers[0] == answers[1] == answers[2]


def _accounts_of(app, email):
    with app.test_request_context():
        return family().execute("SELECT id FROM account WHERE email = ?", [email]).fetchall()


def _filled_form(client):
    page = client.get("/register").text
    once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', page)[1]
    typed = {"shown_name": AMINA, "email": "amina@example.org", "passphrase": PASSPHRASES[AMINA]}
    return {"csrf_token": token_of(page), "once": once} | typed


def _sent_again(client, form):
    """Send a form as the same browser does that has had no answer yet: without the session of the first."""
    again = client.application.test_client()
    again.set_cookie("session", client.get_cookie("session").value)
    return again.post("/register", data=form), again


def test_a_form_sent_twice_at_once_makes_one_account(empty_app):
    client = empty_app.test_client()
    form = _filled_form(client)
    with ThreadPoolExecutor() as threads:
        sent = list(threads.map(lambda _turn: _sent_again(client, form), range(3)))
    assert [answer.location for answer, _browser in sent] == ["/welcome"] * 3
    assert len(_accounts_of(empty_app, "amina@example.org")) == 1
    assert [browser.get("/settings").status_code for _answer, browser in sent] == [200] * 3


def test_a_form_sent_again_is_no_way_around_the_passphrase_or_a_second_factor(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA)
    client = empty_app.test_client()
    form = _filled_form(client)
    _sent_again(client, form)
    _sent_again(client, form | {"passphrase": PASSPHRASES[JOE]})
    assert len(_accounts_of(empty_app, "amina@example.org")) == 2, "With another passphrase it is another account."
    with empty_app.test_request_context():
        (first, *_others) = _accounts_of(empty_app, "amina@example.org")
        account = store.get_account(family(), secrets().server_key, once_id(form["once"], "account"))
        assert account.id in first
    give_second_factor(replace(amina, client=_sent_again(client, form)[1], id=account.id, sign_in_name=account.sign_in_name))
    _sent_again(client, form)
    assert len(_accounts_of(empty_app, "amina@example.org")) == 3


def test_registration_can_be_turned_off(make_app):
    client = make_app(registration=False).test_client()
    page = client.get("/register")
    assert page.status_code == 200
    assert "Ask your key worker" in page.text
    assert "csrf_token" not in page.text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)[1]
    sent = {"csrf_token": token, "shown_name": "Amina", "passphrase": PASSPHRASES[AMINA]}
    assert client.post("/register", data=sent).location == "/register"
    assert client.get("/settings").status_code == 302


def test_many_accounts_from_one_address_must_wait(empty_app, monkeypatch):
    monkeypatch.setattr("accounts.throttle.REGISTRATIONS", (2, 3600))
    for _ in range(2):
        sign_up(empty_app.test_client(), AMINA)
    answer = fill(empty_app.test_client(), "/register", shown_name=AMINA, passphrase=PASSPHRASES[AMINA])
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_when_too_many_sign_in_at_once_the_rest_come_back_and_lose_nothing(empty_app):
    with crypto_passphrase._desk, crypto_passphrase._desk._places, crypto_passphrase._desk._places:
        answer = fill(empty_app.test_client(), "/register", shown_name=AMINA, passphrase=PASSPHRASES[AMINA])
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Many people are signing in" in answer.text
    assert 'value="Amina"' in answer.text


def test_a_confirmed_address_is_found_in_any_writing(empty_app):
    amina = sign_up(empty_app.test_client(), AMINA, email="Amina@Example.org")
    with empty_app.test_request_context():
        assert store.find_account(family(), secrets().server_key, "amina@example.org") is None
        with family().conn:
            store.confirm_email(family(), amina.account())
        assert store.find_account(family(), secrets().server_key, " amina@EXAMPLE.org ") is not None
        with pytest.raises(signing_in.Wrong):
            signing_in.sign_in("amina@example.org", "not the right words at all", "")
