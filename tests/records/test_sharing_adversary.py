"""Somebody who can write into the database, against what a family gives: it fails, or it is noticed. And what is not prevented.

Each test is written as the attacker would go about it. Where it says "with the server's key" they have that, too.
"""

from __future__ import annotations

import datetime
import sqlite3
from dataclasses import replace

import pytest

from accounts import keyring, keys
from accounts import store as account_store
from accounts.keys import ByKit
from accounts.marks import account_parts, mark
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code
from records import canonical, editing, inviting, letterbox, store, visits
from records import keys as record_keys
from records.consent import Consent, Granted
from records.gate import DoesNotMatch, NotShared, NotYours
from records.migrations import TamperedSchema, refuse_strangers
from records.roster import Roster, seal_roster
from records.statement import Holder
from records.terms import seal_terms
from records.wrap import Terms, wrap_key

NOTE = {"v": 1, "kind": "note", "title": "The plan"}
CONSENT = Consent("Sara", "key worker", (), "read", "the plan", 20270303, 20261122)


@pytest.fixture
def sara(house):
    return house.person("sara")


@pytest.fixture
def mallory(house):
    """Who writes into the database; they have an account, too."""
    return house.person("mallory")


@pytest.fixture
def filled(yusuf):
    for section in yusuf.sections:
        editing.add(yusuf, section.id, NOTE | {"title": section.slug})
    return yusuf


def change(house, sql, *parameters):
    with house.db.conn:
        return house.db.execute(sql, list(parameters)).rowcount


def pinned_by(house, person, filled):
    """The pins of a reader, made by hand: everything in them stands in the database."""
    pins = keyring.read(house.db, filled.person)[filled.record_id]
    with house.db.conn:
        keyring.write(house.db, person, {filled.record_id: pins | {"reads": True}})


def marked_anew(house, account, **changes):
    """Change an account's row and mark it with the server's key."""
    changed = replace(account, **changes)
    mac = mark(house.office.secrets.server_key, "account-keys", "account", *account_parts(changed))
    change(
        house,
        "UPDATE account SET generation = ?, x25519 = ?, ed25519 = ?, mac = ? WHERE id = ?",
        changed.generation,
        changed.sealing_public,
        changed.signing_public,
        mac,
        changed.id,
    )


def account_of(house, person):
    return account_store.get_account(house.db, house.office.secrets.server_key, person.account_id)


# Adding a reader


def test_terms_and_a_wrap_of_ones_own_make_no_reader(house, filled, mallory):
    """She signs what she gives herself: nobody whose word counts did."""
    pinned_by(house, mallory, filled)
    section = filled.sections[0].id
    granted = Granted("9" * 32, mallory.account_id, 1, "", replace(CONSENT, sections=(section,)))
    box = letterbox.newest(house.db, house.office.secrets.server_key, filled.record_id)
    terms = seal_terms(filled.stamp, granted, ("Yusuf", {section: "About me"}), box, Holder.of(mallory), mallory)
    wrap = wrap_key(
        filled.stamp,
        Terms(section, 1, mallory.account_id, 1, granted.grant_id, "read", 20270303),
        bytes(32),
        mallory.sealing.public,
        mallory,
    )
    with house.db.conn:
        store.add_terms(house.db, filled.record_id, terms)
        store.add_wrap(house.db, filled.record_id, wrap)
    with pytest.raises(NotShared):
        house.enter(mallory, filled.record_id)


def test_a_wrap_moved_to_somebody_else_opens_nothing(house, filled, sara, mallory):
    house.share(filled, sara)
    pinned_by(house, mallory, filled)
    assert change(house, "UPDATE wrap SET account_id = ? WHERE account_id = ?", mallory.account_id, sara.account_id)
    assert change(house, "UPDATE consent SET account_id = ? WHERE account_id = ?", mallory.account_id, sara.account_id)
    for person in (mallory, sara):
        with pytest.raises(NotShared):
            house.enter(person, filled.record_id)


def test_a_wrap_moved_to_another_section_opens_nothing(house, filled, sara):
    grant = house.share(filled, sara)
    other = filled.sections[1].id
    change(house, "UPDATE wrap SET section_id = ? WHERE grant_id = ?", other, grant.grant_id)
    opened = house.enter(sara, filled.record_id)
    assert opened.entries() == []
    with pytest.raises(NotYours):
        opened.key(other)


