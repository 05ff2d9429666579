"""Staff who lost passphrase, sheet, phone and codes: a manager gives them a code, and with it they begin anew, with new keys.

Nothing of theirs is opened by it: what families shared with their old keys stays shut until each family has asked whether it is
still them. That is why a manager may give such a code at all: whoever uses it gets a name on a list, and no family's trust.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field

from sqlite_utils import Database

from accounts import generation, store
from accounts.account import Account
from accounts.current import family, secrets
from accounts.invitations import DAY, DAYS
from accounts.marks import is_marked, mark
from accounts.person import Person
from accounts.store import Row, rows
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code, read_code, show_code

log = logging.getLogger(__name__)


class UsedUp(Exception):
    """The code was used, or taken back, while its form was open."""


@dataclass(frozen=True)
class FreshStart:
    """Somebody of the staff who may begin anew, and the code they came with, hashed."""

    account: Account
    token_hash: bytes = field(repr=False)

    @property
    def shown_name(self) -> str:
        """What they are called."""
        return self.account.shown_name

    @property
    def email(self) -> str:
        """Their address, if they gave one."""
        return self.account.email


def _hash(code: bytes) -> bytes:
    # 130 random bits need no stretching: there is nothing to guess.
    return hashlib.sha256(b"linkbook start again " + code).digest()


def _parts(row: Row) -> tuple[bytes | str | int, ...]:
    return row["account_id"], row["generation"], row["token_hash"], row["until"]


def offer(account: Account) -> str:
    """A code for somebody of the staff, as it is typed; it is kept nowhere, and the one before it is void."""
    if not account.is_staff:
        raise ValueError("families and those they invite have nobody who vouches for them")
    code = new_code()
    row: Row = {
        "account_id": account.id,
        "generation": account.generation,
        "token_hash": _hash(code),
        "until": int(clock.now().timestamp()) + DAYS * DAY,
    }
    marked = mark(secrets().server_key, "invitation", "start again", *_parts(row))
    family().execute(
        "INSERT OR REPLACE INTO start_again (account_id, generation, token_hash, until, mac) VALUES (?, ?, ?, ?, ?)",
        [*_parts(row), marked],
    )
    log.warning("A manager gave a code to start again to a %s.", account.role)
    return show_code(code)


def _read(db: Database, row: Row) -> FreshStart | None:
    if not is_marked(row["mac"], secrets().server_key, "invitation", "start again", *_parts(row)):
        log.error("A code to start again does not carry our mark: somebody has been at the database.")
        return None
    account = store.get_account(db, secrets().server_key, row["account_id"])
    # Who has come back by their sheet meanwhile has newer keys, and has lost nothing.
    if account is None or not account.is_staff or account.generation != row["generation"]:
        return None
    return FreshStart(account, row["token_hash"])


def find(db: Database, typed: str) -> FreshStart | None:
    """Whoever may begin anew with the code that was typed, if it is still good."""
    try:
        code = read_code(typed)
    except CannotOpen:
        return None
    moment = int(clock.now().timestamp())
    found = rows(db, "SELECT * FROM start_again WHERE token_hash = ? AND until > ?", [_hash(code), moment])
    return _read(db, found[0]) if found else None


def use(found: FreshStart, passphrase: str) -> tuple[Account, Person]:
    """New keys under the passphrase they chose, which open nothing of old. Raises UsedUp, Busy or Superseded."""

    def claim(db: Database) -> None:
        if not db.execute("DELETE FROM start_again WHERE token_hash = ?", [found.token_hash]).rowcount:
            raise UsedUp

    return generation.begin_anew(found.account, passphrase, claim)


def waiting(db: Database) -> set[str]:
    """The accounts for which a code is out that can still be used."""
    found = rows(db, "SELECT * FROM start_again WHERE until > ?", [int(clock.now().timestamp())])
    return {start.account.id for row in found if (start := _read(db, row))}


def take_back(db: Database, account_id: str) -> None:
    """Make a code void."""
    db.execute("DELETE FROM start_again WHERE account_id = ?", [account_id])


def sweep(db: Database) -> None:
    """Delete what nobody used in time."""
    db.execute("DELETE FROM start_again WHERE until <= ?", [int(clock.now().timestamp())])
