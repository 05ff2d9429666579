"""What lies in the letter-box: put in by somebody who can open nothing, filed or refused by a holder.

An item is sealed to the letter-box before it is kept, bound to its own id, and its coming stands in the log. Its attachments lie
beside the family's own; filing seals the document anew, and the files stay as they are.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlite_utils import Database

from plumbing.clock import minute
from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from plumbing.crypto.envelope import pad, unpad
from plumbing.db import at_once
from plumbing.files import Cleaned
from plumbing.ids import new_id, once_id
from records import attachments, canonical, editing, keys, letterbox, log, store, strangers
from records.editing import Document, Pen
from records.entry import Entry, File
from records.gate import Opened
from records.item import ACCOUNT, PACK, Item, Sender, read, written
from records.letterbox import LetterBox
from records.links import Door
from records.office import Office
from records.taking_in import NotTaken, named, plain_files

MOST_OF_A_SENDER = 20
# A guest answers each action by a slip of its own, and may think again: ten actions, four times over.
MOST_OF_A_GUEST = 40
# Nobody alone can take more than a fifth of the places.
MOST_OF_A_RECORD = 200
# All that waits may take a quarter of what a record may keep: nobody outside can fill the rest.
SHARE = 4


@dataclass(frozen=True)
class Letter:
    """A letter on its way in: the words, the files, the section wished for, and what makes it one letter if it is sent twice."""

    document: Document = field(repr=False)
    files: tuple[Cleaned, ...] = field(default=(), repr=False)
    wish: str = ""
    once: str = ""


def _bound(stamp: bytes, generation: int, item_id: str) -> bytes:
    return context("letterbox", "item", stamp, generation, item_id)


def _mark(office: Office, record_id: str, sender: Sender) -> bytes:
    """What two letters of one sender have in common in the database: it says nothing of who they are."""
    return hmac.digest(office.secrets.server_key, context("letterbox", "sender", record_id, sender.kind, sender.id), "sha256")


# Putting in


def put_in(
    db: Database,
    office: Office,
    door: Door,
    sender: Sender,
    letter: Letter,
    today: date,
    still: Callable[[], object] = lambda: None,
) -> str:
    """Put a letter into a letter-box; returns its id. Sent twice, it is one letter.

    `still` is asked once more in the transaction, and raises where the link or grant has ended meanwhile. Raises NotTaken.
    """
    item_id = once_id(letter.once, door.record_id, sender.kind, sender.id)
    if _is_here(db, item_id):
        return item_id
    mark, coming = _mark(office, door.record_id, sender), _bytes_of(letter)
    most = MOST_OF_A_GUEST if sender.kind == PACK else MOST_OF_A_SENDER
    _refuse_too_much(db, office, door.record_id, (mark, most), coming)
    sizes: dict[str, int] = {}
    try:
        document = _with_files(office, door.stamp, letter, sizes)
        raw = written(minute(), sender, letter.wish, document)
        with at_once(db):
            still()
            if _is_here(db, item_id):
                return item_id
            _refuse_too_much(db, office, door.record_id, (mark, most), coming)
            _insert(db, door, (item_id, raw, mark), today)
            for file_id, size in sizes.items():
                store.insert(db, "letterbox_file", id=file_id, record_id=door.record_id, item_id=item_id, bytes=size)
            proof = _proof(office, door.stamp, item_id, raw)
            seen = strangers.note(db, office, door.record_id, proof, what="put_in", item=item_id, **_by(sender))
        office.witness.saw(door.record_id, seen)
        return item_id
    except strangers.NotWitnessed:
        raise NotTaken("not_now") from None
    finally:
        # Not "when it fails": what comes after the commit can fail too, and then these are the only ones there are.
        kept = set(store.attachment_ids(db, door.record_id))
        attachments.unlink(office.attachments, sizes.keys() - kept)


def _is_here(db: Database, item_id: str) -> bool:
    """Whether it waits, or is filed."""
    sql = "SELECT 1 FROM letterbox_item WHERE id = ? UNION ALL SELECT 1 FROM entry WHERE id = ?"
    return db.execute(sql, [item_id, item_id]).fetchone() is not None


def _bytes_of(letter: Letter) -> int:
    return sum(len(plaintext) for one in letter.files for plaintext, _mimetype in plain_files(one).values())


def _refuse_too_much(db: Database, office: Office, record_id: str, of_a_sender: tuple[bytes, int], coming: int) -> None:
    sql = "SELECT count(*), coalesce(sum(sender = ?), 0) FROM letterbox_item WHERE record_id = ?"
    mark, most = of_a_sender
    waiting, theirs = db.execute(sql, [mark, record_id]).fetchone()
    if theirs >= most:
        raise NotTaken("too_many_of_yours")
    share = office.quota // SHARE
    is_over = store.bytes_waiting(db, record_id) + coming > share or store.bytes_kept(db, record_id) + coming > office.quota
    if waiting >= MOST_OF_A_RECORD or is_over:
        raise NotTaken("box_full")


def _with_files(office: Office, stamp: bytes, letter: Letter, sizes: dict[str, int]) -> Document:
    """The letter's document with its files, each sealed under a key that stands nowhere but in it."""
    document = letter.document
    for cleaned in letter.files:
        made = {}
        for name, (plaintext, mimetype) in plain_files(cleaned).items():
            key, file_id = secrets.token_bytes(keys.KEY_BYTES), new_id()
            sizes[file_id] = 0
            sizes[file_id] = attachments.write(office.attachments, file_id, key, plaintext, stamp)
            made[name] = File(file_id, mimetype, len(plaintext), canonical.text(key))
        document = named(document, made, cleaned)
    return document


