"""The letter-box: a pair of keys of the record's own. Anybody can seal to it; only holders can open what lies in it.

The log's words are sealed to it, and in time the letters that a school or a secretary puts in.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import seal, unseal
from plumbing.crypto.pairs import sealing_pair
from records import store


@dataclass(frozen=True)
class LetterBox:
    """The public half, in one generation."""

    generation: int
    public: bytes


def _bound(stamp: bytes, generation: int, epoch: int) -> bytes:
    return context("letterbox", stamp, generation, epoch)


def _mac(server_key: bytes, record_id: str, generation: int, public: bytes) -> bytes:
    return hmac.digest(server_key, context("letterbox", "public", record_id, generation, public), "sha256")


def make(db: Database, server_key: bytes, record: tuple[str, bytes], generation: int, root: tuple[int, bytes]) -> LetterBox:
    """A new pair for `record` (id and stamp); its private half sealed under the root section's newest epoch and key."""
    record_id, stamp = record
    epoch, key = root
    pair = sealing_pair()
    store.insert(
        db,
        "letterbox",
        record_id=record_id,
        generation=generation,
        public=pair.public,
        mac=_mac(server_key, record_id, generation, pair.public),
        epoch=epoch,
        sealed=seal(key, pair.private, _bound(stamp, generation, epoch)),
    )
    return LetterBox(generation, pair.public)


def newest(db: Database, server_key: bytes, record_id: str) -> LetterBox:
    """The pair that is sealed to now. Raises CannotOpen where the row is not one that we wrote."""
    row = db.execute(
        "SELECT generation, public, mac FROM letterbox WHERE record_id = ? ORDER BY generation DESC LIMIT 1", [record_id]
    ).fetchone()
    if row is None or not hmac.compare_digest(row[2], _mac(server_key, record_id, row[0], row[1])):
        raise CannotOpen
    return LetterBox(row[0], row[1])


def private_halves(db: Database, record_id: str, stamp: bytes, root_key: Callable[[int], bytes]) -> dict[int, bytes]:
    """The private halves of all generations, by generation; `root_key` gives the root section's key of an epoch."""
    rows = db.execute("SELECT generation, epoch, sealed FROM letterbox WHERE record_id = ?", [record_id]).fetchall()
    return {row[0]: unseal(root_key(row[1]), row[2], _bound(stamp, row[0], row[1])) for row in rows}


def reseal(db: Database, record_id: str, stamp: bytes, halves: dict[int, bytes], root: tuple[int, bytes]) -> None:
    """Seal the private halves under the root section's new epoch and key."""
    epoch, key = root
    for generation, private in halves.items():
        db.execute(
            "UPDATE letterbox SET epoch = ?, sealed = ? WHERE record_id = ? AND generation = ?",
            [epoch, seal(key, private, _bound(stamp, generation, epoch)), record_id, generation],
        )
