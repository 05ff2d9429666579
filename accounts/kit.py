"""The kit: one sheet of paper with a code that opens somebody's keys when they have lost their passphrase.

The code is kept nowhere. Until it has been checked, the session that made it holds it under the session's own cookie.
"""

from __future__ import annotations

import secrets as randomness

from accounts import generation, keys, slot, store, throttle
from accounts.account import Account
from accounts.current import family, secrets
from accounts.device import known_id
from accounts.person import Person
from accounts.visitor import device_cookie, visitor
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code, read_code, read_letters, show_code
from plumbing.crypto.context import context
from plumbing.crypto.envelope import HEADER, OVERHEAD, derive, unseal

GROUPS = 7
# The size of nothing: what is opened where there is no account, so that time does not tell.
_NOTHING = HEADER + bytes(OVERHEAD - len(HEADER))


def make(person: Person) -> str:
    """A new sheet's code, as printed, for `person`, whose just-us key is open. The sheet before it is void. Raises Superseded."""
    code = new_code()
    store.save_by_kit(family(), person, keys.seal_by_kit(person, code), clock.today())
    shown = show_code(code)
    slot.put(slot.KIT_CODE, shown)
    visitor().refresh()
    return shown


def code_in_hand() -> str:
    """The code of the sheet that was made in this session and not checked yet; "" where there is none, or it opens nothing.

    A newer sheet may have been made in another browser, or by pressing twice: nobody must print, or check, the void one.
    """
    code, account = slot.get(slot.KIT_CODE), visitor().account
    return code if code and account and is_code(account, code) else ""


def two_groups() -> tuple[int, int]:
    """Which two groups of the code are asked for, counted from 1."""
    first, second = sorted(randomness.SystemRandom().sample(range(1, GROUPS + 1), 2))
    return first, second


def are_groups(typed: tuple[str, str], asked: tuple[int, int]) -> bool:
    """Whether two groups of the code in hand were typed right."""
    groups = code_in_hand().split("-")
    if len(groups) != GROUPS or not all(1 <= number <= GROUPS for number in asked) or asked[0] == asked[1]:
        return False
    return all(read_letters(text) == groups[number - 1] for text, number in zip(typed, asked, strict=True))


def is_code(account: Account, typed: str) -> bool:
    """Whether the whole code was typed, or scanned, right."""
    try:
        _open(account, read_code(typed))
    except CannotOpen:
        return False
    return True


def checked(account: Account) -> None:
    """Note that somebody has their sheet in their hand, and let go of its code."""
    store.kit_checked(family(), account.id, clock.today())
    slot.put(slot.KIT_CODE, "")
    visitor().refresh()


def replace(account: Account, person: Person, passphrase: str) -> None:
    """New keys and a new sheet for `person`, whose just-us key is open: the old sheet opens nothing any more. Raises Busy."""
    renewed, new = generation.renew(account, person, passphrase)
    visitor().begin(renewed, new)
    make(new)


def use(typed_name: str, typed_code: str, passphrase: str) -> tuple[Account, Person]:
    """New keys under a new passphrase, by the code on the sheet, which is void then. The second factor is off.

    Raises CannotOpen, the same for a wrong code and for a name that nobody has; throttle.MustWait or Busy.
    """
    code = read_code(typed_code)
    account = store.find_account(family(), secrets().server_key, typed_name)
    who = account.id if account else "typed " + store.plain_name(typed_name)
    known = known_id(device_cookie(), secrets().server_key, account.id if account else "")
    tried = throttle.count(secrets().server_key, "kit " + who, known)
    person = _open(account, code)
    assert account is not None  # noqa: S101 - no code opens an account that is not there
    tried.was_right()
    return generation.renew(account, person, passphrase, keep_second_factor=False)


def _open(account: Account | None, code: bytes) -> Person:
    sealed = store.get_by_kit(family(), account.id) if account else None
    if account is None or sealed is None:
        unseal(derive(code, b"kit-keys"), _NOTHING, context("kit-keys", "nobody"))
        raise CannotOpen
    return keys.open_by_kit(account, sealed, code)
