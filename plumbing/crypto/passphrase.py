"""From what somebody remembers to a key: Argon2id (RFC 9106), with a pepper that is not in the database."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SALT_BYTES = 16
KEY_BYTES = 32
# One derivation takes 64 MiB. Sixteen at once would take a gibibyte, so one runs, two wait, and the rest are asked to come back.
# Never two in one process: with several lanes each, they wait for each other's threads in OpenSSL's pool, for ever.
WAITING = 2
PATIENCE_SECONDS = 5.0
_WRITTEN = re.compile(r"m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})")
_MOST_MEMORY_KIB = 1024 * 1024


class Busy(Exception):
    """Too many people are signing in at this moment."""


@dataclass(frozen=True)
class Cost:
    """How much work and memory one guess takes: RFC 9106's second recommended option unless told otherwise."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    def __str__(self) -> str:
        """As it is stored beside what it opens: m=65536,t=3,p=4."""
        return f"m={self.memory_kib},t={self.iterations},p={self.lanes}"

    @classmethod
    def parse(cls, text: str) -> Cost:
        """The cost that `str` gave. Raises ValueError for anything else, and for one that would take all of a machine.

        >>> Cost.parse("m=65536,t=3,p=4") == Cost()
        True
        """
        written = _WRITTEN.fullmatch(text)
        cost = cls(*map(int, written.groups())) if written else cls(0, 0, 0)
        # It stands in a row beside what it opens, where whoever writes into the database could ask for the whole machine.
        if not (cost.lanes and cost.iterations and 8 * cost.lanes <= cost.memory_kib <= _MOST_MEMORY_KIB):
            raise ValueError("a cost looks like m=65536,t=3,p=4")
        return cost


class _Desk:
    """Lets one in, keeps a few waiting, and sends the rest away at once."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._places = threading.BoundedSemaphore(1 + WAITING)

    def __enter__(self) -> None:
        if not self._places.acquire(blocking=False):
            raise Busy
        if not self._one.acquire(timeout=PATIENCE_SECONDS):
            self._places.release()
            raise Busy

    def __exit__(self, *_error: object) -> None:
        self._one.release()
        self._places.release()


_desk = _Desk()


def plain(words: str) -> bytes:
    """A passphrase as bytes, the same from every keyboard: NFKC, and one space where there were several.

    >>> plain("  Cafe\\u0301  au lait ") == plain("Café au lait")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", words).split()).encode()


def stretch(words: str, salt: bytes, pepper: bytes, cost: Cost) -> bytes:
    """32 bytes from a passphrase or PIN. Takes about 0.2 s and 64 MiB at the usual cost. Raises Busy when too many wait."""
    with _desk:
        derivation = Argon2id(
            salt=salt,
            length=KEY_BYTES,
            iterations=cost.iterations,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
            secret=pepper,
        )
        return derivation.derive(plain(words))
