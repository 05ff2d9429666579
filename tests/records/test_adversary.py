"""Somebody who can write into the database and has every secret of the server, but nobody's keys: what they can do is noticed.

Each test is one thing such a person would try, or one thing that goes wrong by itself and must not do more harm than it has to.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts import keyring
from accounts.person import new_person
from plumbing.clock import minute
from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from plumbing.crypto.envelope import seal
from plumbing.db import at_once, open_db
from plumbing.ids import new_id
from records import attachments, canonical, editing, keys, letterbox, log, moving, store
from records.gate import DoesNotMatch, NotYours
from records.statement import Holder, make_statement, read_chain
from records.wrap import Terms, wrap_key
from tests.records.people import TODAY

LETTER = {"v": 1, "kind": "letter", "title": "Appointment at the eye clinic"}


def copy_of(house):
    """The database as it is now, to be put back later."""
    backup = open_db(house.folder / f"backup-{new_id()}.db")
    house.db.conn.backup(backup.conn)
    return backup


def put_back(house, backup, *tables):
    """Exchange whole tables for what they held in the copy."""
    with at_once(house.db):
        house.db.execute("PRAGMA defer_foreign_keys = ON")
        for table in tables:
            house.db.execute(f"DELETE FROM {table}")
            for row in backup.execute(f"SELECT * FROM {table}").fetchall():
                house.db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in row)})", list(row))


def rotate(opened, section_ids):
    with editing.change(opened) as pen:
        keys.rotate(opened, section_ids)
        pen.note("rotated")


# Old things given back as new


@pytest.mark.parametrize(
    "tables", [("account", "roster", "wrap", "book", "section", "section_epoch", "letterbox", "entry_version")]
)
def test_an_old_roster_under_a_log_that_goes_on_is_noticed_by_the_witness(house, amina, yusuf, tables):
    editing.add(yusuf, yusuf.sections[0].id, LETTER)
    backup = copy_of(house)
    rotate(yusuf, list(yusuf.roster.epochs))
    put_back(house, backup, *tables)
    backup.close()
    assert house.enter(amina, yusuf.record_id).alarms == ("witness",)


def test_an_alarm_outlives_the_sign_in_that_follows_it(house, amina, yusuf):
    backup = copy_of(house)
    editing.add(yusuf, yusuf.sections[0].id, LETTER)
    backup.conn.backup(house.db.conn)
    backup.close()
    # Signing in writes a line of its own, with the very number of the line that is gone.
    editing.note_only(house.enter(amina, yusuf.record_id), "signed_in")
    editing.add(house.enter(amina, yusuf.record_id), yusuf.sections[0].id, LETTER)
    assert house.enter(amina, yusuf.record_id).alarms == ("witness",)
    other = house.again()
    assert other.enter(amina, yusuf.record_id).alarms == ("witness",)
    other.db.close()


def test_an_alarm_ends_when_the_holder_goes_on_and_no_sooner(house, amina, yusuf):
    editing.note_only(yusuf, "signed_in")
    with house.db.conn:
        house.db.execute("DELETE FROM log_line WHERE number = 1")
    opened = house.enter(amina, yusuf.record_id)
    assert opened.alarms == ("log", "witness")
    editing.go_on(opened)
    after = house.enter(amina, yusuf.record_id)
    assert (after.alarms, after.log_lines()[0].words["alarms"]) == ((), ["log", "witness"])
    with house.db.conn:
        house.db.execute("DELETE FROM log_line WHERE number = 1")
    assert house.enter(amina, yusuf.record_id).alarms == ("log", "witness")


def test_a_witness_that_was_lost_is_said(house, amina, yusuf):
    editing.note_only(yusuf, "signed_in")
    (house.folder / "witness" / "witness.log").unlink()
    other = house.again()
    opened = other.enter(amina, yusuf.record_id)
    assert opened.alarms == ("witness_lost",)
    editing.go_on(opened)
    assert other.enter(amina, yusuf.record_id).alarms == ()
    other.db.close()


def test_an_entry_under_a_key_that_is_over_is_not_believed(house, amina, yusuf):
    """Somebody who once had a section's key seals an entry with it; the wrap that Amina once had is put back beside it."""
    section = yusuf.sections[0].id
    once, old_wrap = yusuf.key(section), house.db.execute("SELECT * FROM wrap WHERE section_id = ?", [section]).fetchone()
    rotate(yusuf, [section])
    forged = canonical.to_bytes({"v": 1, "by": amina.account_id, "at": minute(), "document": LETTER})
    sealed = seal(once, forged, keys.version_bound(yusuf.stamp, section, 1, "f" * 32, 1))
    with house.db.conn:
        house.db.execute(f"INSERT INTO wrap VALUES ({', '.join('?' for _ in old_wrap)})", list(old_wrap))
        row = {"id": "f" * 32, "record_id": yusuf.record_id, "section_id": section, "version": 1, "state": "kept"}
        store.insert(house.db, "entry", **row)
        version = {"entry_id": "f" * 32, "version": 1, "section_id": section, "epoch": 1, "saved_on": "2026-11-22"}
        store.insert(house.db, "entry_version", **version, sealed=sealed)
    opened = house.enter(amina, yusuf.record_id)
    assert (opened.entries(), opened.damaged) == ([], {"f" * 32})
    with pytest.raises(CannotOpen):
        opened.entry("f" * 32)


