"""Those who get the newsletter: an address, sealed, and a mark by which the same address is known again."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.sealing import seal_words, unseal_words
from directory.store.rows import Row, insert, query
from directory.subscriber import Subscriber
from plumbing.days import parse_date


def get_subscriber(db: Database, key: bytes, id_: str) -> Subscriber | None:
    """Somebody by their id, or None."""
    return _first(key, query(db, "SELECT * FROM subscriber WHERE id = ?", [id_]))


def get_subscriber_by_mark(db: Database, key: bytes, mark: str) -> Subscriber | None:
    """Somebody by the mark of their address, or None."""
    return _first(key, query(db, "SELECT * FROM subscriber WHERE mark = ?", [mark]))


def save_subscriber(db: Database, key: bytes, mark: str, subscriber: Subscriber) -> None:
    """Keep somebody, new or changed."""
    row = {
        "id": subscriber.id,
        "mark": mark,
        "address": seal_words(key, subscriber.address, "subscriber", subscriber.id),
        "council": subscriber.council,
        "asked_on": subscriber.asked_on.isoformat() if subscriber.asked_on else "",
        "asked": subscriber.asked,
        "confirmed_on": subscriber.confirmed_on.isoformat() if subscriber.confirmed_on else "",
    }
    insert(db, "subscriber", row, replacing=True)


def confirm_subscriber(db: Database, id_: str, day: datetime.date) -> bool:
    """Somebody said so twice; False where they are not there."""
    sql = "UPDATE subscriber SET confirmed_on = ? WHERE id = ? AND confirmed_on = ''"
    db.execute(sql, [day.isoformat(), id_])
    return bool(query(db, "SELECT 1 FROM subscriber WHERE id = ?", [id_]))


def erase_subscriber(db: Database, id_: str) -> bool:
    """Erase somebody, and what was to be sent to them; False where they are not there."""
    return db.execute("DELETE FROM subscriber WHERE id = ?", [id_]).rowcount == 1


def erase_unconfirmed(db: Database, before: datetime.date) -> int:
    """Erase whoever asked before a day and never said so again; returns how many."""
    return db.execute("DELETE FROM subscriber WHERE confirmed_on = '' AND asked_on < ?", [before.isoformat()]).rowcount


def count_subscribers(db: Database) -> int:
    """How many get it."""
    return query(db, "SELECT count(*) AS n FROM subscriber WHERE confirmed_on != ''")[0]["n"]


def _first(key: bytes, rows: list[Row]) -> Subscriber | None:
    if not rows:
        return None
    row = rows[0]
    return Subscriber(
        row["id"],
        unseal_words(key, row["address"], "subscriber", row["id"]),
        row["council"],
        parse_date(row["asked_on"]),
        row["asked"],
        parse_date(row["confirmed_on"]),
    )
