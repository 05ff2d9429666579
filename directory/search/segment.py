"""One unchanging piece of the index, read into arrays and bitmaps, so that a question touches no more than it must.

Whoosh writes its index in segments that never change (deletions apart). What filters need of one is read once and kept for as
long as the segment lives; what words need is read when first asked for, and kept while there is room.
"""

from __future__ import annotations

import json
import math
import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from directory.search import bitmap
from directory.search.document import SERVICE
from directory.search.vocabulary import Alternative, Group

# BM25 (Robertson and Zaragoza 2009): how soon repetition stops counting, and how much a long text counts less.
K1, B = 1.2, 0.6
MILES_A_DEGREE = 69.05
# A county service whose places and area are all further away than this is another county's.
COUNTY_MILES = 60.0
# Postings kept, about 12 bytes each.
_ROOM = 4_000_000
_PLACES_KEPT = 32


class Reader(Protocol):
    """What a segment asks of the index library: see index.py, the one file that knows it."""

    def count(self) -> int: ...  # noqa: D102
    def deleted(self) -> Iterable[int]: ...  # noqa: D102
    def values(self) -> Sequence[bytes]: ...  # noqa: D102
    def length(self, number: int) -> int: ...  # noqa: D102
    def occurrences(self, term: str) -> Iterable[tuple[int, float]]: ...  # noqa: D102
    def positions(self, term: str, numbers: Sequence[int]) -> Iterable[frozenset[int]]: ...  # noqa: D102
    def surfaces(self) -> Iterable[tuple[str, int]]: ...  # noqa: D102


@dataclass(frozen=True)
class Posting:
    """The documents that have something, how strongly each, and the same documents as a bitmap."""

    numbers: array[int]
    weights: array[float]
    bits: int


def strength_of(posting: Posting, number: int) -> float:
    """How strongly one document has it; 0 where it has not."""
    place = bisect_left(posting.numbers, number)
    if place < len(posting.numbers) and posting.numbers[place] == number:
        return posting.weights[place]
    return 0.0


