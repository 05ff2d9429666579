"""A new account: keys that nobody had before, a name to sign in with, and an empty keyring."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from accounts import keys, store
from accounts.account import Account
from accounts.current import cost, family, secrets
from accounts.keyring import sealed_keyring
from accounts.naming import new_sign_in_name
from accounts.person import Person, new_person
from plumbing import clock
from plumbing.db import at_once
from plumbing.ids import new_id


def prepare(shown_name: str, role: str, email: str, passphrase: str) -> tuple[Account, Person, keys.ByPassphrase]:
    """A new account, its person with everything open, and their keys sealed under the passphrase. Raises Busy.

    Nothing is kept yet: what takes long is done before the database is held.
    """
    person = replace(new_person(new_id()), just_us=keys.new_just_us())
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


def register(shown_name: str, role: str, email: str, passphrase: str) -> tuple[Account, Person]:
    """Make and keep an account. Raises Busy."""
    account, person, sealed = prepare(shown_name, role, email, passphrase)
    db = family()
    with at_once(db):
        account = keep(db, account, person, sealed)
    return account, person
