"""Consent without the ifs: every permission check is made to say yes, and still nothing opens for whoever has no key.

What is exchanged here: every "is this theirs", "may they add", "is it over", "was it ended" that our code asks, and the dates in
the SQL. What is left is what was sealed to whom, what was deleted, and what got another key.
"""

from __future__ import annotations

import datetime
from contextlib import suppress

import pytest

from accounts import keyring
from plumbing.crypto import CannotOpen
from records import canonical, editing, holding, inviting, sharing, store, visits
from records.consent import Consent
from records.gate import DoesNotMatch, NotYours
from records.opened import Opened
from records.terms import SealedTerms
from records.witness import Witness
from records.wrap import Terms, Wrap
from tests.records.people import TODAY

NOTE = {"v": 1, "kind": "note", "title": "Only for whom we said"}
AFTER = datetime.date(2027, 3, 4)


@pytest.fixture
def filled(yusuf):
    for section in yusuf.sections:
        editing.add(yusuf, section.id, NOTE)
    return yusuf


@pytest.fixture
def sara(house):
    return house.person("sara")


def _every_wrap(db, record_id, section_id, _epoch, _account_id, _today):
    """Without the last day, the epoch, or whose it is: every row there is.

    The section's own come first: else the first key that opens may be of another section, also for those who have leave.
    """
    sql = "SELECT section_id, epoch, account_id, generation, grant_id, verb, last_day, wrapped FROM wrap WHERE record_id = ?"
    rows = db.execute(f"{sql} ORDER BY section_id = ? DESC", [record_id, section_id])
    return [Wrap(Terms(*row[:7]), row[7]) for row in rows.fetchall()]


def _every_term(db, record_id, _account_id, _today):
    sql = "SELECT id, account_id, generation, verb, last_day, sealed FROM consent WHERE record_id = ?"
    return [SealedTerms(*row) for row in db.execute(sql, [record_id]).fetchall()]


def _every_epoch(db, record_id, _account_id, _today):
    sql = "SELECT section_id, max(epoch) FROM section_epoch WHERE record_id = ? GROUP BY section_id"
    return dict(db.execute(sql, [record_id]).fetchall())


@pytest.fixture
def yes(monkeypatch):
    """Every check says yes."""

    def say(is_holder: bool) -> None:
        monkeypatch.setattr(Opened, "is_holder", property(lambda _self: is_holder))
        monkeypatch.setattr(Opened, "may_add", lambda _self, _section: True)
        monkeypatch.setattr(Opened, "may_change", lambda _self, _entry: True)
        monkeypatch.setattr(Witness, "ended", lambda _self: set())
        monkeypatch.setattr(Witness, "is_gone", lambda _self, _record: False)
        monkeypatch.setattr(store, "wraps", _every_wrap)
        monkeypatch.setattr(store, "terms_for", _every_term)
        monkeypatch.setattr(store, "epochs_for", _every_epoch)

    return say


def opened_by(house, person, filled, today=TODAY):
    """Every entry that this person gets to see, with every door tried."""
    found = []
    ids = [row[0] for row in house.db.execute("SELECT id FROM entry").fetchall()]
    sections = [row[0] for row in house.db.execute("SELECT id FROM section").fetchall()]
    with suppress(CannotOpen, NotYours, DoesNotMatch):
        opened = house.enter(person, filled.record_id, today)
        for section_id in sections:
            with suppress(CannotOpen, NotYours):
                found += opened.entries([section_id])
        for entry_id in ids:
            with suppress(CannotOpen, NotYours):
                found.append(opened.entry(entry_id))
                found += opened.history(entry_id)
    return found


def stranger(house, filled):
    """Somebody who even knows the record's stamp: they have it pinned as a reader has."""
    nobody = house.person("nobody")
    pins = keyring.read(house.db, filled.person)[filled.record_id]
    with house.db.conn:
        keyring.write(house.db, nobody, {filled.record_id: pins | {"reads": True}})
    return nobody


@pytest.mark.parametrize("is_holder", [False, True])
def test_without_a_grant_nothing_opens_though_every_check_says_yes(house, filled, sara, yes, is_holder):
    house.share(filled, sara)
    nobody = stranger(house, filled)
    yes(is_holder)
    assert opened_by(house, nobody, filled) == []


@pytest.mark.parametrize("is_holder", [False, True])
def test_with_a_grant_that_is_over_nothing_opens_though_every_check_says_yes(house, filled, sara, yes, is_holder):
    house.share(filled, sara, last_day=20270303)
    assert len(opened_by(house, sara, filled)) == 3, "While it lasts, she sees the one section."
    yes(is_holder)
    assert opened_by(house, sara, filled, AFTER) == []


@pytest.mark.parametrize("is_holder", [False, True])
def test_with_a_grant_that_was_withdrawn_nothing_opens_though_every_check_says_yes(house, filled, sara, yes, is_holder):
    grant = house.share(filled, sara)
    sharing.withdraw(filled, grant.grant_id)
    yes(is_holder)
    assert opened_by(house, sara, filled) == []


def test_a_section_that_was_not_given_stays_shut_though_every_check_says_yes(house, filled, sara, yes):
    house.share(filled, sara)
    yes(False)
    assert {entry.section_id for entry in opened_by(house, sara, filled)} == {filled.sections[0].id}


def test_the_wraps_of_before_open_nothing_of_afterwards(house, filled, sara, yes):
    """Whoever writes into the database gives Sara her deleted rows back; the checks are off; her keys are right."""
    grant = house.share(filled, sara)
    wraps = house.db.execute("SELECT * FROM wrap WHERE grant_id = ?", [grant.grant_id]).fetchall()
    terms = house.db.execute("SELECT * FROM consent").fetchall()
    sharing.withdraw(filled, grant.grant_id)
    editing.add(filled, filled.sections[0].id, NOTE)
    with house.db.conn:
        for table, rows in (("wrap", wraps), ("consent", terms)):
            for row in rows:
                house.db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in row)})", list(row))
    yes(False)
    assert opened_by(house, sara, filled) == []


def test_after_a_holder_left_their_keys_open_nothing_though_every_check_says_yes(house, filled, yes):
    joe = house.person("joe")
    terms = Consent("Joe", "", (), "read", "", 20270303, 20261122)
    invited = inviting.invite(filled, "hold", terms, 20261206, "Amina")
    inviting.accept(house.db, house.office, joe, canonical.raw(invited.code), 20261122)
    holding.confirm(filled, invited.id)
    holding.leave(house.enter(filled.person, filled.record_id))
    visits.attend(house.enter(joe, filled.record_id))
    with house.db.conn:
        pins = keyring.read(house.db, joe)
        keyring.write(house.db, filled.person, pins)
    yes(True)
    assert opened_by(house, filled.person, filled) == []
