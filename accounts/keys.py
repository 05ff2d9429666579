"""Somebody's private keys, sealed under what they remember and under what they printed, and opened again.

passphrase ─ Argon2id, pepper ─┬─ HKDF "account-keys" ─► private keys
                               └─ HKDF "just-us" ──────► the just-us key
kit code ──────────────────────┬─ HKDF "kit-keys" ────► private keys
                               └─ HKDF "just-us" ──────► the just-us key
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass, field, replace

from accounts.account import Account
from accounts.person import Person
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import KEY_BYTES, derive, seal, unseal
from plumbing.crypto.pairs import sealing_pair, signing_pair
from plumbing.crypto.passphrase import SALT_BYTES, Cost, stretch


@dataclass(frozen=True)
class ByPassphrase:
    """Private keys and the just-us key as a passphrase seals them."""

    cost: str
    salt: bytes
    keys: bytes = field(repr=False)
    just_us: bytes = field(repr=False)


@dataclass(frozen=True)
class ByKit:
    """Private keys and the just-us key as the code on the kit seals them."""

    keys: bytes = field(repr=False)
    just_us: bytes = field(repr=False)


def new_just_us() -> bytes:
    """A new key for what is shared with nobody."""
    return secrets.token_bytes(KEY_BYTES)


def written(person: Person) -> bytes:
    """The private keys as one document."""
    private = {
        "v": 1,
        "x25519": base64.b64encode(person.sealing.private).decode(),
        "ed25519": base64.b64encode(person.signing.private).decode(),
        "second_factor": person.second_factor_secret,
    }
    return json.dumps(private, sort_keys=True).encode()


def read(document: bytes, account: Account) -> Person:
    """The person whose private keys `document` holds. Raises CannotOpen where they are not the keys of the account's row."""
    try:
        private = json.loads(document)
        sealing = sealing_pair(base64.b64decode(private["x25519"], validate=True))
        signing = signing_pair(base64.b64decode(private["ed25519"], validate=True))
        secret = str(private["second_factor"])
    except (ValueError, KeyError, TypeError):
        raise CannotOpen from None
    publics, expected = sealing.public + signing.public, account.sealing_public + account.signing_public
    if not hmac.compare_digest(publics, expected):
        raise CannotOpen
    return Person(account.id, account.generation, sealing, signing, secret)


def _bound(kind: str, account_id: str, generation: int, sealing_public: bytes, signing_public: bytes) -> bytes:
    return context(kind, account_id, generation, sealing_public, signing_public)


def _bound_to(kind: str, person: Person) -> bytes:
    return _bound(kind, person.account_id, person.generation, person.sealing.public, person.signing.public)


def _bound_by(kind: str, account: Account) -> bytes:
    return _bound(kind, account.id, account.generation, account.sealing_public, account.signing_public)


def _seal(kind: str, secret: bytes, person: Person) -> tuple[bytes, bytes]:
    if person.just_us is None:
        raise ValueError("the just-us key must be open when a person's keys are sealed anew")
    keys = seal(derive(secret, kind.encode()), written(person), _bound_to(kind, person))
    just_us = seal(derive(secret, b"just-us"), person.just_us, context("just-us", person.account_id, person.generation))
    return keys, just_us


def _open(kind: str, secret: bytes, account: Account, keys: bytes, just_us: bytes) -> Person:
    person = read(unseal(derive(secret, kind.encode()), keys, _bound_by(kind, account)), account)
    opened = unseal(derive(secret, b"just-us"), just_us, context("just-us", account.id, account.generation))
    return replace(person, just_us=opened)


def seal_by_passphrase(person: Person, passphrase: str, pepper: bytes, cost: Cost) -> ByPassphrase:
    """`person`'s keys under a passphrase. Raises Busy."""
    salt = secrets.token_bytes(SALT_BYTES)
    keys, just_us = _seal("account-keys", stretch(passphrase, salt, pepper, cost), person)
    return ByPassphrase(str(cost), salt, keys, just_us)


def open_by_passphrase(account: Account, sealed: ByPassphrase, passphrase: str, pepper: bytes) -> Person:
    """The person, just-us key included: who does not need it forgets it. Raises CannotOpen or Busy."""
    try:
        cost = Cost.parse(sealed.cost)
    except ValueError:
        raise CannotOpen from None
    stretched = stretch(passphrase, sealed.salt, pepper, cost)
    return _open("account-keys", stretched, account, sealed.keys, sealed.just_us)


def open_nothing(passphrase: str, pepper: bytes, cost: Cost) -> None:
    """The work of `open_by_passphrase` for an account that is not there: time tells nothing. Raises CannotOpen or Busy."""
    stretch(passphrase, secrets.token_bytes(SALT_BYTES), pepper, cost)
    raise CannotOpen


def seal_by_kit(person: Person, code: bytes) -> ByKit:
    """`person`'s keys under the code of a kit: 130 random bits need no stretching."""
    return ByKit(*_seal("kit-keys", code, person))


def open_by_kit(account: Account, sealed: ByKit, code: bytes) -> Person:
    """The person, just-us key included. Raises CannotOpen."""
    return _open("kit-keys", code, account, sealed.keys, sealed.just_us)
