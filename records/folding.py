"""Text as search compares it, made fast enough to fold four megabytes while somebody waits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Accents and other marks on letters, as far as search meets them: Latin, Greek, Cyrillic, Hebrew, Arabic.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
_MARK = re.compile(f"[{_MARKS}]+")
# Signs of no letter, beyond ASCII: quotes, dashes, pounds.
_SIGN = re.compile("[\u0080-\u00bf\u2000-\u206f\u20a0-\u20bf]+")
# From a letter or sign beyond ASCII up to the next ASCII letter: a curly quote in an English letter, all of an Arabic one.
_BEYOND = re.compile(r"[^\x00-\x7f][^a-zA-Z0-9]*")
_SHORT = 16
_SYMBOL = "\u2190-\u2bff\U0001f000-\U0001faff"
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}])+(?:['’](?:[^\W_]|[{_MARKS}])+)*|[{_SYMBOL}]")
# Writing that joins words, or puts an article before them without a space: found anywhere, not only where a word begins.
_ANYWHERE = re.compile(
    f"[{_SYMBOL}\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes. Only what is beyond ASCII is looked at closely: that is what takes time.

    >>> fold("Llŷn Môn’s CAFÉ"), fold("ﬁnal"), fold("مُحَمَّد") == fold("محمد")
    ('llyn mons cafe', 'final', True)
    """
    if not text.isascii():
        text = _BEYOND.sub(_plain, text)
    return text.casefold().replace("'", "")


def _plain(found: re.Match[str]) -> str:
    piece = found.group()
    return _plain_sign(piece) if len(piece) <= _SHORT else _without_marks(piece)


@lru_cache(maxsize=10_000)
def _plain_sign(piece: str) -> str:
    return _without_marks(piece)


def _without_marks(piece: str) -> str:
    return _SIGN.sub(" ", _MARK.sub("", unicodedata.normalize("NFKD", piece.replace("’", ""))))


def words(text: str) -> Iterator[re.Match[str]]:
    """Each word of a text as it is written, with its place; a symbol is a word.

    >>> [word.group() for word in words("Dad’s  flat, 2-bed 🎂")]
    ['Dad’s', 'flat', '2', 'bed', '🎂']
    """
    return _WORD.finditer(text)


def stands_in(word: str, folded: str, whole: bool = False) -> bool:
    """Whether a folded text has a word that begins with (or, `whole`, is) this one.

    >>> stands_in("speech", "a speeches day"), stands_in("speech", "a speeches day", whole=True), stands_in("each", "speeches")
    (True, False, False)
    """
    place = folded.find(word)
    if place < 0:
        return False
    if _ANYWHERE.search(word):
        return True
    while place >= 0:
        end = place + len(word)
        begins = place == 0 or not folded[place - 1].isalnum()
        if begins and not (whole and end < len(folded) and folded[end].isalnum()):
            return True
        place = folded.find(word, place + 1)
    return False
