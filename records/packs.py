"""Guest packs: a dated copy of a part of the record, for somebody without an account, behind a link and a PIN told apart from it.

The link's code names the row and is half of its key; the other half is the stretched PIN. A PIN has six digits, so each try is
counted, and the count on the disk, before anything is derived; after five wrong ones in a row the pack is gone. Whoever finds
only the link can read nothing, but can use up its tries: the page that makes a pack says so.

    code (130 bits) ─┬─ HKDF ► the row's name
                     └─ with Argon2id(PIN, pepper), HKDF ► the key of the copy, bound to record, pack and last day
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal
from plumbing.crypto.passphrase import SALT_BYTES, Busy, Cost, stretch
from plumbing.db import at_once
from records import attachments, canonical, editing, store, strangers, timeline
from records.consent import Given, GivenPack, day_number, day_of
from records.entry import Entry, File
from records.gate import NotYours, Opened
from records.log import Line
from records.office import Office
from records.sections import GETTING_READY

TRIES = 5
USUAL_DAYS, MOST_DAYS = 7, 30
_TRY_SECONDS = 60
_ID_BYTES = 16
# What a machine read on a letter's sheets is for the family's own search: a guest gets the sheets.
# Nor does one who sees the plan get the plans of before, and whom the family gave them to; one who is invited to a meeting, who
# else is; one who reads of what fell through, who was told.
_NOT_GIVEN = {"found_text", "read", "agreed", "circulated", "invited", "told"}


class Gone(Exception):
    """There is no such pack, or no longer. It never says which."""


class WrongPin(Exception):
    """It was not the PIN; `left` tries are left."""

    def __init__(self, left: int) -> None:
        super().__init__("not the PIN")
        self.left = left


@dataclass(frozen=True)
class Order:
    """What a holder wants to give: to whom, what for, until when; one section, or else chosen entries of any."""

    name: str
    purpose: str
    last_day: date
    section_id: str = ""
    entries: tuple[str, ...] = ()
    # Fields that are given of none of them.
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Chapter:
    """A section's name, and what of it is in a pack, newest first."""

    name: str
    entries: tuple[Entry, ...] = field(repr=False)


