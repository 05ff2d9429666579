"""How a record changes. Each change is one transaction: sealed, logged and pinned, or not there at all.

A change that finds the record's keys changed by somebody else in the meantime opens it again and is made again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from accounts import keyring
from plumbing.clock import minute
from plumbing.crypto.envelope import seal
from plumbing.db import at_once
from plumbing.ids import new_id
from records import attachments, canonical, feed, keys, log, reminders, store
from records.book import Book, Section
from records.consent import Given
from records.entry import Entry, File
from records.gate import NotYours, Opened, read_book
from records.kinds import KINDS, kind_of
from records.kinds.plan import ACTION, AGREED_PLAN
from records.kinds.review import REVIEW

Document = dict[str, Any]
Made = TypeVar("Made")
KEPT_DAYS = 30  # how long an earlier version, and what is in the bin, can be brought back
_TRIES = 3
_REVIEWED = (REVIEW.name, AGREED_PLAN.name, ACTION.name)


class EditedMeanwhile(Exception):
    """Somebody saved this entry in the meantime; `current` is theirs. Nothing was overwritten."""

    def __init__(self, current: Entry) -> None:
        super().__init__("the entry was saved by somebody else in the meantime")
        self.current = current


class InTheBin(NotYours):
    """This entry lies in the bin: it is brought back before it is changed."""


class NoRoom(Exception):
    """The record keeps as much as it may."""


class Stale(Exception):
    """The record's keys changed since it was opened."""


@dataclass
class Pen:
    """One change under way."""

    opened: Opened
    unlink: list[str] = field(default_factory=list)
    head: log.Head | None = None
    moves_dates: bool = False

    def note(self, what: str, proof: bytes | None = None, **words: Any) -> None:
        """Write a line into the log; with the `proof` of what was written, where something was."""
        opened = self.opened
        box = opened.letterbox
        line = {"at": minute(), "who": opened.person.account_id, "what": what, **words}
        record, key = (opened.record_id, opened.stamp), opened.office.secrets.log_key
        if what in log.TOLD:
            proof = log.told_mark(key, opened.stamp)
        self.head = log.append(opened.db, key, record, (box.generation, box.public), line, proof)

    def note_version(self, what: str, entry_id: str, section_id: str, version: int, inside: bytes) -> None:
        """Write into the log that this very version was sealed. One that has no such line is shown to holders as such."""
        opened, digest = self.opened, canonical.digest(inside)
        proof = log.proof(opened.office.secrets.log_key, opened.stamp, entry_id, version, digest)
        self.note(what, proof, entry=entry_id, version=version, hash=canonical.text(digest), section=section_id)

    def give(self, changed: Callable[[Given], Given]) -> None:
        """Change what the family has given: a new roster."""
        roster = self.opened.roster
        keys.next_roster(self.opened, replace(roster, given=changed(roster.given)))

    def save(self, entry_id: str, section_id: str, version: int, document: Document, at: str = "") -> None:
        """Seal one version of an entry, under its section's newest key, and log it; `at` says when it was written, if not now."""
        opened = self.opened
        # A draft lies in no section yet; only holders have one of those.
        if not opened.may_add(section_id):
            raise NotYours
        epoch, at = opened.epoch(section_id), at or minute()
        inside = canonical.to_bytes({"v": 1, "by": opened.person.account_id, "at": at, "document": document})
        bound = keys.version_bound(opened.stamp, section_id, epoch, entry_id, version)
        sealed = seal(opened.key(section_id), inside, bound)
        store.insert(
            opened.db,
            "entry_version",
            entry_id=entry_id,
            version=version,
            section_id=section_id,
            epoch=epoch,
            saved_on=opened.today.isoformat(),
            sealed=sealed,
        )
        self.moves_dates |= _has_days(document)
        self.note_version("saved", entry_id, section_id, version, inside)

    def save_next(self, current: Entry, document: Document) -> None:
        """Seal the version of an entry that comes after its newest, `current`."""
        self.save(current.id, current.section_id, current.version + 1, document)
        self.opened.db.execute("UPDATE entry SET version = ? WHERE id = ?", [current.version + 1, current.id])
        mark_dropped(self.opened, current.id, document)


