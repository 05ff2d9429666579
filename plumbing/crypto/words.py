"""Codes that are told by voice: 80 random bits as eight words, and six words by which two people compare keys.

Each word is eleven bits. Eight words carry 88: the code's 80, and eight that check them, so that a slip is told apart from a
wrong code. A word is known by its first four letters: whoever hears it may spell the rest as they like.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence

from plumbing.crypto import CannotOpen

COUNT = 2048
CODE_BYTES = 10
CODE_WORDS = 8
COMPARED_WORDS = 6
_BITS = 11
_KNOWN_BY = 4


class WordCode:
    """Words for bytes and bytes for words, by one list of 2,048. Raises ValueError where the list will not do."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._places = {word[:_KNOWN_BY]: place for place, word in enumerate(self._words)}
        if len(self._words) != COUNT or len(self._places) != COUNT:
            raise ValueError("there must be 2,048 words that differ in their first four letters")

    def show(self, code: bytes) -> str:
        """A code as it is read out: eight words."""
        if len(code) != CODE_BYTES:
            raise ValueError("a code of words has ten bytes")
        return self._spell(code + _check(code), CODE_WORDS)

    def read(self, typed: str) -> bytes:
        """The code that was typed: case, commas, line ends and numbers before the words do not count. Raises CannotOpen."""
        try:
            places = [self._places[word[:_KNOWN_BY]] for word in _heard(typed)]
        except KeyError:
            raise CannotOpen from None
        if len(places) != CODE_WORDS:
            raise CannotOpen
        number = 0
        for place in places:
            number = number << _BITS | place
        whole = number.to_bytes(CODE_BYTES + 1, "big")
        code, check = whole[:CODE_BYTES], whole[CODE_BYTES:]
        if not hmac.compare_digest(_check(code), check):
            raise CannotOpen
        return code

    def six(self, data: bytes) -> str:
        """Six words for `data`: whoever wants other data with the same words tries about 2 to the power of 66 times."""
        return self._spell(hashlib.sha256(b"linkbook six words " + data).digest(), COMPARED_WORDS)

    def _spell(self, data: bytes, count: int) -> str:
        """The highest bits of `data` as `count` words."""
        number, bits = int.from_bytes(data, "big"), len(data) * 8
        return " ".join(self._words[number >> (bits - _BITS * turn) & (COUNT - 1)] for turn in range(1, count + 1))


def new_words_code() -> bytes:
    """A new code, as the ten bytes that keys are derived from."""
    return secrets.token_bytes(CODE_BYTES)


def _check(code: bytes) -> bytes:
    return hashlib.sha256(b"linkbook words " + code).digest()[:1]


def _heard(typed: str) -> list[str]:
    """The words in what somebody typed.

    >>> _heard("1. Otter, 2. LAMP\\n3) piano")
    ['otter', 'lamp', 'piano']
    """
    plain = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(letter if letter.isalpha() else " " for letter in plain).split()
