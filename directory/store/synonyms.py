"""The synonyms that officers add. Those of our own file are in the table `synonym`, and are loaded anew by every set-up."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.store.rows import Row, insert, query
from directory.synonym import OwnSynonym


def add(db: Database, one: OwnSynonym) -> None:
    """Keep a synonym."""
    insert(db, "own_synonym", {"id": one.id, "line": one.line, "added_by": one.added_by, "added_at": one.added_at.isoformat()})


def take_out(db: Database, id_: str, by: str, at: datetime.datetime) -> bool:
    """Take a synonym out; its row stays, as history. False where there is none, or where it is out already."""
    changed = db.execute(
        "UPDATE own_synonym SET removed_by = ?, removed_at = ? WHERE id = ? AND removed_at = ''", [by, at.isoformat(), id_]
    )
    return bool(changed.rowcount)


def every(db: Database) -> list[OwnSynonym]:
    """Those that are in, and those that were, newest first."""
    return [_own(row) for row in query(db, "SELECT * FROM own_synonym ORDER BY added_at DESC, id")]


def of_the_file(db: Database) -> list[str]:
    """The lines of our own file."""
    return [row["line"] for row in query(db, "SELECT line FROM synonym ORDER BY id")]


def _own(row: Row) -> OwnSynonym:
    removed = row["removed_at"]
    at = datetime.datetime.fromisoformat
    return OwnSynonym(
        row["id"], row["line"], row["added_by"], at(row["added_at"]), row["removed_by"], at(removed) if removed else None
    )
