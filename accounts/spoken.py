"""Codes that people tell each other by voice, in the words of our list.

A code of eight words invites somebody; six words show two people that they look at the same keys.
"""

from __future__ import annotations

from functools import cache

from accounts.passphrases import words
from plumbing.crypto.words import WordCode, new_words_code

__all__ = ["key_words", "new_words_code", "read_words", "show_words", "six_words"]


@cache
def _codes() -> WordCode:
    return WordCode(words())


def show_words(code: bytes) -> str:
    """A code of ten bytes as it is read out: eight words."""
    return _codes().show(code)


def read_words(typed: str) -> bytes:
    """The ten bytes of the code that was typed. Raises CannotOpen where it has a slip."""
    return _codes().read(typed)


def key_words(sealing_public: bytes, signing_public: bytes) -> str:
    """Six words for somebody's public keys: who has them reads the same words as whoever looks at them."""
    return six_words(sealing_public + signing_public)


def six_words(data: bytes) -> str:
    """Six words that stand for `data`, the same for everybody who has it."""
    return _codes().six(data)
