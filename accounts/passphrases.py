"""Whether a passphrase will do, and one made from words where somebody wants one.

Length is asked for, never capitals, digits or signs: those make people write the same word with a 1 behind it. Any
writing will do, spaces too. What is refused is what a thief types first: the commonest, keys in a row, one thing again
and again, and the person's own name. The reasons are names; `accounts/wording.py` has the sentences.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from plumbing.settings import ROOT

FEWEST_CHARACTERS = 15
FEWEST_WORDS = 4
MOST_CHARACTERS = 200
TOO_SHORT = "too_short"
TOO_LONG = "too_long"
TOO_COMMON = "too_common"
TOO_SIMPLE = "too_simple"
OWN_NAME = "own_name"
REASONS = (TOO_SHORT, TOO_LONG, TOO_COMMON, TOO_SIMPLE, OWN_NAME)

_REFERENCE = ROOT / "data" / "reference"
_LETTERS_OF_A_WORD = 3
_LETTERS_OF_A_NAME = 3
# Three of the commonest in a row ("iloveyou liverpool forever") are a guess like one; of four words there are too many.
_COMMON_TOGETHER = 3
# What is left of a passphrase when each row of keys and each repeat counts as one.
_FEWEST_STEPS = 8
_FEWEST_DIFFERENT = 5
_SHORTEST_ROW = 3
_BETWEEN_WORDS = re.compile(r"[\s\-_.,;:!?/+&]+")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "azertyuiop",
)
_BOTH_WAYS = (*_ROWS, *(row[::-1] for row in _ROWS))
# Digits and signs that stand for the letters they look like.
_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")


def problem(passphrase: str, known: Collection[str] = ()) -> str:
    """Why this passphrase will not do, one of `REASONS`, or nothing. `known` is what others know of the person: names, address.

    >>> problem("password 12345678"), problem("a goat in wellies"), problem("tea hat sun oak")
    ('too_common', '', '')
    """
    text = _plain(passphrase)
    if len(text) > MOST_CHARACTERS:
        return TOO_LONG
    if not _long_enough(text):
        return TOO_SHORT
    if _common(text):
        return TOO_COMMON
    if _simple(_squash(text)):
        return TOO_SIMPLE
    if not _long_enough(_without(text, known)):
        return OWN_NAME
    return ""


def make_passphrase(count: int = 5) -> str:
    """Different words by chance, eleven bits each: five are more than a thief can try at Argon2id's pace."""
    return " ".join(secrets.SystemRandom().sample(words(), count))


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words that passphrases and spoken codes are made of, in order."""
    return tuple(_lines(_REFERENCE / "words.txt"))


@cache
def commonest() -> frozenset[str]:
    """The commonest passphrases, each as it is compared: letters only."""
    squashed = (_squash(line.casefold()) for line in _lines(_REFERENCE / "commonest_passphrases.txt"))
    return frozenset(line for line in squashed if line)


def _lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))


def _plain(text: str) -> str:
    """The text in small letters, wide and ligated ones as any keyboard has them."""
    return unicodedata.normalize("NFKC", text).casefold()


def _long_enough(text: str) -> bool:
    text = text.strip()
    different = {word for word in _BETWEEN_WORDS.split(text) if _letters(word) >= _LETTERS_OF_A_WORD}
    return len(text) >= FEWEST_CHARACTERS or len(different) >= FEWEST_WORDS


def _letters(word: str) -> int:
    """How many letters a word has; the vowel signs of Hindi or Arabic are marks, and count as letters."""
    return sum(unicodedata.category(character)[0] in "LM" for character in word)


def _squash(text: str) -> str:
    """The text without spaces and signs; pictures stay, they may be all there is.

    >>> _squash("you'll never, ever"), _squash("a 🦆!")
    ('youllneverever', 'a🦆')
    """
    return "".join(character for character in text if _counts(character))


def _counts(character: str) -> bool:
    kind = unicodedata.category(character)[0]
    return kind in "LMN" or (kind == "S" and not character.isascii())


def _common(text: str) -> bool:
    """Whether it is made of the commonest alone, whatever digits and signs stand between, behind, or for letters."""
    plain = _squash(text)
    letters = "".join(character for character in plain if not character.isnumeric())
    stem = re.sub(r"[\W\d_]+$", "", re.sub(r"^[\W\d_]+", "", text))
    return any(_made_of_common(form) for form in {plain, letters, _squash(stem.translate(_LOOKALIKES))})


def _made_of_common(text: str) -> bool:
    """Whether `text` is one to three of the commonest, one behind the other."""
    reached = {0}
    for _turn in range(_COMMON_TOGETHER):
        reached = {end for start in reached for end in range(start + 1, len(text) + 1) if text[start:end] in commonest()}
        if len(text) in reached:
            return True
    return False


def _simple(text: str) -> bool:
    """Whether it is few characters, one short thing again and again, or rows of keys.

    >>> _simple("aaaaaaaaaaaaaaaaaaa"), _simple("hopscotchhopscotch"), _simple("qwertyuiop1234567890")
    (True, True, True)
    """
    if len(set(text)) < _FEWEST_DIFFERENT:
        return True
    period = next(length for length in range(1, len(text) + 1) if text.startswith(text[length:]))
    return (period <= len(text) // 2 and period < FEWEST_CHARACTERS) or _steps(text) < _FEWEST_STEPS


def _steps(text: str) -> int:
    """How many things there are to remember: a row of keys, of the alphabet or of one character counts as one."""
    place = count = 0
    while place < len(text):
        place += _row_at(text[place:])
        count += 1
    return count


def _row_at(text: str) -> int:
    """How many characters the row at the start of `text` has; one where there is none."""
    same = len(text) - len(text.lstrip(text[0]))
    longest = max([same, *(_shared(text, row[row.find(text[0]) :]) for row in _BOTH_WAYS if text[0] in row)])
    return longest if longest >= _SHORTEST_ROW else 1


def _shared(text: str, row: str) -> int:
    """How many characters `text` and `row` have in common from the start."""
    return next((place for place, (a, b) in enumerate(zip(text, row, strict=False)) if a != b), min(len(text), len(row)))


def _without(text: str, known: Iterable[str]) -> str:
    """The text with the person's names taken out, the longest first; of an address, what stands before the @."""
    names = {_plain(name).partition("@")[0] for name in known}
    parts = names | {part for name in names for part in re.split(r"[\W_]+", name)}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _LETTERS_OF_A_NAME:
            text = text.replace(part, "")
    return text
