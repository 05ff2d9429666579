"""SQLite FTS5 doing the same work as our search, so that both can be measured in one run. Used by the bench and nothing else.

The strongest form of it that we know: one MATCH with porter stemming and bm25, filters by a join, facets counted from bitmaps in
the process, misspelt words by trigrams over the vocabulary.
"""

from __future__ import annotations

import heapq
import math
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import OSA

from directory.places import Place, miles_between
from directory.search import bitmap
from directory.search.document import Document
from directory.search.vocabulary import Group

_FEW = 10


@dataclass(frozen=True)
class Asked:
    """A question as FTS5 is asked it."""

    groups: Sequence[Group]
    place: Place | None
    within: int
    age: float | None
    category: str | None
    free: bool


class FtsIndex:
    """The same documents in FTS5."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.create_function("miles", 4, lambda a, b, c, d: miles_between((a, b), (c, d)), deterministic=True)
        self._facets: dict[tuple[str, str], int] = {}
        self._size = 0

    def build(self, documents: Sequence[Document]) -> None:
        """Write everything."""
        db = self._db
        db.executescript(
            """
            CREATE VIRTUAL TABLE words USING fts5(title, keywords, body, tokenize='porter unicode61', content='');
            CREATE TABLE listing (
                id INTEGER PRIMARY KEY, low REAL, high REAL, free INTEGER, reach TEXT, latitude REAL, longitude REAL
            );
            CREATE TABLE chosen (id INTEGER, kind TEXT, value TEXT);
            CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row);
            CREATE VIRTUAL TABLE near USING fts5(term, tokenize='trigram');
            """
        )
        with db:
            for number, document in enumerate(documents):
                self._add(number, document)
            db.execute("CREATE INDEX listing_latitude ON listing(latitude)")
            db.execute("CREATE INDEX chosen_value ON chosen(kind, value, id)")
            db.execute("INSERT INTO near SELECT term FROM vocabulary WHERE length(term) > 3")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.load()

    def _add(self, number: int, document: Document) -> None:
        point = document.points[0] if document.points else (None, None)
        low = 0.0 if document.minimum_age is None else document.minimum_age
        high = 200.0 if document.maximum_age is None else document.maximum_age
        self._db.execute(
            "INSERT INTO words (rowid, title, keywords, body) VALUES (?, ?, ?, ?)",
            [number, document.title, document.keywords, document.body],
        )
        values = [number, low, high, document.free, document.reach, *point]
        self._db.execute("INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        own = {
            "category": document.categories,
            "need": document.needs,
            "delivery": document.delivery,
            "referral": document.referral,
        }
        rows = [(number, kind, value) for kind, found in own.items() for value in found]
        self._db.executemany("INSERT INTO chosen VALUES (?, ?, ?)", rows)

    def load(self) -> None:
        """Read the facet bitmaps into memory."""
        self._size = self._db.execute("SELECT max(id) + 1 FROM listing").fetchone()[0]
        numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, kind, value in self._db.execute("SELECT id, kind, value FROM chosen"):
            numbers[kind, value].append(number)
        self._facets = {key: bitmap.from_numbers(found, self._size) for key, found in numbers.items()}

    def update(self, number: int, document: Document) -> None:
        """Add one more document."""
        with self._db:
            self._add(number, document)

    def search(self, asked: Asked, size: int = 20) -> tuple[int, list[int], dict[tuple[str, str], int]]:
        """First numbers, the total, and counts for every choice."""
        wanted = [self._corrected(group) for group in asked.groups]
        if not wanted:
            return 0, [], {}
        found = self._match(" AND ".join(wanted), asked)
        if len(found) < _FEW and len(wanted) > 1:
            found = self._match(" OR ".join(wanted), asked)
        total = len(found)
        bits = bitmap.from_numbers((number for number, _ in found), self._size + 1)
        facets = {key: count for key, having in self._facets.items() if (count := (bits & having).bit_count())}
        return total, [number for number, _ in heapq.nsmallest(size, found, key=lambda one: one[1])], facets

    def _corrected(self, group: Group) -> str:
        said = [" ".join(way.said.replace('"', " ").split()) for way in group.alternatives if not way.apart]
        if len(said) == 1 and " " not in said[0] and not self._has(said[0]):
            said = [self._nearest(said[0]) or said[0]]
        return "(" + " OR ".join(f'"{one}"' for one in said) + ")"

    def _has(self, word: str) -> bool:
        return self._db.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", [f'"{word}"']).fetchone() is not None

    def _nearest(self, word: str) -> str:
        pieces = " OR ".join(f'"{word[start : start + 3]}"' for start in range(len(word) - 2))
        if not pieces:
            return ""
        close = self._db.execute("SELECT term FROM near WHERE near MATCH ? ORDER BY rank LIMIT 100", [pieces]).fetchall()
        edits, term = min(((OSA.distance(word, term), term) for (term,) in close), default=(9, ""))
        return term if edits <= 2 else ""

    def _match(self, match: str, asked: Asked) -> list[tuple[int, float]]:
        sql = "SELECT words.rowid, bm25(words, 3.0, 2.0, 1.0) FROM words"
        conditions: list[str] = ["words MATCH ?"]
        values: list[object] = [match]
        if asked.place or asked.age is not None or asked.free:
            sql += " JOIN listing ON listing.id = words.rowid"
        if asked.place:
            latitude, longitude = asked.place.point
            high, wide = asked.within / 69.05, asked.within / (69.05 * math.cos(math.radians(latitude)))
            conditions.append(
                "(reach != 'area' OR (latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ? "
                "AND miles(?, ?, latitude, longitude) <= ?))"
            )
            values += [latitude - high, latitude + high, longitude - wide, longitude + wide, latitude, longitude, asked.within]
        if asked.age is not None:
            conditions.append("low <= ? AND high >= ?")
            values += [asked.age, asked.age]
        if asked.free:
            conditions.append("free = 1")
        if asked.category:
            conditions.append("words.rowid IN (SELECT id FROM chosen WHERE kind = 'category' AND value = ?)")
            values.append(asked.category)
        return self._db.execute(f"{sql} WHERE {' AND '.join(conditions)}", values).fetchall()
