"""The log: who did what, when. Its words are sealed to the holders; each line is chained to the one before.

The chain is HMAC under a key that is not in the database. Somebody who writes into it can cut lines off the end (the witness
and the keyrings notice), but cannot change, remove or add one in the middle.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from records import canonical

NO_HEAD = bytes(32)
UNREADABLE = "unreadable"
_LONG_AGO = "1970-01-01T00:00Z"
_BATCH = 500


@dataclass(frozen=True)
class Head:
    """The newest line: its number (the first is 0), and what it and all lines before it come to."""

    number: int
    digest: bytes


BEGINNING = Head(-1, NO_HEAD)


@dataclass(frozen=True)
class Line:
    """One line, opened: `words` holds at, who, what, and the entry, version and hash where there is one.

    Of a line that does not open there is `what`, which is `UNREADABLE`, nobody, and the time of the line before.
    """

    number: int
    words: dict[str, Any]


def _bound(stamp: bytes, number: int) -> bytes:
    return context("log", stamp, number)


def _next_head(log_key: bytes, stamp: bytes, before: bytes, line: tuple[int, bytes, bytes | None]) -> bytes:
    number, sealed, proof = line
    bound = _bound(stamp, number) if proof is None else context("log", stamp, number, proof)
    return hmac.digest(log_key, bound + before + sealed, "sha256")


_HALF = 16


def tag(log_key: bytes, stamp: bytes, entry_id: str, version: int) -> bytes:
    """What stands in the log, in the clear, for one version of an entry: it says that there was one."""
    return hmac.digest(log_key, context("log", "version", stamp, entry_id, version), "sha256")[:_HALF]


def proof(log_key: bytes, stamp: bytes, entry_id: str, version: int, digest: bytes) -> bytes:
    """What a line carries beside its sealed words where something was written: the version's tag, and a mark of its every word.

    With it a page of a thousand letters can be held against the log without opening a thousand lines.
    """
    words = hmac.digest(log_key, context("log", "proof", stamp, entry_id, version, digest), "sha256")[:_HALF]
    return tag(log_key, stamp, entry_id, version) + words


# What the other holders are told at the door. Their lines are found without opening those between, however many somebody made.
TOLD = frozenset({"taken_away", "paused_all", "resumed_all", "holder_joined", "holder_left", "invited"})


def told_mark(log_key: bytes, stamp: bytes) -> bytes:
    """What such a line carries in the place of a proof."""
    return hmac.digest(log_key, context("log", "told", stamp), "sha256")


@dataclass(frozen=True)
class Proofs:
    """Everything the log says was written, up to one moment."""

    whole: frozenset[bytes] = field(repr=False)
    tags: frozenset[bytes] = field(repr=False)


def proofs(db: Database, record_id: str) -> Proofs:
    """The proofs that the log has now. To be asked before the rows that are held against them: else a newer row looks cut."""
    rows = db.execute("SELECT proof FROM log_line WHERE record_id = ? AND proof IS NOT NULL", [record_id]).fetchall()
    return Proofs(frozenset(row[0] for row in rows), frozenset(row[0][:_HALF] for row in rows))


def is_proven(db: Database, record_id: str, wanted: bytes) -> bool:
    """Whether a line carries this proof."""
    return db.execute("SELECT 1 FROM log_line WHERE record_id = ? AND proof = ?", [record_id, wanted]).fetchone() is not None


def is_tagged(db: Database, record_id: str, wanted: bytes) -> bool:
    """Whether a line says that there was the version of this tag."""
    sql = "SELECT 1 FROM log_line WHERE record_id = ? AND proof BETWEEN ? AND ? LIMIT 1"
    return db.execute(sql, [record_id, wanted, wanted + bytes([255]) * _HALF]).fetchone() is not None


def newest(db: Database, record_id: str) -> Head:
    """The newest head; of an empty log, number -1."""
    row = db.execute("SELECT number, head FROM log_line WHERE record_id = ? ORDER BY number DESC LIMIT 1", [record_id]).fetchone()
    return Head(row[0], row[1]) if row else Head(-1, NO_HEAD)


def head_at(db: Database, record_id: str, number: int) -> bytes | None:
    """The head of one line, None where there is no such line."""
    row = db.execute("SELECT head FROM log_line WHERE record_id = ? AND number = ?", [record_id, number]).fetchone()
    return row[0] if row else None


def has_gap(db: Database, record_id: str) -> bool:
    """Whether a line is missing before the newest one."""
    count, newest_number = db.execute("SELECT count(*), max(number) FROM log_line WHERE record_id = ?", [record_id]).fetchone()
    return count != (newest_number if newest_number is not None else -1) + 1


def append(
    db: Database,
    log_key: bytes,
    record: tuple[str, bytes],
    letterbox: tuple[int, bytes],
    words: dict[str, Any],
    proven: bytes | None = None,
) -> Head:
    """Write a line, in the transaction the caller has open. `record` is id and stamp, `letterbox` generation and public key."""
    record_id, stamp = record
    generation, public = letterbox
    last = newest(db, record_id)
    number = last.number + 1
    sealed = pairs.wrap(public, canonical.to_bytes({"v": 1, **words}), _bound(stamp, number))
    head = _next_head(log_key, stamp, last.digest, (number, sealed, proven))
    db.execute(
        "INSERT INTO log_line (record_id, number, generation, sealed, head, proof) VALUES (?, ?, ?, ?, ?, ?)",
        [record_id, number, generation, sealed, head, proven],
    )
    return Head(number, head)


def verify(db: Database, log_key: bytes, record_id: str, stamp: bytes, since: Head = BEGINNING) -> Head:
    """The newest head, after every line after `since` was checked against the one before.

    Raises CannotOpen for a line that was touched.
    """
    before, number = since.digest, since.number
    rows = db.execute(
        "SELECT number, sealed, head, proof FROM log_line WHERE record_id = ? AND number > ? ORDER BY number", [record_id, number]
    )
    for line_number, sealed, head, proven in rows:
        number += 1
        expected = _next_head(log_key, stamp, before, (number, sealed, proven))
        if line_number != number or not hmac.compare_digest(expected, head):
            raise CannotOpen
        before = head
    return Head(number, before)


def lines(
    db: Database,
    record_id: str,
    stamp: bytes,
    private_keys: dict[int, bytes],
    below: int | None = None,
    marked: bytes | None = None,
) -> Iterator[Line]:
    """Every line, newest first, or those older than line `below`, opened with the letter-box's private keys by generation.

    `marked` are those alone that carry this proof or mark.
    Opened one at a time: whoever has seen enough stops asking. One that was touched hides nothing but itself.
    """
    waiting: list[int] = []
    for number, generation, sealed in _sealed_lines(db, record_id, below, marked):
        try:
            words = canonical.from_bytes(pairs.unwrap(private_keys[generation], sealed, _bound(stamp, number)))
        except (CannotOpen, KeyError):
            waiting.append(number)
            continue
        yield from (_unreadable(one, words["at"]) for one in waiting)
        waiting.clear()
        yield Line(number, words)
    yield from (_unreadable(one, _LONG_AGO) for one in waiting)


def _unreadable(number: int, at: str) -> Line:
    return Line(number, {"at": at, "who": "", "what": UNREADABLE})


def _sealed_lines(db: Database, record_id: str, below: int | None, marked: bytes | None) -> Iterator[tuple[int, int, bytes]]:
    """Rows in batches: nothing of the database is held open while a page is made of them."""
    sql = (
        "SELECT number, generation, sealed FROM log_line WHERE record_id = :record AND number < :before"
        " AND (:marked IS NULL OR proof = :marked) ORDER BY number DESC LIMIT :batch"
    )
    before = below if below is not None else newest(db, record_id).number + 1
    asked = {"record": record_id, "marked": marked, "batch": _BATCH}
    while rows := db.execute(sql, asked | {"before": before}).fetchall():
        yield from rows
        before = rows[-1][0]