def test_an_old_book_under_its_old_key_is_not_believed(house, amina, yusuf):
    backup = copy_of(house)
    rotate(yusuf, [yusuf.root_id])
    put_back(house, backup, "book")
    house.db.execute("INSERT OR IGNORE INTO wrap SELECT * FROM wrap")
    with house.db.conn:
        for row in backup.execute("SELECT * FROM wrap WHERE section_id = ?", [yusuf.root_id]).fetchall():
            house.db.execute(f"INSERT INTO wrap VALUES ({', '.join('?' for _ in row)})", list(row))
    backup.close()
    with pytest.raises(DoesNotMatch):
        house.enter(amina, yusuf.record_id)


@pytest.mark.parametrize("keep", [1, 2])
def test_an_entry_whose_number_was_turned_back_does_not_pass_for_the_newest(house, yusuf, keep):
    entry = editing.add(yusuf, yusuf.sections[0].id, LETTER)
    editing.save(yusuf, entry.id, LETTER | {"title": "Newer"}, based_on=1)
    with house.db.conn:
        house.db.execute("UPDATE entry SET version = ?", [keep])
    if keep == 2:
        assert yusuf.entry(entry.id).document["title"] == "Newer"
    else:
        with pytest.raises(CannotOpen):
            yusuf.entry(entry.id)


# Other people's keys


def test_the_servers_key_makes_no_letterbox_that_a_holder_writes_into(house, yusuf):
    theirs = pairs.sealing_pair()
    mac = letterbox._mac(house.office.secrets.server_key, yusuf.record_id, 1, theirs.public)
    with house.db.conn:
        house.db.execute("UPDATE letterbox SET public = ?, mac = ?", [theirs.public, mac])
    with pytest.raises(CannotOpen):
        editing.add(yusuf, yusuf.sections[0].id, LETTER)
    assert house.db.execute("SELECT count(*) FROM entry").fetchone() == (0,)


def test_nobody_can_put_other_keys_into_a_holders_place(amina):
    joe = new_person(new_id())
    founding = make_statement("r" * 32, None, amina, joins=[Holder.of(amina)])
    with_joe = make_statement("r" * 32, founding, amina, joins=[Holder.of(joe)])
    assert len(read_chain("r" * 32, [founding, with_joe], founding.digest).holders) == 2
    stolen = replace(Holder.of(amina), account_id=joe.account_id)
    exchanged = make_statement("r" * 32, with_joe, amina, joins=[stolen])
    with pytest.raises(CannotOpen):
        read_chain("r" * 32, [founding, with_joe, exchanged], founding.digest)


def test_nobody_removes_another_holder(amina):
    joe = new_person(new_id())
    founding = make_statement("r" * 32, None, amina, joins=[Holder.of(amina), Holder.of(joe)])
    removed = make_statement("r" * 32, founding, amina, leaves=[Holder.of(joe)])
    with pytest.raises(CannotOpen):
        read_chain("r" * 32, [founding, removed], founding.digest)