@contextmanager
def change(opened: Opened) -> Iterator[Pen]:
    """Everything done with the pen is one transaction; the witness hears of it before anybody else does."""
    pen = Pen(opened)
    with at_once(opened.db):
        # Statements, too: whoever left in the meantime signs nothing more, and the last of two who leave at once stays.
        newest = (
            store.newest_roster_number(opened.db, opened.record_id),
            store.newest_statement_number(opened.db, opened.record_id),
        )
        if newest != (opened.roster.number, opened.statement[0]):
            raise Stale
        yield pen
        if pen.moves_dates:
            _tell_calendars(opened)
        # What does not match is not forgotten by going on: pins and witness stay as they were, until the holder says so.
        if pen.head and not opened.alarms:
            pins = keyring.read(opened.db, opened.person)
            keyring.write(opened.db, opened.person, pins | {opened.record_id: opened.pins(pen.head)})
    if pen.head and not opened.alarms:
        opened.office.witness.saw(opened.record_id, opened.seen(pen.head))
    attachments.unlink(opened.office.attachments, pen.unlink)


def _has_days(document: Document) -> bool:
    """Whether calendars and reminders go by it."""
    return document.get("kind") in KINDS and (kind_of(document).is_attended or document["kind"] in _REVIEWED)


def _tell_calendars(opened: Opened) -> None:
    """What a calendar and a reminder know of a record's dates changes in the same transaction as the dates."""
    if not opened.is_holder:
        return  # calendars and reminders are sealed to holders; they hear of it at a holder's next visit
    book = read_book(opened)
    entries = opened.entries() if feed.feed_of(book) or reminders.reminded(book) else []
    feed.refresh(opened, book, entries)
    reminders.refresh(opened, book, entries)


def again(make: Callable[[Opened], Made], opened: Opened) -> Made:
    """`make`, once more with the record opened afresh where its keys changed under our hands."""
    for _try in range(_TRIES):
        try:
            return make(opened)
        except Stale:
            opened.open_again()
    return make(opened)


# Entries


def add(opened: Opened, section_id: str, document: Document, state: str = "kept", entry_id: str = "") -> Entry:
    """Keep a new entry."""
    entry_id = entry_id or new_id()

    def make(opened: Opened) -> Entry:
        with change(opened) as pen:
            _insert_entry(opened, entry_id, section_id, state)
            pen.save(entry_id, section_id, 1, document)
            return opened.entry(entry_id)

    return again(make, opened)


def _insert_entry(opened: Opened, entry_id: str, section_id: str, state: str) -> None:
    store.insert(opened.db, "entry", id=entry_id, record_id=opened.record_id, section_id=section_id, version=1, state=state)


def save(opened: Opened, entry_id: str, document: Document, based_on: int) -> Entry:
    """Keep a new version of an entry that was read as version `based_on`. Raises EditedMeanwhile, and keeps nothing."""
    return revise(opened, entry_id, lambda _current: document, based_on)


def revise(opened: Opened, entry_id: str, revised: Callable[[Document], Document], based_on: int = 0) -> Entry:
    """Keep a new version made from the newest one, with nobody in between (a page added to a draft, a letter read).

    Raises NotYours; InTheBin where it was put into the bin.
    """

    def make(opened: Opened) -> Entry:
        with change(opened) as pen:
            current = opened.entry(entry_id)
            if not opened.may_change(current):
                raise NotYours
            if current.state == "binned":
                raise InTheBin
            if based_on and current.version != based_on:
                raise EditedMeanwhile(current)
            pen.save_next(current, revised(current.document))
            if current.state == "draft":
                # A draft has no history: nobody asks for the letter as it was before its third page.
                opened.db.execute("DELETE FROM entry_version WHERE entry_id = ? AND version <= ?", [entry_id, current.version])
            return opened.entry(entry_id)

    return again(make, opened)


