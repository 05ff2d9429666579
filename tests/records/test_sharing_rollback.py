"""An old database put back, a log cut, an entry rolled back: what a family took back stays taken back. And what is not prevented.

Each test is written as the attacker would go about it; see test_sharing_adversary for those who only write rows.
"""

from __future__ import annotations

import datetime
import hmac
from dataclasses import replace

import pytest

from accounts.person import new_person
from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from plumbing.crypto.envelope import seal, unseal
from plumbing.ids import new_id
from records import canonical, editing, holding, inviting, letterbox, log, sharing, store, visits
from records import keys as record_keys
from records.gate import DoesNotMatch, NotShared
from records.roster import fingerprint
from records.statement import Holder
from records.witness import Witness
from tests.records.people import TODAY
from tests.records.test_adversary import copy_of
from tests.records.test_sharing_adversary import CONSENT, account_of, change, marked_anew, told

NOTE = {"v": 1, "kind": "note", "title": "The plan"}


@pytest.fixture
def sara(house):
    return house.person("sara")


@pytest.fixture
def filled(yusuf):
    for section in yusuf.sections:
        editing.add(yusuf, section.id, NOTE | {"title": section.slug})
    return yusuf


# Rolling back, and cutting


def test_an_entry_rolled_back_to_an_earlier_version_is_noticed(house, filled):
    """The newest version is deleted, and the row's number turned back: everything left is real, and old."""
    entry = filled.entries()[0]
    editing.save(filled, entry.id, NOTE | {"title": "Newer"}, based_on=1)
    change(house, "DELETE FROM entry_version WHERE entry_id = ? AND version = 2", entry.id)
    change(house, "UPDATE entry SET version = 1 WHERE id = ?", entry.id)
    opened = house.enter(filled.person, filled.record_id)
    assert entry.id not in [one.id for one in opened.entries()]
    assert opened.damaged == {entry.id}
    with pytest.raises(CannotOpen):
        opened.entry(entry.id)


def test_an_entry_by_somebody_who_has_the_key_and_no_leave_to_add_is_shown_as_such(house, filled, sara):
    """Sara may read. She has the section's key; somebody puts what she seals with it into the database, in Amina's name."""
    house.share(filled, sara)
    section, amina = filled.sections[0].id, filled.person
    key = house.enter(sara, filled.record_id).key(section)
    inside = canonical.to_bytes({"v": 1, "by": amina.account_id, "at": "2026-11-22T09:00Z", "document": NOTE})
    forged = new_id()
    with house.db.conn:
        row = {"record_id": filled.record_id, "section_id": section, "version": 1, "state": "kept"}
        store.insert(house.db, "entry", id=forged, **row)
        sealed = seal(key, inside, record_keys.version_bound(filled.stamp, section, 1, forged, 1))
        version = {"entry_id": forged, "version": 1, "section_id": section, "epoch": 1, "saved_on": "2026-11-22"}
        store.insert(house.db, "entry_version", **version, sealed=sealed)
    opened = house.enter(amina, filled.record_id)
    assert {one.id: one.is_logged for one in opened.entries([section])}[forged] is False
    assert opened.entry(forged).is_logged is False
    assert all(one.is_logged for one in opened.entries() if one.id != forged)


@pytest.mark.parametrize("cut", ["number = (SELECT max(number) FROM log_line)", "number = 2", "number > 1"])
def test_a_log_that_was_cut_is_noticed_at_the_next_visit(house, filled, sara, cut):
    house.share(filled, sara)
    house.enter(sara, filled.record_id).entries()
    change(house, f"DELETE FROM log_line WHERE {cut}")
    assert house.enter(filled.person, filled.record_id).alarms


def test_a_proof_cut_out_of_its_line_is_noticed(house, filled):
    change(house, "UPDATE log_line SET proof = NULL WHERE proof IS NOT NULL")
    editing.note_only(filled, "signed_in")
    with pytest.raises(CannotOpen):
        log.verify(house.db, house.office.secrets.log_key, filled.record_id, filled.stamp)


# A restored backup


def restore(house, backup):
    backup.conn.backup(house.db.conn)
    return house.again()


