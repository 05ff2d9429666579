"""What a word that nobody uses was probably meant to be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
# Letters that fingers and ears take for each other at the start of a word: the first letter is wrong less often than others.
_NEIGHBOURS = {
    "f": "p",
    "p": "f",
    "k": "c",
    "c": "ks",
    "s": "c",
    "i": "e",
    "e": "i",
    "n": "k",
    "r": "w",
    "z": "s",
    "j": "g",
    "g": "j",
}


class Speller:
    """Corrects by one edit (insert, delete, replace, swap), two for words of six letters and more, the commonest word first."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._counts = Counter({word: count for word, count in words.items() if word.isalpha() and len(word) >= 3})
        self._buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._counts:
            self._buckets[word[0], len(word)].append(word)

    def correct(self, word: str) -> str | None:
        """The likeliest word for an unknown one, or None where there is no likely one.

        > Speller({"continence": 9}).correct("contenince") -> "continence"
        """
        if len(word) < _SHORTEST or not word.isalpha() or word in self._counts:
            return None
        first = [word[0]]
        others = list(_NEIGHBOURS.get(word[0], "") + word[1])
        # "fysio": the ear knows no ph.
        by_ear = "ph" + word[1:] if word[0] == "f" else ""
        return (
            self._nearest(word, first, 1)
            or (by_ear if by_ear in self._counts else None)
            or self._nearest(word, others, 1)
            or (self._nearest(word, first, 2) if len(word) >= 6 else None)
        )

    def _nearest(self, word: str, letters: Iterable[str], edits: int) -> str | None:
        lengths = range(len(word) - edits, len(word) + edits + 1)
        candidates = [other for letter in letters for length in lengths for other in self._buckets.get((letter, length), ())]
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=edits, limit=None)
        if not found:
            return None
        return min(found, key=lambda item: (item[1], -self._counts[item[0]], item[0]))[0]
