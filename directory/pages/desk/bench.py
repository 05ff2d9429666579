"""How long the desk's first page takes to find out what waits, in the directory that is there."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import current_app
from sqlite_utils import Database

from directory import store
from directory.pages.desk.rooms import counters
from plumbing import clock

_TIMES = 20


def run(db: Database, say: Callable[[str], None]) -> None:
    """Measure and print: after something changed, and when nothing has."""
    with current_app.test_request_context("/directory"):
        asked, today = counters(), clock.today()
        first: list[float] = []
        again: list[float] = []
        for _number in range(_TIMES):
            current_app.extensions.pop("standings", None)
            for times in (first, again):
                began = time.perf_counter()
                for ask in asked:
                    ask(db, today)
                times.append((time.perf_counter() - began) * 1000)
    say(f"what waits on the desk, {len(store.all_service_ids(db))} listings shown:")
    for words, times in (("after a change", first), ("else", again)):
        ordered = sorted(times)
        say(f"{words}: {ordered[len(ordered) // 2]:.0f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.0f} ms")