def mark_dropped(opened: Opened, entry_id: str, document: Document) -> None:
    """Attachments that the newest version has no more live on as long as the versions that have them."""
    kept = set(document.get("files", {}))
    rows = opened.db.execute("SELECT id, dropped_on FROM attachment WHERE entry_id = ?", [entry_id]).fetchall()
    for attachment_id, dropped_on in rows:
        if attachment_id in kept and dropped_on:
            opened.db.execute("UPDATE attachment SET dropped_on = NULL WHERE id = ?", [attachment_id])
        elif attachment_id not in kept and not dropped_on:
            day = opened.today.isoformat()
            opened.db.execute("UPDATE attachment SET dropped_on = ? WHERE id = ?", [day, attachment_id])


def bring_back(opened: Opened, entry_id: str, version: int) -> Entry:
    """Make an earlier version the newest one. Raises NotYours where it is not kept any more."""

    def earlier(_current: Document) -> Document:
        # Read when it is its turn: moved in the meantime, the entry has other files.
        found = next((one for one in opened.history(entry_id) if one.version == version), None)
        if found is None:
            raise NotYours
        return found.document

    return revise(opened, entry_id, earlier)


# Attachments


def attach(opened: Opened, entry_id: str, plaintexts: Mapping[str, tuple[bytes, str]]) -> dict[str, File]:
    """Seal files for an entry: by name, bytes and media type. Nothing names them until the entry's document does.

    Raises NoRoom where the record would keep more than it may.
    """
    coming = sum(len(plaintext) for plaintext, _mimetype in plaintexts.values())
    if store.bytes_kept(opened.db, opened.record_id) + coming > opened.office.quota:
        raise NoRoom
    made = {}
    for name, (plaintext, mimetype) in plaintexts.items():
        key, attachment_id = secrets.token_bytes(keys.KEY_BYTES), new_id()
        size = attachments.write(opened.office.attachments, attachment_id, key, plaintext, opened.stamp)
        made[name] = File(attachment_id, mimetype, len(plaintext), canonical.text(key))
        with opened.db.conn:
            row = {"id": attachment_id, "record_id": opened.record_id, "entry_id": entry_id, "bytes": size}
            store.insert(opened.db, "attachment", **row, dropped_on=opened.today.isoformat())
    return made


def detach(opened: Opened, entry_id: str, files: Iterable[File]) -> None:
    """Let go of files that were sealed for an entry whose document does not name them after all."""
    gone = [file.id for file in files]
    with opened.db.conn:
        for file_id in gone:
            opened.db.execute("DELETE FROM attachment WHERE id = ? AND entry_id = ?", [file_id, entry_id])
    attachments.unlink(opened.office.attachments, gone)


# Binning, deleting


def put_into_bin(opened: Opened, entry_id: str) -> None:
    """Take an entry out of sight; it can be brought back for 30 days. Raises NotYours for a draft."""
    _set_state(opened, entry_id, "binned", opened.today, "binned")


def take_out_of_bin(opened: Opened, entry_id: str) -> None:
    """Bring an entry back from the bin. Raises NotYours for a draft: kept in no section, nobody would find it again."""
    _set_state(opened, entry_id, "kept", None, "unbinned")


def _set_state(opened: Opened, entry_id: str, state: str, binned_on: date | None, what: str) -> None:
    def make(opened: Opened) -> None:
        with change(opened) as pen:
            current = opened.entry(entry_id)
            if current.state == "draft" or not opened.may_change(current):
                raise NotYours
            day = binned_on.isoformat() if binned_on else None
            by = opened.person.account_id if binned_on and not opened.is_holder else None
            sql = "UPDATE entry SET state = ?, binned_on = ?, binned_by = ? WHERE id = ?"
            opened.db.execute(sql, [state, day, by, entry_id])
            pen.moves_dates |= _has_days(current.document)
            pen.note(what, entry=entry_id, section=current.section_id)

    again(make, opened)