@dataclass(frozen=True)
class Pack:
    """A pack, opened: who gave it to whom, of what day it is, until when, and what is in it."""

    id: str
    record_id: str
    stamp: bytes
    by: str = field(repr=False)
    called: str = field(repr=False)
    name: str = field(repr=False)
    purpose: str = field(repr=False)
    made_on: date
    last_day: date
    chapters: tuple[Chapter, ...]
    folder: Path = field(repr=False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything in it."""
        return tuple(entry for chapter in self.chapters for entry in chapter.entries)

    def file(self, file: File) -> bytes:
        """An attachment's bytes. Raises CannotOpen where the family has deleted it since."""
        return attachments.read(self.folder, file.id, canonical.raw(file.key), self.stamp)

    def has(self, file_id: str) -> bool:
        """Whether an attachment is still there."""
        return attachments.path_of(self.folder, file_id).is_file()


@dataclass(frozen=True)
class _Row:
    id: str
    record_id: str
    salt: bytes = field(repr=False)
    cost: str
    last_day: int
    sealed: bytes = field(repr=False)
    stamp: bytes = field(repr=False)


def last_possible_day(today: date) -> date:
    """The latest day a pack can last until."""
    return today + timedelta(days=MOST_DAYS)


def _id(code: bytes) -> str:
    return derive(code, context("pack", "id"), _ID_BYTES).hex()


def _key(code: bytes, pin: str, salt: bytes, pepper: bytes, cost: Cost) -> bytes:
    return derive(code + stretch(pin, salt, pepper, cost), context("pack", "key"))


def _bound(record_id: str, stamp: bytes, pack_id: str, last_day: int) -> bytes:
    return context("pack", record_id, stamp, pack_id, last_day)


# A holder gives, and ends


def give(opened: Opened, order: Order, by: str, cost: Cost) -> GivenPack:
    """Make a pack; `by` is the name under which its guest knows the holder. Raises NotYours for what cannot be given, and Busy.

    Just us is not among a record's sections, so nothing of it can ever be chosen.
    """
    if not opened.today <= order.last_day <= last_possible_day(opened.today):
        raise ValueError("a pack lasts until a day of the next thirty")
    code, pin, salt = new_code(), f"{secrets.randbelow(10**6):06}", secrets.token_bytes(SALT_BYTES)
    id_, last_day, made_on = _id(code), day_number(order.last_day), day_number(opened.today)
    # Before the transaction: it takes a while, and nobody else should have to wait for it.
    key = _key(code, pin, salt, opened.office.secrets.pepper, cost)
    shown = (order.name, order.purpose, order.section_id, order.entries)
    given = GivenPack(id_, canonical.text(code), pin, *shown, made_on, last_day)

    def make(opened: Opened) -> GivenPack:
        with editing.change(opened) as pen:
            copy = canonical.to_bytes(_copy(opened, given, by, order.without | _NOT_GIVEN))
            store.insert(
                opened.db,
                "pack",
                id=id_,
                record_id=opened.record_id,
                salt=salt,
                cost=str(cost),
                tries=TRIES,
                last_day=last_day,
                sealed=seal(key, copy, _bound(opened.record_id, opened.stamp, id_, last_day)),
            )
            pen.give(lambda before: replace(before, packs=(*not_over(before, opened.today), given)))
            pen.note("pack_given", pack=id_, name=given.name)
        return given

    return editing.again(make, opened)


def not_over(given: Given, today: date) -> tuple[GivenPack, ...]:
    """The packs whose last day has not passed."""
    return tuple(one for one in given.packs if one.last_day >= day_number(today))


def _copy(opened: Opened, given: GivenPack, by: str, without: Set[str]) -> dict[str, Any]:
    chosen = _chosen(opened, given)
    return {
        "v": 1,
        "by": by,
        "called": opened.book.called,
        "name": given.name,
        "purpose": given.purpose,
        "made_on": given.made_on,
        "chapters": [
            {"name": section.name, "entries": [_copied(entry, without) for entry in _newest_first(chosen, section.id)]}
            for section in opened.sections
            if section.id == given.section_id or any(entry.section_id == section.id for entry in chosen)
        ],
    }


def _chosen(opened: Opened, given: GivenPack) -> list[Entry]:
    shared = {section.id for section in opened.sections}
    if given.section_id:
        if given.section_id not in shared:
            raise NotYours
        # What a family notes to get ready for a meeting is for them alone: nobody gets it with all the rest.
        return [one for one in opened.entries([given.section_id]) if one.kind != GETTING_READY]
    chosen = [opened.entry(entry_id) for entry_id in dict.fromkeys(given.entries)]
    if not chosen or any(entry.state != "kept" or entry.section_id not in shared for entry in chosen):
        raise NotYours
    return chosen


def _newest_first(entries: Iterable[Entry], section_id: str) -> list[Entry]:
    inside = [entry for entry in entries if entry.section_id == section_id]
    return sorted(inside, key=lambda entry: (timeline.day_of(entry), entry.saved_at), reverse=True)


def _copied(entry: Entry, without: Set[str]) -> dict[str, Any]:
    document = {name: value for name, value in entry.document.items() if name not in without}
    return {"id": entry.id, "at": entry.saved_at, "document": document}


def end(opened: Opened, pack_id: str) -> None:
    """End a pack at once: its row is gone, and a restored backup does not bring it back. Raises NotYours where there is none."""

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            found = next((one for one in opened.roster.given.packs if one.id == pack_id), None)
            if found is None:
                raise NotYours
            _end(pen, [found])

    editing.again(make, opened)
    editing.truncate(opened)


def end_all(pen: editing.Pen) -> None:
    """End every pack of a record, in a change that is under way: a holder leaves, or all sharing is paused."""
    _end(pen, pen.opened.roster.given.packs)


def _end(pen: editing.Pen, over: Iterable[GivenPack]) -> None:
    opened, gone = pen.opened, {one.id: one for one in over}
    if not gone:
        return
    opened.office.witness.end(*gone)
    for id_ in gone:
        opened.db.execute("DELETE FROM pack WHERE id = ? AND record_id = ?", [id_, opened.record_id])
    pen.give(lambda before: replace(before, packs=tuple(one for one in before.packs if one.id not in gone)))
    for one in gone.values():
        pen.note("pack_ended", pack=one.id, name=one.name)


def live_ids(opened: Opened) -> set[str]:
    """Which packs of a record can still be opened: five wrong PINs end one without the family's doing."""
    today = day_number(opened.today)
    sql = "SELECT id FROM pack WHERE record_id = ? AND tries > 0 AND last_day >= ?"
    rows = opened.db.execute(sql, [opened.record_id, today]).fetchall()
    return {row[0] for row in rows} - opened.office.witness.ended()


def looks(lines: Iterable[Line]) -> dict[str, tuple[int, date]]:
    """How often each pack was opened and on which day last, by its id; `lines` are the log's, newest first."""
    found: dict[str, tuple[int, date]] = {}
    for line in lines:
        if line.words["what"] == "guest_opened":
            times, last = found.get(line.words["pack"], (0, date.fromisoformat(line.words["at"][:10])))
            found[line.words["pack"]] = (times + 1, last)
    return found


# A guest opens


def find(db: Database, office: Office, code: bytes, today: date) -> str:
    """The id of the pack that a link leads to. Raises Gone."""
    return _live(db, office, _id(code), today).id


def _live(db: Database, office: Office, pack_id: str, today: date) -> _Row:
    found = db.execute(
        "SELECT p.id, p.record_id, p.salt, p.cost, p.last_day, p.sealed, r.stamp FROM pack p JOIN record r ON r.id = p.record_id"
        " WHERE p.id = ? AND p.tries > 0 AND p.last_day >= ?",
        [pack_id, day_number(today)],
    ).fetchone()
    # A restored backup may have the row still: the witness remembers that it was ended.
    if found is None or pack_id in office.witness.ended() or office.witness.is_gone(found[1]):
        raise Gone
    return _Row(*found)


def check_live(db: Database, office: Office, pack_id: str, today: date) -> None:
    """Raises Gone where a pack has ended since it was opened."""
    _live(db, office, pack_id, today)


def open_by_pin(db: Database, office: Office, code: bytes, pin: str, today: date) -> tuple[Pack, bytes]:
    """The pack and its key. The family's log says so before anything of it is shown.

    Raises Gone, WrongPin, Busy, or NotWitnessed where the log cannot be written.
    """
    row = _live(db, office, _id(code), today)
    # Counted, and on the disk, before anything is derived: of many who try at once, five get to try.
    with at_once(db):
        sql = "UPDATE pack SET tries = tries - 1, tried_at = ? WHERE id = ? AND tries > 0 RETURNING tries"
        taken = db.execute(sql, [_moment(), row.id]).fetchone()
    if taken is None:
        raise Gone
    try:
        key = _key(code, pin, row.salt, office.secrets.pepper, Cost.parse(row.cost))
        pack = _read(row, key, office)
    except Busy:
        _take_back(db, row)  # nothing was derived, so nothing was tried
        raise
    except (CannotOpen, ValueError):
        raise WrongPin(taken[0] or _destroy(db, office, row.id, row.record_id)) from None
    try:
        with at_once(db):
            if not db.execute("UPDATE pack SET tries = ? WHERE id = ?", [TRIES, row.id]).rowcount:
                raise Gone
            seen = strangers.note(db, office, row.record_id, what="guest_opened", pack=row.id, name=pack.name)
    except (strangers.NotWitnessed, sqlite3.Error):
        _take_back(db, row)
        raise
    office.witness.saw(row.record_id, seen)
    return pack, key


def _take_back(db: Database, row: _Row) -> None:
    db.execute("UPDATE pack SET tries = min(tries + 1, ?) WHERE id = ?", [TRIES, row.id])


def _destroy(db: Database, office: Office, pack_id: str, record_id: str) -> int:
    """After the last try: delete the pack, and tell the family. Returns how many tries are left: a right PIN may have come."""
    seen = None
    with at_once(db):
        left = db.execute("SELECT tries FROM pack WHERE id = ?", [pack_id]).fetchone()
        if left is None or left[0]:
            return left[0] if left else 0
        office.witness.end(pack_id)
        db.execute("DELETE FROM pack WHERE id = ?", [pack_id])
        # Without a line it goes all the same: here nothing is shown to anybody.
        with suppress(strangers.NotWitnessed):
            seen = strangers.note(db, office, record_id, what="pack_destroyed", pack=pack_id)
    if seen:
        office.witness.saw(record_id, seen)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return 0


def sweep(db: Database, office: Office) -> int:
    """Destroy packs whose last try was wrong when the machine stopped, and tell their families. Returns how many.

    A try that was taken a moment ago may be the right one, and still under way: it takes as long as stretching a PIN takes.
    """
    left_over = "SELECT id, record_id FROM pack WHERE tries = 0 AND tried_at < ?"
    over = db.execute(left_over, [_moment() - _TRY_SECONDS]).fetchall()
    for pack_id, record_id in over:
        _destroy(db, office, pack_id, record_id)
    return len(over)


def _moment() -> int:
    return int(clock.now().timestamp())


def open_again(db: Database, office: Office, pack_id: str, key: bytes, today: date) -> Pack:
    """A pack that was opened a little while ago, if it is still live. Raises Gone."""
    row = _live(db, office, pack_id, today)
    try:
        return _read(row, key, office)
    except CannotOpen:
        raise Gone from None


def note_copy(db: Database, office: Office, pack: Pack) -> None:
    """Tell the family that a guest took a copy along, before they have it. Raises NotWitnessed."""
    with at_once(db):
        seen = strangers.note(db, office, pack.record_id, what="guest_copied", pack=pack.id, name=pack.name)
    office.witness.saw(pack.record_id, seen)


def _read(row: _Row, key: bytes, office: Office) -> Pack:
    inside = canonical.from_bytes(unseal(key, row.sealed, _bound(row.record_id, row.stamp, row.id, row.last_day)))
    chapters = tuple(
        Chapter(chapter["name"], tuple(Entry(one["id"], "", 1, "", one["at"], one["document"]) for one in chapter["entries"]))
        for chapter in inside["chapters"]
    )
    words = (inside["by"], inside["called"], inside["name"], inside["purpose"])
    days = (day_of(inside["made_on"]), day_of(row.last_day))
    return Pack(row.id, row.record_id, row.stamp, *words, *days, chapters, office.attachments)
