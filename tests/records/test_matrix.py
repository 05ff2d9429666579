"""Everything sealed, put into the place of everything else that is sealed: none of it opens there.

Two children's records of one mother, who holds every key: nothing here is refused for want of one.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from accounts import keyring, keys, sessions
from accounts.account import Account
from accounts.keyring import KeyringLost
from accounts.keys import ByKit, ByPassphrase
from accounts.migrations import session_migrations
from accounts.person import new_person
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code
from plumbing.crypto.envelope import unseal
from plumbing.crypto.passphrase import Cost
from plumbing.db import apply_migrations, open_db
from plumbing.ids import new_id
from records import attachments, canonical, editing, items, links, log
from records import keys as record_keys
from records.gate import DoesNotMatch, NotYours
from tests.conftest import PROOF
from tests.records.senders import NEXT_MONTH, find, send

LETTER = {"v": 1, "kind": "letter", "title": "Appointment at the eye clinic"}
REFUSED = (CannotOpen, NotYours, DoesNotMatch, KeyringLost)
FLIPS = 8_000 if PROOF else 800


class Noticed(Exception):
    """It opened, and said that something does not match."""


@dataclass
class Place:
    """Where something sealed stands: how it is read there, and how something else is put there."""

    name: str
    value: bytes
    put: Callable[[bytes], None]
    opens: Callable[[], Any]


def cell(db, name: str, table: str, column: str, where: str, values: list[Any], opens: Callable[[], Any]) -> Place:
    """One column of one row."""
    value = db.execute(f"SELECT {column} FROM {table} WHERE {where}", values).fetchone()[0]

    def put(other: bytes) -> None:
        with db.conn:
            assert db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", [other, *values]).rowcount == 1

    return Place(f"{name} {column}", value, put, opens)


def _label(house, opened, section_id):
    row = house.db.execute("SELECT label, label_version FROM section WHERE id = ?", [section_id]).fetchone()
    bound = record_keys.label_bound(opened.stamp, section_id, opened.epoch(section_id), row[1])
    return unseal(opened.key(section_id), row[0], bound)


def _log(opened):
    lines, alarms = opened.log_lines(), opened.alarms
    opened.alarms = ()
    if alarms or any(line.words["what"] == log.UNREADABLE for line in lines):
        raise Noticed
    return lines


def _entered(house, amina, record_id):
    opened = house.enter(amina, record_id)
    if opened.alarms:
        raise Noticed
    return opened


def _written(house, opened):
    """A section's letters, four of two versions, with a page each."""
    made = []
    for number, section in enumerate((*opened.sections[:2], opened.sections[0])):
        entry = editing.add(opened, section.id, LETTER | {"title": f"Letter {number}"})
        file = editing.attach(opened, entry.id, {"page": (f"page {number}".encode() * 50, "image/jpeg")})["page"]
        editing.revise(opened, entry.id, lambda document, file=file: document | {"files": {file.id: file.written()}})
        made.append((entry.id, file))
    return made


def places_of(house, amina, opened) -> list[Place]:
    """Every place of one record."""
    db, id_, name, found = house.db, opened.record_id, opened.book.called, []

    def enters():
        return _entered(house, amina, id_)

    for entry_id, file in _written(house, opened):
        for version in (1, 2):
            reads = lambda entry_id=entry_id, version=version: opened.history(entry_id)[2 - version]  # noqa: E731
            where = "entry_id = ? AND version = ?"
            found.append(cell(db, f"{name} entry", "entry_version", "sealed", where, [entry_id, version], reads))
        path = attachments.path_of(house.office.attachments, file.id)
        found.append(Place(f"{name} page", path.read_bytes(), path.write_bytes, lambda file=file: opened.file(file)))
    found += _letters_that_wait(house, opened)
    editing.change_book(opened, lambda book: replace(book, nation="wales"))
    editing.change_book(opened, lambda book: replace(book, sections=(*book.sections, record_keys.Section(new_id(), "", "New"))))
    for section_id in opened.roster.epochs:

        def unwraps(section_id=section_id):
            opened.held.clear()
            return opened.key(section_id)

        where = "record_id = ? AND section_id = ?"
        found.append(cell(db, f"{name} key", "wrap", "wrapped", where, [id_, section_id], unwraps))
    for section in opened.sections:
        reads = lambda section=section: _label(house, opened, section.id)  # noqa: E731
        found.append(cell(db, f"{name} label", "section", "label", "id = ?", [section.id], reads))
    found.append(cell(db, name, "book", "sealed", "record_id = ?", [id_], enters))
    for number in range(1, opened.roster.number + 1):
        for column in ("before", "sealed"):
            found.append(cell(db, f"{name} roster", "roster", column, "record_id = ? AND number = ?", [id_, number], enters))
    # Only the rosters since the one that is pinned are looked at.
    found = [place for place in found if " roster " not in place.name] + found[-2:]
    for column in ("public", "mac", "sealed"):
        found.append(cell(db, f"{name} letterbox", "letterbox", column, "record_id = ?", [id_], lambda: opened.letterbox))
    for column in ("body", "signature"):
        found.append(cell(db, f"{name} statement", "statement", column, "record_id = ?", [id_], enters))
    for number in range(log.newest(db, id_).number + 1):
        for column in ("sealed", "head"):
            where = "record_id = ? AND number = ?"
            found.append(cell(db, f"{name} line", "log_line", column, where, [id_, number], lambda: _log(opened)))
    return found


