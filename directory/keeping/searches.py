"""Counting searches that failed, so that nobody can be found in the counts and no search is ever slower or broken for it."""

from __future__ import annotations

import datetime
import secrets
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from sqlite_utils import Database

from directory import gazetteer, not_found, reference
from directory.need import Need
from directory.not_found import QUESTION, Cell
from directory.places import Place
from directory.search import Page, Query
from directory.search.vocabulary import Vocabulary
from directory.search.words import terms, tokens
from directory.store import searches as rows
from directory.unmet_need import month_of
from plumbing import clock
from plumbing.dates import months_after
from plumbing.db import BUSY_SECONDS, at_once

# A search waits no longer for a locked database than nobody would notice; the count is lost then, not the page.
_WAIT_MILLISECONDS = 25
_MOST_REMEMBERED = 50_000
# How sure we are of a category before a search counts as one about it.
_SURE = 0.4


class OnceADay:
    """Whether a sender was counted for a thing today already: in this process's memory only, under a salt of that day."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day = ""
        self._salt = b""
        self._seen: set[bytes] = set()

    def is_first(self, *parts: str) -> bool:
        """Whether this is the first time today. A flood that fills the memory is not counted at all."""
        with self._lock:
            day = clock.today().isoformat()
            if day != self._day:
                self._day, self._salt, self._seen = day, secrets.token_bytes(32), set()
            mark = blake2b("\0".join(parts).encode(), key=self._salt, digest_size=16).digest()
            if mark in self._seen or len(self._seen) >= _MOST_REMEMBERED:
                return False
            self._seen.add(mark)
            return True


@dataclass(frozen=True)
class Failed:
    """What is kept of one search that failed."""

    cell: Cell
    words: tuple[str, ...] = field(default=(), repr=False)


def failed(db: Database, query: Query, page: Page, vocabulary: Vocabulary) -> Failed | None:
    """What is kept of a search, or None where it found enough, or where somebody may be in danger: then nothing is kept."""
    sign = not_found.sign_of(page.total, page.dropped)
    understood = page.understood
    if not sign or understood.crisis or page.page != 1 or not (understood.words or query.categories or query.needs):
        return None
    typed = " ".join(page.dropped) if sign == not_found.NO_WORD else understood.words
    subject = _subject(db, query, understood.words, vocabulary)
    outcode = _outcode(db, understood.place)
    cell = Cell(month_of(clock.today()), subject, sign, outcode, not_found.age_band(understood.age))
    return Failed(cell, not_found.plain_words(typed))


def count(db: Database, one: Failed, key: bytes, sender: str, once: OnceADay) -> bool:
    """Count it; False where the database is locked, full or gone. `key` is the server's own, `sender` a network."""
    cell = one.cell
    is_new = once.is_first(sender, repr(cell))
    words = [word for word in one.words if once.is_first(sender, cell.period, word)]
    if not is_new and not words:
        return True
    db.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
    try:
        with at_once(db):
            if is_new:
                rows.add(db, cell)
            for word in words:
                mark = not_found.word_mark(key, cell.period, word)
                rows.add_word(db, cell.period, mark, not_found.sender_bit(key, cell.period, word, sender), word)
    except sqlite3.Error:
        db.conn.rollback()
        return False
    finally:
        db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    return True


def release(db: Database, today: datetime.date) -> dict[Cell, int]:
    """What may be shown of all that was counted."""
    return not_found.release(rows.counts(db), rows.councils_of_outcodes(db), today)


def words_by_meaning(db: Database, vocabulary: Vocabulary) -> list[tuple[tuple[str, ...], int]]:
    """The words that may be told, those of one meaning together, with how many senders the one typed most had at least.

    Only the most is said: who typed two of them would be counted twice in a sum.
    """
    groups: list[tuple[list[str], set[tuple[str, ...]], int]] = []
    for word, senders in sorted(rows.words(db).items(), key=lambda one: (-one[1], one[0])):
        meanings = {one.terms for group in vocabulary.group(list(tokens(word))) for one in group.alternatives}
        same = next((group for group in groups if terms(word) in group[1]), None)
        if same is None:
            groups.append(([word], meanings, senders))
        else:
            same[0].append(word)
            same[1].update(meanings)
    return [(tuple(words), senders) for words, _meanings, senders in groups]


def count_questions(db: Database) -> int:
    """Count the questions that were answered or closed: in this month, for a number that was shown once must stay as it was."""
    month = month_of(clock.today())
    with at_once(db):
        settled = rows.settled_questions(db)
        for row in settled:
            rows.add(db, Cell(month, row["category"], QUESTION, row["outcode"], row["age_band"]))
            rows.question_counted(db, row["id"])
    return len(settled)


def forget(db: Database, months: int, today: datetime.date) -> int:
    """Erase what was kept for so many months: a whole year at once, for a sum that grew smaller would tell what was in it."""
    kept_from = f"{months_after(today, -months).year}"
    with at_once(db):
        return rows.forget(db, [year for year in rows.years(db) if year < kept_from], month_of(today))


def _outcode(db: Database, place: Place | None) -> str:
    """The outcode of a place; "" for a council, which has dozens."""
    if place is None or place.kind == "council":
        return ""
    if place.kind in {"sector", "outcode"}:
        return place.label.split()[0]
    nearest = gazetteer.nearest_outcode(db, *place.point)
    return nearest.label if nearest else ""


def _subject(db: Database, query: Query, words: str, vocabulary: Vocabulary) -> str:
    """What a search was about, by our own lists: a category, else a need, else ""."""
    if len(query.categories) == 1:
        return next(iter(query.categories & reference.get_categories(db).keys()), "")
    found = list(tokens(words))
    likely = vocabulary.likely_categories(found, vocabulary.group(found)) if found else {}
    best = next(iter(likely), "")
    if best and likely[best] >= _SURE:
        return best
    needs = reference.get_needs(db)
    if len(query.needs) == 1:
        return next((not_found.need_subject(slug) for slug in query.needs & needs.keys()), "")
    return _need_named(terms(words), needs.values())


def _need_named(said: tuple[str, ...], needs: Iterable[Need]) -> str:
    """The need that is named in what was said, or ""."""
    names = _names(tuple((need.slug, (need.label, *need.words)) for need in needs))
    rows_of_words = (said[start : start + length] for length in (4, 3, 2, 1) for start in range(len(said) - length + 1))
    return next((not_found.need_subject(names[row]) for row in rows_of_words if row in names), "")


@lru_cache(maxsize=2)
def _names(needs: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[tuple[str, ...], str]:
    """Needs by the search form of each of their names: made once, for stemming hundreds of words takes 20 ms."""
    return {terms(name): slug for slug, names in reversed(needs) for name in names if terms(name)}
