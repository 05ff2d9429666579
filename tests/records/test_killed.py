"""Killed in the middle, out of room, locked out, or two at once: a record is as before or as after, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from accounts import keys, store
from accounts.keyring import KeyringLost
from plumbing.crypto import CannotOpen
from plumbing.db import open_db
from records import attachments, editing, items, visits
from records import keys as record_keys
from records import store as record_store
from records.gate import DoesNotMatch, NotYours
from tests.conftest import PROOF, ROOT
from tests.records import hand
from tests.records.people import build

NOTE = {"v": 1, "kind": "note", "words": "first", "twice": "first"}
ROUNDS = 200 if PROOF else 20
CHANGES = sorted(hand.CHANGES)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    """A record with some of everything in it, to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    house = build(folder)
    amina = replace(house.person("amina"), just_us=bytes([1]) * 32)
    hand.write_person(folder / "person", amina)
    hand.write_person(folder / "sara", house.person("sara", "key_worker"))
    hand.write_person(folder / "joe", house.person("joe"))
    opened = house.record(amina)
    rng = random.Random(1)
    for section in opened.sections:
        for _ in range(2):
            entry = editing.add(opened, section.id, NOTE)
            hand.saving(house, opened, rng)
            file = editing.attach(opened, entry.id, {"page": (rng.randbytes(5000), "image/jpeg")})["page"]
            editing.revise(opened, entry.id, lambda document, file=file: document | {"files": {file.id: file.written()}})
    editing.add(opened, opened.just_us_id, NOTE)
    hand.passphrase(house, opened, rng)
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    house.db.close()
    return folder


