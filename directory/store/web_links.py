"""What we know of web addresses in listings: when each was looked at, and on how many days running it did not answer."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.store.rows import Row, query

BROKEN_DAYS = 3
_LISTED = "SELECT DISTINCT url FROM shown_service WHERE url LIKE 'http%'"


def addresses_to_look_at(db: Database, now: datetime.datetime, most: int) -> list[str]:
    """Addresses whose turn it is: never looked at first, a failed one again the next day, any other after a week."""
    day, week = now - datetime.timedelta(hours=20), now - datetime.timedelta(days=7)
    rows = query(
        db,
        f"SELECT a.url FROM ({_LISTED}) a LEFT JOIN web_link w ON w.address = a.url "  # noqa: S608 - our own words
        "WHERE w.address IS NULL OR (w.looked_at < CASE WHEN w.failed_days THEN ? ELSE ? END AND w.well_until < ?) "
        "ORDER BY w.looked_at, a.url LIMIT ?",
        [day.isoformat(), week.isoformat(), now.date().isoformat(), most],
    )
    return [row["url"] for row in rows]


def note_answer(db: Database, address: str, now: datetime.datetime) -> None:
    """It answered: whatever was wrong is forgotten."""
    db.execute(
        "INSERT INTO web_link (address, looked_at, answered_at) VALUES (?, ?, ?) ON CONFLICT (address) DO UPDATE "
        "SET looked_at = excluded.looked_at, answered_at = excluded.answered_at, failed_days = 0, failed_on = '', reason = ''",
        [address, now.isoformat(), now.isoformat()],
    )


def note_failure(db: Database, address: str, now: datetime.datetime, reason: str, *, counts: bool) -> None:
    """It did not answer. A day counts once; with `counts` false the fault may be ours, and only the time is noted."""
    day = now.date().isoformat()
    db.execute("INSERT OR IGNORE INTO web_link (address, looked_at) VALUES (?, ?)", [address, now.isoformat()])
    db.execute("UPDATE web_link SET looked_at = ? WHERE address = ?", [now.isoformat(), address])
    if counts:
        db.execute(
            "UPDATE web_link SET failed_days = failed_days + 1, failed_on = ?, reason = ? WHERE address = ? AND failed_on != ?",
            [day, reason, address, day],
        )


def any_answered_since(db: Database, moment: datetime.datetime) -> bool:
    """Whether any address answered since then: if none did, it may be we who have no way out."""
    return bool(query(db, "SELECT 1 FROM web_link WHERE answered_at >= ? LIMIT 1", [moment.isoformat()]))


def broken_links(db: Database) -> list[Row]:
    """Addresses that failed on three days or more, each with a listing that gives it."""
    return query(
        db,
        "SELECT s.id AS service_id, s.name, w.address, w.failed_days, w.failed_on, w.reason FROM web_link w "
        "JOIN shown_service s ON s.url = w.address WHERE w.failed_days >= ? ORDER BY s.name COLLATE NOCASE, s.id",
        [BROKEN_DAYS],
    )


def works_for_me(db: Database, address: str, until: datetime.date) -> None:
    """An officer has looked: it works, and is not looked at again before then."""
    db.execute(
        "UPDATE web_link SET failed_days = 0, failed_on = '', reason = '', well_until = ? WHERE address = ?",
        [until.isoformat(), address],
    )


def forget_links(db: Database) -> None:
    """Forget addresses that no listing gives any more."""
    db.execute(f"DELETE FROM web_link WHERE address NOT IN ({_LISTED})")  # noqa: S608 - our own words