def delete_for_good(opened: Opened, entry_id: str, only: str | None = None) -> None:
    """Delete an entry, its versions and its attachments: nobody can bring it back.

    `only` is the state it must be in still ("draft", "binned"): else somebody has just kept it. Raises NotYours.
    """

    def make(opened: Opened) -> None:
        with change(opened) as pen:
            current = opened.entry(entry_id)
            # A reader puts what they added into the bin; only its holders empty it.
            mine_to_delete = opened.is_holder or (current.state == "draft" and opened.may_change(current))
            if (only and current.state != only) or not mine_to_delete:
                raise NotYours
            rows = opened.db.execute("SELECT id FROM attachment WHERE entry_id = ?", [entry_id]).fetchall()
            opened.db.execute("DELETE FROM entry WHERE id = ?", [entry_id])
            pen.unlink.extend(row[0] for row in rows)
            pen.moves_dates |= _has_days(current.document)
            pen.note("deleted", entry=entry_id, section=current.section_id)

    again(make, opened)
    truncate(opened)


def truncate(opened: Opened) -> None:
    """Empty the write-ahead log: what was deleted must not stay behind in it."""
    opened.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


# The book


def change_book(opened: Opened, changed: Callable[[Book], Book], what: str = "arranged") -> None:
    """Save the book anew: names, order, what is hidden; sections that are new in it get their keys.

    `what` is the log's word for it: "feed" and "reminders" where that was changed.
    """

    def make(opened: Opened) -> None:
        with change(opened) as pen:
            before = read_book(opened)  # somebody may have arranged it since this page was opened
            book = changed(before)
            for section in book.sections:
                old = before.section(section.id)
                if old is None:
                    keys.add_section(opened, section, book.called)
                elif (old.name, before.called) != (section.name, book.called):
                    _relabel(opened, section, book.called)
            write_book(opened, book)
            opened.book = book
            pen.moves_dates |= before.settings != book.settings
            pen.note(what)

    again(make, opened)


def write_book(opened: Opened, book: Book) -> None:
    """Seal the book anew, in the transaction the caller has open."""
    root, db = opened.root_id, opened.db
    version = db.execute("SELECT version FROM book WHERE record_id = ?", [opened.record_id]).fetchone()[0] + 1
    epoch = opened.epoch(root)
    sealed = seal(opened.key(root), canonical.to_bytes(book.written()), keys.book_bound(opened.stamp, root, epoch, version))
    db.execute(
        "UPDATE book SET epoch = ?, version = ?, sealed = ? WHERE record_id = ?", [epoch, version, sealed, opened.record_id]
    )


def _relabel(opened: Opened, section: Section, called: str) -> None:
    version = opened.db.execute("SELECT label_version FROM section WHERE id = ?", [section.id]).fetchone()[0] + 1
    bound = keys.label_bound(opened.stamp, section.id, opened.epoch(section.id), version)
    sealed = seal(opened.key(section.id), keys.label(called, section), bound)
    opened.db.execute("UPDATE section SET label = ?, label_version = ? WHERE id = ?", [sealed, version, section.id])


def note_only(opened: Opened, what: str) -> None:
    """A line in the log for something that changed nothing: a sign-in, a copy taken away."""

    def make(opened: Opened) -> None:
        with change(opened) as pen:
            pen.note(what)

    again(make, opened)


def go_on(opened: Opened) -> None:
    """A holder was told what does not match, and goes on from here: it is logged, pinned anew, and the witness begins anew.

    Every section gets a new key: nobody knows what was given, and to whom, in the time that is gone.
    """

    def make(opened: Opened) -> None:
        alarms, opened.alarms = opened.alarms, ()
        with change(opened) as pen:
            keys.rotate(opened, [section_id for section_id in opened.roster.epochs if _opens(opened, section_id)])
            pen.note("went_on", alarms=list(alarms))
        assert pen.head  # noqa: S101 - it was noted just now
        opened.office.witness.saw(opened.record_id, opened.seen(pen.head), anew=True)

    again(make, opened)


def _opens(opened: Opened, section_id: str) -> bool:
    """Whether a section's key is there still: one that was destroyed must not keep its holder from the others."""
    try:
        return bool(opened.key(section_id))
    except NotYours:
        return False