def _letters_that_wait(house, opened) -> list[Place]:
    """Two letters in the letter-box, each by a link of its own."""
    found, name = [], opened.book.called
    for number in range(2):
        link = links.open_link(opened, f"School {number}", "Letters", NEXT_MONTH)
        found.append(
            cell(house.db, f"{name} link", "letterbox_link", "sealed", "id = ?", [link.id], lambda link=link: find(house, link))
        )
        item_id = send(house, link)
        reads = lambda item_id=item_id: items.one(opened, item_id)  # noqa: E731
        found.append(cell(house.db, f"{name} letter", "letterbox_item", "sealed", "id = ?", [item_id], reads))
    return found


@pytest.fixture
def places(house, amina, yusuf):
    """Every place of two records, of the keyring, and of two people's own keys."""
    house.db.execute("PRAGMA synchronous = OFF")
    mariam = house.record(amina, "Mariam")
    found = places_of(house, amina, yusuf) + places_of(house, amina, mariam)
    reads = lambda: keyring.read(house.db, amina)  # noqa: E731
    found.append(cell(house.db, "Amina", "account", "keyring", "id = ?", [amina.account_id], reads))
    found += _peoples_own(house)
    for place in found:
        place.opens()
    return found


def _peoples_own(house) -> list[Place]:
    """Two people's private keys under passphrase and kit, and in a session."""
    file = house.folder / "sessions.db"
    apply_migrations(file, session_migrations, secure_delete=True)
    rows, found = open_db(file), []
    pepper, code = house.office.secrets.pepper, new_code()
    for name in ("Amina", "Joe"):
        person = replace(new_person(new_id()), just_us=bytes(range(32)))
        publics = person.sealing.public, person.signing.public
        account = Account(person.account_id, 1, name, name, "parent", *publics, clock.today())
        by_words = keys.seal_by_passphrase(person, "the very same words", pepper, Cost(64, 1, 1))
        by_kit = keys.seal_by_kit(person, code)
        for column in ("keys", "just_us"):
            found += [_held(f"{name} passphrase {column}", by_words, column, account, pepper, code)]
            found += [_held(f"{name} kit {column}", by_kit, column, account, pepper, code)]
        with rows.conn:
            token = sessions.start(rows, account, person, "Phone")
        sessions.write_slot(rows, sessions.look(rows, token), token, b"kept for a while")

        def opens(token=token, account=account):
            session = sessions.look(rows, token)
            sessions.read_slot(session, token)
            return sessions.open_person(session, token, account)

        for column in ("sealed", "just_us", "slot"):
            found.append(cell(rows, f"{name} session", "session", column, "id = ?", [sessions.id_of(token)], opens))
    return found


def _held(name: str, sealed: ByPassphrase | ByKit, column: str, account, pepper: bytes, code: bytes) -> Place:
    now = [sealed]

    def put(value: bytes) -> None:
        now[0] = replace(sealed, **{column: value})

    def opens() -> Any:
        if isinstance(now[0], ByKit):
            return keys.open_by_kit(account, now[0], code)
        return keys.open_by_passphrase(account, now[0], "the very same words", pepper)

    return Place(name, getattr(sealed, column), put, opens)


def refuses(place: Place) -> bool:
    try:
        place.opens()
    except (*REFUSED, Noticed):
        return True
    return False