def test_a_restored_backup_brings_back_no_grant_that_was_withdrawn(house, filled, sara):
    grant = house.share(filled, sara)
    backup = copy_of(house)
    sharing.withdraw(filled, grant.grant_id)
    other = restore(house, backup)
    with pytest.raises(NotShared):
        other.enter(sara, filled.record_id)
    opened = other.enter(filled.person, filled.record_id)
    assert opened.alarms, "The witness has seen newer."
    editing.go_on(opened)
    before = opened.epoch(filled.sections[0].id)
    visits.attend(opened)
    assert opened.roster.given.grants == (), "The roster's line of it is void."
    assert opened.epoch(filled.sections[0].id) == before + 1
    editing.add(opened, filled.sections[0].id, NOTE)
    with pytest.raises(NotShared):
        other.enter(sara, filled.record_id)
    backup.close()
    other.db.close()


def test_new_words_are_a_new_beginning_for_a_reader_who_saw_what_is_gone(house, filled, sara):
    """The rosters of a record are put back, and the reader's own keyring is not: it does not match, until words are told anew."""
    house.share(filled, sara)
    backup = copy_of(house)
    house.share(filled, sara, 2)
    house.enter(sara, filled.record_id).entries()
    kept = house.db.execute("SELECT keyring FROM account WHERE id = ?", [sara.account_id]).fetchone()[0]
    other = restore(house, backup)
    change(other, "UPDATE account SET keyring = ? WHERE id = ?", kept, sara.account_id)
    with pytest.raises(DoesNotMatch):
        other.enter(sara, filled.record_id)
    opened = other.enter(filled.person, filled.record_id)
    editing.go_on(opened)
    other.share(opened, sara)
    assert [one.document["title"] for one in other.enter(sara, filled.record_id).entries()] == ["about_me"]
    backup.close()
    other.db.close()


def test_an_old_backup_and_the_withdrawn_ones_keys_open_nothing_written_or_resealed_later(house, filled, sara):
    grant = house.share(filled, sara)
    backup = copy_of(house)
    sharing.withdraw(filled, grant.grant_id)
    section = filled.sections[0].id
    later = editing.add(filled, section, NOTE | {"title": "Later"})
    newest = house.db.execute("SELECT * FROM entry_version WHERE section_id = ?", [section]).fetchall()
    # The thief puts today's rows into yesterday's database, where Sara's wraps still are.
    backup.execute("PRAGMA foreign_keys = OFF")
    backup.execute("DELETE FROM entry_version")
    for row in newest:
        backup.execute(f"INSERT INTO entry_version VALUES ({', '.join('?' for _ in row)})", list(row))
    entry = house.db.execute("SELECT * FROM entry WHERE id = ?", [later.id]).fetchone()
    backup.execute(f"INSERT INTO entry VALUES ({', '.join('?' for _ in entry)})", list(entry))
    backup.conn.commit()
    thief = replace(house, db=backup, office=replace(house.office, witness=Witness(house.folder / "none" / "witness")))
    opened = thief.enter(sara, filled.record_id)
    with pytest.raises(DoesNotMatch):
        opened.entries()
    # Nor without our code to refuse it: with the key alone.
    key = opened.unwrapped(section, opened.epoch(section))
    rows = backup.execute("SELECT entry_id, version, epoch, sealed FROM entry_version WHERE section_id = ?", [section]).fetchall()
    assert len(rows) == 2
    for entry_id, version, epoch, sealed in rows:
        with pytest.raises(CannotOpen):
            unseal(key, sealed, record_keys.version_bound(opened.stamp, section, epoch, entry_id, version))
    backup.close()


# What the keys page says is not prevented


def test_not_prevented_who_is_expired_and_kept_a_backup_reads_on_until_a_holder_comes(house, filled, sara):
    house.share(filled, sara, last_day=20261130)
    backup = copy_of(house)
    wraps = backup.execute("SELECT * FROM wrap WHERE verb != 'hold'").fetchall()
    terms = backup.execute("SELECT * FROM consent").fetchall()
    backup.close()
    after = datetime.date(2026, 12, 1)
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id, after)
    # On a machine of their own it is still November.
    with house.db.conn:
        for table, rows in (("wrap", wraps), ("consent", terms)):
            for row in rows:
                house.db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in row)})", list(row))
    assert house.enter(sara, filled.record_id, TODAY).entries()
    visits.attend(house.enter(filled.person, filled.record_id, after))
    with house.db.conn:
        for row in wraps:
            house.db.execute(f"INSERT INTO wrap VALUES ({', '.join('?' for _ in row)})", list(row))
        for row in terms:
            house.db.execute(f"INSERT INTO consent VALUES ({', '.join('?' for _ in row)})", list(row))
    with pytest.raises(NotShared):
        house.enter(sara, filled.record_id, TODAY)
    # And where there is no witness to ask, the keys are others.
    elsewhere = replace(house, office=replace(house.office, witness=Witness(house.folder / "none" / "witness")))
    with house.db.conn:
        for table, rows in (("wrap", wraps), ("consent", terms)):
            for row in rows:
                house.db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in row)})", list(row))
    assert elsewhere.enter(sara, filled.record_id, TODAY).entries() == []


