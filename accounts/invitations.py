"""Invitations to staff and providers: a code that is good once, for a week. Only its hash is kept, in a marked row."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from sqlite_utils import Database

from accounts.account import PROVIDER, STAFF
from accounts.current import family, secrets
from accounts.marks import is_marked, mark
from accounts.store import Row, rows
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code, read_code, show_code
from plumbing.ids import new_id

log = logging.getLogger(__name__)
DAYS = 7
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Invitation:
    """Who is asked to join, as what."""

    id: str
    role: str
    shown_name: str
    email: str
    until: int


def _hash(code: bytes) -> bytes:
    # 130 random bits need no stretching: there is nothing to guess.
    return hashlib.sha256(b"linkbook staff invitation " + code).digest()


def _parts(row: Row) -> tuple[bytes | str | int, ...]:
    return row["id"], row["token_hash"], row["role"], row["shown_name"], row["email"], row["until"]


def invite(role: str, shown_name: str, email: str, id_: str = "") -> str:
    """Invite somebody; returns the code, as it is typed, which is kept nowhere."""
    if role not in (*STAFF, PROVIDER):
        raise ValueError("only staff and providers are invited by the service")
    code = new_code()
    row: Row = {
        "id": id_ or new_id(),
        "token_hash": _hash(code),
        "role": role,
        "shown_name": shown_name,
        "email": email,
        "until": int(clock.now().timestamp()) + DAYS * DAY,
    }
    marked = mark(secrets().server_key, "invitation", "staff", *_parts(row))
    family().execute(
        "INSERT INTO staff_invitation (id, token_hash, role, shown_name, email, until, mac) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [*_parts(row), marked],
    )
    return show_code(code)


def _read(row: Row) -> Invitation | None:
    if not is_marked(row["mac"], secrets().server_key, "invitation", "staff", *_parts(row)):
        log.error("An invitation does not carry our mark: somebody has been at the database.")
        return None
    return Invitation(row["id"], row["role"], row["shown_name"], row["email"], row["until"])


def find(db: Database, typed: str) -> Invitation | None:
    """The invitation whose code was typed, if it is still good."""
    try:
        code = read_code(typed)
    except CannotOpen:
        return None
    moment = int(clock.now().timestamp())
    found = rows(db, "SELECT * FROM staff_invitation WHERE token_hash = ? AND until > ?", [_hash(code), moment])
    return _read(found[0]) if found else None


def use(db: Database, invitation: Invitation) -> bool:
    """Use an invitation up, in the transaction that the caller has open; False where somebody was faster."""
    return db.execute("DELETE FROM staff_invitation WHERE id = ?", [invitation.id]).rowcount == 1


def list_open(db: Database) -> list[Invitation]:
    """Invitations that wait to be used, by name."""
    moment = int(clock.now().timestamp())
    found = rows(db, "SELECT * FROM staff_invitation WHERE until > ? ORDER BY shown_name COLLATE NOCASE, id", [moment])
    return [invitation for row in found if (invitation := _read(row))]


def take_back(db: Database, invitation_id: str) -> None:
    """Make an invitation void."""
    db.execute("DELETE FROM staff_invitation WHERE id = ?", [invitation_id])


def sweep(db: Database) -> None:
    """Delete invitations that nobody used in time."""
    db.execute("DELETE FROM staff_invitation WHERE until <= ?", [int(clock.now().timestamp())])