def everything_opens(house, person, record_id):
    """What a holder can read, after looking at every row, every version, every file, every line."""
    assert house.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not house.db.execute("PRAGMA foreign_key_check").fetchall()
    opened = house.enter(person, record_id)
    assert opened.alarms == ()
    # A withdrawal that was cut off between its tombstone and its commit is finished by the visit.
    visits.attend(opened)
    epochs = opened.roster.epochs | {opened.just_us_id: 1}
    for entry_id, section_id, epoch in house.db.execute("SELECT entry_id, section_id, epoch FROM entry_version").fetchall():
        assert epoch == epochs[section_id], "sealed under the one newest epoch"
        for version in opened.history(entry_id):
            assert version.document.get("words") == version.document.get("twice")
            for file in version.files.values():
                assert len(opened.file(file)) == file.bytes
    for item in items.waiting(opened):
        assert item.is_logged
        for file in item.files.values():
            assert len(opened.file(file)) == file.bytes
    for section_id in opened.roster.epochs:
        sql = "SELECT epoch, generation, grant_id FROM wrap WHERE section_id = ?"
        given = [one.grant_id for one in opened.roster.given.grants if section_id in one.consent.sections]
        own = [(epochs[section_id], generation, "own") for _account, generation in opened.holders]
        expected = [*own, *((epochs[section_id], 1, id_) for id_ in given)]
        assert sorted(house.db.execute(sql, [section_id]).fetchall()) == sorted(expected)
    assert not {one.grant_id for one in opened.roster.given.grants} & house.office.witness.ended()
    assert all(line.words["what"] != "unreadable" for line in opened.log_lines())
    assert (opened.alarms, opened.damaged) == ((), set())
    known = set(record_store.attachment_ids(house.db, record_id))
    attachments.sweep(house.office.attachments, known, older_than=time.time() + 60)
    assert {path.name for path in house.office.attachments.glob("??/*")} == known
    return opened


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_at_any_moment_a_record_is_as_before_or_as_after(furnished, tmp_path, seed):
    rng, change = random.Random(seed), CHANGES[seed % len(CHANGES)]
    folder = shutil.copytree(furnished, tmp_path / "house")
    command = [sys.executable, "-m", "tests.records.hand", str(folder), change, str(seed)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"go\n", process.stderr.read()
    time.sleep(rng.random() ** 2 * 0.5)
    assert process.poll() is None, process.stderr.read()
    process.send_signal(signal.SIGKILL)
    process.communicate()

    house = build(folder)
    (record_id,) = house.db.execute("SELECT id FROM record").fetchone()
    person = who_it_is(house, folder, record_id)
    opened = everything_opens(house, person, record_id)
    assert len(opened.entries()) >= 5
    # One passphrase opens, and it is one of the two.
    sealed, pepper = store.get_by_passphrase(house.db, person.account_id), house.office.secrets.pepper
    if person.generation == 1:
        assert sum(opens(person, sealed, words, pepper) for words in ("first words", "second words")) == 1
    # And the work goes on.
    for name in CHANGES:
        hand.CHANGES[name](house, house.enter(hand.read_person(folder / "person"), record_id), rng)
    everything_opens(house, hand.read_person(folder / "person"), record_id)
    house.db.close()


def who_it_is(house, folder, record_id):
    """The person before or the person after; exactly one of them gets in."""
    able = []
    for name in ("person", "person.new"):
        if (folder / name).exists():
            try:
                able.append((name, hand.read_person(folder / name)))
                house.enter(able[-1][1], record_id)
            except (KeyringLost, DoesNotMatch, NotYours):
                able.pop()
    assert len(able) == 1
    hand.write_person(folder / "person", able[0][1])
    return able[0][1]


def opens(person, sealed, words, pepper):
    try:
        keys.open_by_passphrase(hand.account_of(person), sealed, words, pepper)
    except CannotOpen:
        return False
    return True


# Out of room


def _little_room(folder, change, more, queue):
    """In a process of its own: no file may grow by more than `more` bytes."""
    house = build(folder)
    (record_id,) = house.db.execute("SELECT id FROM record").fetchone()
    opened = house.enter(hand.read_person(folder / "person"), record_id)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    largest = max(path.stat().st_size for path in (folder / "data").glob("family.db*"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + more, largest + more))
    try:
        for _ in range(40):
            hand.CHANGES[change](house, opened, random.Random(more))
        queue.put("there was room")
    except Exception as error:
        queue.put(type(error).__name__)


@pytest.mark.parametrize("change", ["saving", "adding", "uploading", "moving", "arranging"])
@pytest.mark.parametrize("more", [0, 9_000, 70_000])
def test_a_full_disk_leaves_a_record_as_before_or_as_after(furnished, tmp_path, change, more):
    folder = shutil.copytree(furnished, tmp_path / "house")
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.SimpleQueue()
    process = spawn.Process(target=_little_room, args=(folder, change, more, queue))
    process.start()
    assert queue.get() in {"OSError", "OperationalError", "IntegrityError"}
    process.join()
    house = build(folder)
    (record_id,) = house.db.execute("SELECT id FROM record").fetchone()
    opened = everything_opens(house, hand.read_person(folder / "person"), record_id)
    assert len(opened.entries()) >= 6
    hand.CHANGES[change](house, opened, random.Random(more))
    house.db.close()


# Locked, and two at once


@pytest.fixture
def copied(furnished, tmp_path):
    folder = shutil.copytree(furnished, tmp_path / "house")
    house = build(folder)
    (record_id,) = house.db.execute("SELECT id FROM record").fetchone()
    yield house, hand.read_person(folder / "person"), record_id
    house.db.close()


def test_a_database_locked_for_five_seconds_is_waited_for(copied):
    house, amina, record_id = copied
    opened, locked = house.enter(amina, record_id), threading.Event()

    def lock() -> None:
        other = sqlite3.connect(house.folder / "data" / "family.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        locked.set()
        time.sleep(5)
        other.execute("ROLLBACK")
        other.close()

    thread = threading.Thread(target=lock)
    thread.start()
    locked.wait()
    # Reading does not wait; writing waits, and is done.
    started = time.monotonic()
    assert house.again().enter(amina, record_id).entries()
    assert time.monotonic() - started < 2
    entry = editing.add(opened, opened.sections[0].id, NOTE)
    assert time.monotonic() - started > 4
    thread.join()
    assert house.enter(amina, record_id).entry(entry.id).document == NOTE


def test_a_database_locked_for_longer_is_said_and_nothing_is_half_kept(copied, monkeypatch):
    house, amina, record_id = copied
    opened = house.enter(amina, record_id)
    before = len(opened.entries())
    house.db.execute("PRAGMA busy_timeout = 100")
    other = open_db(house.folder / "data" / "family.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        editing.add(opened, opened.sections[0].id, NOTE)
    other.conn.rollback()
    other.close()
    assert len(everything_opens(house, amina, record_id).entries()) == before


def _save_often(folder, entry_id, mine, queue):
    """In a process of its own: twenty saves, each based on what was read just before."""
    house = build(folder)
    (record_id,) = house.db.execute("SELECT id FROM record").fetchone()
    person, kept, refused = hand.read_person(folder / "person"), 0, 0
    for _ in range(20):
        opened = house.enter(person, record_id)
        found = opened.entry(entry_id)
        count = found.document.get("count", 0) + 1
        try:
            editing.save(opened, entry_id, NOTE | {"count": count, "who": mine}, based_on=found.version)
            kept += 1
        except editing.EditedMeanwhile as meanwhile:
            refused += meanwhile.current.version > found.version
    queue.put((kept, refused))


def test_two_processes_that_save_the_same_entry_overwrite_nothing(copied):
    house, amina, record_id = copied
    entry = house.enter(amina, record_id).entries()[0]
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.SimpleQueue()
    processes = [spawn.Process(target=_save_often, args=(house.folder, entry.id, mine, queue)) for mine in range(2)]
    for process in processes:
        process.start()
    answers = [queue.get() for _ in processes]
    for process in processes:
        process.join()
    newest = everything_opens(house, amina, record_id).entry(entry.id)
    kept = sum(kept for kept, _refused in answers)
    assert newest.document["count"] == kept, "each save that was kept was based on the one before it"
    assert newest.version == entry.version + kept
    assert sum(kept + refused for kept, refused in answers) == 40


def test_keys_that_change_while_a_page_is_open_change_nothing_under_it(copied):
    """A page opened before new keys cannot write under the old ones: it is opened again, or refused."""
    house, amina, record_id = copied
    stale = house.enter(amina, record_id)
    other = build(house.folder)
    hand.new_keys(other, other.enter(amina, record_id), random.Random(1))
    with pytest.raises((DoesNotMatch, NotYours, KeyringLost)):
        editing.add(stale, stale.sections[0].id, NOTE)
    everything_opens(other, hand.read_person(house.folder / "person"), record_id)
    other.db.close()


def test_a_section_that_rotates_while_a_page_is_open_is_written_under_its_new_key(copied):
    house, amina, record_id = copied
    stale = house.enter(amina, record_id)
    section_id = stale.sections[0].id
    stale.key(section_id)
    other = build(house.folder)
    opened = other.enter(amina, record_id)
    with editing.change(opened) as pen:
        record_keys.rotate(opened, [section_id])
        pen.note("rotated")
    entry = editing.add(stale, section_id, NOTE)
    epoch = house.db.execute("SELECT epoch FROM entry_version WHERE entry_id = ?", [entry.id]).fetchone()
    assert epoch == (2,)
    everything_opens(other, amina, record_id)
    other.db.close()
