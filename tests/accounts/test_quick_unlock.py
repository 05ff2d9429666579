"""Quick unlock: six digits on one phone, five tries, and nothing for whoever has only the file."""

from __future__ import annotations

import base64
import shutil
import sqlite3
import threading

import pytest

from accounts import keys, quick_unlock
from accounts.current import cost
from plumbing import clock
from plumbing.crypto import CannotOpen, passphrase
from plumbing.crypto.envelope import unseal
from plumbing.db import open_db
from tests.family import DEV, JOE, Member, fill, join_staff, sign_up, token_of

PIN = "270914"
WRONG = "270915"
COOKIE = "linkbook-device-key"


def secret_of(member: Member) -> bytes:
    """What the phone alone has."""
    return base64.urlsafe_b64decode(member.client.get_cookie(COOKIE).value)


def turn_on(member: Member, pin: str = PIN):
    return fill(member.client, "/quick-unlock", pin=pin)


def by_pin(client, pin: str, **fields: str):
    return client.post("/sign-in/pin", data={"csrf_token": token_of(client.get("/sign-in?other=1").text), "pin": pin, **fields})


@pytest.fixture
def phone(amina: Member) -> Member:
    """Amina's phone with a PIN on it, and nobody signed in."""
    assert turn_on(amina).status_code == 302
    fill(amina.client, "/settings", to="/sign-out")
    return amina


@pytest.fixture
def unlock_db(empty_app):
    db = open_db(empty_app.extensions["settings"].unlock_db, secure_delete=True)
    yield db
    db.close()


def tries(db) -> list[int]:
    return [row["tries"] for row in db["quick_unlock"].rows]


def test_six_digits_open_the_keys_on_this_phone(phone):
    assert by_pin(phone.client, PIN, next="/settings/name").location == "/settings/name"
    assert phone.client.get("/settings/name").status_code == 200


def test_a_pin_is_not_enough_for_what_is_grave(phone):
    by_pin(phone.client, PIN)
    assert phone.client.get("/leave").location == "/again?next=/leave"
    assert phone.client.get("/settings/passphrase").location == "/again?next=/settings/passphrase"


def test_after_five_wrong_tries_the_right_one_opens_nothing(phone, unlock_db):
    for left in (4, 3, 2, 1):
        answer = by_pin(phone.client, WRONG)
        assert answer.status_code == 400
        assert f"{left} more tr" in answer.text
    assert "Use your passphrase" in by_pin(phone.client, WRONG).text
    assert tries(unlock_db) == []
    answer = phone.client.post("/sign-in/pin", data={"csrf_token": token_of(phone.client.get("/sign-in").text), "pin": PIN})
    assert answer.status_code == 400
    assert phone.client.get("/settings").status_code == 302
    assert "Your PIN" not in phone.client.get("/sign-in").text
    assert phone.sign_in().status_code == 302, "The passphrase still opens."


def test_a_right_one_gives_the_five_back(phone, unlock_db):
    for _ in range(4):
        by_pin(phone.client, WRONG)
    assert tries(unlock_db) == [1]
    assert by_pin(phone.client, PIN).status_code == 302
    assert tries(unlock_db) == [5]


