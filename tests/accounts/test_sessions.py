"""Sessions: half in a browser, half in a file, shut in time, and one person's only."""

from __future__ import annotations

import base64
import datetime

import pytest

from accounts import sessions, store
from accounts.current import family, secrets
from plumbing import clock
from plumbing.crypto import CannotOpen
from tests.family import AMINA, DEV, JOE, Member, fill, join_staff, sign_up, token_of


def _token(member: Member) -> bytes:
    return base64.urlsafe_b64decode(member.client.get_cookie("linkbook").value)


def test_the_file_alone_opens_nothing_and_the_cookie_is_not_in_it(amina, sessions_db):
    token = _token(amina)
    session = sessions.find(sessions_db, token)
    assert session is not None
    assert sessions.open_person(session, token, amina.account()).signing == amina.person().signing
    content = b"".join(str(row).encode() for row in sessions_db["session"].rows)
    files = amina.app.extensions["settings"].sessions_db.parent.glob("sessions.db*")
    content += b"".join(path.read_bytes() for path in files)
    for secret in (token, amina.person().signing.private, amina.person().sealing.private):
        assert secret not in content
    for guess in (bytes(32), session.id, token[::-1]):
        with pytest.raises(CannotOpen):
            sessions.open_person(session, guess, amina.account())


def test_the_file_is_for_this_user_only(amina):
    path = amina.app.extensions["settings"].sessions_db
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_nineteen_minutes_are_not_too_long_and_activity_counts(amina):
    for minutes in (18, 36, 54):
        with clock.moved(minutes=minutes):
            assert amina.client.get("/settings").status_code == 200


def test_after_twenty_minutes_the_keys_are_gone_and_the_passphrase_alone_comes_back(amina, sessions_db):
    with clock.moved(minutes=21):
        assert amina.client.get("/settings").location == "/sign-in?next=/settings"
        (row,) = sessions_db["session"].rows
        assert (row["state"], row["sealed"], row["slot"], row["just_us"]) == ("locked", None, None, None)
        page = amina.client.get("/sign-in?next=/settings").text
        assert "You were away for a while" in page
        assert amina.sign_in_name not in page
        sent = {"csrf_token": token_of(page), "passphrase": amina.passphrase, "next": "/settings"}
        before = _token(amina)
        assert amina.client.post("/come-back", data=sent).location == "/settings"
        assert _token(amina) != before, "A new token each time the passphrase is typed."
        assert amina.client.get("/settings").status_code == 200
        assert sessions_db["session"].count == 1


def test_staff_have_fifteen_minutes(empty_app):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager")
    with clock.moved(minutes=14):
        assert dev.client.get("/staff").status_code == 200
        with clock.moved(minutes=16):
            assert dev.client.get("/staff").status_code == 302


def test_after_eight_hours_it_ends_however_busy_somebody_was(amina, sessions_db):
    for minutes in range(0, 480, 15):
        with clock.moved(minutes=minutes):
            assert amina.client.get("/settings").status_code == 200
    with clock.moved(minutes=481):
        assert amina.client.get("/settings").status_code == 302
        assert sessions_db["session"].count == 0
        assert "You were away" not in amina.client.get("/sign-in").text


def test_coming_back_does_not_lengthen_the_eight_hours(amina):
    with clock.moved(hours=7, minutes=59):
        page = amina.client.get("/sign-in").text
        amina.client.post("/come-back", data={"csrf_token": token_of(page), "passphrase": amina.passphrase})
        assert amina.client.get("/settings").status_code == 200
    with clock.moved(hours=8, minutes=2):
        assert amina.client.get("/settings").status_code == 302


def test_tidying_deletes_the_keys_of_those_who_went_away(amina, sessions_db):
    with clock.moved(minutes=21):
        assert amina.app.test_cli_runner().invoke(args=["tidy"]).exit_code == 0
        assert [row["sealed"] for row in sessions_db["session"].rows] == [None]
    with clock.moved(hours=9):
        amina.app.test_cli_runner().invoke(args=["tidy"])
        assert sessions_db["session"].count == 0


def test_times_are_kept_to_the_minute(amina, sessions_db):
    (row,) = sessions_db["session"].rows
    assert all(row[name] % 60 == 0 for name in ("started", "seen", "expires", "passphrase_at", "just_us_until"))


def test_looking_twice_in_a_minute_writes_once(amina, sessions_db):
    amina.client.get("/settings")
    version = sessions_db.execute("PRAGMA data_version").fetchone()
    for _ in range(5):
        amina.client.get("/settings")
    if datetime.datetime.now(datetime.UTC).second > 2:
        assert sessions_db.execute("PRAGMA data_version").fetchone() == version


def test_somebody_sees_their_sessions_and_ends_one(amina):
    lost = amina.app.test_client()
    headers = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36"}
    lost.environ_base["HTTP_USER_AGENT"] = headers["User-Agent"]
    amina.sign_in(lost)
    page = amina.client.get("/settings/sessions").text
    assert "Chrome, Android" in page
    assert page.count("Sign it out") == 1
    id_ = page.split('name="session" value="')[1].split('"')[0]
    assert fill(amina.client, "/settings/sessions", session=id_).status_code == 302
    assert lost.get("/settings").status_code == 302
    assert amina.client.get("/settings").status_code == 200