def test_a_statement_by_a_stranger_makes_no_holder(house, amina, yusuf):
    joe = house.person("joe")
    before = store.statements(house.db, yusuf.record_id)[-1]
    with house.db.conn:
        store.add_statement(house.db, yusuf.record_id, make_statement(yusuf.record_id, before, joe, joins=[Holder.of(joe)]))
    with pytest.raises(DoesNotMatch):
        house.enter(amina, yusuf.record_id)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b'{"joins": 3}', b"\xff", b"[" * 100_000, b'{"joins":[{"account":[]}]}']
)
def test_a_statement_that_is_none_is_said_and_not_an_error_page(house, amina, yusuf, body):
    with house.db.conn:
        store.insert(house.db, "statement", record_id=yusuf.record_id, number=1, body=body, signature=bytes(64))
    with pytest.raises(DoesNotMatch):
        house.enter(amina, yusuf.record_id)


@pytest.mark.parametrize("inside", [b"", b"x", bytes(96), bytes(96) + b"[[]]", bytes(96) + b'["a"]', bytes(96) + b"{}"])
def test_a_wrap_with_anything_inside_opens_nothing(house, amina, yusuf, inside):
    """Anybody who has a public key can seal to it."""
    section = yusuf.sections[0].id
    terms = Terms(section, 1, amina.account_id, 1)
    bound = context("wrap", yusuf.stamp, section, 1, "own", amina.account_id, 1, "hold", terms.last_day)
    with house.db.conn:
        made = pairs.wrap(amina.sealing.public, inside, bound)
        house.db.execute("UPDATE wrap SET wrapped = ? WHERE section_id = ?", [made, section])
    opened = house.enter(amina, yusuf.record_id)
    with pytest.raises(NotYours):
        opened.key(section)


def test_a_wrap_signed_by_generation_one_opens_nothing_after_new_keys(house, amina, yusuf):
    old = replace(amina, just_us=bytes(32))
    new = replace(new_person(amina.account_id, 2), just_us=bytes(range(32)))
    with at_once(house.db):
        keyring.write(house.db, new, keyring.read(house.db, old))
        keys.renew(house.db, house.office, old, new, TODAY)
    opened = house.enter(new, yusuf.record_id)
    section = opened.sections[0].id
    planted = wrap_key(opened.stamp, Terms(section, 2, new.account_id, 2, grant_id="x"), bytes(32), new.sealing.public, old)
    with house.db.conn:
        house.db.execute("DELETE FROM wrap WHERE section_id = ?", [section])
        store.add_wrap(house.db, yusuf.record_id, planted)
    with pytest.raises(NotYours):
        house.enter(new, yusuf.record_id).key(section)


# The log


@pytest.mark.parametrize("edit", ["generation = 9", "sealed = zeroblob(100)", "sealed = x''"])
def test_a_line_that_was_hidden_is_shown_as_hidden(house, yusuf, edit):
    editing.note_only(yusuf, "signed_in")
    editing.note_only(yusuf, "taken_away")
    with house.db.conn:
        house.db.execute(f"UPDATE log_line SET {edit} WHERE number = 1")
    assert [line.words["what"] for line in yusuf.log_lines()] == ["taken_away", log.UNREADABLE, "founded"]


def test_a_chain_that_was_touched_is_an_alarm_where_it_is_read(house, yusuf):
    editing.note_only(yusuf, "signed_in")
    editing.note_only(yusuf, "signed_in")
    assert (len(yusuf.log_lines()), yusuf.alarms) == (3, ())
    with house.db.conn:
        house.db.execute("DELETE FROM log_line WHERE number = 1")
    assert (len(yusuf.log_lines()), yusuf.alarms) == (2, ("log",))


def test_no_line_no_reading_back_of_what_was_to_be_logged(house, yusuf):
    with house.db.conn:
        house.db.execute("DROP TABLE log_line")
    with pytest.raises(Exception, match="log_line"):
        editing.add(yusuf, yusuf.sections[0].id, LETTER)
    assert house.db.execute("SELECT count(*) FROM entry").fetchone() == (0,)