def test_a_key_that_a_holder_did_not_choose_is_never_sealed_under(house, filled, sara, mallory):
    """A wrap to Sara with a key that Mallory knows, in the place of the real one: what Sara adds would be Mallory's to read."""
    grant = house.share(filled, sara, verb="read_and_add")
    section = filled.sections[0].id
    terms = Terms(section, 1, sara.account_id, 1, grant.grant_id, "read_and_add", grant.consent.last_day)
    planted = wrap_key(filled.stamp, terms, bytes(32), sara.sealing.public, mallory)
    change(house, "UPDATE wrap SET wrapped = ? WHERE grant_id = ?", planted.wrapped, grant.grant_id)
    opened = house.enter(sara, filled.record_id)
    with pytest.raises(NotYours):
        editing.add(opened, section, NOTE)


@pytest.mark.parametrize("verb", ["read_and_add", "add"])
def test_reading_does_not_become_adding(house, filled, sara, verb):
    grant = house.share(filled, sara)
    change(house, "UPDATE consent SET verb = ? WHERE id = ?", verb, grant.grant_id)
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id)


# Statement, roster, kit


def test_a_roster_that_a_reader_wrote_is_believed_by_nobody(house, filled, sara):
    """Sara has every key of her section and none of the root's: what she seals as a roster does not open."""
    house.share(filled, sara)
    before = store.rosters_from(house.db, filled.record_id, filled.roster.number)[-1]
    root = (1, house.enter(sara, filled.record_id).key(filled.sections[0].id))
    forged = seal_roster(filled.stamp, Roster(0, filled.roster.epochs), before, root, sara)
    with house.db.conn:
        store.add_roster(house.db, filled.record_id, forged)
    with pytest.raises(DoesNotMatch):
        house.enter(filled.person, filled.record_id)


def test_a_kit_of_ones_own_opens_nobodys_account(house, amina, mallory):
    code = new_code()
    theirs = keys.seal_by_kit(replace(mallory, just_us=bytes(32)), code)
    account = account_of(house, amina)
    with pytest.raises(CannotOpen):
        keys.open_by_kit(account, ByKit(theirs.keys, theirs.just_us), code)
    # Even sealed for Amina's very row: the keys inside are not those of the row.
    posing = replace(mallory, account_id=amina.account_id, sealing=mallory.sealing, just_us=bytes(32))
    document = keys.written(posing)
    with pytest.raises(CannotOpen):
        keys.read(document, account)


# Invitations


def told(filled, consent=CONSENT, to="see"):
    consent = replace(consent, sections=(filled.sections[0].id,))
    return inviting.invite(filled, to, consent, 20261206, "Amina")


def test_an_acceptance_without_the_words_gives_nothing(house, filled, mallory):
    invited = told(filled)
    change(
        house,
        "UPDATE invitation SET account_id = ?, generation = 1, accepted = ? WHERE id = ?",
        mallory.account_id,
        bytes(32),
        invited.id,
    )
    with pytest.raises(CannotOpen):
        inviting.accepted_by(filled, invited)
    visits.attend(filled)
    assert filled.roster.given.grants == ()


def test_an_acceptance_moved_to_somebody_else_gives_nothing(house, filled, sara, mallory):
    invited = told(filled)
    inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)
    change(house, "UPDATE invitation SET account_id = ? WHERE id = ?", mallory.account_id, invited.id)
    visits.attend(filled)
    assert filled.roster.given.grants == ()


@pytest.mark.parametrize(
    "edit", ["last_day = 20291231", "sealed = zeroblob(300)", "mac = zeroblob(32)", "record_id = record_id || 'x'"]
)
def test_an_invitation_that_was_edited_is_none(house, filled, sara, edit):
    invited = told(filled)
    house.db.execute("PRAGMA foreign_keys = OFF")
    change(house, f"UPDATE invitation SET {edit}")
    with pytest.raises(inviting.Unknown):
        inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)


def test_an_invitation_to_another_record_than_it_says_is_none(house, amina, filled, sara):
    """The row is moved to a record that Mallory made: the stamp under the words is that of Yusuf's."""
    other = house.record(house.person("other"))
    invited = told(filled)
    change(house, "UPDATE invitation SET record_id = ? WHERE id = ?", other.record_id, invited.id)
    with pytest.raises(inviting.Unknown):
        inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)


def test_words_that_were_taken_back_stay_so_in_a_restored_backup(house, filled, sara):
    invited = told(filled)
    row = house.db.execute("SELECT * FROM invitation").fetchone()
    inviting.take_back(filled, invited.id)
    change(house, f"INSERT INTO invitation VALUES ({', '.join('?' for _ in row)})", *row)
    with pytest.raises(inviting.Unknown):
        inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)


# Public keys and the letter-box


