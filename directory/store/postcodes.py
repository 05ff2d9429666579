"""Every postcode with its place and council, in a file of its own beside the directory's: large, public, and made again any time.

Never required: where the file is not there, postcodes are known to the sector.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from directory.store.rows import query

_NAME = "postcodes.db"


@dataclass(frozen=True)
class Postcode:
    """A postcode as the Office for National Statistics lists it: metres on the National Grid, and its council."""

    name: str
    east: int
    north: int
    gss: str


def file_of(db: Database) -> Path | None:
    """Where the postcodes of this directory are or would be; None for a directory in memory."""
    here = next((row["file"] for row in query(db, "PRAGMA database_list") if row["name"] == "main"), "")
    return Path(here).with_name(_NAME) if here else None


def find(db: Database, name: str) -> Postcode | None:
    """A postcode by its letters and digits without a space, or None: also where none are loaded."""
    path = file_of(db)
    if path is None or not path.is_file():
        return None
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        row = connection.execute("SELECT name, east, north, gss FROM postcode WHERE name = ?", [name]).fetchone()
    return Postcode(*row) if row else None


def are_loaded(db: Database) -> bool:
    """Whether postcodes were loaded."""
    path = file_of(db)
    return path is not None and path.is_file()


def load(db: Database, postcodes: Iterable[Postcode]) -> int:
    """Put these in the place of any loaded before; returns how many. Until all are there the old file answers."""
    path = file_of(db)
    if path is None:
        raise ValueError("a directory in memory has no place for postcodes")
    beside = path.with_name(f"{_NAME}.new")
    beside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(beside)) as connection:
            # A power cut leaves half a file that nobody reads: no journal is needed.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute(
                "CREATE TABLE postcode (name TEXT PRIMARY KEY, east INTEGER NOT NULL, north INTEGER NOT NULL, gss TEXT NOT NULL) "
                "WITHOUT ROWID"
            )
            rows = ((one.name, one.east, one.north, one.gss) for one in postcodes)
            connection.executemany("INSERT OR REPLACE INTO postcode VALUES (?, ?, ?, ?)", rows)
            connection.commit()
            count = connection.execute("SELECT count(*) FROM postcode").fetchone()[0]
        if not count:
            raise ValueError("there are no postcodes")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return int(count)


def places_by_sector(db: Database) -> list[tuple[str, str]]:
    """Ids and postcodes of locations that are known only by their postcode."""
    rows = query(
        db,
        "SELECT l.id, min(a.postal_code) AS postcode FROM location l JOIN address a ON a.location_id = l.id "
        "WHERE l.precision IN ('sector', 'outcode') AND a.postal_code != '' GROUP BY l.id HAVING count(*) = 1",
    )
    return [(row["id"], row["postcode"]) for row in rows]


def move_place(db: Database, location_id: str, latitude: float, longitude: float) -> None:
    """Put a location where its postcode is."""
    db.execute("UPDATE location SET latitude = ?, longitude = ? WHERE id = ?", [latitude, longitude, location_id])