def test_not_prevented_the_servers_keys_forge_a_look(house, filled, sara):
    """Whoever has the database and the server's keys writes a line that says that Sara looked."""
    secrets, id_, stamp = house.office.secrets, filled.record_id, filled.stamp
    box = letterbox.newest(house.db, secrets.server_key, id_)
    words = {"at": "2026-11-22T09:00Z", "who": sara.account_id, "what": "opened", "sections": []}
    with house.db.conn:
        log.append(house.db, secrets.log_key, (id_, stamp), (box.generation, box.public), words)
    opened = house.enter(filled.person, id_)
    assert (opened.alarms, opened.log_lines()[0].words["who"]) == ((), sara.account_id)


def test_not_prevented_keys_not_yet_pinned_can_be_forged_with_the_servers_key(house, sara):
    """Before anybody knows an account's keys by words, its row is all there is."""
    new = new_person(sara.account_id)
    marked_anew(house, account_of(house, sara), sealing_public=new.sealing.public, signing_public=new.signing.public)
    forged = account_of(house, sara)
    assert fingerprint(Holder(forged.id, 1, forged.sealing_public, forged.signing_public)) == fingerprint(Holder.of(new))


def test_the_mark_of_an_acceptance_is_of_these_keys_and_this_record_alone(house, filled, sara):
    mallory = house.person("mallory")
    invited = told(filled)
    code = canonical.raw(invited.code)
    made = {
        inviting._accepting(code, stamp, Holder.of(person))
        for stamp in (filled.stamp, bytes(32))
        for person in (sara, mallory, replace(sara, generation=2))
    }
    assert len(made) == 6
    assert not any(hmac.compare_digest(one, context("invitation", "accepted")) for one in made)
    assert pairs.KEY_BYTES == 32


def test_a_reader_reads_nothing_while_the_log_is_not_what_it_was(house, filled, sara):
    """The newest line is taken out while she reads and put back afterwards: hers would be gone without a trace."""
    house.share(filled, sara)
    house.enter(sara, filled.record_id).entries()
    row = house.db.execute("SELECT * FROM log_line ORDER BY number DESC LIMIT 1").fetchone()
    change(house, "DELETE FROM log_line WHERE number = (SELECT max(number) FROM log_line)")
    opened = house.enter(sara, filled.record_id)
    with pytest.raises(DoesNotMatch):
        opened.entries()
    assert opened.held == {}
    change(house, f"INSERT INTO log_line VALUES ({', '.join('?' for _ in row)})", *row)
    assert house.enter(sara, filled.record_id).entries()


def test_an_older_letterbox_is_no_door_of_the_familys(house, filled, sara):
    """Joe held the record, and the key of its first letter-box. The row of the second is taken out for a while."""
    joe = house.person("joe")
    invited = inviting.invite(filled, "hold", replace(CONSENT, name="Joe"), 20261206, "Amina")
    inviting.accept(house.db, house.office, joe, canonical.raw(invited.code), 20261122)
    holding.confirm(filled, invited.id)
    holding.leave(house.enter(joe, filled.record_id))
    opened = house.enter(filled.person, filled.record_id)
    visits.attend(opened)
    house.share(opened, sara, verb="read_and_add")
    change(house, "DELETE FROM letterbox WHERE generation = 2")
    with pytest.raises(CannotOpen):
        house.enter(sara, filled.record_id).entries()
    with pytest.raises(CannotOpen):
        editing.add(house.enter(filled.person, filled.record_id), filled.sections[0].id, NOTE)