def test_a_public_key_exchanged_before_the_first_share_gets_nothing(house, filled, sara, mallory):
    """With the server's key: the row is marked anew, and still the words vouch for other keys."""
    invited = told(filled)
    inviting.accept(house.db, house.office, sara, canonical.raw(invited.code), 20261122)
    account = account_of(house, sara)
    marked_anew(house, account, sealing_public=mallory.sealing.public, signing_public=mallory.signing.public)
    with pytest.raises(CannotOpen):
        inviting.accepted_by(filled, invited)
    visits.attend(filled)
    assert filled.roster.given.grants == ()


@pytest.mark.parametrize("generation", [1, 2])
def test_a_public_key_exchanged_after_the_first_share_gets_nothing(house, filled, sara, mallory, generation):
    """With the server's key. The next rotation wraps to nobody who is not on the roster with this fingerprint."""
    house.share(filled, sara)
    account = account_of(house, sara)
    exchanged = {"sealing_public": mallory.sealing.public, "signing_public": mallory.signing.public}
    marked_anew(house, account, generation=generation, **exchanged)
    opened = house.enter(filled.person, filled.record_id)
    with editing.change(opened) as pen:
        record_keys.rotate(opened, [filled.sections[0].id])
        pen.note("rotated")
    assert house.db.execute("SELECT count(*) FROM wrap WHERE account_id = ?", [sara.account_id]).fetchone() == (0,)
    visits.attend(opened)
    assert [one.why for one in opened.roster.given.untold] == ["new_keys"], "The family is asked, with words to compare."


def test_a_public_key_exchanged_without_the_servers_key_is_no_account(house, filled, sara, mallory):
    house.share(filled, sara)
    change(house, "UPDATE account SET x25519 = ? WHERE id = ?", mallory.sealing.public, sara.account_id)
    assert account_of(house, sara) is None


def test_a_letterbox_exchanged_before_the_first_share_is_noticed_by_the_holder(house, filled, mallory):
    """With the server's key, who marks a letter-box of theirs: the holder has the key of the real one, and gives nothing."""
    mac = letterbox._mac(house.office.secrets.server_key, filled.record_id, 1, mallory.sealing.public)
    change(house, "UPDATE letterbox SET public = ?, mac = ?", mallory.sealing.public, mac)
    with pytest.raises(CannotOpen):
        told(filled)


def test_a_letterbox_exchanged_after_the_first_share_gets_no_word_of_a_reader(house, filled, sara, mallory):
    house.share(filled, sara)
    mac = letterbox._mac(house.office.secrets.server_key, filled.record_id, 1, mallory.sealing.public)
    change(house, "UPDATE letterbox SET public = ?, mac = ?", mallory.sealing.public, mac)
    opened = house.enter(sara, filled.record_id)
    with pytest.raises(CannotOpen):
        opened.entries()
    assert opened.held == {}, "Without a line she has read nothing, either."


# The end date


@pytest.mark.parametrize("table", ["wrap", "consent"])
def test_an_end_date_cannot_be_put_off(house, filled, sara, table):
    grant = house.share(filled, sara)
    column = "grant_id" if table == "wrap" else "id"
    change(house, f"UPDATE {table} SET last_day = 20301231 WHERE {column} = ?", grant.grant_id)
    try:
        opened = house.enter(sara, filled.record_id)
    except NotShared:
        return
    assert opened.entries() == []


@pytest.mark.parametrize("table", ["wrap", "consent", "invitation", "pack", "letterbox_link"])
@pytest.mark.parametrize("value", [None, b"99991231", "never", 1.5])
def test_an_end_date_is_a_number_and_nothing_else(house, table, value):
    columns = {row[1]: row[2] for row in house.db.execute(f"PRAGMA table_info({table})").fetchall()}
    filler = {"TEXT": "read", "INTEGER": 1, "BLOB": b""}
    row = {name: filler[kind] for name, kind in columns.items()} | {"last_day": value}
    house.db.execute("PRAGMA foreign_keys = OFF")
    with pytest.raises(sqlite3.IntegrityError, match=r"last_day|CHECK"):
        store.insert(house.db, table, **row)


@pytest.mark.parametrize(
    "ddl",
    [
        "CREATE TRIGGER again AFTER DELETE ON wrap BEGIN INSERT INTO wrap SELECT old.record_id, old.section_id, old.epoch,"
        " old.account_id, old.generation, old.grant_id, old.verb, 20991231, old.wrapped; END",
        "CREATE VIEW wraps AS SELECT * FROM wrap",
    ],
)
def test_a_trigger_or_a_view_stops_the_start_and_puts_nothing_off(house, filled, sara, ddl):
    house.share(filled, sara, last_day=20261130)
    with house.db.conn:
        house.db.execute(ddl)
    with pytest.raises(TamperedSchema):
        refuse_strangers(house.db)
    # Even while the server runs on: what comes back with another date does not open.
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id, datetime.date(2026, 12, 1))
