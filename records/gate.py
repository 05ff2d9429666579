"""The gate: the only way from a page to an opened section.

Nothing here asks "may they?". What somebody cannot unwrap they cannot see; what does not follow from what they have pinned is
not believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlite_utils import Database

from accounts import keyring
from accounts.person import Person
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, unseal
from plumbing.crypto.pairs import sealing_pair
from records import attachments, canonical, letterbox, log, store
from records.book import Book, Section
from records.consent import day_number
from records.entry import Entry, File
from records.office import Office
from records.roster import Roster, check_chain, open_roster
from records.statement import Holder, read_chain
from records.witness import Seen
from records.wrap import unwrap_key

JUST_US_EPOCH = 1


class NotYours(Exception):
    """There is no such record, section or entry for this person. It never says which."""


class DoesNotMatch(Exception):
    """The database shows a record other than the one this person has seen before: nothing of it is believed."""


@dataclass
class Opened:
    """A record, opened by one person for one request. Sections' keys are unwrapped when they are needed, and kept nowhere else.

    `alarms` says what does not match: "log" (lines that this person has seen are gone or changed), "witness" (the database is
    older than its witness), "witness_lost" (there is none any more). They stay until the holder goes on (`editing.go_on`).
    `damaged` names the entries that were to be read and do not open.
    """

    db: Database
    office: Office
    person: Person
    today: date
    record_id: str
    root_id: str
    stamp: bytes
    holders: dict[tuple[str, int], Holder]
    roster: Roster
    roster_digest: bytes
    statement: tuple[int, bytes]
    book: Book = field(repr=False)
    alarms: tuple[str, ...] = ()
    damaged: set[str] = field(default_factory=set)
    held: dict[tuple[str, int], bytes] = field(default_factory=dict, repr=False)

    # Keys

    def key(self, section_id: str, epoch: int | None = None) -> bytes:
        """A section's key, of its newest epoch unless told. Raises NotYours where this person has none."""
        wanted = epoch or self.epoch(section_id)
        if (section_id, wanted) not in self.held:
            self.held[section_id, wanted] = self._unwrapped(section_id, wanted)
        return self.held[section_id, wanted]

    def _unwrapped(self, section_id: str, epoch: int) -> bytes:
        if self.person.just_us is not None and section_id == self.just_us_id:
            return derive(self.person.just_us, context("just-us", self.stamp))
        live = store.wraps(self.db, self.record_id, section_id, epoch, self.person.account_id, day_number(self.today))
        for wrap in live:
            try:
                return unwrap_key(self.stamp, wrap, self.person, self.holders)
            except CannotOpen:
                continue
        raise NotYours

    def epoch(self, section_id: str) -> int:
        """The newest epoch of a section's key. Raises NotYours."""
        # The roster first: which section is Just us has to be derived, and this is asked for every entry of a page.
        if section_id in self.roster.epochs:
            return self.roster.epochs[section_id]
        if self.person.just_us is not None and section_id == self.just_us_id:
            return JUST_US_EPOCH
        raise NotYours

    def key_now(self, section_id: str, epoch: int) -> bytes:
        """The key of an epoch that has to be the newest. Raises NotYours; CannotOpen for an epoch that is over.

        Every rotation seals all of a section anew. What stands under an older key was put there by somebody who once had it.
        """
        if epoch != self.epoch(section_id):
            raise CannotOpen
        return self.key(section_id)

    @property
    def just_us_id(self) -> str:
        """The section that only this holder has. Without their key nobody can tell which one it is. Raises NotYours."""
        if self.person.just_us is None:
            raise NotYours
        return derive(self.person.just_us, context("just-us", self.stamp, "section"), 16).hex()

    # Reading

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections, in the family's order; Just us is not among them (see `just_us_id`)."""
        return self.book.sections

    def section(self, section_id: str) -> Section:
        """One section. Raises NotYours."""
        if self.person.just_us is not None and section_id == self.just_us_id:
            return Section(section_id, "just_us", "")
        found = self.book.section(section_id)
        if found is None:
            raise NotYours
        return found

    def entries(self, section_ids: Iterable[str] | None = None, state: str = "kept") -> list[Entry]:
        """The entries of these sections (all of them, without Just us, unless told), opened.

        One that does not open is named in `damaged`, and keeps nobody from the others. Raises NotYours.
        """
        wanted = [one.id for one in self.sections] if section_ids is None else list(section_ids)
        found = []
        for row in store.versions(self.db, self.record_id, wanted, state):
            try:
                found.append(self._opened(row))
            except CannotOpen:
                self.damaged.add(row.entry_id)
        return found

    def drafts(self) -> list[Entry]:
        """Letters that were begun and not yet kept."""
        return self.entries([self.root_id], "draft")

    def entry(self, entry_id: str) -> Entry:
        """One entry, its newest version, in whatever state. Raises NotYours, or CannotOpen where it was touched."""
        return self._opened(self._rows(entry_id)[0])

    def history(self, entry_id: str) -> list[Entry]:
        """All kept versions of an entry, newest first. Raises NotYours, or CannotOpen where one of them was touched."""
        return [self._opened(row) for row in self._rows(entry_id)]

    def _rows(self, entry_id: str) -> list[store.VersionRow]:
        rows = store.history(self.db, self.record_id, entry_id)
        if not rows:
            raise NotYours
        if rows[0].version != rows[0].newest:
            raise CannotOpen
        return rows

    def _opened(self, row: store.VersionRow) -> Entry:
        bound = context("document", self.stamp, row.section_id, row.epoch, row.entry_id, row.version)
        inside = canonical.from_bytes(unseal(self.key_now(row.section_id, row.epoch), row.sealed, bound))
        binned_on = date.fromisoformat(row.binned_on) if row.binned_on else None
        state = row.state
        return Entry(row.entry_id, row.section_id, row.version, inside["by"], inside["at"], inside["document"], state, binned_on)

    def counts(self) -> dict[str, int]:
        """How many entries each section has, by its id. Nobody else's Just us is ever counted."""
        return store.counts(self.db, self.record_id)

    def file(self, file: File) -> bytes:
        """An attachment's bytes. Raises CannotOpen where it is gone or was touched."""
        return attachments.read(self.office.attachments, file.id, canonical.raw(file.key), self.stamp)

    # The log

    @property
    def letterbox(self) -> letterbox.LetterBox:
        """The door by which things are sealed to the holders. Raises CannotOpen where it is not this record's own.

        Somebody with the server's key can mark a door of theirs; a holder has the key to the real one, and tries it.
        """
        newest = letterbox.newest(self.db, self.office.secrets.server_key, self.record_id)
        private = self._letterbox_keys().get(newest.generation)
        if private is None or sealing_pair(private).public != newest.public:
            raise CannotOpen
        return newest

    def _letterbox_keys(self) -> dict[int, bytes]:
        return letterbox.private_halves(self.db, self.record_id, self.stamp, lambda epoch: self.key_now(self.root_id, epoch))

    def log_lines(self) -> list[log.Line]:
        """Who did what, newest first; for holders. A chain that is broken is an alarm."""
        try:
            log.verify(self.db, self.office.secrets.log_key, self.record_id, self.stamp)
        except CannotOpen:
            self.alarms = tuple(dict.fromkeys([*self.alarms, "log"]))
        return log.lines(self.db, self.record_id, self.stamp, self._letterbox_keys())

    def is_sole_holder(self) -> bool:
        """Whether nobody else holds this record or may see any of it."""
        return len(self.holders) == 1 and not self.roster.given.grants

    def pins(self, head: log.Head) -> dict[str, Any]:
        """What this person pins of the record now."""
        number, digest = self.statement
        return {
            "stamp": canonical.text(self.stamp),
            "statement": [number, canonical.text(digest)],
            "roster": [self.roster.number, canonical.text(self.roster_digest)],
            "log": [head.number, canonical.text(head.digest)],
        }

    def seen(self, head: log.Head) -> Seen:
        """What the witness is told of the record now."""
        return Seen(head.number, head.digest, self.roster.number, self.roster_digest)


