"""The code on the kit: 130 random bits that a person can copy by hand.

Crockford's base32 leaves out I, L, O and U, so that nothing can be mistaken or read as a rude word. 26 letters carry the
bits; two more check them (10 bits of SHA-256), so that a slip is told apart from a wrong code.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from plumbing.crypto import CannotOpen

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 130
GROUP = 4
_LETTERS = 26
_CHECK_LETTERS = 2
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def _check(letters: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"linkbook kit " + letters.encode()).digest()[:2], "big")
    return ALPHABET[number >> 11] + ALPHABET[(number >> 6) & 31]


def new_code() -> bytes:
    """A new code, as the 17 bytes that keys are derived from."""
    return secrets.randbits(BITS).to_bytes(17, "big")


def show_code(code: bytes) -> str:
    """A code as it is printed: seven groups of four.

    >>> show_code(bytes(17))
    '0000-0000-0000-0000-0000-0000-00H9'
    """
    number = int.from_bytes(code, "big")
    letters = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_LETTERS)))
    whole = letters + _check(letters)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def read_letters(typed: str) -> str:
    """What somebody typed, as letters of the alphabet: O is 0, I and L are 1, and dashes and spaces do not count."""
    upper = unicodedata.normalize("NFKC", typed).upper().translate(_FORGIVEN)
    return "".join(letter for letter in upper if letter.isascii() and letter.isalnum())


def read_code(typed: str) -> bytes:
    """The code that was typed. Raises CannotOpen where it has a slip."""
    letters = read_letters(typed)
    if len(letters) != _LETTERS + _CHECK_LETTERS or any(letter not in ALPHABET for letter in letters):
        raise CannotOpen
    if not hmac.compare_digest(_check(letters[:_LETTERS]), letters[_LETTERS:]):
        raise CannotOpen
    number = 0
    for letter in letters[:_LETTERS]:
        number = (number << 5) | ALPHABET.index(letter)
    return number.to_bytes(17, "big")
