"""How long an import takes, and how much memory: read, done and taken back, in a directory made for it."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from directory import setup
from directory.keeping import imports, twins
from directory.keeping.imports import Workshop
from directory.migrations import migrations
from directory.store import imports as rows
from plumbing.db import apply_migrations, open_db
from plumbing.fetching import Limits
from plumbing.ids import new_id

_KIB = 1024


@contextmanager
def _somebody_else(file: Path) -> Iterator[list[float]]:
    """Somebody who wants to write all the time: how long they had to wait each time."""
    waits: list[float] = []
    ended = threading.Event()

    def write() -> None:
        db = open_db(file)
        while not ended.wait(0.02):
            began = time.perf_counter()
            with suppress(sqlite3.OperationalError):
                db.execute("BEGIN IMMEDIATE")
            waits.append(time.perf_counter() - began)
            db.conn.rollback()
        db.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield waits
    finally:
        ended.set()
        writer.join()


def run(path: Path, say: Callable[[str], None]) -> None:
    """Import `path`, a file or a folder, into an empty directory and take it back, telling what each step took."""
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "directory.db"
        apply_migrations(file, migrations)
        db = open_db(file)
        setup.set_up(db, with_demonstration=False)
        shop, job = Workshop(Path(made) / "imports", Limits()), new_id()
        shop.folder.mkdir()
        if path.is_dir():
            shutil.copytree(path, shop.of(job))
        else:
            shop.of(job).mkdir()
            shutil.copy(path, shop.of(job))
        imports.begin(db, "bench", path.name, source="bench", job=job)

        def step(words: str, do: Callable[[], object]) -> None:
            began, worked = time.perf_counter(), time.process_time()
            with _somebody_else(file) as waits:
                do()
            took, work = time.perf_counter() - began, time.process_time() - worked
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB
            longest = max(waits, default=0.0)
            say(f"{words}: {took:.1f} s ({work:.1f} s of work), {memory} MB at most; others waited {longest:.1f} s to write")

        step("read into a preview", lambda: imports.work(db, shop))
        found = rows.counts(db, job)
        say(", ".join(f"{found[kind]} {kind}" for kind in rows.KINDS))
        if (read := rows.get_job(db, job)) is None or read.status != "ready":
            raise ValueError(read.words if read else "it was lost")
        imports.ask(db, job, "applying", if_="ready")
        step("done", lambda: imports.work(db, shop))
        step("likely twins looked for", lambda: twins.find(db))
        imports.ask(db, job, "undoing", if_="applied")
        step("taken back", lambda: imports.work(db, shop))
        db.close()
