"""The hierarchy: how a record comes to be, and how its keys change. docs/threat-model.md says what they promise.

founding statement → letter-box pair → sections → roster 1 → keyring → log line 0
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlite_utils import Database

from accounts import keyring
from accounts.person import Person
from accounts.store import get_account
from plumbing.clock import minute
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import seal, unseal
from plumbing.db import at_once
from plumbing.ids import new_id
from records import canonical, letterbox, log, store
from records.book import Book, Section
from records.consent import Granted, day_number
from records.gate import Gate, Opened
from records.office import Office
from records.roster import Roster, fingerprint, seal_roster
from records.statement import Chain, Holder, Statement, make_statement, read_chain
from records.terms import seal_terms
from records.witness import Seen
from records.wrap import Terms, wrap_key

KEY_BYTES = 32


def label(called: str, section: Section) -> bytes:
    """What a reader of one section may know of the rest: what the child is called, and the section's own name."""
    return canonical.to_bytes({"v": 1, "called": called, "slug": section.slug, "name": section.name})


def label_bound(stamp: bytes, section_id: str, epoch: int, version: int) -> bytes:
    """What a label is bound to."""
    return context("document", stamp, section_id, epoch, "label", version)


def book_bound(stamp: bytes, root_id: str, epoch: int, version: int) -> bytes:
    """What the book is bound to."""
    return context("document", stamp, root_id, epoch, "book", version)


def version_bound(stamp: bytes, section_id: str, epoch: int, entry_id: str, version: int) -> bytes:
    """What a version of an entry is bound to: none can be moved, exchanged, or given back as a newer one."""
    return context("document", stamp, section_id, epoch, entry_id, version)


def found_record(db: Database, office: Office, person: Person, book: Book, today: date, record_id: str = "") -> str:
    """Make a record whose only holder is `person`; returns its id. All of it is there afterwards, or none.

    Raises sqlite3.IntegrityError where there is a record of that id.
    """
    record_id = record_id or new_id()
    founding = found_statement(record_id, person)
    with at_once(db):
        seen = lay(db, office, person, (record_id, founding), book, today)
    office.witness.saw(record_id, seen)
    return record_id


def found_statement(record_id: str, person: Person) -> Statement:
    """The statement that a record begins with; its digest is the record's stamp."""
    return make_statement(record_id, None, person, joins=[Holder.of(person)])


def lay(db: Database, office: Office, person: Person, record: tuple[str, Statement], book: Book, today: date) -> Seen:
    """Lay a record's foundation, in the transaction the caller has open; returns what the witness is told after it.

    `record` is its id and its founding statement.
    """
    record_id, founding = record
    root_id, stamp = new_id(), founding.digest
    section_keys = {one.id: secrets.token_bytes(KEY_BYTES) for one in book.sections} | {root_id: secrets.token_bytes(KEY_BYTES)}
    store.insert(db, "record", id=record_id, root_id=root_id, stamp=stamp, created_on=today.isoformat())
    store.add_statement(db, record_id, founding)
    box = letterbox.make(db, office.secrets.server_key, (record_id, stamp), 1, (1, section_keys[root_id]))
    for section in book.sections:
        sealed = seal(section_keys[section.id], label(book.called, section), label_bound(stamp, section.id, 1, 1))
        store.insert(db, "section", id=section.id, record_id=record_id, label=sealed, label_version=1)
    for section_id, key in section_keys.items():
        _keep_key(db, record_id, stamp, section_id, 1, key, person)
    roster = Roster(1, dict.fromkeys(section_keys, 1))
    sealed_roster = seal_roster(stamp, roster, None, (1, section_keys[root_id]), person)
    store.add_roster(db, record_id, sealed_roster)
    sealed_book = seal(section_keys[root_id], canonical.to_bytes(book.written()), book_bound(stamp, root_id, 1, 1))
    store.insert(db, "book", record_id=record_id, epoch=1, version=1, sealed=sealed_book)
    words = {"at": minute(), "who": person.account_id, "what": "founded"}
    head = log.append(db, office.secrets.log_key, (record_id, stamp), (box.generation, box.public), words)
    pins = {
        "stamp": canonical.text(stamp),
        "statement": [0, canonical.text(stamp)],
        "roster": [1, canonical.text(sealed_roster.digest)],
        "log": [head.number, canonical.text(head.digest)],
    }
    keyring.write(db, person, keyring.read(db, person) | {record_id: pins})
    return Seen(head.number, head.digest, 1, sealed_roster.digest)


def _keep_key(db: Database, record_id: str, stamp: bytes, section_id: str, epoch: int, key: bytes, holder: Person) -> None:
    store.insert(db, "section_epoch", record_id=record_id, section_id=section_id, epoch=epoch)
    terms = Terms(section_id, epoch, holder.account_id, holder.generation)
    store.add_wrap(db, record_id, wrap_key(stamp, terms, key, holder.sealing.public, holder))


