"""The gate: the only way from a page to an opened section.

What does not follow from what somebody has pinned is not believed. What is over is deleted before anything is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from accounts import keyring
from accounts.person import Person
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import unseal
from records import canonical, log, store
from records.book import Book, Section
from records.consent import day_number
from records.office import Office
from records.opened import DoesNotMatch, NotShared, NotYours, Opened
from records.roster import Roster, check_chain, open_roster
from records.statement import read_chain
from records.terms import SealedTerms, Terms, open_terms
from records.witness import Seen

__all__ = ["DoesNotMatch", "Gate", "NotShared", "NotYours", "Opened", "read_book"]


@dataclass(frozen=True)
class Gate:
    """Where one person goes in, for one request."""

    db: Database
    office: Office
    person: Person
    today: date

    def record_ids(self) -> list[str]:
        """The records this person holds, in the order in which they came to them."""
        return [record_id for record_id, pinned in self.pinned().items() if not pinned.get("reads")]

    def shared_ids(self) -> list[str]:
        """The records of which this person was given a part, whether or not it is over by now."""
        return [record_id for record_id, pinned in self.pinned().items() if pinned.get("reads")]

    def pinned(self) -> dict[str, Any]:
        """What this person has pinned, but for records that are gone for good: a restored backup brings their pins back."""
        pins = keyring.read(self.db, self.person)
        return {record_id: pinned for record_id, pinned in pins.items() if not self.office.witness.is_gone(record_id)}

    def enter(self, record_id: str) -> Opened:
        """Open a record. Raises NotYours; DoesNotMatch where it is not the record that this person knows."""
        pinned = self.pinned().get(record_id)
        if pinned is None:
            raise NotYours
        store.delete_overdue(self.db, day_number(self.today))
        store.delete_ended(self.db, self.office.witness.ended(), record_id)
        # The witness first: what is committed between the two looks is newer than it, never older.
        seen = self.office.witness.newest(record_id)
        self.db.execute("BEGIN")
        try:
            opened = self.enter_pinned(record_id, pinned)
            opened.alarms = self._alarms(opened, pinned["log"], seen)
            newest = log.newest(self.db, record_id)
        finally:
            self.db.conn.rollback()
        if not opened.alarms and (seen is None or seen.log_number < newest.number):
            # Somebody's machine stopped between the commit and the witness.
            self.office.witness.saw(record_id, opened.seen(newest))
        return opened

    def enter_pinned(self, record_id: str, pinned: dict[str, Any]) -> Opened:
        """Open a record by what was pinned of it, in the transaction the caller has open. Raises DoesNotMatch."""
        try:
            return self._entered(record_id, pinned)
        except CannotOpen:
            raise DoesNotMatch from None

    def _entered(self, record_id: str, pinned: dict[str, Any]) -> Opened:
        row = store.record_row(self.db, record_id)
        stamp = canonical.raw(pinned["stamp"])
        if row is None or row[1] != stamp:
            raise DoesNotMatch
        statements = store.statements(self.db, record_id)
        chain = read_chain(record_id, statements, stamp)
        number, digest = pinned["statement"]
        if len(statements) <= number or canonical.text(statements[number].digest) != digest:
            raise DoesNotMatch
        roster_number, roster_digest = pinned["roster"]
        rosters = store.rosters_from(self.db, record_id, roster_number)
        if not rosters:
            raise DoesNotMatch
        check_chain(rosters, roster_number, canonical.raw(roster_digest))
        newest = rosters[-1]
        bare = Roster(newest.number, {row[0]: newest.epoch})
        opened = Opened(
            self.db,
            self.office,
            self.person,
            self.today,
            record_id,
            row[0],
            stamp,
            chain,
            bare,
            newest.digest,
            (statements[-1].number, statements[-1].digest),
            Book(""),
            anew=lambda: self.enter(record_id),
        )
        if opened.is_holder:
            opened.roster = open_roster(stamp, newest, opened.key(row[0]), chain)
            opened.book = read_book(opened)
        else:
            opened.looked = tuple(pinned.get("looked", opened.looked))
            self._let_read(opened)
        return opened

    def _let_read(self, opened: Opened) -> None:
        """Give a reader what they have keys to, and the names of it. Raises NotShared where that is nothing."""
        day = day_number(self.today)
        rows = store.terms_for(self.db, opened.record_id, self.person.account_id, day)
        opened.terms = tuple(_readable(opened, rows))
        if not opened.terms:
            raise NotShared
        readable = {section_id for one in opened.terms if one.consent.may_read for section_id in one.consent.sections}
        epochs = store.epochs_for(self.db, opened.record_id, self.person.account_id, day)
        opened.roster = Roster(opened.roster.number, {id_: epoch for id_, epoch in epochs.items() if id_ in readable})
        sections = []
        for section_id, (version, label) in store.section_labels(self.db, opened.record_id).items():
            if section_id in opened.roster.epochs and (section := _labelled(opened, section_id, version, label)):
                sections.append(section)
        opened.roster = Roster(opened.roster.number, {one.id: opened.roster.epochs[one.id] for one in sections})
        opened.book = Book(opened.terms[-1].called, sections=tuple(sections))

    def _alarms(self, opened: Opened, pinned_log: list[Any], seen: Seen | None) -> tuple[str, ...]:
        found = []
        number, head = pinned_log
        try:
            if number >= 0 and log.head_at(self.db, opened.record_id, number) != canonical.raw(head):
                raise CannotOpen
            since = log.Head(number, canonical.raw(head))
            log.verify(self.db, self.office.secrets.log_key, opened.record_id, opened.stamp, since)
            if log.has_gap(self.db, opened.record_id):
                raise CannotOpen
        except CannotOpen:
            found.append("log")
        if seen is None:
            # Of a record's very first line the witness may not have heard yet.
            return (*found, "witness_lost") if number > 0 else tuple(found)
        heads = log.head_at(self.db, opened.record_id, seen.log_number), self._roster_at(opened, seen.roster_number)
        if heads != (seen.log_head, seen.roster_digest):
            found.append("witness")
        return tuple(found)

    def _roster_at(self, opened: Opened, number: int) -> bytes | None:
        if number == opened.roster.number:
            return opened.roster_digest
        rosters = store.rosters_from(self.db, opened.record_id, number)
        return rosters[0].digest if rosters and rosters[0].number == number else None


def _readable(opened: Opened, rows: Iterable[SealedTerms]) -> Iterator[Terms]:
    for row in rows:
        # Moved or edited, it gives nothing, and keeps nobody from what else they were given.
        with suppress(CannotOpen):
            yield open_terms(opened.stamp, row, opened.person, opened.chain)


def _labelled(opened: Opened, section_id: str, version: int, label: bytes) -> Section | None:
    """A section by the name that is sealed for its readers; None where the reader's key does not open it."""
    epoch = opened.roster.epochs[section_id]
    bound = context("document", opened.stamp, section_id, epoch, "label", version)
    try:
        said = canonical.from_bytes(unseal(opened.unwrapped(section_id, epoch), label, bound))
    except (CannotOpen, NotYours):
        return None
    return Section(section_id, said["slug"], said["name"])


def read_book(opened: Opened) -> Book:
    """The book as it stands in the database now. Raises CannotOpen."""
    row = opened.db.execute("SELECT epoch, version, sealed FROM book WHERE record_id = ?", [opened.record_id]).fetchone()
    if row is None:
        raise CannotOpen
    epoch, version, sealed = row
    bound = context("document", opened.stamp, opened.root_id, epoch, "book", version)
    return Book.read(canonical.from_bytes(unseal(opened.key_now(opened.root_id, epoch), sealed, bound)))
