"""The keyring: what a person has pinned, sealed so that only they can read it or change it.

It holds, for each record, its stamp, the newest statement, roster and log head they have seen. A server that shows somebody
an older or another record is caught by it. That is why a missing keyring is an alarm and never a fresh start.
"""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from accounts.person import Person
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import seal, unseal


class KeyringLost(Exception):
    """The keyring is gone, or does not open: somebody has been at the database."""


def _bound(person: Person) -> bytes:
    return context("keyring", person.account_id, person.generation)


def sealed_keyring(person: Person, pins: dict[str, Any]) -> bytes:
    """`pins` as they are stored, in the order in which they came."""
    return seal(person.keyring_key, json.dumps({"v": 1, "pins": pins}).encode(), _bound(person))


def read(db: Database, person: Person) -> dict[str, Any]:
    """What `person` has pinned, by record. Raises KeyringLost."""
    row = db.execute("SELECT keyring FROM account WHERE id = ?", [person.account_id]).fetchone()
    if row is None or row[0] is None:
        raise KeyringLost
    try:
        return json.loads(unseal(person.keyring_key, row[0], _bound(person)))["pins"]
    except CannotOpen:
        raise KeyringLost from None


def write(db: Database, person: Person, pins: dict[str, Any]) -> None:
    """Pin `pins`, in the transaction that the caller has open."""
    db.execute("UPDATE account SET keyring = ? WHERE id = ?", [sealed_keyring(person, pins), person.account_id])
