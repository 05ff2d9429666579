"""What the search index has still to be told, and the number that says whether anything changed."""

from __future__ import annotations

from sqlite_utils import Database

from directory.store.rows import query


def revision(db: Database) -> int:
    """A number that grows with every change to the directory: what caches are kept by."""
    return query(db, "SELECT number FROM revision")[0]["number"]


def bump(db: Database) -> None:
    """Say that something changed; once a job is enough."""
    db.execute("UPDATE revision SET number = number + 1")


def tell_search(db: Database, service_id: str) -> None:
    """Leave a service's id for the index, inside the transaction that changes it."""
    # A row a change, not a row a service: one made while the index reads must outlive that reading.
    db.execute("INSERT INTO search_outbox (service_id) VALUES (?)", [service_id])


def untold(db: Database) -> tuple[list[str], int]:
    """Ids of services that changed since search was last told, each once, and the number up to which this is."""
    rows = query(db, "SELECT number, service_id FROM search_outbox ORDER BY number")
    return list(dict.fromkeys(row["service_id"] for row in rows)), rows[-1]["number"] if rows else 0


def told(db: Database, number: int) -> None:
    """Search knows everything up to `number`."""
    db.execute("DELETE FROM search_outbox WHERE number <= ?", [number])
