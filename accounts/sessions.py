"""Sessions: half of each is a cookie in somebody's browser, half a row in a file of its own. Neither opens anything alone.

The cookie is 32 random bytes T. The row is called SHA-256(T) and holds the private keys sealed under HKDF(T). After its idle
time the keys are deleted and the row is locked: the passphrase alone opens it again, in the same browser, until its end.
Times are kept to the minute.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from accounts import keys
from accounts.account import Account
from accounts.person import Person
from accounts.store import rows
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal
from plumbing.db import at_once

MINUTE = 60
LONGEST = 8 * 60 * MINUTE
RECENT = 5 * MINUTE
JUST_US = 10 * MINUTE
TOKEN_BYTES = 32


@dataclass(frozen=True)
class Session:
    """One row. Without its token nothing in it opens."""

    id: bytes = field(repr=False)
    account_id: str
    sealed: bytes | None = field(repr=False)
    started: int
    seen: int
    expires: int
    idle: int
    passphrase_at: int
    label: str
    state: str
    slot: bytes | None = field(default=None, repr=False)
    just_us: bytes | None = field(default=None, repr=False)
    just_us_until: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it holds keys."""
        return self.state == "open"

    @property
    def locks_at(self) -> int:
        """When it locks if nothing more is done in it, in seconds since 1970."""
        return min(self.seen + self.idle, self.expires)

    @property
    def is_recent(self) -> bool:
        """Whether the passphrase was typed within five minutes."""
        return self.is_open and now() - self.passphrase_at <= RECENT

    @property
    def has_just_us(self) -> bool:
        """Whether the just-us key is open in it."""
        return self.is_open and self.just_us is not None and now() < self.just_us_until


def now() -> int:
    """This minute's beginning, in seconds since 1970."""
    moment = int(clock.now().timestamp())
    return moment - moment % MINUTE


def id_of(token: bytes) -> bytes:
    """The name of the row that belongs to a cookie."""
    return hashlib.sha256(token).digest()


def _bound(session_id: bytes, account_id: str, expires: int) -> bytes:
    return context("session", session_id, account_id, expires)


def _key(token: bytes, purpose: bytes) -> bytes:
    return derive(token, b"session " + purpose)


def start(db: Database, account: Account, person: Person, label: str, by_passphrase: bool = True) -> bytes:
    """Begin a session; returns the token for the cookie, which is kept nowhere else.

    Not `by_passphrase` where a PIN opened the keys: what is grave then still asks for the passphrase.
    """
    moment = now()
    return _write(db, account, person, label, moment, moment + LONGEST, None, by_passphrase)


def _write(
    db: Database,
    account: Account,
    person: Person,
    label: str,
    started: int,
    expires: int,
    slot: bytes | None,
    by_passphrase: bool,
) -> bytes:
    token = secrets.token_bytes(TOKEN_BYTES)
    id_, moment = id_of(token), now()
    bound = _bound(id_, account.id, expires)
    just_us = seal(_key(token, b"just-us"), person.just_us, bound) if person.just_us else None
    db.execute(
        "INSERT INTO session (id, account_id, sealed, started, seen, expires, idle, passphrase_at, label, state, slot, just_us, "
        "just_us_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)",
        [
            id_,
            account.id,
            seal(_key(token, b"keys"), keys.written(person), bound),
            started,
            moment,
            expires,
            account.idle_minutes * MINUTE,
            moment if by_passphrase else 0,
            label,
            seal(_key(token, b"slot"), slot, bound) if slot is not None else None,
            just_us,
            moment + JUST_US if just_us else 0,
        ],
    )
    return token


def look(db: Database, token: bytes) -> Session | None:
    """The row of a cookie as it stands: to look is not to be here, and keeps no session open."""
    found = rows(db, "SELECT * FROM session WHERE id = ? AND expires > ?", [id_of(token), now()])
    return Session(**found[0]) if found else None