def _insert(db: Database, door: Door, item: tuple[str, bytes, bytes], today: date) -> None:
    item_id, raw, mark = item
    generation, public = door.box.generation, door.box.public
    store.insert(
        db,
        "letterbox_item",
        id=item_id,
        record_id=door.record_id,
        generation=generation,
        arrived_on=today.isoformat(),
        sender=mark,
        sealed=pairs.wrap(public, pad(raw), _bound(door.stamp, generation, item_id)),
    )


def _by(sender: Sender) -> dict[str, str]:
    if sender.kind == ACCOUNT:
        return {"who": sender.id, "grant": sender.grant_id}
    if sender.kind == PACK:
        return {"pack": sender.id, "name": sender.name}
    return {"link": sender.id, "name": sender.words}


def _proof(office: Office, stamp: bytes, item_id: str, raw: bytes) -> bytes:
    return log.proof(office.secrets.log_key, stamp, item_id, 0, canonical.digest(raw))


# What waits


def count(opened: Opened) -> int:
    """How many letters wait. Only a holder is told."""
    if not opened.is_holder:
        return 0
    return opened.db.execute("SELECT count(*) FROM letterbox_item WHERE record_id = ?", [opened.record_id]).fetchone()[0]


def waiting(opened: Opened) -> list[Item]:
    """What waits, the newest first; for holders. One that does not open is named in `opened.damaged`."""
    found = []
    with opened.one_moment():
        rows = opened.db.execute("SELECT id, generation, sealed FROM letterbox_item WHERE record_id = ?", [opened.record_id])
        halves = private_halves(opened)
        for item_id, generation, sealed in rows.fetchall():
            try:
                found.append(_opened(opened, halves, (item_id, generation, sealed)))
            except CannotOpen:
                opened.damaged.add(item_id)
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def one(opened: Opened, item_id: str) -> Item | None:
    """One letter that waits; None where it is filed or refused by now. Raises CannotOpen where it was touched."""
    sql = "SELECT id, generation, sealed FROM letterbox_item WHERE id = ? AND record_id = ?"
    with opened.one_moment():
        row = opened.db.execute(sql, [item_id, opened.record_id]).fetchone()
        return _opened(opened, private_halves(opened), row) if row else None