def test_of_many_who_try_at_once_five_get_to_try(phone, monkeypatch):
    """Counted where the guess would be made: no sixth derivation, however many come together."""
    app, secret = phone.app, secret_of(phone)
    derived, start = [], threading.Barrier(16)
    stretch = quick_unlock.stretch

    def counted(*arguments):
        derived.append(1)
        return stretch(*arguments)

    monkeypatch.setattr(quick_unlock, "stretch", counted)
    monkeypatch.setattr(passphrase, "_desk", threading.Lock())

    def attack() -> None:
        with app.test_request_context():
            start.wait()
            with pytest.raises((quick_unlock.WrongPin, quick_unlock.NoUnlock)):
                quick_unlock.open_by_pin(secret, WRONG)

    threads = [threading.Thread(target=attack) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(derived) == 5


def test_a_try_is_on_the_disk_before_anything_is_derived(phone, monkeypatch):
    """A server killed while it derives has given no try away for nothing."""
    path = phone.app.extensions["settings"].unlock_db
    seen = []

    class Killed(BaseException):
        pass

    def killed(*_arguments):
        # Another connection sees only what was committed.
        with sqlite3.connect(path) as other:
            seen.extend(other.execute("SELECT tries FROM quick_unlock").fetchone())
        other.close()
        raise Killed

    monkeypatch.setattr(quick_unlock, "stretch", killed)
    with phone.app.test_request_context(), pytest.raises(Killed):
        quick_unlock.open_by_pin(secret_of(phone), PIN)
    assert seen == [4]


def test_where_too_many_wait_nothing_was_tried(phone, unlock_db, monkeypatch):
    def busy(*_arguments):
        raise passphrase.Busy

    monkeypatch.setattr(quick_unlock, "stretch", busy)
    answer = by_pin(phone.client, PIN)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert tries(unlock_db) == [5]


def test_another_phone_is_asked_for_the_passphrase(phone):
    other = phone.app.test_client()
    assert "Your PIN" not in other.get("/sign-in").text
    other.set_cookie(COOKIE, "A" * 43 + "=")
    assert by_pin(other, PIN).status_code == 400
    assert other.get("/settings").status_code == 302


def test_the_file_the_pin_and_the_pepper_open_nothing_without_the_phone(phone, tmp_path):
    settings = phone.app.extensions["settings"]
    account, secret = phone.account(), secret_of(phone)
    stolen = open_db(shutil.copytree(settings.private, tmp_path / "stolen") / "unlock.db")
    (row,) = stolen["quick_unlock"].rows
    stolen.close()
    with phone.app.test_request_context():
        bound = quick_unlock._bound(row["id"], account)
        for guess in (bytes(32), bytes.fromhex(row["id"]), secret[::-1]):
            with pytest.raises(CannotOpen):
                unseal(quick_unlock._key(guess, PIN, row["salt"], cost()), row["sealed"], bound)
        # The other half: with the phone's secret it opens, so what was refused was refused for want of it.
        opened = keys.read(unseal(quick_unlock._key(secret, PIN, row["salt"], cost()), row["sealed"], bound), account)
    assert opened.signing == phone.person().signing
    content = b"".join(path.read_bytes() for path in settings.private.glob("unlock.db*"))
    for part in (secret, opened.signing.private, opened.sealing.private, PIN.encode()):
        assert part not in content


def test_a_row_put_on_somebody_elses_account_opens_nothing(phone, unlock_db):
    joe = sign_up(phone.app.test_client(), JOE)
    unlock_db.execute("UPDATE quick_unlock SET account_id = ?", [joe.id])
    assert by_pin(phone.client, PIN).status_code == 400
    assert phone.client.get("/settings").status_code == 302


def test_new_keys_end_it_on_every_phone(phone, unlock_db):
    phone.sign_in()
    fill(phone.client, "/again", passphrase=phone.passphrase)
    fill(phone.client, "/settings/passphrase", passphrase="a kettle sings before school", is_known="y")
    assert tries(unlock_db) == []
    assert "Your PIN" not in phone.app.test_client().get("/sign-in").text


def test_a_row_of_older_keys_is_taken_away_unopened(phone, unlock_db, monkeypatch):
    unlock_db.execute("UPDATE quick_unlock SET generation = generation + 1")
    monkeypatch.setattr(quick_unlock, "stretch", lambda *_: pytest.fail("Nothing may be derived for a row of other keys."))
    assert by_pin(phone.client, PIN).status_code == 400
    assert tries(unlock_db) == []


def test_leaving_ends_it(phone, unlock_db):
    phone.sign_in()
    fill(phone.client, "/leave", name=phone.sign_in_name)
    assert tries(unlock_db) == []


def test_it_is_turned_off_here_and_everywhere(phone, unlock_db):
    phone.sign_in()
    other = phone.app.test_client()
    phone.sign_in(other)
    fill(other, "/quick-unlock", pin="619283")
    assert tries(unlock_db) == [5, 5]
    fill(phone.client, "/quick-unlock", to="/quick-unlock/off")
    assert phone.client.get_cookie(COOKIE) is None
    assert tries(unlock_db) == [5]
    fill(phone.client, "/quick-unlock", to="/quick-unlock/off-everywhere")
    assert tries(unlock_db) == []


def test_a_new_pin_takes_the_place_of_the_old(phone, unlock_db):
    phone.sign_in()
    turn_on(phone, "619283")
    assert tries(unlock_db) == [5]
    fill(phone.client, "/settings", to="/sign-out")
    assert by_pin(phone.client, PIN).status_code == 400
    assert by_pin(phone.client, "619283").status_code == 302


@pytest.mark.parametrize(
    "pin", ["", "27091", "2709144", "²70914", "27o914", "000000", "123456", "987654", "121212", "112233", "123123"]
)
def test_a_pin_that_strangers_would_try_is_refused(amina, unlock_db, pin):
    answer = turn_on(amina, pin)
    assert answer.status_code == 400
    assert "Error:" in answer.text
    assert tries(unlock_db) == []


def test_staff_have_none(empty_app):
    dev = join_staff(empty_app.test_client(), DEV, "service_manager")
    assert dev.client.get("/quick-unlock").status_code == 403


def test_turning_it_on_asks_for_the_passphrase_again(amina, unlock_db):
    with clock.moved(minutes=6):
        answer = turn_on(amina)
        assert answer.status_code == 401
        assert PIN not in answer.text
    assert tries(unlock_db) == []


def test_the_cookie_is_out_of_every_scripts_reach(amina):
    cookie = next(value for value in turn_on(amina).headers.getlist("Set-Cookie") if value.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
