"""The phone remembers: an old database with an old witness beside it is noticed by whoever has seen newer."""

from __future__ import annotations

import shutil

import pytest

from accounts.current import family
from records import device_heads, editing
from records.log import Head
from records.witness import Witness
from tests.family import AMINA, JOE, sign_up, token_of
from tests.records.pages.conftest import begin_record, opened

KEY = bytes(32)
HEADS = {"a" * 32: Head(7, bytes(range(32)))}


def test_a_cookie_gives_back_what_was_written():
    cookie = device_heads.written(HEADS, KEY, "amina")
    remembered = device_heads.read(cookie, KEY, "amina")["a" * 32]
    assert device_heads.matches(remembered, bytes(range(32)))
    assert not device_heads.matches(remembered, bytes(32))
    assert not device_heads.matches(remembered, None)


@pytest.mark.parametrize(
    "spoil", [lambda c: "", lambda c: c[:-2] + "00", lambda c: "x" + c, lambda c: c.replace(".", ""), lambda c: "é.é"]
)
def test_a_cookie_that_is_not_ours_says_nothing(spoil):
    assert device_heads.read(spoil(device_heads.written(HEADS, KEY, "amina")), KEY, "amina") == {}


def test_a_cookie_of_somebody_else_says_nothing():
    assert device_heads.read(device_heads.written(HEADS, KEY, "amina"), KEY, "joe") == {}


def test_a_cookie_has_room_for_twenty_records():
    heads = {f"{number:032x}": Head(10**9, bytes(32)) for number in range(50)}
    cookie = device_heads.written(heads, KEY, "amina")
    assert len(cookie) < 3_900
    assert list(device_heads.read(cookie, KEY, "amina")) == list(heads)[-20:]


def test_everything_put_back_at_once_is_noticed_by_the_phone_that_saw_newer(empty_app, tmp_path):
    app = empty_app
    amina = sign_up(app.test_client(), AMINA)
    url = begin_record(amina)
    amina.client.get(url)
    settings = app.extensions["settings"]
    with app.test_request_context():
        family().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    old_database, old_witness = tmp_path / "old.db", tmp_path / "old.log"
    shutil.copy(settings.family_db, old_database)
    shutil.copy(settings.witness, old_witness)
    with app.test_request_context():
        inside = opened(amina, url)
        editing.add(inside, inside.sections[0].id, {"v": 1, "kind": "note", "title": "Newer"})
    amina.client.get(url)
    with app.test_request_context():
        family().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    shutil.copy(old_database, settings.family_db)
    shutil.copy(old_witness, settings.witness)
    app.extensions["office"].witness.__init__(settings.witness)
    assert "Something does not match" in amina.client.get(url).text
    assert "Something does not match" in amina.client.get(url).text, "It stays until she says that she knows why."
    other_phone = app.test_client()
    amina.sign_in(other_phone)
    assert "Something does not match" not in other_phone.get(url).text, "A phone that saw nothing newer cannot know."
    assert isinstance(app.extensions["office"].witness, Witness)


def test_a_phone_that_two_share_remembers_for_both(empty_app):
    phone = empty_app.test_client()
    amina = sign_up(phone, AMINA)
    phone.get(begin_record(amina))
    phone.post("/sign-out", data={"csrf_token": token_of(phone.get("/leave").text)})
    joe = sign_up(phone, JOE)
    phone.get(begin_record(joe))
    names = {cookie.key for cookie in phone._cookies.values() if cookie.key.startswith("linkbook-heads")}
    assert names == {device_heads.cookie_name(amina.id), device_heads.cookie_name(joe.id)}
