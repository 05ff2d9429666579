"""Two holders change everything at once, from two processes, while a reader adds from a third: one order or the other.

What one of them was told is kept is there afterwards, and what somebody was told is withdrawn opens nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from plumbing.crypto.envelope import unseal
from records import canonical, editing, keys
from tests.conftest import PROOF, ROOT
from tests.records import hand, hand_together
from tests.records.people import build
from tests.records.test_holding import join

ROUNDS, CHANGES = (20, 40) if PROOF else (2, 15)
NOTE = {"v": 1, "kind": "note", "words": "first"}


@pytest.fixture
def family(house, yusuf):
    """Amina and Joe hold Yusuf's record, Sara reads two sections of it and adds; others wait to be given something."""
    for section in yusuf.sections:
        editing.add(yusuf, section.id, NOTE)
    people = {"amina": yusuf.person, "joe": house.person("joe"), "sara": house.person("sara", "key_worker")}
    join(house, yusuf, people["joe"])
    house.share(yusuf, people["sara"], 2, verb="read_and_add", name=hand_together.SARA)
    people |= {name: house.person(name) for name in hand_together.READERS}
    for name, person in people.items():
        hand.write_person(house.folder / name, person)
    return people


def all_at_once(folder, seed):
    """What each of three processes was told is kept."""
    module = "tests.records.hand_together"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", module, str(folder), name, str(seed * 10 + number), str(CHANGES)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number, name in enumerate(("amina", "joe", "sara"))
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = []
    for process in started:
        out, problems = process.communicate(timeout=300)
        assert process.returncode == 0, problems
        said.append([json.loads(line) for line in out.splitlines()])
    return said


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_two_holders_and_a_reader_at_once_lose_nothing(house, yusuf, family, seed):
    said = all_at_once(house.folder, seed)
    kept = [one for lines in said for one in lines]
    assert all(len(lines) > CHANGES // 2 for lines in said), "Each of them got somewhere."
    assert len({one["what"] for one in kept}) >= 4, "And they did different things."

    again = build(house.folder)
    for name in ("amina", "joe"):
        opened = again.enter(family[name], yusuf.record_id)
        assert opened.alarms == ()
        what_was_written_is_there(opened, kept)
        what_was_given_is_given(again, opened, kept)
        names_are_those_of_the_book(again, opened)
        the_log_says_all(opened, kept)
    numbers_are_consecutive(again.db)
    keys_are_of_the_newest_epoch_for_whom_they_should_be(again, opened, family)
    assert len(again.enter(family["sara"], yusuf.record_id).sections) == 2
    again.db.close()


def what_was_written_is_there(opened, kept):
    found = {entry.id: [version.document["words"] for version in opened.history(entry.id)] for entry in opened.entries()}
    for one in kept:
        if one["what"] == "saved":
            assert one["words"] in found[one["entry"]], "Somebody was told that this is kept."
    assert opened.damaged == set()
    everything = [words for versions in found.values() for words in versions]
    acknowledged = {one["words"] for one in kept if one["what"] == "saved"} | {NOTE["words"]}
    assert set(everything) == acknowledged, "And nothing else is there."
    assert all(entry.is_logged for entry in opened.entries())


def what_was_given_is_given(house, opened, kept):
    given = {one["grant"] for one in kept if one["what"] == "granted"}
    withdrawn = {one["grant"] for one in kept if one["what"] == "withdrawn"}
    live = {one.grant_id for one in opened.roster.given.grants if one.consent.name != hand_together.SARA}
    assert live == given - withdrawn
    assert withdrawn <= house.office.witness.ended()
    assert all(opened.roster.given.over(grant_id) for grant_id in withdrawn)


def names_are_those_of_the_book(house, opened):
    """What readers see a section called is what its holders called it last."""
    for section in opened.sections:
        label, version = house.db.execute("SELECT label, label_version FROM section WHERE id = ?", [section.id]).fetchone()
        bound = keys.label_bound(opened.stamp, section.id, opened.epoch(section.id), version)
        assert canonical.from_bytes(unseal(opened.key(section.id), label, bound))["name"] == section.name


def the_log_says_all(opened, kept):
    lines = [line.words for line in opened.log_lines()]
    assert opened.alarms == ()
    words = {(line["what"], line.get("grant") or line.get("token") or "") for line in lines}
    saved = [(line["who"], line["entry"]) for line in lines if line["what"] == "saved"]
    for one in kept:
        if one["what"] in {"granted", "withdrawn", "rotated"}:
            assert (one["what"], one.get("grant") or one["token"]) in words
    for who, entry in {(one["by"], one["entry"]) for one in kept if one["what"] == "saved"}:
        told = [one for one in kept if one["what"] == "saved" and (one["by"], one["entry"]) == (who, entry)]
        assert saved.count((who, entry)) >= len(told)
    arranged = sum(line["what"] == "arranged" for line in lines)
    assert arranged == sum(one["what"] == "arranged" for one in kept)


def numbers_are_consecutive(db):
    for column, table, by in (
        ("number", "roster", "record_id"),
        ("number", "log_line", "record_id"),
        ("number", "statement", "record_id"),
    ):
        rows = db.execute(f"SELECT count(*), count(DISTINCT {column}), max({column}) - min({column}) FROM {table} GROUP BY {by}")
        for count, different, span in rows.fetchall():
            assert count == different == span + 1, table
    rows = db.execute("SELECT count(*), count(DISTINCT epoch), min(epoch), max(epoch) FROM section_epoch GROUP BY section_id")
    for count, different, first, last in rows.fetchall():
        assert (count, different, first) == (last, last, 1), "Every epoch once, and none left out."


def keys_are_of_the_newest_epoch_for_whom_they_should_be(house, opened, people):
    rows = house.db.execute("SELECT section_id, epoch, account_id, grant_id FROM wrap").fetchall()
    grants = opened.roster.given.grants
    expected = {
        (section_id, epoch, people[name].account_id, "own")
        for section_id, epoch in opened.roster.epochs.items()
        for name in ("amina", "joe")
    } | {(id_, opened.epoch(id_), one.account_id, one.grant_id) for one in grants for id_ in one.consent.sections}
    assert len(rows) == len(set(rows))
    assert set(rows) == expected
    epochs = house.db.execute("SELECT DISTINCT section_id, epoch FROM entry_version").fetchall()
    assert all(opened.epoch(section_id) == epoch for section_id, epoch in epochs)


def test_new_keys_from_a_page_that_was_open_keep_the_name_a_section_was_given_since(house, yusuf, family):
    stale, sara = house.enter(family["joe"], yusuf.record_id), family["sara"]
    stale.entries()
    section = yusuf.sections[0]

    def renamed(book):
        return replace(book, called="Yusuf A", sections=(replace(section, name="All about him"), *book.sections[1:]))

    editing.change_book(house.enter(yusuf.person, yusuf.record_id), renamed)
    with editing.change(stale) as pen:
        keys.rotate(stale, [section.id])
        pen.note("rotated")
    names_are_those_of_the_book(house, house.enter(yusuf.person, yusuf.record_id))
    assert house.enter(sara, yusuf.record_id).section(section.id).name == "All about him"


def test_what_gets_new_keys_while_a_page_is_made_opens_under_those_and_does_not_look_touched(house, yusuf, family):
    """Amina's page was begun; Joe withdraws something; then Amina's page reads."""
    for name, count in (("amina", 3), ("sara", 2)):
        stale = house.enter(family[name], yusuf.record_id)
        opened = house.enter(family["joe"], yusuf.record_id)
        with editing.change(opened) as pen:
            keys.rotate(opened, opened.roster.epochs)
            pen.note("rotated")
        assert len(stale.entries()) == count
        assert (stale.damaged, stale.alarms) == (set(), ())
        assert stale.roster.number == opened.roster.number


def test_a_look_is_logged_though_the_letter_box_got_a_new_key_since(house, yusuf, family):
    stale, opened = (house.enter(family[name], yusuf.record_id) for name in ("amina", "joe"))
    with editing.change(opened) as pen:
        keys.rotate(opened, [opened.root_id])
        pen.note("rotated")
    lines = stale.log_lines()
    assert lines[0].words["what"] == "rotated"
    stale.entries([stale.sections[0].id])
    assert stale.alarms == ()
    last = house.enter(family["joe"], yusuf.record_id).log_lines()[0].words
    assert (last["what"], last["who"]) == ("listed", family["amina"].account_id)