def hand_key(opened: Opened, section_id: str, epoch: int, key: bytes) -> None:
    """Give everybody who is to have it the key of a new epoch: every holder, and whoever has a live grant on the section."""
    store.insert(opened.db, "section_epoch", record_id=opened.record_id, section_id=section_id, epoch=epoch)
    for holder in opened.holders.values():
        wrap_for_holder(opened, section_id, (epoch, key), holder)
    for granted in opened.roster.given.grants:
        if granted.consent.may_read and section_id in granted.consent.sections:
            wrap_for_reader(opened, section_id, (epoch, key), granted)


def wrap_for_holder(opened: Opened, section_id: str, epoch_and_key: tuple[int, bytes], holder: Holder) -> None:
    """A section's key for somebody who holds the record."""
    epoch, key = epoch_and_key
    terms = Terms(section_id, epoch, holder.account_id, holder.generation)
    store.add_wrap(opened.db, opened.record_id, wrap_key(opened.stamp, terms, key, holder.sealing, opened.person))


def wrap_for_reader(opened: Opened, section_id: str, epoch_and_key: tuple[int, bytes], granted: Granted) -> None:
    """A section's key under a grant; none where the account has other keys by now than those that stand on the roster."""
    recipient = reader(opened, granted)
    if recipient is None or granted.consent.last_day < day_number(opened.today):
        return
    epoch, key = epoch_and_key
    consent = granted.consent
    terms = Terms(section_id, epoch, recipient.account_id, recipient.generation, granted.grant_id, consent.verb, consent.last_day)
    store.add_wrap(opened.db, opened.record_id, wrap_key(opened.stamp, terms, key, recipient.sealing, opened.person))


def reader(opened: Opened, granted: Granted) -> Holder | None:
    """The public keys of whoever a grant was given to; None where they are not those whose fingerprint stands on the roster."""
    account = get_account(opened.db, opened.office.secrets.server_key, granted.account_id)
    if account is None or account.generation != granted.generation:
        return None
    keys = Holder(account.id, account.generation, account.sealing_public, account.signing_public)
    return keys if hmac.compare_digest(fingerprint(keys), granted.fingerprint) else None


def write_terms(opened: Opened, granted: Granted) -> None:
    """The terms of a grant, for whom it was given to, in this holder's name; none where their keys are others by now."""
    recipient = reader(opened, granted)
    if recipient is None:
        return
    names = {one.id: one.name for one in opened.book.sections if one.id in granted.consent.sections}
    about = opened.book.called, names
    store.add_terms(
        opened.db,
        opened.record_id,
        seal_terms(opened.stamp, granted, about, opened.letterbox, recipient, opened.person),
    )


def add_section(opened: Opened, section: Section, called: str) -> None:
    """Give a new section its key, its label and its place in the roster, in the transaction the caller has open."""
    key = secrets.token_bytes(KEY_BYTES)
    sealed = seal(key, label(called, section), label_bound(opened.stamp, section.id, 1, 1))
    store.insert(opened.db, "section", id=section.id, record_id=opened.record_id, label=sealed, label_version=1)
    hand_key(opened, section.id, 1, key)
    next_roster(opened, replace(opened.roster, epochs=opened.roster.epochs | {section.id: 1}))


def next_roster(opened: Opened, roster: Roster, root: tuple[int, bytes] | None = None) -> None:
    """Make `roster` the record's newest, in the transaction the caller has open; `opened` goes by it from then on."""
    before = store.rosters_from(opened.db, opened.record_id, opened.roster.number)[-1]
    root = root or (opened.epoch(opened.root_id), opened.key(opened.root_id))
    sealed = seal_roster(opened.stamp, roster, before, root, opened.person)
    store.add_roster(opened.db, opened.record_id, sealed)
    opened.roster, opened.roster_digest = replace(roster, number=sealed.number), sealed.digest


def rotate(opened: Opened, section_ids: Iterable[str]) -> None:
    """New keys for these sections, for everybody who still has a right to them; everything in them is sealed anew.

    In the transaction the caller has open. Old wraps are gone with it. Attachments stay as they are: their keys stand inside the
    documents, and who had the old ones could have read them anyway.
    """
    wanted = list(dict.fromkeys(section_ids))
    old = {section_id: (opened.epoch(section_id), opened.key(section_id)) for section_id in wanted}
    new = {section_id: (epoch + 1, secrets.token_bytes(KEY_BYTES)) for section_id, (epoch, _key) in old.items()}
    halves = {}
    if opened.root_id in new:
        keys_of = {old[opened.root_id][0]: old[opened.root_id][1]}
        halves = letterbox.private_halves(opened.db, opened.record_id, opened.stamp, lambda epoch: keys_of[epoch])
    for section_id, (epoch, key) in new.items():
        _reseal_section(opened, section_id, old[section_id], (epoch, key))
        opened.db.execute("DELETE FROM wrap WHERE record_id = ? AND section_id = ?", [opened.record_id, section_id])
        hand_key(opened, section_id, epoch, key)
    opened.held = {kept: key for kept, key in opened.held.items() if kept[0] not in new}
    opened.held |= {(section_id, epoch): key for section_id, (epoch, key) in new.items()}
    epochs = opened.roster.epochs | {section_id: epoch for section_id, (epoch, _key) in new.items()}
    if opened.root_id in new:
        letterbox.reseal(opened.db, opened.record_id, opened.stamp, halves, new[opened.root_id])
    next_roster(opened, replace(opened.roster, epochs=epochs), new.get(opened.root_id))