def find(db: Database, token: bytes) -> Session | None:
    """The session of a cookie, open or locked; None where it has ended. Notes that somebody was here."""
    found = rows(db, "SELECT * FROM session WHERE id = ?", [id_of(token)])
    if not found:
        return None
    session, moment = Session(**found[0]), now()
    if moment >= session.expires:
        end(db, session.id)
        return None
    if session.is_open and moment >= session.locks_at:
        lock(db, session.id)
        return Session(**rows(db, "SELECT * FROM session WHERE id = ?", [session.id])[0])
    if session.is_open and session.seen != moment:
        db.execute("UPDATE session SET seen = ? WHERE id = ? AND state = 'open'", [moment, session.id])
        return Session(**(found[0] | {"seen": moment}))
    return session


def lock(db: Database, session_id: bytes) -> None:
    """Delete the keys that a session holds."""
    db.execute(
        "UPDATE session SET state = 'locked', sealed = NULL, slot = NULL, just_us = NULL, just_us_until = 0 WHERE id = ?",
        [session_id],
    )


def open_person(session: Session, token: bytes, account: Account) -> Person:
    """The person whose keys a session holds. Raises CannotOpen."""
    if session.sealed is None or account.id != session.account_id:
        raise CannotOpen
    bound = _bound(session.id, session.account_id, session.expires)
    person = keys.read(unseal(_key(token, b"keys"), session.sealed, bound), account)
    if not session.has_just_us or session.just_us is None:
        return person
    return replace(person, just_us=unseal(_key(token, b"just-us"), session.just_us, bound))


def renew(db: Database, session: Session, token: bytes, account: Account, person: Person, by_passphrase: bool = True) -> bytes:
    """After the passphrase was typed again: a new token and row in the place of the old, with the same end. Returns the token."""
    slot = read_slot(session, token)
    with at_once(db):
        fresh = _write(db, account, person, session.label, session.started, session.expires, slot, by_passphrase)
        end(db, session.id)
    return fresh


def read_slot(session: Session, token: bytes) -> bytes | None:
    """The small thing that a session keeps for a while. Raises CannotOpen."""
    if session.slot is None:
        return None
    return unseal(_key(token, b"slot"), session.slot, _bound(session.id, session.account_id, session.expires))


def write_slot(db: Database, session: Session, token: bytes, content: bytes | None) -> None:
    """Keep a small thing, sealed under the session's token, until the session locks; None takes it out."""
    bound = _bound(session.id, session.account_id, session.expires)
    sealed = seal(_key(token, b"slot"), content, bound) if content is not None else None
    db.execute("UPDATE session SET slot = ? WHERE id = ? AND state = 'open'", [sealed, session.id])


def close_just_us(db: Database, session: Session) -> None:
    """Forget the just-us key before its ten minutes are over."""
    db.execute("UPDATE session SET just_us = NULL, just_us_until = 0 WHERE id = ?", [session.id])


def end(db: Database, session_id: bytes) -> None:
    """End a session."""
    db.execute("DELETE FROM session WHERE id = ?", [session_id])


def end_one_of(db: Database, account_id: str, session_id: bytes) -> bool:
    """End a session if it is this person's; says whether it was."""
    return db.execute("DELETE FROM session WHERE id = ? AND account_id = ?", [session_id, account_id]).rowcount > 0


def end_all(db: Database, account_id: str, but: bytes = b"") -> None:
    """End every session of an account, except the one named `but`."""
    db.execute("DELETE FROM session WHERE account_id = ? AND id != ?", [account_id, but])


def list_sessions(db: Database, account_id: str) -> list[Session]:
    """An account's sessions that have not ended, last used first."""
    found = rows(
        db, "SELECT * FROM session WHERE account_id = ? AND expires > ? ORDER BY seen DESC, started, id", [account_id, now()]
    )
    return [Session(**row) for row in found]


def sweep(db: Database) -> int:
    """Delete what has ended, and the keys of what has been idle too long; returns how many rows that were."""
    moment = now()
    ended = db.execute("DELETE FROM session WHERE expires <= ?", [moment]).rowcount
    locked = db.execute(
        "UPDATE session SET state = 'locked', sealed = NULL, slot = NULL, just_us = NULL, just_us_until = 0 "
        "WHERE state = 'open' AND seen + idle <= ?",
        [moment],
    ).rowcount
    return ended + locked
