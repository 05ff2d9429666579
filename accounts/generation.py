"""A new generation: new keys for the same person, after somebody may have learnt the old ones.

The old key signs its successor, so that whoever has pinned the old one can follow. Everything the old keys opened is
rewrapped by those who registered for it (`hooks.on_new_keys`), in the same transaction: there is never a half.

Whoever lost passphrase and sheet has no old key that could sign. Theirs are new keys for nothing: an empty keyring, and
everybody who trusted the old ones is asked anew (`hooks.on_lost_keys`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlite_utils import Database

from accounts import hooks, keyring, keys, quick_unlock, sessions, store
from accounts.account import Account
from accounts.current import cost, family, secrets, session_rows
from accounts.person import Person, new_person
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.pairs import sign, verify
from plumbing.db import at_once


def succession(account_id: str, generation: int, sealing_public: bytes, signing_public: bytes) -> bytes:
    """What the old key signs: which keys come after it."""
    return context("account-keys", "succession", account_id, generation, sealing_public, signing_public)


def follows(account: Account, known: list[tuple[int, bytes, bytes, bytes | None]]) -> None:
    """Raises CannotOpen unless each of `known` (generation, public keys, signature) was signed by the one before it, down to the
    account's own keys of today. Whoever lost everything has a generation that nobody signed.
    """
    at = known[0]
    for following in known[1:]:
        generation, sealing, signing, signature = following
        if generation != at[0] + 1 or signature is None:
            raise CannotOpen
        verify(at[2], signature, succession(account.id, generation, sealing, signing))
        at = following
    if at[:3] != (account.generation, account.sealing_public, account.signing_public):
        raise CannotOpen


def renew(account: Account, old: Person, passphrase: str, keep_second_factor: bool = True) -> tuple[Account, Person]:
    """New keys for `old`, whose just-us key is open, under `passphrase`. Raises Busy or Superseded, and changes nothing then.

    The kit is void, a new one has to be made; every session and quick unlock ends: the caller begins a new session.
    """
    renewed, new = _next(account, old.second_factor_secret if keep_second_factor else "")
    sealed = keys.seal_by_passphrase(new, passphrase, secrets().pepper, cost())
    signature = sign(old.signing.private, succession(new.account_id, new.generation, new.sealing.public, new.signing.public))
    db = family()
    with at_once(db):
        _keep(db, renewed, new, sealed, signature)
        keyring.write(db, new, keyring.read(db, old))
        hooks.new_keys(db, old, new)
    _end_everywhere(account)
    return renewed, new


def begin_anew(account: Account, passphrase: str, claim: Callable[[Database], None]) -> tuple[Account, Person]:
    """New keys that nobody signed, for somebody who lost the old ones: they open nothing, and their keyring is empty.

    `claim` uses up what they came with, in the same transaction, and raises where somebody was faster. Raises Busy or
    Superseded too, and changes nothing then.
    """
    renewed, new = _next(account, "")
    sealed = keys.seal_by_passphrase(new, passphrase, secrets().pepper, cost())
    db = family()
    with at_once(db):
        claim(db)
        _keep(db, renewed, new, sealed, None)
        keyring.write(db, new, {})
        hooks.lost_keys(db, account.id, new.generation)
    _end_everywhere(account)
    return renewed, new


def _next(account: Account, second_factor_secret: str) -> tuple[Account, Person]:
    """The account with keys that nobody had before, and whoever has them; no sheet opens them yet."""
    new = new_person(account.id, account.generation + 1, second_factor_secret)
    renewed = replace(
        account,
        generation=new.generation,
        sealing_public=new.sealing.public,
        signing_public=new.signing.public,
        has_second_factor=bool(second_factor_secret),
        kit_made_on=None,
        kit_checked_on=None,
    )
    return renewed, replace(new, just_us=keys.new_just_us())


def _keep(db: Database, renewed: Account, new: Person, sealed: keys.ByPassphrase, signature: bytes | None) -> None:
    """Put a generation in the place of the one before. Its keyring is the caller's to write."""
    store.save_identity(db, secrets().server_key, renewed, was=renewed.generation - 1)
    store.add_public_keys(db, renewed, signature)
    store.save_by_passphrase(db, new, sealed)
    store.save_by_kit(db, new, None, clock.today())
    store.set_second_factor(db, renewed.id, renewed.has_second_factor)
    if not renewed.has_second_factor:
        store.delete_backup_codes(db, renewed.id)


def _end_everywhere(account: Account) -> None:
    sessions.end_all(session_rows(), account.id)
    quick_unlock.end_all(account.id)


def reseal(person: Person, passphrase: str) -> None:
    """The same keys under another passphrase. `person`'s just-us key is open. Raises Busy or Superseded."""
    sealed = keys.seal_by_passphrase(person, passphrase, secrets().pepper, cost())
    store.save_by_passphrase(family(), person, sealed)
