"""Where accounts tell others what happened to a person: records rewrap their keys then. Accounts never import records."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, current_app
from sqlite_utils import Database

from accounts.account import PARENT, PRACTITIONER
from accounts.person import Person
from plumbing.errors import place_of

log = logging.getLogger(__name__)

NewKeys = Callable[[Database, Person, Person], None]
End = Callable[[Database, str, Person | None], None]
SignIn = Callable[[Database, Person], None]
Invited = Callable[[str], str]
Join = Callable[[str, str], None]
LostKeys = Callable[[Database, str, int], None]


class NotYet(Exception):
    """An account cannot end yet; `words` say to its owner what has to be done first."""

    def __init__(self, words: str) -> None:
        super().__init__("an account cannot end yet")
        self.words = words


def on_new_keys(app: Flask, do: NewKeys) -> None:
    """Have `do(db, old, new)` done when somebody gets a new generation of keys, in the same transaction.

    Both persons have their just-us key open, and it is another one: what the old one sealed must be sealed under the new.
    """
    app.extensions.setdefault("on_new_keys", []).append(do)


def on_end(app: Flask, do: End) -> None:
    """Have `do(db, account_id, person)` done before an account ends, in the same transaction.

    `person` is None where a manager ends it. Raises NotYet where the person has something to do first.
    """
    app.extensions.setdefault("on_end", []).append(do)


def on_sign_in(app: Flask, do: SignIn) -> None:
    """Have `do(db, person)` done after each sign-in. It opens its own transactions."""
    app.extensions.setdefault("on_sign_in", []).append(do)


def on_lost_keys(app: Flask, do: LostKeys) -> None:
    """Have `do(db, account_id, generation)` done when somebody who lost everything gets keys that nobody signed.

    In the same transaction; `generation` is that of the new keys. What trusted the old ones asks anew whether it is still them.
    """
    app.extensions.setdefault("on_lost_keys", []).append(do)


def on_join(app: Flask, do: Join) -> None:
    """Have `do(invitation_id, account_id)` done when somebody invited by the service has joined."""
    app.extensions.setdefault("on_join", []).append(do)


def on_invited(app: Flask, role_of: Invited) -> None:
    """Have `role_of(typed)` asked whom a code of words, as it was typed, lets register: a role that is not staff's, or ""."""
    app.extensions.setdefault("on_invited", []).append(role_of)


def new_keys(db: Database, old: Person, new: Person) -> None:
    """Tell of new keys, in the order in which features came."""
    for do in current_app.extensions.get("on_new_keys", []):
        do(db, old, new)


def end(db: Database, account_id: str, person: Person | None) -> None:
    """Tell that an account ends."""
    for do in current_app.extensions.get("on_end", []):
        do(db, account_id, person)


def join(invitation_id: str, account_id: str) -> None:
    """Tell who came of an invitation."""
    for do in current_app.extensions.get("on_join", []):
        do(invitation_id, account_id)


def lost_keys(db: Database, account_id: str, generation: int) -> None:
    """Tell of keys that have no forebears."""
    for do in current_app.extensions.get("on_lost_keys", []):
        do(db, account_id, generation)


def may_join(typed: str) -> str:
    """The role in which whoever typed these words may register; "" where they are nobody's invitation, or no longer."""
    roles = (role_of(typed) for role_of in current_app.extensions.get("on_invited", []))
    return next((role for role in roles if role in (PARENT, PRACTITIONER)), "")


def signed_in(db: Database, person: Person) -> None:
    """Tell that somebody signed in. What fails in it keeps nobody out."""
    for do in current_app.extensions.get("on_sign_in", []):
        try:
            do(db, person)
        except Exception as error:
            log.error("What follows a sign-in failed: %s at %s", type(error).__name__, place_of(error))
