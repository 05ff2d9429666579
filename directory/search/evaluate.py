"""How good the answers are: typed queries with the categories a good answer is in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from directory.search.query import Query

DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """One typed query; a result answers it by one of `categories`, or, where a listing has none, by one of `words`."""

    id: str
    query: str
    categories: frozenset[str]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """What judging needs of a service found."""

    name: str
    categories: frozenset[str]
    text: str


def read_queries(path: Path) -> list[Judged]:
    """Queries from a tab-separated file with the columns id, query, categories and good_result_contains_any.

    Raises ValueError, in words, where a column is missing.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        missing = {"id", "query", "categories", "good_result_contains_any"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path} lacks the columns {', '.join(sorted(missing))}.")
        return [
            Judged(
                row["id"],
                row["query"] or "",
                frozenset((row["categories"] or "").split(";")),
                tuple(word.strip().lower() for word in (row["good_result_contains_any"] or "").split(";") if word.strip()),
            )
            for row in reader
        ]


def rank_of_answer(judged: Judged, listings: Sequence[Listing]) -> int | None:
    """The place (from 1) of the first listing that answers, or None."""
    for place, listing in enumerate(listings, start=1):
        if listing.categories:
            if listing.categories & judged.categories:
                return place
        elif any(word in listing.text.lower() for word in judged.words):
            return place
    return None


def evaluate(queries: Iterable[Judged], find: Callable[[Query], Sequence[Listing]]) -> dict[str, object]:
    """Ask every query and count: how many are answered by the first, the first three, the first ten results.

    > {"queries": 100, "answered_at_1": 90, "answered_at_3": 97, "answered_at_10": 99, "failed": [...]}
    """
    counts: dict[int, int] = {1: 0, 3: 0, DEPTH: 0}
    failed: list[Mapping[str, object]] = []
    asked = 0
    for judged in queries:
        asked += 1
        listings = find(Query(words=judged.query, size=DEPTH))
        place = rank_of_answer(judged, listings)
        for depth in counts:
            counts[depth] += place is not None and place <= depth
        if place is None or place > 3:
            failed.append({
                "id": judged.id,
                "query": judged.query,
                "wanted": sorted(judged.categories),
                "answered_at": place,
                "found": [listing.name for listing in listings[:3]],
            })  # fmt: skip
    return {"queries": asked, **{f"answered_at_{depth}": count for depth, count in counts.items()}, "failed": failed}