class Segment:
    """`facets` are bitmaps by (kind of choice, value); `live` masks what has been deleted since it was written."""

    def __init__(self, reader: Reader) -> None:
        self.size = reader.count()
        self._lock = threading.Lock()
        self._cache: OrderedDict[object, Posting] = OrderedDict()
        self._cached = 0
        self._near: OrderedDict[tuple[float, float], dict[int, float]] = OrderedDict()
        self._ages: dict[float, int] = {}
        self._surfaces: dict[str, int] | None = None
        self.ids: list[str] = []
        self.titles: list[str] = []
        self.reaches: list[str] = []
        self.facets: dict[tuple[str, str], int] = {}
        self._points: list[tuple[int, float, float]] = []
        self._areas: list[tuple[int, float, float]] = []
        self._limits: list[tuple[float, float]] = []
        self._load(reader)
        self.attach(reader)

    def _load(self, reader: Reader) -> None:
        facets: dict[tuple[str, str], bytearray] = defaultdict(lambda: bytearray(self.size // 8 + 1))
        lengths = array("d")
        for number, packed in enumerate(reader.values()):
            value = unpack(packed)
            self.ids.append(value["id"])
            self.titles.append(value["title"])
            self.reaches.append(value["reach"])
            self._limits.append((value["ages"][0], value["ages"][1]))
            for latitude, longitude in value["points"]:
                self._points.append((number, latitude, longitude))
            if value["reach"] == "county":
                self._areas += [(number, latitude, longitude) for latitude, longitude in value["points"] + value["areas"]]
            byte, bit = number >> 3, 1 << (number & 7)
            for kind, values in value["facets"].items():
                for one in values:
                    facets[kind, one][byte] |= bit
            lengths.append(reader.length(number) or 1)
        self.facets = {key: int.from_bytes(packed, "little") for key, packed in facets.items()}
        average = sum(lengths) / len(lengths) if lengths else 1.0
        self._norms = array("d", (K1 * (1 - B + B * length / average) for length in lengths))

    def attach(self, reader: Reader) -> None:
        """Take a newer reader of the same segment: more of it may have been deleted. What was kept stays true."""
        self._reader = reader
        everything = (1 << self.size) - 1
        self.live = everything & ~bitmap.from_numbers(reader.deleted(), self.size)

    def facet(self, kind: str, value: str) -> int:
        """The documents with this value."""
        return self.facets.get((kind, value), 0)

    @property
    def services(self) -> int:
        """The live documents that are services."""
        return self.live & self.facet("kind", SERVICE)

    # -- words

    def posting(self, alternative: Alternative) -> Posting:
        """Where a word, or words in a row, stand."""
        words = alternative.terms
        if len(words) == 1:
            return self._kept(words, lambda: self._word(words[0]))
        if alternative.apart:
            return self._kept(("apart", words), lambda: self._all_of(words))
        return self._kept(words, lambda: self._phrase(words))

    def group(self, group: Group) -> Posting:
        """Where a thing stands by any of its names; a document counts by the best of them."""
        if len(group.alternatives) == 1:
            return self.posting(group.alternatives[0])
        return self._kept(group.alternatives, lambda: self._union(group.alternatives))

    def _kept(self, key: object, make: Callable[[], Posting]) -> Posting:
        with self._lock:
            found = self._cache.get(key)
            if found is not None:
                self._cache.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._cache:
                self._cache[key] = made
                self._cached += len(made.numbers) + 60
            while self._cached > _ROOM and len(self._cache) > 1:
                _, dropped = self._cache.popitem(last=False)
                self._cached -= len(dropped.numbers) + 60
        return made

    def _word(self, term: str) -> Posting:
        numbers, weights, norms = array("L"), array("d"), self._norms
        for number, frequency in self._reader.occurrences(term):
            numbers.append(number)
            weights.append(frequency * (K1 + 1) / (frequency + norms[number]))
        return Posting(numbers, weights, bitmap.from_numbers(numbers, self.size))

    def _phrase(self, words: tuple[str, ...]) -> Posting:
        together = self.live
        for word in words:
            together &= self.posting(Alternative((word,))).bits
        candidates = bitmap.to_numbers(together)
        numbers, weights = array("L"), array("d")
        if candidates:
            found = zip(*(self._reader.positions(word, candidates) for word in words), strict=True)
            for number, places in zip(candidates, found, strict=True):
                starts = set.intersection(*({place - offset for place in row} for offset, row in enumerate(places)))
                if starts:
                    frequency = float(len(starts))
                    numbers.append(number)
                    # Words in a row say more than the same words apart.
                    weights.append(1.1 * frequency * (K1 + 1) / (frequency + self._norms[number]))
        return Posting(numbers, weights, bitmap.from_numbers(numbers, self.size))

    def _all_of(self, words: tuple[str, ...]) -> Posting:
        postings = [self.posting(Alternative((word,))) for word in words]
        together = self.live
        for posting in postings:
            together &= posting.bits
        numbers = array("L", bitmap.to_numbers(together))
        weights = array("d", (sum(strength_of(posting, number) for posting in postings) / len(words) for number in numbers))
        return Posting(numbers, weights, together)

    def _union(self, alternatives: tuple[Alternative, ...]) -> Posting:
        best: dict[int, float] = {}
        for alternative in alternatives:
            posting = self.posting(alternative)
            for number, weight in zip(posting.numbers, posting.weights, strict=True):
                weighed = weight * alternative.weight
                if weighed > best.get(number, 0.0):
                    best[number] = weighed
        numbers = array("L", sorted(best))
        weights = array("d", (best[number] for number in numbers))
        return Posting(numbers, weights, bitmap.from_numbers(numbers, self.size))

    def has_word(self, term: str) -> bool:
        """Whether any document, living or not, has this search word."""
        return bool(self.posting(Alternative((term,))).bits)

    def surfaces(self) -> dict[str, int]:
        """Every word as people write it, with how many documents have it."""
        if self._surfaces is None:
            self._surfaces = dict(self._reader.surfaces())
        return self._surfaces

    # -- values

    def for_age(self, age: float) -> int:
        """The documents for somebody of this age. "7" is anybody from the seventh birthday to the eighth; 0.5 is six months."""
        if age not in self._ages:
            whole = age == int(age)
            youngest, oldest = (age, age + 1) if whole else (age, age)
            # A limit of "up to 5" includes a child of five years and eleven months.
            fits = (
                number
                for number, (low, high) in enumerate(self._limits)
                if (low < oldest if whole else low <= oldest) and (high >= youngest or int(high) == high == int(youngest))
            )
            self._ages[age] = bitmap.from_numbers(fits, self.size)
        return self._ages[age]

    def miles_from(self, point: tuple[float, float]) -> dict[int, float]:
        """How far each placed document is from `point`, in miles, by its nearest place.

        On a plane that touches the Earth at `point`: within one percent up to 100 miles, which "about" covers.
        """
        with self._lock:
            if point in self._near:
                self._near.move_to_end(point)
                return self._near[point]
        found = _nearest(self._points, point)
        with self._lock:
            self._near[point] = found
            while len(self._near) > _PLACES_KEPT:
                self._near.popitem(last=False)
        return found

    def other_counties(self, point: tuple[float, float]) -> int:
        """The county-wide documents whose own county is not the one around `point`."""
        far = (number for number, miles in _nearest(self._areas, point).items() if miles > COUNTY_MILES)
        return bitmap.from_numbers(far, self.size)


def _nearest(points: Sequence[tuple[int, float, float]], point: tuple[float, float]) -> dict[int, float]:
    latitude, longitude = point
    narrow = math.cos(math.radians(latitude))
    found: dict[int, float] = {}
    for number, lat, lon in points:
        miles = MILES_A_DEGREE * math.hypot(lat - latitude, (lon - longitude) * narrow)
        if miles < found.get(number, 1e9):
            found[number] = miles
    return found


def pack(value: dict[str, Any]) -> bytes:
    """A document's values as the index keeps them."""
    return json.dumps(value, separators=(",", ":")).encode()


def unpack(packed: bytes) -> dict[str, Any]:
    """The values out of `pack`."""
    return json.loads(packed)