@dataclass(frozen=True)
class Gate:
    """Where one person goes in, for one request."""

    db: Database
    office: Office
    person: Person
    today: date

    def record_ids(self) -> list[str]:
        """The records this person has pinned, in the order in which they came to them."""
        return list(self.pinned())

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
        holders = read_chain(record_id, statements, stamp)
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
            holders,
            bare,
            newest.digest,
            (statements[-1].number, statements[-1].digest),
            Book(""),
        )
        opened.roster = open_roster(stamp, newest, opened.key(row[0]), holders)
        opened.book = read_book(opened)
        return opened

    def _alarms(self, opened: Opened, pinned_log: list[Any], seen: Seen | None) -> tuple[str, ...]:
        found = []
        number, head = pinned_log
        try:
            if number >= 0 and log.head_at(self.db, opened.record_id, number) != canonical.raw(head):
                raise CannotOpen
            since = log.Head(number, canonical.raw(head))
            log.verify(self.db, self.office.secrets.log_key, opened.record_id, opened.stamp, since)
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


def read_book(opened: Opened) -> Book:
    """The book as it stands in the database now. Raises CannotOpen."""
    row = opened.db.execute("SELECT epoch, version, sealed FROM book WHERE record_id = ?", [opened.record_id]).fetchone()
    if row is None:
        raise CannotOpen
    epoch, version, sealed = row
    bound = context("document", opened.stamp, opened.root_id, epoch, "book", version)
    return Book.read(canonical.from_bytes(unseal(opened.key_now(opened.root_id, epoch), sealed, bound)))