def test_nothing_opens_in_the_place_of_anything_else(places):
    accepted, tried = [], 0
    for place in places:
        for other in places:
            if other.value == place.value:
                continue
            place.put(other.value)
            tried += 1
            if not refuses(place):
                accepted.append((other.name, place.name))
        place.put(place.value)
        place.opens()
    assert not accepted
    assert tried > 9_000, tried


def test_no_bit_of_anything_can_be_turned(places):
    rng, accepted = random.Random(3), []
    for number in range(FLIPS):
        place = places[number % len(places)]
        flipped, bit = bytearray(place.value), rng.randrange(8 * len(place.value))
        flipped[bit // 8] ^= 1 << bit % 8
        place.put(bytes(flipped))
        if not refuses(place):
            accepted.append((place.name, bit))
        place.put(place.value)
    for place in places:
        place.opens()
    assert not accepted


COLUMNS = [
    ("entry_version", "entry_id"),
    ("entry_version", "section_id"),
    ("entry_version", "epoch"),
    ("entry_version", "version"),
    ("wrap", "section_id"),
    ("wrap", "epoch"),
    ("wrap", "account_id"),
    ("wrap", "generation"),
    ("wrap", "grant_id"),
    ("wrap", "verb"),
    ("wrap", "last_day"),
    ("roster", "epoch"),
    ("roster", "number"),
    ("book", "epoch"),
    ("book", "version"),
    ("letterbox", "epoch"),
    ("letterbox", "generation"),
    ("letterbox_link", "id"),
    ("letterbox_link", "last_day"),
    ("letterbox_item", "id"),
    ("letterbox_item", "generation"),
    ("letterbox_file", "id"),
    ("statement", "number"),
    ("log_line", "number"),
    ("record", "stamp"),
    ("record", "root_id"),
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_what_stands_in_the_clear_beside_a_seal_cannot_be_edited(house, amina, yusuf, table, column):
    """Every number and name that a seal is bound to, exchanged for another that the database would take."""
    house.db.execute("PRAGMA synchronous = OFF")
    for number in range(3):
        entry = editing.add(yusuf, yusuf.sections[number].id, LETTER)
        editing.save(yusuf, entry.id, LETTER, based_on=1)
    given = [links.open_link(yusuf, f"School {number}", "Letters", NEXT_MONTH) for number in range(2)]
    for link in given:
        send(house, link)
    before = "\n".join(house.db.conn.iterdump())

    def everything():
        opened = _entered(house, amina, yusuf.record_id)
        for link in given:
            find(house, link)
        if len(items.waiting(opened)) != 2:
            raise Noticed
        for entry in opened.entries():
            opened.history(entry.id)
        if opened.damaged or len(opened.entries()) != 3:
            raise Noticed
        _log(opened)
        opened.letterbox  # noqa: B018 - asking is the point

    everything()
    rows = house.db.execute(f"SELECT {column} FROM {table}").fetchall()
    others = (
        {row[0] for row in rows}
        | {"read", amina.account_id[::-1]}
        | {rows[0][0] + more for more in (1, 7, 99) if isinstance(rows[0][0], int)}
        | {b"x" * 32}
    )
    tried = 0
    for (value,) in set(rows):
        for other in others - {value}:
            house.db.execute("PRAGMA foreign_keys = OFF")
            try:
                house.db.execute(f"UPDATE OR FAIL {table} SET {column} = ? WHERE {column} = ?", [other, value])
            except Exception:
                house.db.conn.rollback()
                continue  # the database itself refuses
            house.db.conn.commit()
            tried += 1
            with pytest.raises((*REFUSED, Noticed)):
                everything()
            restore(house.db, before)
    everything()
    assert tried


def restore(db, dump):
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    with db.conn:
        for table in tables:
            db.execute(f"DELETE FROM {table}")
        for line in dump.split(";\n"):
            if line.startswith("INSERT INTO") and "sqlite_" not in line:
                db.execute(line)


def test_a_value_read_back_is_the_one_that_was_kept(house, amina, yusuf):
    """The matrix proves nothing if reading never succeeds."""
    entry = editing.add(yusuf, yusuf.sections[0].id, LETTER)
    assert canonical.to_bytes(_entered(house, amina, yusuf.record_id).entry(entry.id).document) == canonical.to_bytes(LETTER)
