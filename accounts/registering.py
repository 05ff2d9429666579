"""A new account: keys that nobody had before, a name to sign in with, and an empty keyring."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from sqlite_utils import Database

from accounts import keys, store
from accounts.account import Account
from accounts.current import cost, family, secrets
from accounts.keyring import sealed_keyring
from accounts.naming import new_sign_in_name
from accounts.person import Person, new_person
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.db import at_once
from plumbing.ids import new_id, once_id


def prepare(shown_name: str, role: str, email: str, passphrase: str, id_: str = "") -> tuple[Account, Person, keys.ByPassphrase]:
    """A new account, its person with everything open, and their keys sealed under the passphrase. Raises Busy.

    Nothing is kept yet: what takes long is done before the database is held.
    """
    person = replace(new_person(id_ or new_id()), just_us=keys.new_just_us())
    account = Account(
        id=person.account_id,
        generation=person.generation,
        sign_in_name="",
        shown_name=shown_name,
        role=role,
        sealing_public=person.sealing.public,
        signing_public=person.signing.public,
        created_on=clock.today(),
        email=email,
    )
    return account, person, keys.seal_by_passphrase(person, passphrase, secrets().pepper, cost())


def keep(db: Database, account: Account, person: Person, sealed: keys.ByPassphrase) -> Account:
    """Keep a prepared account, in the transaction that the caller has open; returns it with its sign-in name."""
    name = new_sign_in_name(account.shown_name)
    while store.is_name_taken(db, name):
        name = new_sign_in_name(account.shown_name)
    named = replace(account, sign_in_name=name)
    store.add_account(db, secrets().server_key, named, sealed, sealed_keyring(person, {}))
    return named


def register(shown_name: str, role: str, email: str, passphrase: str, once: str = "") -> tuple[Account, Person]:
    """Make and keep an account; with the same `once` and passphrase again, the account that there is. Raises Busy.

    Two accounts that claim one address would be worse than two of anything else: the record would be in the one, and the
    address would lead to the other.
    """
    id_ = once_id(once, "account")
    if found := _registered(id_, passphrase):
        return found
    account, person, sealed = prepare(shown_name, role, email, passphrase, id_)
    db = family()
    try:
        with at_once(db):
            return keep(db, account, person, sealed), person
    except sqlite3.IntegrityError:
        # The same form again, at the same moment; or with other words in it, which make another account.
        return _registered(id_, passphrase) or register(shown_name, role, email, passphrase)


def _registered(id_: str, passphrase: str) -> tuple[Account, Person] | None:
    account = store.get_account(family(), secrets().server_key, id_)
    if account is None:
        return None
    try:
        person = keys.open_by_passphrase(account, store.get_by_passphrase(family(), id_), passphrase, secrets().pepper)
    except CannotOpen:
        return None
    # Whoever has a second factor by now signs in with it: an old form in a browser's memory is no way around.
    return None if person.second_factor_secret else (account, person)
