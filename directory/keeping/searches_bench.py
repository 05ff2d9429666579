"""What it costs to count a search that failed: beside the search itself, in milliseconds. Nothing of it is kept."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from directory.keeping.searches import OnceADay, count, failed
from directory.search import Finder, Query
from plumbing.db import open_db

_TIMES = 300
_TYPED = (
    "zorbing xylophone",
    "hydrotherapy pool near Alnwick",
    "trampoline for my 7 year old",
    "babysitter berwick",
    "nappies delivered",
)


def run(db: Database, finder: Finder, echo: Callable[[str], None]) -> None:
    """Measure and print. Counts go into a copy of the database beside it, which is thrown away."""
    path = db.conn.execute("PRAGMA database_list").fetchone()[2]
    beside = f"{path}.bench"
    try:
        db.execute("VACUUM INTO ?", [beside])
        copy = open_db(beside)
        try:
            _measure(copy, finder, echo)
        finally:
            copy.close()
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{beside}{ending}").unlink(missing_ok=True)


def _measure(db: Database, finder: Finder, echo: Callable[[str], None]) -> None:
    once, searching, reading, writing = OnceADay(), [], [], []
    for number in range(_TIMES):
        query = Query(words=_TYPED[number % len(_TYPED)])
        begun = time.perf_counter()
        page = finder.search(db, query)
        found = time.perf_counter()
        one = failed(db, query, page, finder.vocabulary(db))
        read = time.perf_counter()
        if one is not None:
            count(db, one, b"bench", f"sender {number}", once)
            writing.append(time.perf_counter() - read)
        searching.append(found - begun)
        reading.append(read - found)
    for words, times in (("searching", searching), ("seeing whether it failed", reading), ("counting it", writing)):
        ordered = sorted(times)
        middle, late = statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000
        echo(f"{words}: {middle:.2f} ms, p95 {late:.2f} ms ({len(ordered)} times)")
