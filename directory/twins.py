"""Twins: two listings that may be one and the same, known by what they share (a telephone, a web address, a postcode, a name).

Comparing each with each would take half a day for five thousand; only those that share something are compared ("blocking").
Nothing is decided here: a person looks at both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from rapidfuzz import fuzz

from directory.places import place_key

LIKELY = 60
# What more than so many share (a council's switchboard, its web site) tells none of them from another.
_MOST_SHARING = 25
_COMMON = frozenset(
    "a an and at by for from in of on or s the to with your service services group groups club centre center support team "
    "children child childrens young people family families community project trust ltd limited cic".split()
)


@dataclass(frozen=True)
class Card:
    """What two listings, or two organisations, are compared by. `phones` are digits only; `urls` without www and last slash."""

    id: str
    name: str
    organization: str = ""
    phones: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()

    @cached_property
    def key(self) -> str:
        """The name in plain lower-case words."""
        return place_key(self.name)

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words of the name that tell it from others."""
        return frozenset(word for word in self.key.split() if word not in _COMMON)


@dataclass(frozen=True)
class Pair:
    """Two that may be one. `score` is from LIKELY to 100; `same` says what they share: name, alike, phone, postcode, url."""

    one: str
    other: str
    score: int
    same: tuple[str, ...]


def likely(cards: Iterable[Card], *, unlike: frozenset[tuple[str, str]] = frozenset()) -> list[Pair]:
    """Every likely pair, the likeliest first, without those that a person said are `unlike`.

    >>> number = frozenset({"441632960001"})
    >>> likely([Card("a", "Alnwick Toy Library", phones=number), Card("b", "Toy Library, Alnwick", phones=number)])
    [Pair(one='a', other='b', score=80, same=('alike', 'phone'))]
    """
    by_id = {card.id: card for card in cards}
    pairs = (_compare(by_id[one], by_id[other]) for one, other in _candidates(by_id) - unlike)
    return sorted((pair for pair in pairs if pair), key=lambda pair: (-pair.score, pair.one, pair.other))


def likely_for(card: Card, others: Iterable[Card], *, unlike: frozenset[tuple[str, str]] = frozenset()) -> list[Pair]:
    """The likely twins of one listing, the likeliest first."""
    found = []
    for other in others:
        near = card.phones & other.phones or card.postcodes & other.postcodes or card.urls & other.urls
        if other.id == card.id or in_order(card.id, other.id) in unlike or not (near or card.telling & other.telling):
            continue
        pair = _compare(card, other)
        if pair:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.score, pair.one, pair.other))


def in_order(one: str, other: str) -> tuple[str, str]:
    """Two ids as a pair is known by, whichever came first."""
    return (one, other) if one < other else (other, one)


def _candidates(cards: dict[str, Card]) -> set[tuple[str, str]]:
    """The pairs that share a number, a postcode, a page, or two telling words of their names (or the only one)."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for card in cards.values():
        for mark in _marks(card):
            sharing[mark].append(card.id)
    return {pair for ids in sharing.values() if 2 <= len(ids) <= _MOST_SHARING for pair in combinations(sorted(set(ids)), 2)}


def _marks(card: Card) -> Iterator[str]:
    yield f"name {card.key}"
    yield from (f"phone {phone}" for phone in card.phones)
    yield from (f"postcode {postcode}" for postcode in card.postcodes)
    yield from (f"url {url}" for url in card.urls)
    words = sorted(card.telling)
    yield from (f"words {one} {other}" for one, other in combinations(words[:8], 2))
    if len(words) == 1:
        yield f"words {words[0]}"


def _compare(one: Card, other: Card) -> Pair | None:
    """How likely they are one: the name counts for most, and a shared number or page for more than a shared street."""
    names = fuzz.token_sort_ratio(one.key, other.key)
    if one.telling and other.telling:
        # "Alnwick Toy Library" and "Toy Library (Alnwick branch)": one within the other says more than their lengths do. One
        # telling word alone ("autism") is in a hundred names.
        shorter = min(len(one.telling), len(other.telling))
        within = fuzz.token_set_ratio(one.key, other.key) if shorter > 1 else 0
        names = max(names, within * 0.9)
    if numbers_differ(one.key, other.key):
        names = min(names, 70)
    same = []
    if one.key == other.key:
        same.append("name")
    elif names >= 80:
        same.append("alike")
    same += ["phone"] if one.phones & other.phones else []
    same += ["postcode"] if one.postcodes & other.postcodes else []
    same += ["url"] if one.urls & other.urls else []
    score = names * 0.6 + 20 * ("phone" in same) + 10 * ("postcode" in same) + 15 * ("url" in same)
    if one.organization and other.organization:
        score += 5 if place_key(one.organization) == place_key(other.organization) else -5
    # Two branches of one charity have one name and two doors.
    if one.postcodes and other.postcodes and "postcode" not in same:
        score -= 15
    if one.phones and other.phones and "phone" not in same:
        score -= 10
    # What one body's services all share (its web site, its house) makes no two of them one unless their names are near, too.
    if names < (55 if "phone" in same else 75) or score < LIKELY or same == ["alike"]:
        return None
    return Pair(*in_order(one.id, other.id), min(100, round(score)), tuple(same))


def numbers_differ(one: str, other: str) -> bool:
    """Whether the names have different numbers in them: "1st Alnwick Scouts" and "2nd Alnwick Scouts" are two.

    >>> numbers_differ("1st alnwick scouts", "2nd alnwick scouts"), numbers_differ("alnwick scouts", "1st alnwick scouts")
    (True, False)
    """
    first, second = (set(re.findall(r"\d+|\b[ivx]+\b", name)) for name in (one, other))
    return bool(first and second and first != second)
