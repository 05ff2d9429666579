"""Booklets that were asked for, and how far each is."""

from __future__ import annotations

from dataclasses import fields

from sqlite_utils import Database

from directory.booklet import Booklet
from directory.store.rows import Row, columns_of, insert, query

_COLUMNS = tuple(field.name for field in fields(Booklet))


def list_booklets(db: Database) -> list[Booklet]:
    """Every booklet, newest first."""
    return [_booklet(row) for row in query(db, "SELECT * FROM booklet ORDER BY asked_at DESC, rowid DESC")]


def get_booklet(db: Database, id_: str) -> Booklet | None:
    """The booklet of this id."""
    rows = query(db, "SELECT * FROM booklet WHERE id = ?", [id_])
    return _booklet(rows[0]) if rows else None


def save_booklet(db: Database, booklet: Booklet) -> None:
    """Write a booklet, new or further on."""
    row = columns_of(booklet, _COLUMNS) | {"categories": " ".join(booklet.categories)}
    insert(db, "booklet", row | {name: int(row[name]) for name in ("national", "large")}, replacing=True)


def delete_booklet(db: Database, id_: str) -> None:
    """Forget a booklet."""
    db.execute("DELETE FROM booklet WHERE id = ?", [id_])


def councils(db: Database) -> dict[str, str]:
    """Every council's name, by its code."""
    return {row["gss"]: row["name"] for row in query(db, "SELECT gss, name FROM council ORDER BY name")}


def _booklet(row: Row) -> Booklet:
    flags = {name: bool(row[name]) for name in ("national", "large")}
    return Booklet(**{name: row[name] for name in _COLUMNS} | flags | {"categories": tuple(row["categories"].split())})
