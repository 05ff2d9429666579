"""From groups of words and chosen values to an ordered page: matching by bitmaps, scoring only what is left.

Relevance is BM25 over one weighted text, times how much of the question a listing answers, plus a share for the category that the
question is probably about; nearness multiplies it. National, county-wide and online help is never lost by a distance.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from directory.places import Place
from directory.search import bitmap
from directory.search.document import GUIDE, NATIONS
from directory.search.query import Query
from directory.search.segment import Segment, strength_of
from directory.search.vocabulary import Group

# What a likely category adds, as a share of the best score a question could have.
CATEGORY_SHARE = 0.9
# Where fewer than this have all the words of a question, listings with most of them follow.
FEW = 10
# How much of a question (by the rarity of its words) a listing must answer to follow.
LEAST_PART = 0.34
# A category this likely answers even where its listings have none of the words.
SURE = 0.5
# At this many miles nearness halves: in the country the right club twenty miles off beats the wrong one next door.
HALVING_MILES = 20.0
# Local help further away than this is no help, where the place is known.
FAR_MILES = 75
# What nearness counts for help of another nation only, and how much it is held back where we do not know the reader's:
# five families in six live in England.
ELSEWHERE, PERHAPS_ELSEWHERE = 0.05, 0.8
# "Nearest" is among good answers: what scores less than this part of the best comes after them.
GOOD_PART = 0.35
# What nobody has checked for too long comes after all else: this is more than any key of what was.
UNCHECKED_LAST = 1e9
# What nearness counts for help that has no distance.
NATIONAL_NEARNESS, COUNTY_NEARNESS = 0.45, 0.75
GUIDE_LEAST_PART = 0.55
_REMOTE = ("online", "phone")


@dataclass(frozen=True)
class Match:
    """One document found, with the segment and number that it is known by inside the index."""

    segment: Segment
    number: int
    score: float
    miles: float | None

    @property
    def id(self) -> str:
        """The service's id, or the guide's slug."""
        return self.segment.ids[self.number]


@dataclass(frozen=True)
class Ranked:
    """`matches` is one page of `total`; `relaxed` says that not all of them have all the words."""

    total: int
    matches: list[Match]
    facets: dict[str, dict[str, int]]
    relaxed: bool
    guides: list[str]


@dataclass
class _Found:
    """What one segment has: the survivors as a bitmap, and a score for each document number."""

    segment: Segment
    bits: int
    scores: array[float]


def rarity(group: Group, segments: Sequence[Segment], total: int) -> float:
    """BM25's weight of a thing: high when few documents have it."""
    having = sum((segment.group(group).bits & segment.live).bit_count() for segment in segments)
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def rank(
    segments: Sequence[Segment],
    groups: Sequence[Group],
    query: Query,
    place: Place | None,
    age: float | None,
    likely: Mapping[str, float],
    *,
    asked: bool,
) -> Ranked:
    """The page of services that `query` asks for, in order, with counts for every choice.

    `asked` says that there were words; where no listing has any of them, `groups` is empty, and likely categories answer.
    """
    total = sum(segment.live.bit_count() for segment in segments) or 1
    weights = [rarity(group, segments, total) for group in groups]
    mass = sum(weights)
    filters = [_chosen(segment, query, place, age) for segment in segments]
    strict = [_having_all(segment, groups) & chosen for segment, chosen in zip(segments, filters, strict=True)]
    few = sum(bits.bit_count() for bits in strict) < (FEW if len(groups) > 1 else 1)
    relaxed = asked and (not groups or (few and (len(groups) > 1 or bool(likely))))
    found: list[_Found] = []
    for segment, chosen, all_words in zip(segments, filters, strict, strict=True):
        scores, answered = _score(segment, groups, weights, relaxed)
        if not relaxed:
            bits = all_words
        else:
            bits = chosen & _having_part(segment, groups, weights, answered, mass * LEAST_PART, likely)
            # A listing with all the words before one with some.
            for number in bitmap.to_numbers(bits):
                scores[number] *= 0.4 + 0.6 * answered[number] / (mass or 1)
        _add_category(segment, bits, scores, likely, CATEGORY_SHARE * mass)
        found.append(_Found(segment, bits, scores))
    matches = _page(found, query, place, browsing=not asked)
    guides = _guides(segments, groups, weights, mass, likely)
    facets = _facets(found, query, place, age, groups if not relaxed else (), relaxed)
    return Ranked(sum(one.bits.bit_count() for one in found), matches, facets, relaxed, guides)