def test_somebody_ends_all_the_others(amina):
    others = [amina.app.test_client() for _ in range(3)]
    for other in others:
        amina.sign_in(other)
    fill(amina.client, "/settings/sessions", session="others")
    assert [other.get("/settings").status_code for other in others] == [302] * 3
    assert amina.client.get("/settings").status_code == 200


def test_nobody_ends_or_sees_anothers_session(amina):
    joe = sign_up(amina.app.test_client(), JOE)
    id_ = sessions.id_of(_token(joe)).hex()
    assert id_ not in amina.client.get("/settings/sessions").text
    assert fill(amina.client, "/settings", to="/settings/sessions", session=id_).status_code == 302
    assert joe.client.get("/settings").status_code == 200


@pytest.mark.parametrize("asked", ["", "x", "²" * 64, "00", "'; DROP TABLE session"])
def test_a_made_up_session_ends_nothing(amina, asked):
    assert fill(amina.client, "/settings", to="/settings/sessions", session=asked).status_code == 302
    assert amina.client.get("/settings").status_code == 200


def test_a_row_handed_to_somebody_else_opens_nothing(amina, sessions_db, caplog):
    joe = sign_up(amina.app.test_client(), JOE)
    sessions_db.execute("UPDATE session SET account_id = ? WHERE account_id = ?", [joe.id, amina.id])
    assert amina.client.get("/settings").status_code == 302
    assert "did not open" in caplog.text


@pytest.mark.parametrize("column", ["expires", "sealed"])
def test_a_row_changed_by_hand_ends(amina, sessions_db, column):
    value = "expires + 3600" if column == "expires" else "zeroblob(200)"
    sessions_db.execute(f"UPDATE session SET {column} = {value}")
    assert amina.client.get("/settings").status_code == 302
    assert sessions_db["session"].count == 0


@pytest.mark.parametrize(
    "change",
    [
        "role = 'service_manager'",
        "shown_name = 'Somebody'",
        "sign_in_name = 'another'",
        "generation = 2",
        "x25519 = zeroblob(32)",
        "ed25519 = zeroblob(32)",
        "mac = zeroblob(32)",
    ],
)
def test_an_account_changed_by_hand_is_signed_out_and_said_in_the_log(amina, family_db, caplog, change):
    family_db.execute(f"UPDATE account SET {change}")
    assert amina.client.get("/settings").status_code == 302
    assert "does not carry our mark" in caplog.text
    assert amina.sign_in(amina.app.test_client()).status_code == 400


def test_anothers_keys_in_a_row_do_not_open_though_the_passphrase_is_right(amina, family_db):
    joe = sign_up(amina.app.test_client(), JOE)
    columns = "cost, salt, by_passphrase, just_us_by_passphrase"
    family_db.execute(
        f"UPDATE account SET ({columns}) = (SELECT {columns} FROM account WHERE id = ?) WHERE id = ?",
        [joe.id, amina.id],
    )
    assert amina.sign_in(amina.app.test_client(), passphrase=joe.passphrase).status_code == 400


def test_what_is_kept_in_a_session_goes_when_it_locks(amina, sessions_db):
    token = _token(amina)
    session = sessions.find(sessions_db, token)
    sessions.write_slot(sessions_db, session, token, b"a small thing")
    session = sessions.find(sessions_db, token)
    assert sessions.read_slot(session, token) == b"a small thing"
    assert b"a small thing" not in session.slot
    with clock.moved(minutes=21):
        assert sessions.find(sessions_db, token).slot is None


def test_what_only_the_passphrase_opens_is_shut_after_ten_minutes(amina, sessions_db):
    token, account = _token(amina), amina.account()
    opened = sessions.open_person(sessions.find(sessions_db, token), token, account)
    assert opened.just_us == amina.person().just_us is not None
    with clock.moved(minutes=11):
        assert sessions.open_person(sessions.find(sessions_db, token), token, account).just_us is None


def test_signing_in_does_not_open_it(amina, sessions_db):
    phone = amina.app.test_client()
    amina.sign_in(phone)
    token = base64.urlsafe_b64decode(phone.get_cookie("linkbook").value)
    assert sessions.open_person(sessions.find(sessions_db, token), token, amina.account()).just_us is None
    asked = phone.get("/settings/passphrase")
    assert asked.location == "/again?next=/settings/passphrase"
    assert fill(phone, asked.location, to="/again", passphrase=AMINA, next="/settings").status_code == 400
    fill(phone, asked.location, to="/again", passphrase=amina.passphrase, next="/settings")
    assert phone.get("/settings/passphrase").status_code == 200


def test_an_ended_account_is_out_at_once(amina, family_db):
    with amina.app.test_request_context():
        store.end_account(family(), amina.id, clock.today())
        assert store.get_account(family(), secrets().server_key, amina.id) is None
    assert amina.client.get("/settings").status_code == 302
    assert amina.sign_in(amina.app.test_client()).status_code == 400
