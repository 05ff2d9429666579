"""Wrong tries are slowed down, and nobody can be locked out by somebody else's.

A try is counted before anything is derived, in one step with the look at the count; a right one is taken back. Three counts:

    one person in one browser or from one address     5 in 15 minutes
    one address                                      60 in an hour
    one person, from wherever                        30 in an hour

A browser in which the person has signed in before has a count of its own and is stopped by no other: who guesses at a
parent's passphrase from elsewhere stops themselves, and never the parent.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from flask_limiter.util import get_remote_address
from limits.storage import Storage

from plumbing import clock
from plumbing.limits import limiter

MINUTE = 60
PAIR = (5, 15 * MINUTE)
SENDER = (60, 60 * MINUTE)
WHOLE = (30, 60 * MINUTE)
REGISTRATIONS = (40, 60 * MINUTE)


class MustWait(Exception):
    """Too many wrong tries; `minutes` until the next may be made."""

    def __init__(self, minutes: int) -> None:
        super().__init__("too many tries")
        self.minutes = minutes


@dataclass(frozen=True)
class Try:
    """One counted try: by which names it was counted."""

    keys: tuple[tuple[str, int, int], ...]

    def was_right(self) -> None:
        """Take the try back, and forget the wrong ones before it: whoever knows the passphrase has made slips, not guesses."""
        storage = _storage()
        (pair, *others) = self.keys
        storage.clear(pair[0])
        for key, _most, seconds in others:
            storage.incr(key, seconds, -1)

    def did_not_count(self) -> None:
        """Take the try back: nothing was guessed in it."""
        for key, _most, seconds in self.keys:
            _storage().incr(key, seconds, -1)


def _storage() -> Storage:
    return limiter.storage


def _name(server_key: bytes, kind: str, *parts: str) -> str:
    """A count's name: an HMAC, so that the file of counts tells neither addresses nor who is being guessed at."""
    return hmac.new(server_key, "\0".join(("throttle", kind, *parts)).encode(), "sha256").hexdigest()


def count(server_key: bytes, who: str, device_id: str | None = None) -> Try:
    """Count a try for `who` (an account's id, or what was typed where there is none). Raises MustWait.

    `device_id` is that of a browser in which this person has signed in before.
    """
    sender = get_remote_address()
    keys: tuple[tuple[str, int, int], ...]
    if device_id:
        keys = ((_name(server_key, "pair", who, "device " + device_id), *PAIR),)
    else:
        keys = (
            (_name(server_key, "pair", who, "sender " + sender), *PAIR),
            (_name(server_key, "sender", sender), *SENDER),
            (_name(server_key, "whole", who), *WHOLE),
        )
    return _count(keys)


def count_registration(server_key: bytes) -> None:
    """Count a new account from one address. Raises MustWait."""
    _count(((_name(server_key, "registration", get_remote_address()), *REGISTRATIONS),))


def _count(keys: tuple[tuple[str, int, int], ...]) -> Try:
    storage = _storage()
    counts = [storage.incr(key, seconds) for key, _most, seconds in keys]
    over = [key for (key, most, _seconds), number in zip(keys, counts, strict=True) if number > most]
    if over:
        # A try that was refused is none: held back, an attacker must not fill the counts that stop others.
        Try(keys).did_not_count()
        ends = max(storage.get_expiry(key) for key in over)
        raise MustWait(max(1, -int(-(ends - clock.now().timestamp()) // MINUTE)))
    return Try(keys)