# One damaged thing keeps nobody from the others


def test_a_damaged_entry_is_named_and_the_others_are_read(house, amina, yusuf):
    good, bad = (editing.add(yusuf, yusuf.sections[0].id, LETTER) for _ in range(2))
    with house.db.conn:
        house.db.execute("UPDATE entry_version SET sealed = zeroblob(200) WHERE entry_id = ?", [bad.id])
    opened = house.enter(amina, yusuf.record_id)
    assert ([one.id for one in opened.entries()], opened.damaged) == ([good.id], {bad.id})
    with pytest.raises(CannotOpen):
        opened.entry(bad.id)


def test_a_damaged_entry_keeps_nobody_from_new_keys(house, amina, yusuf):
    good, bad = (editing.add(yusuf, yusuf.sections[0].id, LETTER) for _ in range(2))
    with house.db.conn:
        house.db.execute("UPDATE entry_version SET sealed = zeroblob(200) WHERE entry_id = ?", [bad.id])
        house.db.execute("UPDATE section SET label = zeroblob(200)")
    rotate(yusuf, list(yusuf.roster.epochs))
    opened = house.enter(amina, yusuf.record_id)
    assert [one.id for one in opened.entries()] == [good.id]


def test_files_are_kept_where_what_follows_the_commit_fails(house, amina, yusuf, monkeypatch):
    """A disk can be full just when the witness is told: the commit stands by then, and its files must stand with it."""
    entry = editing.add(yusuf, yusuf.sections[0].id, LETTER)
    file = editing.attach(yusuf, entry.id, {"page": (b"photo", "image/jpeg")})["page"]
    editing.revise(yusuf, entry.id, lambda document: document | {"files": {file.id: file.written()}})

    def full(*_anything):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(house.office.witness, "_append", full)
    with pytest.raises(OSError, match="No space"):
        moving.move(yusuf, entry.id, yusuf.sections[1].id)
    monkeypatch.undo()
    opened = house.enter(amina, yusuf.record_id)
    moved = opened.entry(entry.id)
    assert (moved.section_id, opened.alarms) == (yusuf.sections[1].id, ())
    (kept,) = moved.files.values()
    assert opened.file(kept) == b"photo"


def test_files_made_for_a_move_that_failed_are_gone(house, yusuf):
    entry = editing.add(yusuf, yusuf.sections[0].id, LETTER)
    file = editing.attach(yusuf, entry.id, {"page": (b"photo", "image/jpeg")})["page"]
    editing.revise(yusuf, entry.id, lambda document: document | {"files": {file.id: file.written()}})
    with pytest.raises(NotYours):
        moving.move(yusuf, entry.id, "no such section")
    assert [path.name for path in house.office.attachments.glob("??/*")] == [file.id]
    assert attachments.path_of(house.office.attachments, file.id).is_file()


def test_two_who_arrange_the_book_together_lose_nothing(house, amina, yusuf):
    other = house.again()
    theirs = other.enter(amina, yusuf.record_id)
    editing.change_book(yusuf, lambda book: replace(book, called="Yus"))
    editing.change_book(theirs, lambda book: replace(book, nation="wales"))
    book = house.enter(amina, yusuf.record_id).book
    assert (book.called, book.nation) == ("Yus", "wales")
    other.db.close()


def test_nothing_that_is_open_shows_its_keys_when_it_is_printed(house, amina, yusuf):
    entry = editing.add(yusuf, yusuf.sections[0].id, LETTER)
    together = replace(amina, just_us=bytes(range(32)), second_factor_secret="JBSWY3DPEHPK3PXP")
    secrets = [amina.sealing.private, amina.signing.private, together.just_us, *yusuf.held.values()]
    secrets += [house.office.secrets.pepper, house.office.secrets.server_key, house.office.secrets.log_key]
    printed = " ".join(map(repr, (amina, together, yusuf, house.office, entry, keyring.read(house.db, amina))))
    for secret in secrets:
        assert repr(secret) not in printed
        assert secret.hex() not in printed
        assert canonical.text(secret) not in printed
    for word in ("JBSWY3DP", "eye clinic", "Yusuf"):
        assert word not in printed
