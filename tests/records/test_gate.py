"""The gate opens what somebody holds, and believes nothing that does not follow from what they have pinned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts import keyring
from accounts.person import new_person
from plumbing.crypto import CannotOpen
from plumbing.db import at_once, open_db
from plumbing.ids import new_id
from records import editing, keys, log
from records.book import Section
from records.gate import DoesNotMatch, NotYours
from tests.records.people import TODAY

LETTER = {"v": 1, "kind": "letter", "title": "Appointment at the eye clinic"}


def test_a_letter_goes_in_and_comes_out(house, amina, yusuf):
    diary = yusuf.book.by_slug("diary")
    kept = editing.add(yusuf, diary.id, LETTER)
    other = house.again()
    opened = other.enter(amina, yusuf.record_id)
    assert [entry.document for entry in opened.entries()] == [LETTER]
    assert opened.entry(kept.id).author == amina.account_id
    assert opened.alarms == ()
    other.db.close()


def test_nobody_else_gets_in(house, yusuf):
    joe = house.person("joe")
    with pytest.raises(NotYours):
        house.enter(joe, yusuf.record_id)


def test_somebody_who_pins_a_record_for_themselves_gets_no_further(house, amina, yusuf):
    joe = house.person("joe")
    keyring.write(house.db, joe, {yusuf.record_id: keyring.read(house.db, amina)[yusuf.record_id]})
    with pytest.raises(NotYours):
        house.enter(joe, yusuf.record_id)


def test_a_wrap_given_to_another_account_opens_nothing(house, amina, yusuf):
    joe = house.person("joe")
    keyring.write(house.db, joe, {yusuf.record_id: keyring.read(house.db, amina)[yusuf.record_id]})
    house.db.execute("UPDATE wrap SET account_id = ?", [joe.account_id])
    with pytest.raises(NotYours):
        house.enter(joe, yusuf.record_id)


@pytest.mark.parametrize("edit", ["last_day = 99991230", "verb = 'read'", "grant_id = 'other'", "generation = 2", "epoch = 2"])
def test_a_wrap_whose_terms_were_edited_does_not_open(house, amina, yusuf, edit):
    with house.db.conn:
        house.db.execute(f"UPDATE wrap SET {edit}")
    with pytest.raises((NotYours, DoesNotMatch)):
        house.enter(amina, yusuf.record_id)


def test_a_wrap_by_somebody_who_is_no_holder_is_not_believed(house, amina, yusuf):
    from records.wrap import Terms, unwrap_key, wrap_key

    joe = new_person(new_id())
    forged = wrap_key(yusuf.stamp, Terms("s", 1, amina.account_id, 1), bytes(32), amina.sealing.public, joe)
    with pytest.raises(CannotOpen):
        unwrap_key(yusuf.stamp, forged, amina, yusuf.chain)


def test_another_record_in_its_place_is_noticed(house, amina, yusuf):
    twin = house.record(amina, "Mariam")
    with at_once(house.db):
        house.db.execute("PRAGMA defer_foreign_keys = ON")
        for table in ("statement", "letterbox", "section", "section_epoch", "wrap", "roster", "book", "log_line"):
            house.db.execute(f"DELETE FROM {table} WHERE record_id = ?", [yusuf.record_id])
            house.db.execute(f"UPDATE {table} SET record_id = ? WHERE record_id = ?", [yusuf.record_id, twin.record_id])
        house.db.execute("UPDATE record SET root_id = ? WHERE id = ?", [twin.root_id, yusuf.record_id])
    with pytest.raises(DoesNotMatch):
        house.enter(amina, yusuf.record_id)


def test_a_missing_keyring_is_an_alarm(house, amina, yusuf):
    with house.db.conn:
        house.db.execute("UPDATE account SET keyring = zeroblob(200)")
    with pytest.raises(keyring.KeyringLost):
        house.enter(amina, yusuf.record_id)


def test_lines_cut_off_the_log_are_noticed_by_keyring_and_witness(house, amina, yusuf):
    editing.note_only(yusuf, "signed_in")
    with house.db.conn:
        house.db.execute("DELETE FROM log_line WHERE number = 1")
    assert house.enter(amina, yusuf.record_id).alarms == ("log", "witness")


def test_an_old_database_is_noticed_by_the_witness(house, amina, yusuf):
    backup = open_db(house.folder / "backup.db")
    house.db.conn.backup(backup.conn)
    editing.add(yusuf, yusuf.sections[0].id, LETTER)
    backup.conn.backup(house.db.conn)
    backup.close()
    assert house.enter(amina, yusuf.record_id).alarms == ("witness",)


@pytest.mark.parametrize("edit", ["sealed = zeroblob(120)", "head = zeroblob(32)", "number = number + 5"])
def test_a_line_that_was_touched_breaks_the_chain(house, yusuf, edit):
    editing.note_only(yusuf, "signed_in")
    editing.note_only(yusuf, "signed_in")
    with house.db.conn:
        house.db.execute(f"UPDATE log_line SET {edit} WHERE number = 1")
    with pytest.raises(CannotOpen):
        log.verify(house.db, house.office.secrets.log_key, yusuf.record_id, yusuf.stamp)


def test_the_log_says_who_did_what(yusuf, amina):
    entry = editing.add(yusuf, yusuf.sections[0].id, LETTER)
    newest = yusuf.log_lines()[0].words
    assert (newest["what"], newest["who"], newest["entry"], newest["version"]) == ("saved", amina.account_id, entry.id, 1)


def test_a_witness_that_missed_the_last_line_hears_of_it(house, amina, yusuf):
    path = house.folder / "witness" / "witness.log"
    before = path.read_bytes()
    editing.note_only(yusuf, "signed_in")
    path.write_bytes(before)
    other = house.again()
    assert other.enter(amina, yusuf.record_id).alarms == ()
    assert other.office.witness.newest(yusuf.record_id).log_number == 1
    other.db.close()


def test_a_row_moved_to_another_entry_or_section_does_not_open(house, yusuf):
    one = editing.add(yusuf, yusuf.sections[0].id, LETTER)
    two = editing.add(yusuf, yusuf.sections[0].id, LETTER | {"title": "Another"})
    house.db.execute("UPDATE entry_version SET entry_id = 'x' || entry_id WHERE 0")
    sealed = dict(house.db.execute("SELECT entry_id, sealed FROM entry_version").fetchall())
    with house.db.conn:
        house.db.execute("UPDATE entry_version SET sealed = ? WHERE entry_id = ?", [sealed[one.id], two.id])
    with pytest.raises(CannotOpen):
        yusuf.entry(two.id)
    with house.db.conn:
        house.db.execute("UPDATE entry_version SET section_id = ? WHERE entry_id = ?", [yusuf.sections[1].id, one.id])
    with pytest.raises(CannotOpen):
        yusuf.entry(one.id)


def test_just_us_is_there_only_with_its_own_key(house, amina, yusuf):
    together = replace(amina, just_us=bytes(range(32)))
    opened = house.enter(together, yusuf.record_id)
    note = editing.add(opened, opened.just_us_id, {"v": 1, "kind": "note", "words": "For us"})
    assert [entry.id for entry in opened.entries([opened.just_us_id])] == [note.id]
    without = house.enter(amina, yusuf.record_id)
    assert without.entries() == []
    with pytest.raises(NotYours):
        without.entry(note.id)
    with pytest.raises(NotYours):
        without.just_us_id  # noqa: B018 - asking is the point


def test_new_keys_take_every_record_along_and_leave_the_old_ones_nothing(house, amina, yusuf):
    old = replace(amina, just_us=bytes(32))
    opened = house.enter(old, yusuf.record_id)
    letter = editing.add(opened, opened.sections[0].id, LETTER)
    private = editing.add(opened, opened.just_us_id, {"v": 1, "kind": "note", "words": "For us"})
    new = replace(new_person(amina.account_id, 2), just_us=bytes(range(32)))
    with at_once(house.db):
        keyring.write(house.db, new, keyring.read(house.db, old))
        keys.renew(house.db, house.office, old, new, TODAY)
    after = house.enter(new, yusuf.record_id)
    assert after.alarms == ()
    assert after.entry(letter.id).document == LETTER
    assert after.entry(private.id).document["words"] == "For us"
    assert after.epoch(after.sections[0].id) == 2
    assert [line.words["what"] for line in after.log_lines()][:1] == ["new_keys"]
    assert not house.db.execute("SELECT 1 FROM wrap WHERE generation = 1").fetchone()
    keyring.write(house.db, old, keyring.read(house.db, new))
    with pytest.raises((NotYours, DoesNotMatch)):
        house.enter(old, yusuf.record_id)


def test_a_section_may_be_renamed_and_added(house, amina, yusuf):
    added = Section(new_id(), "", "Swimming")
    editing.change_book(yusuf, lambda book: replace(book, called="Yus", sections=(*book.sections, added)))
    opened = house.enter(amina, yusuf.record_id)
    assert (opened.book.called, opened.sections[-1].name) == ("Yus", "Swimming")
    editing.add(opened, added.id, LETTER)
    assert opened.counts() == {added.id: 1}


def test_deleting_a_wrap_from_the_day_after_its_last(house, amina, yusuf):
    with house.db.conn:
        house.db.execute("UPDATE wrap SET last_day = 20261121 WHERE section_id = ?", [yusuf.sections[0].id])
    house.enter(amina, yusuf.record_id)
    left = house.db.execute("SELECT count(*) FROM wrap WHERE section_id = ?", [yusuf.sections[0].id]).fetchone()[0]
    assert left == 0
