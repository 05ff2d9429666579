"""One of several processes that change a record at once: it makes so many changes, and says which of them were kept.

`python -m tests.records.hand_together FOLDER NAME SEED COUNT`; prints "ready", waits for a line, then one line of JSON for each
change that was acknowledged.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from plumbing.ids import new_id
from records import canonical, editing, inviting, keys, sharing, visits
from records.consent import TO_SEE, Consent, day_number
from records.gate import Opened
from tests.records.hand import read_person
from tests.records.people import TODAY, House, build

READERS = ("rhys", "mr patel", "tom")
SARA = "Sara"
Kept = dict[str, str]


def save(_house: House, opened: Opened, rng: random.Random) -> Kept:
    """A new version of any entry."""
    token = new_id()
    entry = rng.choice([one for one in opened.entries() if one.kind == "note"])
    editing.revise(opened, entry.id, lambda document: document | {"words": token})
    return {"what": "saved", "entry": entry.id, "words": token}


def add(_house: House, opened: Opened, rng: random.Random) -> Kept:
    """A new entry, where this person may add."""
    token = new_id()
    section = rng.choice([one.id for one in opened.sections if opened.may_add(one.id)])
    made = editing.add(opened, section, {"v": 1, "kind": "note", "words": token})
    return {"what": "saved", "entry": made.id, "words": token}


def share(house: House, opened: Opened, rng: random.Random) -> Kept:
    """One of the readers is given some sections, across the table."""
    who = rng.choice(READERS)
    chosen = tuple(one.id for one in rng.sample(opened.sections, 2))
    consent = Consent(who, "", chosen, "read", "the plan", 20270303, day_number(TODAY))
    invited = inviting.invite(opened, TO_SEE, consent, 20261206, "Amina")
    inviting.accept(house.db, house.office, read_person(house.folder / who), canonical.raw(invited.code), day_number(TODAY))
    opened = house.enter(opened.person, opened.record_id)
    visits.attend(opened)
    return {"what": "granted", "grant": invited.id}


def withdraw(_house: House, opened: Opened, rng: random.Random) -> Kept | None:
    """Any grant but Sara's."""
    live = [one for one in opened.roster.given.grants if one.consent.name != SARA]
    if not live:
        return None
    grant = rng.choice(live)
    sharing.withdraw(opened, grant.grant_id)
    return {"what": "withdrawn", "grant": grant.grant_id}


def rotate(_house: House, opened: Opened, rng: random.Random) -> Kept:
    """New keys for a section, or for the root."""
    token, section_id = new_id(), rng.choice(sorted(opened.roster.epochs))

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            keys.rotate(opened, [section_id])
            pen.note("rotated", token=token)

    editing.again(make, opened)
    return {"what": "rotated", "token": token, "section": section_id}


def rename(_house: House, opened: Opened, rng: random.Random) -> Kept:
    """A section by another name, nobody in between."""
    number, name = rng.randrange(len(opened.sections)), new_id()

    def renamed(book: keys.Book) -> keys.Book:
        sections = list(book.sections)
        sections[number] = replace(sections[number], name=name)
        return replace(book, sections=tuple(sections))

    editing.change_book(opened, renamed)
    return {"what": "arranged", "section": opened.sections[number].id, "name": name}


Change = Callable[[House, Opened, random.Random], Kept | None]
HOLDERS: tuple[Change, ...] = (save, add, share, withdraw, rotate, rename)


def work(folder: Path, name: str, seed: int, count: int) -> None:
    """One change after another; each line printed is one that was kept."""
    house, rng, person = build(folder), random.Random(seed), read_person(folder / name)
    (record_id,) = (row[0] for row in house.db.execute("SELECT id FROM record").fetchall())
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(count):
        opened = house.enter(person, record_id)
        change = rng.choice(HOLDERS) if opened.is_holder else add
        try:
            kept = change(house, opened, rng)
        except editing.Stale:
            continue  # refused, after many tries: the person is told, and nothing of it may be there
        if not opened.is_holder:
            assert all(one.document["kind"] == "note" for one in house.enter(person, record_id).entries())
        if kept:
            print(json.dumps(kept | {"by": person.account_id}), flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
