"""Half an hour with a pack: half of it is a cookie in a guest's browser, half a row beside the sessions.

Neither opens anything alone. The pack itself stays where it is: when it ends, so does every visit to it. The file is in no
backup.
"""

from __future__ import annotations

import hashlib
import secrets

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal

MINUTES = 30
TOKEN_BYTES = 32

migrations = Migrations("guests")


@migrations()
def guests(db: Database) -> None:
    """One row for each browser in which a pack is open."""
    db.execute(
        "CREATE TABLE guest (id BLOB PRIMARY KEY, pack_id TEXT NOT NULL, sealed BLOB NOT NULL, expires INTEGER NOT NULL) STRICT"
    )


def _now() -> int:
    return int(clock.now().timestamp())


def _id(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()


def _key(token: bytes) -> bytes:
    return derive(token, b"session guest")


def _bound(id_: bytes, pack_id: str, expires: int) -> bytes:
    return context("session", "guest", id_, pack_id, expires)


def start(db: Database, pack_id: str, pack_key: bytes) -> bytes:
    """Begin a visit; returns the token for the cookie, which is kept nowhere else."""
    sweep(db)
    token = secrets.token_bytes(TOKEN_BYTES)
    id_, expires = _id(token), _now() + MINUTES * 60
    sealed = seal(_key(token), pack_key, _bound(id_, pack_id, expires))
    db.execute("INSERT INTO guest (id, pack_id, sealed, expires) VALUES (?, ?, ?, ?)", [id_, pack_id, sealed, expires])
    return token


def find(db: Database, token: bytes) -> tuple[str, bytes] | None:
    """The pack of a visit, and its key; None where the half hour is over."""
    id_ = _id(token)
    row = db.execute("SELECT pack_id, sealed, expires FROM guest WHERE id = ? AND expires > ?", [id_, _now()]).fetchone()
    if row is None:
        return None
    try:
        return row[0], unseal(_key(token), row[1], _bound(id_, row[0], row[2]))
    except CannotOpen:
        return None


def end(db: Database, token: bytes) -> None:
    """End a visit."""
    db.execute("DELETE FROM guest WHERE id = ?", [_id(token)])


def sweep(db: Database) -> int:
    """Delete the visits that are over; returns how many there were."""
    return db.execute("DELETE FROM guest WHERE expires <= ?", [_now()]).rowcount
