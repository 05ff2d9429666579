"""Officers' own synonyms: tried before they are kept, on what failed and what answers well; live at once; taken back by a tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from directory import reference, store
from directory.search import Finder, Query
from directory.search.evaluate import Judged, Listing, rank_of_answer
from directory.search.words import terms
from directory.store import synonyms as rows
from directory.synonym import OwnSynonym, lines_of
from plumbing import clock
from plumbing.db import at_once
from plumbing.ids import new_id

_FIRST = 3


@dataclass(frozen=True)
class Found:
    """What a search finds: how many, and the names of the first."""

    words: str
    total: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """What a synonym would change: each thing families type, before and after; and searches that it would make worse."""

    searches: tuple[tuple[Found, Found], ...]
    worse: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether no search would find anything else."""
        return all(before == after for before, after in self.searches)


def try_out(db: Database, finder: Finder, said: Sequence[str], meant: Sequence[str], kind: str) -> Trial:
    """What would change, with nothing kept yet."""
    with_it = finder.trying(db, lines_of(tuple(said), tuple(meant), kind))
    searches = tuple((find(db, finder, words), find(db, with_it, words)) for words in said)
    judged = [one for one in _judged(db, {*said, *meant}) if one.query not in said]
    worse = [one.query for one in judged if _answers(db, finder, one) and not _answers(db, with_it, one)]
    return Trial(searches, tuple(worse))


def _judged(db: Database, names: set[str]) -> list[Judged]:
    """Searches that should answer well, as far as `names` have to do with them: the words and examples of our categories."""
    touched = {term for name in names for term in terms(name)}
    found: dict[str, set[str]] = {}
    for category in reference.get_categories(db).values():
        for phrase in (category.label, *category.examples, *category.words):
            if touched & set(terms(phrase)):
                found.setdefault(phrase.casefold(), set()).add(category.slug)
    return [Judged("", phrase, frozenset(slugs), ()) for phrase, slugs in found.items()]


def add(db: Database, said: Sequence[str], meant: Sequence[str], kind: str, by: str) -> list[str]:
    """Keep a synonym; every process reads its questions with it from the next one on. Returns the ids of its lines."""
    ids = []
    with at_once(db):
        there = {one.line for one in rows.every(db) if one.removed_at is None} | set(rows.of_the_file(db))
        for line in lines_of(tuple(said), tuple(meant), kind):
            if line not in there:
                ids.append(new_id())
                rows.add(db, OwnSynonym(ids[-1], line, by, clock.now()))
        if ids:
            store.bump(db)
    return ids


def take_out(db: Database, id_: str, by: str) -> bool:
    """Take one out again, live at once; False where there is none."""
    with at_once(db):
        taken = rows.take_out(db, id_, by, clock.now())
        if taken:
            store.bump(db)
    return taken


def find(db: Database, finder: Finder, words: str) -> Found:
    """What a search finds now."""
    page = finder.search(db, Query(words=words, size=_FIRST))
    names = {one.id: one.name for one in store.get_shown_services(db, [result.id for result in page.results])}
    return Found(words, page.total, tuple(names[result.id] for result in page.results if result.id in names))


def _answers(db: Database, finder: Finder, judged: Judged) -> bool:
    page = finder.search(db, Query(words=judged.query, size=_FIRST))
    found = store.get_shown_services(db, [result.id for result in page.results])
    by_id = {one.id: Listing(one.name, frozenset(one.categories), f"{one.name} {one.description}") for one in found}
    return rank_of_answer(judged, [by_id[result.id] for result in page.results if result.id in by_id]) is not None
