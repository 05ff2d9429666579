"""Signing in: the right words open everything that is one's own, and nothing else does."""

from __future__ import annotations

import logging

import pytest

from plumbing import clock
from tests.family import AMINA, DEV, JOE, PASSPHRASES, fill, join_staff, sign_in, sign_up, token_of

HOME = "/record"


def test_somebody_signs_in_by_their_name_and_is_home(amina):
    phone = amina.app.test_client()
    assert amina.sign_in(phone).location == HOME
    assert amina.sign_in_name in phone.get("/settings").text


@pytest.mark.parametrize("passphrase", ["goat wellies piano snow", "Goat wellies piano rain", "x" * 5000, "\0"])
def test_other_words_open_nothing(amina, passphrase):
    phone = amina.app.test_client()
    answer = amina.sign_in(phone, passphrase=passphrase)
    assert answer.status_code == 400
    assert "do not go together" in answer.text
    assert passphrase not in answer.text
    assert phone.get("/settings").status_code == 302


def test_spaces_and_kinds_of_letters_do_not_matter_in_a_passphrase(amina):
    assert amina.sign_in(amina.app.test_client(), passphrase="  goat  wellies ｐiano rain ").status_code == 302


def test_one_persons_words_do_not_open_anothers(amina):
    joe = sign_up(amina.app.test_client(), JOE)
    assert amina.sign_in(amina.app.test_client(), passphrase=joe.passphrase).status_code == 400


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/settings/name", "/settings/name"),
        ("https://evil.example/", HOME),
        ("//evil.example/", HOME),
        ("/\\evil.example/", HOME),
        ("/\t/evil.example", HOME),
        ("javascript:alert(1)", HOME),
        ("", HOME),
    ],
)
def test_one_goes_on_only_to_a_page_of_ours(amina, path, to):
    assert amina.sign_in(amina.app.test_client(), next=path).location == to


def test_a_page_asked_for_comes_after_signing_in(amina):
    phone = amina.app.test_client()
    asked = phone.get("/settings/name")
    assert asked.location == "/sign-in?next=/settings/name"
    token = token_of(phone.get(asked.location).text)
    assert 'value="/settings/name"' in phone.get(asked.location).text
    sent = {"csrf_token": token, "name": amina.sign_in_name, "passphrase": amina.passphrase, "next": "/settings/name"}
    assert phone.post("/sign-in", data=sent).location == "/settings/name"


def test_the_second_factor_is_asked_for_once_the_passphrase_is_right(empty_app):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager")
    phone = empty_app.test_client()
    needed = dev.sign_in(phone, code="")
    assert needed.status_code == 400
    assert "with the code from your app" in needed.text
    assert "<details open" in needed.text
    assert "do not go together" in dev.sign_in(phone, passphrase="wrong words all of them", code="").text
    assert phone.get("/settings").status_code == 302
    assert dev.sign_in(phone).status_code == 302


def test_a_code_is_good_once(empty_app):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager")
    code = dev.code()
    assert dev.sign_in(empty_app.test_client(), code=code).status_code == 302
    again = dev.sign_in(empty_app.test_client(), code=code)
    assert again.status_code == 400
    assert "That code is not right" in again.text


def test_taking_the_mark_of_the_second_factor_away_in_the_database_helps_nobody(empty_app, family_db):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager")
    family_db.execute("UPDATE account SET second_factor = 0")
    assert dev.sign_in(empty_app.test_client(), code="").status_code == 400


def test_the_log_tells_of_refusals_and_names_nobody(amina, caplog):
    with caplog.at_level(logging.INFO):
        amina.sign_in(amina.app.test_client(), passphrase="not the right words")
        amina.sign_in(amina.app.test_client())
    assert "Sign-in refused." in caplog.text
    assert "Sign-in of a parent." in caplog.text
    assert amina.sign_in_name not in caplog.text
    assert AMINA not in caplog.text


def test_signing_out_ends_the_row_and_clears_the_browser(amina, sessions_db):
    assert sessions_db["session"].count == 1
    cookie = amina.client.get_cookie("linkbook").value
    answer = fill(amina.client, "/settings", to="/sign-out")
    assert answer.location == "/signed-out"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert sessions_db["session"].count == 0
    assert amina.client.get("/signed-out").status_code == 200
    thief = amina.app.test_client()
    thief.set_cookie("linkbook", cookie)
    assert thief.get("/settings").status_code == 302


@pytest.mark.parametrize("https_only", [False, True])
def test_the_cookie_is_kept_from_scripts_and_other_sites(make_app, https_only):
    app = make_app(https_only=https_only)
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https" if https_only else "http"
    token = token_of(client.get("/register", base_url="https://localhost").text)
    sent = {"csrf_token": token, "shown_name": AMINA, "passphrase": PASSPHRASES[AMINA]}
    headers = {"Referer": "https://localhost/register"}
    answer = client.post("/register", data=sent, base_url="https://localhost", headers=headers)
    cookies = [line for line in answer.headers.getlist("Set-Cookie") if "linkbook" in line]
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) == https_only
        assert cookie.startswith("__Host-") == https_only


def test_pages_of_accounts_are_kept_by_no_browser(amina):
    for path in ("/settings", "/settings/sessions", "/leave", "/again"):
        assert amina.client.get(path).headers["Cache-Control"] == "no-store"
    for path in ("/sign-in", "/register"):
        assert amina.app.test_client().get(path).headers["Cache-Control"] == "no-store"


def test_who_is_signed_in_does_not_rest_in_flasks_session(amina):
    with amina.client.session_transaction() as session:
        assert set(session) <= {"csrf_token"}


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 43 + "=", "é" * 20, "=" * 44, "A" * 1500])
def test_a_made_up_cookie_opens_nothing_and_breaks_nothing(empty_app, cookie):
    client = empty_app.test_client()
    client.set_cookie("linkbook", cookie)
    client.set_cookie("linkbook-device", cookie + "." + cookie)
    client.set_cookie("remember_token", cookie)
    assert client.get("/settings").location == "/sign-in?next=/settings"
    assert sign_in(client, "nobody-at-all-12", "words that open nothing here").status_code == 400


def test_a_passphrase_that_is_asked_again_comes_back_to_the_page(amina):
    assert amina.client.get("/leave").status_code == 200
    with clock.moved(minutes=7):
        asked = amina.client.get("/leave")
        assert asked.location == "/again?next=/leave"
        wrong = fill(amina.client, asked.location, to="/again", passphrase="not these words either", next="/leave")
        assert wrong.status_code == 400
        assert "That is not your passphrase" in wrong.text
        assert amina.client.get("/leave").status_code == 302
        right = fill(amina.client, asked.location, to="/again", passphrase=amina.passphrase, next="/leave")
        assert right.location == "/leave"
        assert amina.client.get("/leave").status_code == 200
