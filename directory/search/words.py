"""The one way from text to search words: for the index, the query, the highlighter, and later the copy on the phone.

Words are folded (case, accents, apostrophes), small words dropped (among them the words for a child, which is who everything here
is for), and the rest stemmed (Snowball English). Never stemmed: words of three letters or fewer (DLA, PDA, bus) and words with
other letters than a to z (Welsh).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

SMALL_WORDS = frozenset(
    """a about all am an and any are as at be been but by can could did do does for from get getting go going got had has have he
    her hers him his how how's hows i i'd i'll i'm i've if in into is it its it's just know like me my myself need needs of on or
    our ours please really she should so some someone something than that that's the their them then there these they this those
    to too us very want wants was we were what what's whats when where where's wheres which who who's whos whose why will with
    would you your
    boy child child's children children's daughter daughter's girl son son's""".split()
)
LONGEST_WORD = 64
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# A stemmer works on itself while it stems: one that two threads share gives one thread's word the other's stem.
_stemmers = threading.local()


class Token(NamedTuple):
    """A word of a text: its search form, its folded surface, and where it stands in the text."""

    term: str
    surface: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case without accents; curly apostrophes straight.

    >>> fold("Llŷn Môn’s CAFÉ")
    "llyn mon's cafe"
    """
    text = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in text if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def term_of(surface: str) -> str:
    """The search form of a folded word.

    >>> term_of("swimming"), term_of("dla"), term_of("down's"), term_of("2026")
    ('swim', 'dla', 'down', '2026')
    """
    word = surface.removesuffix("'s").replace("'", "")
    return _stem(word) if len(word) > 3 and word.isascii() and word.isalpha() else word


def _stem(word: str) -> str:
    if not hasattr(_stemmers, "english"):
        _stemmers.english = snowballstemmer.stemmer("english")
    return _stemmers.english.stemWord(word)


def tokens(text: str) -> Iterator[Token]:
    """Every word of a text but the small ones."""
    for match in _WORD.finditer(text):
        surface = fold(match.group())
        if surface not in SMALL_WORDS and len(surface) <= LONGEST_WORD:
            term = term_of(surface)
            if term:
                yield Token(term, surface, match.start(), match.end())


def terms(text: str) -> tuple[str, ...]:
    """The search forms of a text's words, in order."""
    return tuple(token.term for token in tokens(text))
