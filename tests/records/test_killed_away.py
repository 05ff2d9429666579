"""Killed while a copy is brought in or a record is deleted: there is all of a record, or nothing of it."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from records import attachments, editing, upkeep
from records.gate import Gate
from tests.conftest import PROOF, ROOT
from tests.records import hand
from tests.records.people import TODAY, build
from tests.records.test_round_trip import zip_of

ROUNDS = 100 if PROOF else 8
ENTRIES = 12


@pytest.fixture
def furnished(tmp_path):
    """A folder with a copy to bring in, and somebody's keys beside it."""
    house, rng = build(tmp_path), random.Random(3)
    amina = replace(house.person(), just_us=bytes(32))
    hand.write_person(tmp_path / "person", amina)
    opened = house.record(amina)
    for number in range(ENTRIES):
        entry = editing.add(opened, opened.sections[number % 3].id, {"v": 1, "kind": "letter", "title": f"Letter {number}"})
        files = editing.attach(opened, entry.id, {name: (rng.randbytes(50_000), "image/jpeg") for name in ("image", "thumb")})
        page = {name: file.id for name, file in files.items()} | {"width": 10, "height": 10}
        kept = {"pages": [page], "files": {file.id: file.written() for file in files.values()}}
        editing.revise(opened, entry.id, lambda document, kept=kept: document | kept)
    (tmp_path / "copy.zip").write_bytes(zip_of(opened))
    house.db.close()
    return tmp_path


def test_a_record_is_all_there_or_not_at_all(furnished):
    rng, seen = random.Random(5), set()
    for _round in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.records.hand_away", str(furnished)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "go\n"
        time.sleep(rng.random() * 0.4)
        process.kill()
        process.wait()
        process.stdout.close()
        seen |= set(everything_is_whole(furnished))
    assert len(seen) > 3, "some were brought in and some were deleted"


def everything_is_whole(folder) -> list[str]:
    house = build(folder)
    # As at every start.
    upkeep.bury_again(house.db, house.office)
    assert house.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not house.db.execute("PRAGMA foreign_key_check").fetchall()
    gate = Gate(house.db, house.office, hand.read_person(folder / "person"), TODAY)
    known = gate.record_ids()
    assert {row[0] for row in house.db.execute("SELECT id FROM record").fetchall()} == set(known)
    for record_id in known:
        opened = gate.enter(record_id)
        entries = opened.entries()
        assert (opened.alarms, opened.damaged, len(entries)) == ((), set(), ENTRIES)
        assert all(len(opened.file(file)) == file.bytes for entry in entries for file in entry.files.values())
    named = {row[0] for row in house.db.execute("SELECT id FROM attachment").fetchall()}
    attachments.sweep(house.office.attachments, named, older_than=time.time() + 60)
    assert {path.name for path in house.office.attachments.glob("??/*")} == named
    house.db.close()
    return known
