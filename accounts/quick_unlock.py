"""Quick unlock: six digits on a parent's own phone, in place of the passphrase.

Six digits are a million: whoever could try as they like would have them in a day. So the keys are sealed under a secret that
only the phone has (a cookie) together with the stretched PIN, and each try is counted, and the count on the disk, before
anything is derived. After five wrong ones the row is gone, and the passphrase is asked for. The file is in no backup: from a
copy it could be tried again and again.
"""

from __future__ import annotations

import secrets as randomness
from dataclasses import dataclass, field
from itertools import pairwise

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from accounts import keys, store
from accounts.account import PARENT, Account
from accounts.current import cost, family, secrets, settings
from accounts.person import Person
from accounts.store import rows
from accounts.visitor import PHONE_SECRET_BYTES
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal
from plumbing.crypto.passphrase import SALT_BYTES, Busy, Cost, stretch
from plumbing.db import at_once, get_db

TRIES = 5
DIGITS = 6
# Ways across a telephone's keys, which fingers find by themselves.
_PATHS = ("147258", "258369", "147369", "159753", "159357", "357159", "741852", "852963", "789456", "456123")

migrations = Migrations("quick-unlock")


@migrations()
def unlocks(db: Database) -> None:
    """One row for each phone: what its secret and a PIN open, and how many tries are left."""
    db.execute(
        "CREATE TABLE quick_unlock (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, generation INTEGER NOT NULL, "
        "cost TEXT NOT NULL, salt BLOB NOT NULL, sealed BLOB NOT NULL, "
        "tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 5)) STRICT"
    )


class WrongPin(Exception):
    """It was not the PIN; `left` tries are left."""

    def __init__(self, left: int) -> None:
        super().__init__("not the PIN")
        self.left = left


class NoUnlock(Exception):
    """There is no PIN on this phone, or no longer: the passphrase is asked for."""


@dataclass(frozen=True)
class Unlock:
    """One row."""

    id: str
    account_id: str
    generation: int
    cost: str
    salt: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    tries: int


def unlock_rows() -> Database:
    """This request's connection to what PINs open."""
    return get_db(settings().unlock_db, secure_delete=True)


def is_six_digits(pin: str) -> bool:
    """Whether it is a PIN at all.

    >>> is_six_digits("270914"), is_six_digits("27091"), is_six_digits("²70914")
    (True, False, False)
    """
    return len(pin) == DIGITS and pin.isascii() and pin.isdigit()


def is_simple(pin: str) -> bool:
    """Whether a PIN is among the first that a stranger would try.

    >>> [is_simple(pin) for pin in ("000000", "654321", "890123", "121212", "112233", "147258", "270914")]
    [True, True, True, True, True, True, False]
    """
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    pairs = {pin[place] == pin[place + 1] for place in (0, 2, 4)}
    return len(set(pin)) < 3 or len(steps) == 1 or pin[:3] == pin[3:] or pairs == {True} or pin in _PATHS


def _id(device: bytes) -> str:
    return derive(device, b"quick-unlock id").hex()


def _key(device: bytes, pin: str, salt: bytes, of: Cost) -> bytes:
    return derive(device + stretch(pin, salt, secrets().pepper, of), b"quick-unlock")


def _bound(id_: str, account: Account) -> bytes:
    return context("quick-unlock", id_, account.id, account.generation, account.sealing_public, account.signing_public)


def turn_on(account: Account, person: Person, pin: str, before: bytes | None) -> bytes:
    """Seal `person`'s keys under a PIN and a new secret for this phone, which is returned for its cookie. Raises Busy.

    What the phone had `before` ends: one phone, one person.
    """
    device, salt = randomness.token_bytes(PHONE_SECRET_BYTES), randomness.token_bytes(SALT_BYTES)
    id_ = _id(device)
    sealed = seal(_key(device, pin, salt, cost()), keys.written(person), _bound(id_, account))
    db = unlock_rows()
    with at_once(db):
        if before:
            db.execute("DELETE FROM quick_unlock WHERE id = ?", [_id(before)])
        db.execute(
            "INSERT INTO quick_unlock (id, account_id, generation, cost, salt, sealed, tries) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [id_, account.id, account.generation, str(cost()), salt, sealed, TRIES],
        )
    return device


def find(device: bytes | None) -> Unlock | None:
    """What a PIN would open on this phone, where one is turned on and has tries left."""
    if device is None:
        return None
    found = rows(unlock_rows(), "SELECT * FROM quick_unlock WHERE id = ? AND tries > 0", [_id(device)])
    return Unlock(**found[0]) if found else None


def is_on_for(device: bytes | None, account: Account) -> bool:
    """Whether this phone has a PIN that opens the keys which the account has now."""
    unlock = find(device)
    return unlock is not None and (unlock.account_id, unlock.generation) == (account.id, account.generation)


def open_by_pin(device: bytes | None, pin: str) -> tuple[Account, Person]:
    """Whoever has this phone, with their keys. The just-us key stays shut. Raises WrongPin, NoUnlock or Busy."""
    unlock = find(device)
    if device is None or unlock is None:
        raise NoUnlock
    account = store.get_account(family(), secrets().server_key, unlock.account_id)
    if account is None or account.generation != unlock.generation or account.role != PARENT:
        turn_off(device)
        raise NoUnlock
    db = unlock_rows()
    # Counted, and on the disk, before anything is derived: of many who try at once, five get to try.
    if not db.execute("UPDATE quick_unlock SET tries = tries - 1 WHERE id = ? AND tries > 0", [unlock.id]).rowcount:
        raise NoUnlock
    try:
        key = _key(device, pin, unlock.salt, Cost.parse(unlock.cost))
        person = keys.read(unseal(key, unlock.sealed, _bound(unlock.id, account)), account)
    except Busy:
        # Nothing was derived, so nothing was tried.
        db.execute("UPDATE quick_unlock SET tries = min(tries + 1, ?) WHERE id = ?", [TRIES, unlock.id])
        raise
    except CannotOpen:
        raise WrongPin(_tries_left(db, unlock.id)) from None
    db.execute("UPDATE quick_unlock SET tries = ? WHERE id = ?", [TRIES, unlock.id])
    return account, person


def _tries_left(db: Database, id_: str) -> int:
    db.execute("DELETE FROM quick_unlock WHERE id = ? AND tries = 0", [id_])
    found = rows(db, "SELECT tries FROM quick_unlock WHERE id = ?", [id_])
    return found[0]["tries"] if found else 0


def turn_off(device: bytes | None) -> None:
    """Take the PIN off this phone."""
    if device is not None:
        unlock_rows().execute("DELETE FROM quick_unlock WHERE id = ?", [_id(device)])


def end_all(account_id: str) -> None:
    """Take the PINs off every phone of a person: after new keys, a changed second factor, or the end of the account."""
    unlock_rows().execute("DELETE FROM quick_unlock WHERE account_id = ?", [account_id])


def count(account_id: str) -> int:
    """On how many phones a person has a PIN."""
    return unlock_rows().execute("SELECT count(*) FROM quick_unlock WHERE account_id = ?", [account_id]).fetchone()[0]