def _reseal_section(opened: Opened, section_id: str, old: tuple[int, bytes], new: tuple[int, bytes]) -> None:
    db, stamp = opened.db, opened.stamp
    (old_epoch, old_key), (epoch, key) = old, new
    for row in store.all_versions(db, opened.record_id, section_id):
        try:
            plaintext = unseal(old_key, row.sealed, version_bound(stamp, section_id, old_epoch, row.entry_id, row.version))
        except CannotOpen:
            continue  # it was touched, and opens no more: one such row must not keep its owner from new keys
        sealed = seal(key, plaintext, version_bound(stamp, section_id, epoch, row.entry_id, row.version))
        db.execute(
            "UPDATE entry_version SET epoch = ?, sealed = ? WHERE entry_id = ? AND version = ?",
            [epoch, sealed, row.entry_id, row.version],
        )
    if section_id == opened.root_id:
        version, sealed_book = db.execute("SELECT version, sealed FROM book WHERE record_id = ?", [opened.record_id]).fetchone()
        plaintext = unseal(old_key, sealed_book, book_bound(stamp, section_id, old_epoch, version))
        sealed_book = seal(key, plaintext, book_bound(stamp, section_id, epoch, version))
        db.execute("UPDATE book SET epoch = ?, sealed = ? WHERE record_id = ?", [epoch, sealed_book, opened.record_id])
        return
    version, sealed_label = db.execute("SELECT label_version, label FROM section WHERE id = ?", [section_id]).fetchone()
    try:
        # As it stands, and not by the book this page was opened with: it may have got another name in the meantime.
        plaintext = unseal(old_key, sealed_label, label_bound(stamp, section_id, old_epoch, version))
    except CannotOpen:
        plaintext = label(opened.book.called, opened.section(section_id))
    sealed_label = seal(key, plaintext, label_bound(stamp, section_id, epoch, version))
    db.execute("UPDATE section SET label = ? WHERE id = ?", [sealed_label, section_id])


def renew(db: Database, office: Office, old: Person, new: Person, today: date) -> None:
    """Carry every record of somebody over to their next generation of keys, in the transaction the caller has open.

    The old keys sign the new ones in, and leave; then every section rotates, because whoever has the old keys has those too.
    """
    gate = Gate(db, office, old, today)
    pins = Gate(db, office, new, today).pinned()
    for record_id, pinned in pins.items():
        if pinned.get("reads"):
            # What others share is theirs to give to the new keys, at a holder's next visit. The old ones open it no longer.
            old_ones = [record_id, old.account_id, old.generation]
            db.execute("DELETE FROM wrap WHERE record_id = ? AND account_id = ? AND generation = ?", old_ones)
            continue
        opened = gate.enter_pinned(record_id, pinned)
        for section_id in opened.roster.epochs:
            opened.key(section_id)  # while the old keys' own signature on it still counts
        _renew_just_us(opened, old, new)
        before = store.statements(db, record_id)[-1]
        handed_on = make_statement(record_id, before, old, joins=[Holder.of(new)], leaves=[Holder.of(old)])
        store.add_statement(db, record_id, handed_on)
        opened.statement = (handed_on.number, handed_on.digest)
        opened.chain = read_chain(record_id, store.statements(db, record_id), opened.stamp)
        opened.person = new
        opened.roster = replace(opened.roster, statement=handed_on.number)
        rotate(opened, opened.roster.epochs)
        for granted in opened.roster.given.grants:
            write_terms(opened, granted)
        box = opened.letterbox
        words = {"at": minute(), "who": new.account_id, "what": "new_keys"}
        head = log.append(db, office.secrets.log_key, (record_id, opened.stamp), (box.generation, box.public), words)
        pins[record_id] = opened.pins(head)
    # The witness hears of it at the next visit: this transaction is not over yet.
    keyring.write(db, new, pins)


def _renew_just_us(opened: Opened, old: Person, new: Person) -> None:
    if old.just_us is None or new.just_us is None or old.just_us == new.just_us:
        return
    successor = replace(opened, person=new, held={}, chain=Chain({(new.account_id, new.generation): Holder.of(new)}))
    old_id, new_id_ = opened.just_us_id, successor.just_us_id
    old_key, new_key = opened.key(old_id), successor.key(new_id_)
    for row in store.all_versions(opened.db, opened.record_id, old_id):
        plaintext = unseal(old_key, row.sealed, version_bound(opened.stamp, old_id, row.epoch, row.entry_id, row.version))
        sealed = seal(new_key, plaintext, version_bound(opened.stamp, new_id_, row.epoch, row.entry_id, row.version))
        opened.db.execute(
            "UPDATE entry_version SET section_id = ?, sealed = ? WHERE entry_id = ? AND version = ?",
            [new_id_, sealed, row.entry_id, row.version],
        )
    opened.db.execute(
        "UPDATE entry SET section_id = ? WHERE record_id = ? AND section_id = ?", [new_id_, opened.record_id, old_id]
    )
