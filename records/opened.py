"""A record, opened by one person for one request: what they hold keys to, and nothing else.

Nothing here asks "may they?" before it opens something: what somebody cannot unwrap they cannot see. Who only reads is seen
reading: no key of theirs is used before the log's line is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlite_utils import Database

from accounts import keyring
from accounts.person import Person
from plumbing.clock import minute
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, unseal
from plumbing.crypto.pairs import sealing_pair
from records import attachments, canonical, letterbox, log, store
from records.book import Book, Section
from records.consent import READ_AND_ADD, day_number
from records.entry import Entry, File
from records.office import Office
from records.roster import Roster
from records.statement import Chain, Holder
from records.terms import Terms
from records.witness import Seen
from records.wrap import unwrap_key

JUST_US_EPOCH = 1


class NotYours(Exception):
    """There is no such record, section or entry for this person. It never says which."""


class NotShared(NotYours):
    """This person knows the record, and nothing of it is shared with them now."""


class DoesNotMatch(Exception):
    """The database shows a record other than the one this person has seen before: nothing of it is believed."""


@dataclass
class Opened:
    """A record, opened by one person for one request. Sections' keys are unwrapped when they are needed, and kept nowhere else.

    `alarms` says what does not match: "log" (lines that this person has seen are gone or changed), "witness" (the database is
    older than its witness), "witness_lost" (there is none any more). They stay until the holder goes on (`editing.go_on`).
    "unlogged": a holder looked, and the log could not be written. `damaged` names the entries that were to be read and do not
    open.

    `terms` are what a reader was given; a holder has none. A reader's book and roster hold what they have keys to, and `looked`
    says when they looked last, and on the visit before. `anew` is how the gate opens it once more.
    """

    db: Database
    office: Office
    person: Person
    today: date
    record_id: str
    root_id: str
    stamp: bytes
    chain: Chain
    roster: Roster = field(repr=False)
    roster_digest: bytes
    statement: tuple[int, bytes]
    book: Book = field(repr=False)
    terms: tuple[Terms, ...] = field(default=(), repr=False)
    alarms: tuple[str, ...] = ()
    damaged: set[str] = field(default_factory=set)
    held: dict[tuple[str, int], bytes] = field(default_factory=dict, repr=False)
    looked_at: set[str] = field(default_factory=set)
    looked: tuple[str, str] = ("", "")
    anew: Callable[[], Opened] | None = field(default=None, repr=False, compare=False)

    @property
    def holders(self) -> Mapping[tuple[str, int], Holder]:
        """Who holds this record today, by account and generation."""
        return self.chain.holders

    @property
    def is_holder(self) -> bool:
        """Whether this person holds the record, and does not merely see a part of it."""
        return (self.person.account_id, self.person.generation) in self.chain.holders

    def may_add(self, section_id: str) -> bool:
        """Whether this person may put something into a section. Keys decide who reads; this rule, who adds."""
        if self.is_holder:
            return True
        return any(section_id in one.consent.sections and one.consent.verb == READ_AND_ADD for one in self.terms)

    def may_change(self, entry: Entry) -> bool:
        """Whether this person may change an entry: a reader, what they put in themselves and nobody has changed since.

        What a holder put into the bin is the holders', whoever wrote it.
        """
        if self.is_holder:
            return True
        if entry.state == "binned" and entry.binned_by != self.person.account_id:
            return False
        return entry.author == self.person.account_id and self.may_add(entry.section_id)

    # Keys

    def key(self, section_id: str, epoch: int | None = None) -> bytes:
        """A section's key, of its newest epoch unless told. Raises NotYours where this person has none."""
        wanted = epoch or self.epoch(section_id)
        if (section_id, wanted) not in self.held:
            if not self.is_holder and section_id not in self.looked_at:
                self.look("listed", [section_id])
            self.held[section_id, wanted] = self.unwrapped(section_id, wanted)
        return self.held[section_id, wanted]

    def unwrapped(self, section_id: str, epoch: int) -> bytes:
        """A section's key, with no line in the log: for what a reader was told with their grant. Raises NotYours."""
        if self._is_just_us(section_id):
            return derive(self.person.just_us or b"", context("just-us", self.stamp))
        live = store.wraps(self.db, self.record_id, section_id, epoch, self.person.account_id, day_number(self.today))
        for wrap in live:
            try:
                return unwrap_key(self.stamp, wrap, self.person, self.chain)
            except CannotOpen:
                continue
        raise NotYours

    def epoch(self, section_id: str) -> int:
        """The newest epoch of a section's key. Raises NotYours."""
        # The roster first: which section is Just us has to be derived, and this is asked for every entry of a page.
        if section_id in self.roster.epochs:
            return self.roster.epochs[section_id]
        if self._is_just_us(section_id):
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
        if self.person.just_us is None or not self.is_holder:
            raise NotYours
        return derive(self.person.just_us, context("just-us", self.stamp, "section"), 16).hex()

    def _is_just_us(self, section_id: str) -> bool:
        return self.person.just_us is not None and self.is_holder and section_id == self.just_us_id

    # Reading

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections, in the family's order; Just us is not among them (see `just_us_id`)."""
        return self.book.sections

    def section(self, section_id: str) -> Section:
        """One section. Raises NotYours."""
        if self._is_just_us(section_id):
            return Section(section_id, "just_us", "")
        found = self.book.section(section_id)
        if found is None:
            raise NotYours
        return found

    def entries(
        self, section_ids: Iterable[str] | None = None, state: str = "kept", what: str = "listed", **words: Any
    ) -> list[Entry]:
        """The entries of these sections (all of them, without Just us, unless told), opened.

        One that does not open is named in `damaged`, and keeps nobody from the others. `what` is the log's word for it, `words`
        what else its line says. Raises NotYours.
        """
        wanted = [one.id for one in self.sections] if section_ids is None else list(section_ids)
        if section_ids is not None or not self.is_holder:
            self.look(what, wanted, **words)
        found = []
        with self.one_moment():
            proofs = log.proofs(self.db, self.record_id)
            for row in store.versions(self.db, self.record_id, wanted, state):
                try:
                    found.append(self._opened(row, proofs))
                except CannotOpen:
                    self.damaged.add(row.entry_id)
        return found

    def drafts(self) -> list[Entry]:
        """Letters that were begun and not yet kept: a holder's lie in no section, a reader's own in the one they may add to."""
        if self.is_holder:
            return self.entries([self.root_id], "draft")
        wanted = [one.id for one in self.sections if self.may_add(one.id)]
        return [draft for draft in self.entries(wanted, "draft") if draft.author == self.person.account_id]

    def entry(self, entry_id: str, what: str = "opened") -> Entry:
        """One entry, its newest version, in whatever state. Raises NotYours, or CannotOpen where it was touched.

        `what` is the log's word for it: "opened", "fetched" where only its pages and recordings are, or "thumbnail".
        """
        self.look(what, [self._rows(entry_id)[0].section_id], entry=entry_id)
        with self.one_moment():
            entry = self._opened(self._rows(entry_id)[0])
        if entry.state != "kept" and not self.may_change(entry):
            raise NotYours  # the family's bin is the family's, and a reader's drafts and bin are theirs alone
        return entry

    def history(self, entry_id: str) -> list[Entry]:
        """All kept versions of an entry, newest first. Raises NotYours, or CannotOpen where one of them was touched."""
        self.look("opened", [self._rows(entry_id)[0].section_id], entry=entry_id)
        with self.one_moment():
            return [self._opened(row) for row in self._rows(entry_id)]

    @contextmanager
    def one_moment(self, begin: str = "BEGIN") -> Iterator[None]:
        """What is read in it is of one moment, and of that moment's keys; nothing is kept of what is written, unless committed.

        Else what somebody saves between two looks would look rolled back, and what gets new keys would look as if it was touched.
        """
        if self.db.conn.in_transaction:
            yield
            return
        try:
            self.db.execute(begin)
            while store.newest_roster_number(self.db, self.record_id) != self.roster.number:
                self.db.conn.rollback()
                self.open_again()
                self.db.execute(begin)
            yield
        finally:
            self.db.conn.rollback()

    def open_again(self) -> None:
        """Open the record once more, because its keys were changed by somebody else. Raises what the gate raises."""
        if self.anew is None:
            raise DoesNotMatch
        fresh = self.anew()
        fresh.alarms = tuple(dict.fromkeys([*self.alarms, *fresh.alarms]))
        fresh.damaged |= self.damaged
        fresh.looked_at |= self.looked_at
        self.__dict__.update(fresh.__dict__)

    def _rows(self, entry_id: str) -> list[store.VersionRow]:
        rows = store.history(self.db, self.record_id, entry_id)
        if not rows:
            raise NotYours
        if rows[0].version != rows[0].newest:
            raise CannotOpen
        return rows

    def _opened(self, row: store.VersionRow, proofs: log.Proofs | None = None) -> Entry:
        bound = context("document", self.stamp, row.section_id, row.epoch, row.entry_id, row.version)
        raw = unseal(self.key_now(row.section_id, row.epoch), row.sealed, bound)
        inside = canonical.from_bytes(raw)
        return Entry(
            row.entry_id,
            row.section_id,
            row.version,
            inside["by"],
            inside["at"],
            inside["document"],
            row.state,
            date.fromisoformat(row.binned_on) if row.binned_on else None,
            self._is_logged(row, raw, proofs),
            row.binned_by or "",
        )

    def _is_logged(self, row: store.VersionRow, raw: bytes, proofs: log.Proofs | None) -> bool:
        """Whether the log has a line of this very version. Raises CannotOpen where it has one of a newer version, which is gone.

        `proofs` are all that the log has, for a page of many; for one the log is asked.
        """
        key, db, record_id = self.office.secrets.log_key, self.db, self.record_id
        if row.version == row.newest:
            following = log.tag(key, self.stamp, row.entry_id, row.version + 1)
            if following in proofs.tags if proofs else log.is_tagged(db, record_id, following):
                raise CannotOpen
        proof = log.proof(key, self.stamp, row.entry_id, row.version, canonical.digest(raw))
        return proof in proofs.whole if proofs else log.is_proven(db, record_id, proof)

    def counts(self) -> dict[str, int]:
        """How many entries each section that this person can see has, by its id."""
        shown = {one.id for one in self.sections}
        return {id_: count for id_, count in store.counts(self.db, self.record_id).items() if id_ in shown}

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
        if not self.is_holder:
            # A reader knows the door they were shown with their grant: neither another one, nor an older one, is the family's.
            for shown in (one.letterbox for one in self.terms):
                if newest.generation < shown.generation or (newest.generation == shown.generation and newest != shown):
                    raise CannotOpen
            return newest
        if newest.generation != self.roster.letterbox:
            raise CannotOpen
        private = self._letterbox_keys().get(newest.generation)
        if private is None or sealing_pair(private).public != newest.public:
            raise CannotOpen
        return newest

    def _letterbox_keys(self) -> dict[int, bytes]:
        return letterbox.private_halves(self.db, self.record_id, self.stamp, lambda epoch: self.key_now(self.root_id, epoch))

    def look(self, what: str, section_ids: Iterable[str], **words: Any) -> None:
        """Write into the log that this person looks, before they do. What a sole holder reads is nobody else's business.

        Where it cannot be written, nobody but a holder reads; a holder is told. Within a change, the change has its own line.
        """
        wanted = [section_id for section_id in section_ids if not self._is_just_us(section_id)]
        if not wanted or self.db.conn.in_transaction or (self.is_holder and self.is_only_holder):
            return
        if not self.is_holder:
            self._refuse_unseen(wanted)
        words = {"at": minute(), "who": self.person.account_id, "what": what, "sections": wanted, **words}
        try:
            self._write(words)
        except (sqlite3.Error, OSError, CannotOpen):
            if not self.is_holder:
                raise
            self.alarms = tuple(dict.fromkeys([*self.alarms, "unlogged"]))
        self.looked_at.update(wanted)

    def _refuse_unseen(self, section_ids: Iterable[str]) -> None:
        """Raise NotYours for what a reader has no key to: the log says what was read, and not what was tried.

        Raise DoesNotMatch where the log is not the one that was seen before: a line in it would prove nothing, so nothing is read
        until a holder has come and gone on.
        """
        if any(section_id not in self.roster.epochs for section_id in section_ids):
            raise NotYours
        if self.alarms:
            raise DoesNotMatch

    def _write(self, words: dict[str, Any]) -> None:
        with self.one_moment("BEGIN IMMEDIATE"):
            box = self.letterbox
            key, record = self.office.secrets.log_key, (self.record_id, self.stamp)
            head = log.append(self.db, key, record, (box.generation, box.public), words)
            if not self.alarms:
                pins = keyring.read(self.db, self.person)
                keyring.write(self.db, self.person, pins | {self.record_id: self.pins(head)})
            self.db.conn.commit()
        if not self.alarms:
            self.office.witness.saw(self.record_id, self.seen(head))

    def log_lines(self) -> list[log.Line]:
        """Who did what, newest first; for holders. A chain that is broken is an alarm."""
        return list(self.newest_lines())

    def told_lines(self) -> Iterator[log.Line]:
        """The lines that the other holders are told of, newest first."""
        with self.one_moment():
            private = self._letterbox_keys()
        mark = log.told_mark(self.office.secrets.log_key, self.stamp)
        return log.lines(self.db, self.record_id, self.stamp, private, marked=mark)

    def newest_lines(self, below: int | None = None) -> Iterator[log.Line]:
        """The same, opened one at a time, or from below one line on: opening all of a long log takes half a second."""
        try:
            log.verify(self.db, self.office.secrets.log_key, self.record_id, self.stamp)
        except CannotOpen:
            self.alarms = tuple(dict.fromkeys([*self.alarms, "log"]))
        with self.one_moment():
            private = self._letterbox_keys()
        return log.lines(self.db, self.record_id, self.stamp, private, below)

    @property
    def is_only_holder(self) -> bool:
        """Whether nobody else holds this record."""
        return {account_id for account_id, _generation in self.chain.holders} == {self.person.account_id}

    def is_sole_holder(self) -> bool:
        """Whether nobody else holds this record or may see any of it."""
        return self.is_only_holder and not self.roster.given.grants

    def pins(self, head: log.Head) -> dict[str, Any]:
        """What this person pins of the record now."""
        number, digest = self.statement
        return {
            "stamp": canonical.text(self.stamp),
            "statement": [number, canonical.text(digest)],
            "roster": [self.roster.number, canonical.text(self.roster_digest)],
            "log": [head.number, canonical.text(head.digest)],
            **({} if self.is_holder else {"reads": True, "looked": list(self.looked)}),
        }

    def seen(self, head: log.Head) -> Seen:
        """What the witness is told of the record now."""
        return Seen(head.number, head.digest, self.roster.number, self.roster_digest)
