"""Signing in: what was typed becomes a person with their keys open, or a refusal that tells nothing."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace

from accounts import device, generation, keys, second_factor, store, throttle
from accounts.account import Account
from accounts.current import cost, family, secrets
from accounts.person import Person
from accounts.visitor import device_cookie
from plumbing.crypto import CannotOpen
from plumbing.crypto.passphrase import Busy

log = logging.getLogger(__name__)

# Longer than any passphrase, and short enough to be stretched as fast as any other.
LONGEST = 1000


class Wrong(Exception):
    """The name and the passphrase do not go together, or there is no such name: nobody is told which."""


class CodeNeeded(Exception):
    """The passphrase is right; the second factor was not given yet."""


class CodeWrong(Exception):
    """The passphrase is right; the code is wrong, or was used before."""


def sign_in(typed: str, passphrase: str, code: str) -> tuple[Account, Person]:
    """The account and the person, from what was typed. Raises Wrong, CodeNeeded, CodeWrong, throttle.MustWait or Busy.

    The just-us key stays shut: it takes the passphrase once more.
    """
    account = store.find_account(family(), secrets().server_key, typed)
    who = account.id if account else "typed " + store.plain_name(typed)
    tried, person = _tried(account, who, passphrase)
    assert account is not None  # noqa: S101 - no passphrase opens an account that is not there
    if person.second_factor_secret:
        if not code.strip():
            tried.did_not_count()
            raise CodeNeeded
        if not second_factor.check(family(), person, code):
            log.warning("Sign-in refused: the code of a %s was wrong.", account.role)
            raise CodeWrong
    tried.was_right()
    _bring_up_to_date(account, person, passphrase)
    log.info("Sign-in of a %s.", account.role)
    return account, replace(person, just_us=None)


def _bring_up_to_date(account: Account, person: Person, passphrase: str) -> None:
    """Where a guess costs something else by now, seal the keys at that cost: or its time would tell this account from others."""
    if store.get_by_passphrase(family(), account.id).cost == str(cost()):
        return
    # Another time will do as well, where many are waiting or the keys have just been changed.
    with suppress(Busy, store.Superseded):
        generation.reseal(person, passphrase[:LONGEST])


def by_passphrase(account: Account, passphrase: str) -> Person:
    """The person with everything open, by their passphrase alone: in a browser in which they are signed in already.

    Raises Wrong, throttle.MustWait or Busy.
    """
    tried, person = _tried(account, account.id, passphrase)
    tried.was_right()
    return person


def _tried(account: Account | None, who: str, passphrase: str) -> tuple[throttle.Try, Person]:
    """The counted try and the person. One derivation, whether or not there is such an account."""
    known = device.known_id(device_cookie(), secrets().server_key, account.id if account else "")
    tried = throttle.count(secrets().server_key, who, known)
    try:
        if account is None:
            keys.open_nothing(passphrase[:LONGEST], secrets().pepper, cost())
        sealed = store.get_by_passphrase(family(), account.id)  # type: ignore[union-attr]
        return tried, keys.open_by_passphrase(account, sealed, passphrase[:LONGEST], secrets().pepper)  # type: ignore[arg-type]
    except Busy:
        tried.did_not_count()
        raise
    except CannotOpen:
        log.warning("Sign-in refused.")
        raise Wrong from None
