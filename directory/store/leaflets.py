"""Leaflets in and out of the database."""

from __future__ import annotations

from sqlite_utils import Database

from directory.leaflet import Leaflet
from directory.store.rows import Row, columns_of, query
from plumbing.days import parse_date

_COLUMNS = ("id", "slug", "title", "introduction", "foot", "look", "search", "status", "version", "changed_at", "changed_by")


def get_leaflet(db: Database, id_: str) -> Leaflet | None:
    """The leaflet of this id."""
    return _one(db, "id", id_)


def get_leaflet_by_slug(db: Database, slug: str) -> Leaflet | None:
    """The leaflet of this name."""
    return _one(db, "slug", slug)


def list_leaflets(db: Database, *statuses: str) -> list[Leaflet]:
    """Every leaflet of these statuses, by title."""
    marks = ",".join("?" * len(statuses))
    rows = query(db, f"SELECT * FROM leaflet WHERE status IN ({marks}) ORDER BY title COLLATE NOCASE, id", statuses)  # noqa: S608
    return [_leaflet(db, row) for row in rows]


def any_leaflet(db: Database) -> bool:
    """Whether any leaflet is published."""
    return bool(query(db, "SELECT 1 FROM leaflet WHERE status = 'published' LIMIT 1"))


def save_leaflet(db: Database, leaflet: Leaflet) -> None:
    """Write a leaflet, new or changed. Inside the caller's transaction."""
    row = columns_of(leaflet, list(_COLUMNS)) | {"after": leaflet.after.isoformat() if leaflet.after else ""}
    names = ", ".join(row)
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name != "id")
    db.execute(
        f"INSERT INTO leaflet ({names}) VALUES ({', '.join('?' * len(row))}) ON CONFLICT (id) DO UPDATE SET {changes}",  # noqa: S608
        list(row.values()),
    )
    db.execute("DELETE FROM leaflet_service WHERE leaflet_id = ?", [leaflet.id])
    for position, service_id in enumerate(leaflet.service_ids):
        db.execute("INSERT INTO leaflet_service VALUES (?, ?, ?)", [leaflet.id, position, service_id])


def _one(db: Database, column: str, value: str) -> Leaflet | None:
    rows = query(db, f"SELECT * FROM leaflet WHERE {column} = ?", [value])  # noqa: S608 - two fixed column names
    return _leaflet(db, rows[0]) if rows else None


def _leaflet(db: Database, row: Row) -> Leaflet:
    ids = query(db, "SELECT service_id FROM leaflet_service WHERE leaflet_id = ? ORDER BY position", [row["id"]])
    return Leaflet(
        **{name: row[name] for name in _COLUMNS},
        after=parse_date(row["after"]),
        service_ids=tuple(one["service_id"] for one in ids),
    )