# -- matching


def _chosen(segment: Segment, query: Query, place: Place | None, age: float | None, without: str = "") -> int:
    """The live services with every chosen value; the choice named `without` is left open."""
    bits = segment.services
    for kind, values in (
        ("category", query.categories),
        ("need", query.needs),
        ("delivery", query.delivery),
        ("referral", query.referral),
        ("language", query.languages),
    ):
        if values and kind != without:
            either = 0
            for value in values:
                either |= segment.facet(kind, value)
            bits &= either
    if query.free and without != "free":
        bits &= segment.facet("free", "yes")
    if age is not None:
        bits &= segment.for_age(age)
    if place:
        bits &= _within(segment, place, query.within or FAR_MILES)
    return bits


def _within(segment: Segment, place: Place, miles: int) -> int:
    """What is near enough, and everything that a distance must not lose."""
    near = segment.miles_from(place.point)
    bits = bitmap.from_numbers((number for number, far in near.items() if far <= miles), segment.size)
    bits |= segment.facet("reach", "national")
    beyond = segment.facet("reach", "county")
    for delivery in _REMOTE:
        beyond |= segment.facet("delivery", delivery) & ~segment.facet("delivery", "in_person")
    return bits | (beyond & ~segment.other_counties(place.point))


def _having_all(segment: Segment, groups: Sequence[Group]) -> int:
    bits = segment.live
    for group in groups:
        if not bits:
            break
        bits &= segment.group(group).bits
    return bits


def _score(
    segment: Segment, groups: Sequence[Group], weights: Sequence[float], relaxed: bool
) -> tuple[array[float], array[float]]:
    """BM25 of each document, and (when `relaxed`) how much of the question it answers."""
    scores = array("d", bytes(8 * segment.size))
    answered = array("d", bytes(8 * segment.size)) if relaxed else scores
    for group, weight in zip(groups, weights, strict=True):
        posting = segment.group(group)
        for number, strength in zip(posting.numbers, posting.weights, strict=True):
            scores[number] += strength * weight
        if relaxed:
            for number in posting.numbers:
                answered[number] += weight
    return scores, answered


def _having_part(segment: Segment, groups: Sequence[Group], weights: Sequence[float], answered: array[float], least: float,
                 likely: Mapping[str, float]) -> int:  # fmt: skip
    either = 0
    for group in groups:
        either |= segment.group(group).bits
    bits = bitmap.from_numbers((n for n in bitmap.to_numbers(either & segment.live) if answered[n] >= least), segment.size)
    # "son wont sleep up all night": a sleep clinic need not use any of those words.
    for slug, confidence in likely.items():
        if confidence >= SURE:
            bits |= segment.facet("category", slug)
    return bits


def _add_category(segment: Segment, bits: int, scores: array[float], likely: Mapping[str, float], share: float) -> None:
    for slug, confidence in likely.items():
        for number in bitmap.to_numbers(bits & segment.facet("category", slug)):
            scores[number] += share * confidence


# -- ordering


def _page(found: Sequence[_Found], query: Query, place: Place | None, *, browsing: bool) -> list[Match]:
    wanted = query.page * query.size
    candidates: list[tuple[tuple[float, str, str], Match]] = []
    for one in found:
        numbers = bitmap.to_numbers(one.bits)
        if not numbers:
            continue
        segment = one.segment
        miles = segment.miles_from(place.point) if place else {}
        keys = _keys(one, numbers, miles, query, place, browsing=browsing)
        if unchecked := segment.facet("unchecked", "yes"):
            keys = {number: key + (UNCHECKED_LAST if unchecked >> number & 1 else 0.0) for number, key in keys.items()}
        best = heapq.nsmallest(wanted, numbers, key=lambda number: (keys[number], segment.titles[number]))
        for number in best:
            match = Match(segment, number, one.scores[number], miles.get(number))
            candidates.append(((keys[number], segment.titles[number], segment.ids[number]), match))
    candidates.sort(key=lambda candidate: candidate[0])
    return [match for _, match in candidates[wanted - query.size : wanted]]


