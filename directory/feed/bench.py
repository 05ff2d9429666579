"""How fast a page of the feed is, beside a bare SELECT of ready documents that are read and written as JSON, in one run.

The listings are those of our own demonstration area, each again and again under other ids, so that they are as long and as nested
as real ones. Everything follows from one order.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database

from directory import reference, setup, store
from directory.feed import reading
from directory.feed.reading import Feed
from directory.identity import derived_id
from directory.migrations import migrations
from directory.service import DEMONSTRATION, Service
from plumbing.db import apply_migrations, open_db

_PASSES = 60
_A_PAGE = 50
_SOURCE = "bench"


def run(sizes: Sequence[int], echo: Callable[[str], None]) -> None:
    """Measure each size and print figures."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "directory.db"
            apply_migrations(file, migrations)
            db = open_db(file)
            setup.set_up(db)
            _fill(db, size)
            _measure(db, size, echo)
            db.close()


def _measure(db: Database, size: int, echo: Callable[[str], None]) -> None:
    echo(f"\n{size:,} services, pages of {_A_PAGE}, {_PASSES} of each, spread over the whole list")
    feed = Feed()
    echo(f"  the index of ids, once after each change: {_timed(lambda: feed.index(db)):.0f} ms")
    for form in ("brief", "full"):
        _compare(db, feed, form, echo)
    minimal = [_timed(lambda: _write(list(reading.minimal_documents(db, feed.index(db).services)))) for _ in range(5)]
    echo(f"  minimal=true, all on one page: {statistics.median(minimal):.0f} ms")


def _compare(db: Database, feed: Feed, form: str, echo: Callable[[str], None]) -> None:
    ids = store.all_service_ids(db)
    starts = [number * max(1, len(ids) - _A_PAGE) // _PASSES for number in range(_PASSES)]

    def ours(start: int) -> bytes:
        index = feed.index(db)
        return _write(reading.documents(db, index, index.services[start : start + _A_PAGE], form))

    # The very same bytes, ready in one table.
    bare = sqlite3.connect(":memory:")
    bare.execute("CREATE TABLE ready (id TEXT PRIMARY KEY, document TEXT)")
    for start in range(0, len(ids), reading.CHUNK):
        made = reading.documents(db, feed.index(db), ids[start : start + reading.CHUNK], form)
        bare.executemany("INSERT INTO ready VALUES (?, ?)", [(one["id"], _write(one).decode()) for one in made])

    def theirs(start: int) -> bytes:
        rows = bare.execute("SELECT document FROM ready ORDER BY id LIMIT ? OFFSET ?", [_A_PAGE, start])
        return _write([json.loads(row[0]) for row in rows])

    same = all(ours(start) == theirs(start) for start in starts[:5])
    echo(f"  {form}: {len(ours(0)) / 1000:.0f} kB a page{'' if same else ' (NOT the same bytes)'}")
    for name, do in (("ours       ", ours), ("bare SELECT", theirs)):
        echo(
            f"    {name}   {_figures(do, starts, time.perf_counter)}; of the processor {_figures(do, starts, time.process_time)}"
        )
    bare.close()


def _figures(do: Callable[[int], object], starts: Sequence[int], clock: Callable[[], float]) -> str:
    times = sorted(_timed(lambda start=start: do(start), clock) for start in starts)  # type: ignore[misc]
    return f"p50 {statistics.median(times):.1f} ms, p95 {times[int(0.95 * len(times))]:.1f} ms"


def _timed(do: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    do()
    return (clock() - started) * 1000


def _write(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _fill(db: Database, size: int) -> None:
    """Copies of the demonstration's listings until there are `size`, with places and organisations of their own."""
    known = [service for service in store.get_services(db, store.all_service_ids(db)) if service.source == DEMONSTRATION]
    missing = size - len(store.all_service_ids(db))
    if missing < 0:
        # Fewer are wanted than there are: only ours stay, or as many as are asked for.
        for id_ in store.all_service_ids(db)[size:]:
            db.execute("DELETE FROM service WHERE id = ?", [id_])
    with db.atomic():
        store.ensure_source(db, _SOURCE, "Made up")
        for service in _copies(known, max(0, missing)):
            if service.organization:
                store.save_organization(db, service.organization, _SOURCE)
            for location in service.locations:
                store.save_location(db, location)
            store.save_service(db, service)
        store.bump(db)
    assert reference.get_categories(db)  # noqa: S101 - a bench without terms would flatter us


def _copies(known: Sequence[Service], number: int) -> Iterator[Service]:
    for count in range(number):
        service = known[count % len(known)]
        organization = service.organization
        yield dataclasses.replace(
            service,
            id=derived_id(_SOURCE, "service", count),
            source=_SOURCE,
            source_id=str(count),
            organization=organization and dataclasses.replace(organization, id=derived_id(_SOURCE, organization.id, count // 5)),
            locations=tuple(
                dataclasses.replace(location, id=derived_id(_SOURCE, location.id, count)) for location in service.locations
            ),
        )
