"""SQLite: one connection a request, migrations, and nothing clever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from flask import Flask, g
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

BUSY_SECONDS = 10.0


def open_db(path: Path | str, secure_delete: bool = False) -> Database:
    """Open (and, where there is none, create) a SQLite file the way all our files are opened.

    WAL lets readers go on while one process writes; foreign keys are on; a busy file is waited for, 10 seconds at most. What is
    deleted is overwritten; with `secure_delete` that is so even when the power fails: what is committed is on the disk before
    anybody is told.
    """
    Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Settings of a connection, not of the file: whoever opens it without them leaves old pages behind. Not every SQLite is built
    # to overwrite by itself, and what people leave with us lies in more files than one.
    connection.execute("PRAGMA secure_delete = ON")
    if secure_delete:
        connection.execute("PRAGMA synchronous = FULL")
    return Database(connection)


def apply_migrations(path: Path, *sets: Migrations, secure_delete: bool = False) -> None:
    """Bring the file at `path` up to date; each migration is all or nothing.

    Two server processes start at the same moment: one does it, the other waits and finds it done.
    """
    # Reports, reply addresses and hidden addresses are in there: for this user only.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        db = open_db(path, secure_delete)
        try:
            for migrations in sets:
                migrations.apply(db)
        finally:
            db.close()


def get_db(path: Path, secure_delete: bool = False) -> Database:
    """This request's connection to the file at `path`, opened on first use and closed when the request ends."""
    opened: dict[Path, Database] = g.setdefault("databases", {})
    if path not in opened:
        # A request makes no files: where the folder is gone, an empty directory in its place would hide that.
        if not path.is_file():
            raise sqlite3.OperationalError("the database is not there")
        opened[path] = open_db(path, secure_delete)
    return opened[path]


@contextmanager
def at_once(db: Database) -> Iterator[None]:
    """A transaction that has the right to write from its beginning: what is read in it is still true when it writes.

    A transaction that begins by reading and then writes fails at once, without waiting, when somebody wrote in between.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


@contextmanager
def erasing(db: Database) -> Iterator[None]:
    """Like `at_once`, for what must be gone: it does not stay in the log that SQLite writes ahead, either."""
    before = db.conn.total_changes
    with at_once(db):
        yield
    if db.conn.total_changes > before:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _close(_error: BaseException | None) -> None:
    for db in g.pop("databases", {}).values():
        db.close()


def init_app(app: Flask) -> None:
    """Close a request's connections when it ends."""
    app.teardown_appcontext(_close)