def _keys(
    one: _Found, numbers: Sequence[int], miles: Mapping[int, float], query: Query, place: Place | None, *, browsing: bool
) -> Mapping[int, float]:
    """What to order by, smallest first."""
    segment, scores = one.segment, one.scores
    nation = nation_of(place)
    away = _of_other_nations(segment, nation)
    if not place:
        return {number: -scores[number] * (PERHAPS_ELSEWHERE if away >> number & 1 else 1.0) for number in numbers}
    if query.sort == "nearest":
        good = max((scores[number] for number in numbers), default=0.0) * GOOD_PART
        # What has no distance comes after all that has, and what hardly answers after all of those.
        return {number: miles.get(number, 1e4) + (1e6 if scores[number] < good else 0.0) for number in numbers}
    reaches = segment.reaches
    # With nothing asked for, nearness is all there is to go by.
    base = 1.0 if browsing else 0.0
    return {
        number: -(base + scores[number]) * (ELSEWHERE if away >> number & 1 else nearness(miles.get(number), reaches[number]))
        for number in numbers
    }


def nation_of(place: Place | None) -> str:
    """The nation that a place is in, by the first letter of its council's code; England where nobody said."""
    if place is None:
        return "England"
    return {"W": "Wales", "S": "Scotland", "E": "England"}.get(
        place.gss[:1], "Northern Ireland" if place.is_northern_irish else ""
    )


def _of_other_nations(segment: Segment, nation: str) -> int:
    """The services that say for which nations they are, and not this one."""
    if not nation:
        return 0
    any_nation = 0
    for other in NATIONS:
        any_nation |= segment.facet("nation", other)
    return any_nation & ~segment.facet("nation", nation)


def nearness(miles: float | None, reach: str) -> float:
    """How much a distance leaves of a score: 1 next door, a half at 20 miles; what has no distance has its own share."""
    near = 1 / (1 + miles / HALVING_MILES) if miles is not None else 0.0
    if reach == "national":
        return max(near, NATIONAL_NEARNESS)
    if reach == "county":
        return max(near, COUNTY_NEARNESS)
    # An unplaced local listing may be next door or not: better shown than lost.
    return near if miles is not None else NATIONAL_NEARNESS


# -- beside the services


def _guides(segments: Sequence[Segment], groups: Sequence[Group], weights: Sequence[float], mass: float,
            likely: Mapping[str, float], most: int = 2) -> list[str]:  # fmt: skip
    if not groups:
        return []
    found: list[tuple[float, str]] = []
    for segment in segments:
        guides = segment.live & segment.facet("kind", GUIDE)
        for number in bitmap.to_numbers(guides):
            score = answered = 0.0
            for group, weight in zip(groups, weights, strict=True):
                how = strength_of(segment.group(group), number)
                score += how * weight
                answered += weight if how else 0.0
            bonus = sum(confidence for slug, confidence in likely.items() if segment.facet("category", slug) >> number & 1)
            if answered >= mass * GUIDE_LEAST_PART and bonus >= SURE:
                found.append((score + 0.5 * bonus * mass, segment.ids[number]))
    return [slug for _, slug in sorted(found, key=lambda one: (-one[0], one[1]))[:most]]


def _facets(found: Sequence[_Found], query: Query, place: Place | None, age: float | None, groups: Sequence[Group],
            relaxed: bool) -> dict[str, dict[str, int]]:  # fmt: skip
    """How many of the results have each value. A kind that is chosen from is counted as if it were not: minds change."""
    open_kinds = {
        kind: bool(values)
        for kind, values in (
            ("category", query.categories),
            ("need", query.needs),
            ("delivery", query.delivery),
            ("referral", query.referral),
            ("language", query.languages),
            ("free", {"yes"} if query.free else ()),
        )
    }
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in open_kinds}
    for one in found:
        for (kind, value), bits in one.segment.facets.items():
            if kind not in counts:
                continue
            number = (one.bits & bits).bit_count() if not open_kinds[kind] or relaxed else 0
            if number:
                counts[kind][value] += number
        for kind, is_open in open_kinds.items():
            if is_open and not relaxed:
                wider = _chosen(one.segment, query, place, age, without=kind) & _having_all(one.segment, groups)
                for (other, value), bits in one.segment.facets.items():
                    if other == kind and wider & bits:
                        counts[kind][value] += (wider & bits).bit_count()
    return {kind: dict(sorted(values.items(), key=lambda item: (-item[1], item[0]))) for kind, values in counts.items()}