def private_halves(opened: Opened) -> dict[int, bytes]:
    """What opens the letter-box, by generation. Raises NotYours for whoever does not hold the record."""
    root = opened.root_id
    return letterbox.private_halves(opened.db, opened.record_id, opened.stamp, lambda epoch: opened.key_now(root, epoch))


def _opened(opened: Opened, halves: dict[int, bytes], row: tuple[str, int, bytes]) -> Item:
    item_id, raw = row[0], _unsealed(opened.stamp, halves, row)
    is_logged = log.is_proven(opened.db, opened.record_id, _proof(opened.office, opened.stamp, item_id, raw))
    return read(item_id, raw, set(_file_ids(opened.db, item_id)), is_logged)


def _unsealed(stamp: bytes, halves: dict[int, bytes], row: tuple[str, int, bytes]) -> bytes:
    item_id, generation, sealed = row
    if generation not in halves:
        raise CannotOpen
    return unpad(pairs.unwrap(halves[generation], sealed, _bound(stamp, generation, item_id)))


def _file_ids(db: Database, item_id: str) -> list[str]:
    return [row[0] for row in db.execute("SELECT id FROM letterbox_file WHERE item_id = ?", [item_id]).fetchall()]


# Filed, or refused


def file(opened: Opened, item_id: str, section_id: str, revised: Callable[[Document], Document]) -> Entry:
    """Keep a letter in a section, as `revised` makes it; returns the entry. Done twice, it is done once.

    Raises NotYours where somebody refused it meanwhile; CannotOpen where it was touched.
    """

    def make(opened: Opened) -> Entry:
        with editing.change(opened) as pen:
            item = one(opened, item_id)
            if item is not None:
                _move_in(pen, item, section_id, revised(item.document))
        return opened.entry(item_id)

    return editing.again(make, opened)


def _move_in(pen: Pen, item: Item, section_id: str, document: Document) -> None:
    opened, db = pen.opened, pen.opened.db
    # The entry's id is the item's: sent once more after it was filed, it is known.
    store.insert(db, "entry", id=item.id, record_id=opened.record_id, section_id=section_id, version=1, state="kept")
    db.execute(
        "INSERT INTO attachment (id, record_id, entry_id, bytes) SELECT id, record_id, item_id, bytes FROM letterbox_file"
        " WHERE item_id = ? AND record_id = ?",
        [item.id, opened.record_id],
    )
    db.execute("DELETE FROM letterbox_item WHERE id = ?", [item.id])
    pen.save(item.id, section_id, 1, document | {"put_in_by": item.sender.words})
    pen.note("filed", item=item.id, section=section_id)


def refuse(opened: Opened, item_id: str) -> None:
    """Delete a letter that waits, with its files, for good. One that is filed already stays where it is."""

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            files = _file_ids(opened.db, item_id)
            gone = opened.db.execute("DELETE FROM letterbox_item WHERE id = ? AND record_id = ?", [item_id, opened.record_id])
            if not gone.rowcount:
                return
            # A row that names a page of another letter was not written by us: that page stays.
            pen.unlink.extend(set(files) - set(store.attachment_ids(opened.db, opened.record_id)))
            pen.note("refused", item=item_id)

    editing.again(make, opened)
    editing.truncate(opened)


def reseal(db: Database, record_id: str, stamp: bytes, halves: dict[int, bytes], box: LetterBox) -> None:
    """Seal what waits to another letter-box, in the transaction the caller has open. What does not open stays as it is."""
    rows = db.execute("SELECT id, generation, sealed FROM letterbox_item WHERE record_id = ?", [record_id]).fetchall()
    for row in rows:
        try:
            raw = _unsealed(stamp, halves, row)
        except CannotOpen:
            continue
        sealed = pairs.wrap(box.public, pad(raw), _bound(stamp, box.generation, row[0]))
        db.execute("UPDATE letterbox_item SET generation = ?, sealed = ? WHERE id = ?", [box.generation, sealed, row[0]])
