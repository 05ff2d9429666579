"""Checks, tries, and what the clocks need to know of every listing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import lru_cache

from sqlite_utils import Database

from directory.check import Check
from directory.checking import Standing, is_safety
from directory.service import SHOWN_STATUSES
from directory.store.rows import Row, insert, query
from plumbing import dates

# The newest check of each listing: by its day, and of one day the last one written.
_NEWEST = "SELECT service_id, max(checked_on || printf('%012d', id)) AS newest FROM service_check GROUP BY service_id"
_STANDINGS = f"""
SELECT s.id, s.name, s.source, s.reach, s.hidden, f.day AS seen_on, c.checked_on, c.how, c.next_due, t.tries, t.tried_on,
    (SELECT group_concat(category) FROM service_category WHERE service_id = s.id) AS categories,
    (SELECT group_concat(description, ' ') FROM phone WHERE service_id = s.id) AS beside
FROM service s
LEFT JOIN first_seen f ON f.service_id = s.id
LEFT JOIN ({_NEWEST}) n ON n.service_id = s.id
LEFT JOIN service_check c ON c.id = CAST(substr(n.newest, 11) AS INTEGER)
LEFT JOIN (SELECT service_id, count(*) AS tries, max(tried_on) AS tried_on FROM check_try GROUP BY service_id) t
    ON t.service_id = s.id
WHERE s.status IN (?, ?) AND s.hidden IN ('', 'unchecked')
"""  # noqa: S608 - our own words


def standings(db: Database, today: datetime.date, ids: Sequence[str] = ()) -> list[Standing]:
    """Every listing that families may see, as the clocks know it; with `ids`, only these."""
    only = f" AND s.id IN ({','.join('?' * len(ids))})" if ids else ""
    # Rows as they come: making a name for every column of ten thousand takes as long as reading them.
    return [_standing(*row, today=today) for row in db.conn.execute(_STANDINGS + only, [*SHOWN_STATUSES, *ids])]


@lru_cache(maxsize=4096)
def parse_date(text: str | None) -> datetime.date | None:
    """A day out of the database: thousands of listings have a few hundred days between them."""
    return dates.parse_date(text)


def _standing(
    service_id: str, name: str, source: str, reach: str, hidden: str, seen_on: str | None, checked_on: str | None,
    how: str | None, next_due: str | None, tries: int | None, tried_on: str | None, categories: str | None,
    beside: str | None, *, today: datetime.date,
) -> Standing:  # fmt: skip
    return Standing(
        service_id=service_id,
        name=name,
        # What came in since the last tidying was first seen today.
        seen_on=parse_date(seen_on) or today,
        source=source,
        reach=reach,
        hidden=hidden,
        is_safety=is_safety(categories or "", f"{name} {beside or ''}"),
        checked_on=parse_date(checked_on),
        how=how or "",
        next_due=parse_date(next_due),
        tries=tries or 0,
        tried_on=parse_date(tried_on),
    )


def note_first_seen(db: Database, today: datetime.date) -> int:
    """Give every listing that has none the day we first had it; returns how many."""
    sql = "INSERT INTO first_seen (service_id, day) SELECT id, ? FROM service WHERE id NOT IN (SELECT service_id FROM first_seen)"
    return db.execute(sql, [today.isoformat()]).rowcount


def write_check(db: Database, service_id: str, check: Check, *, job: str, made_at: datetime.datetime, note: str = "") -> str:
    """Write down a check, inside the caller's transaction; returns the job it stands under.

    The same check by the same person on the same day is written once: then its job is the first one's.
    """
    same = query(
        db,
        "SELECT job FROM service_check WHERE service_id = ? AND checked_on = ? AND how = ? AND checked_by = ? AND job != ''",
        [service_id, check.checked_on.isoformat(), check.how, check.checked_by],
    )
    if same:
        return same[0]["job"]
    insert(
        db,
        "service_check",
        {
            "service_id": service_id,
            "checked_on": check.checked_on.isoformat(),
            "how": check.how,
            "checked_by": check.checked_by,
            "outcome": check.outcome,
            "next_due": check.next_due.isoformat() if check.next_due else None,
            "job": job,
            "made_at": made_at.isoformat(),
            "note": note,
        },
    )
    db.execute("DELETE FROM check_try WHERE service_id = ?", [service_id])
    return job


def check_of_job(db: Database, job: str) -> Row | None:
    """The check that was written under a job, with its listing's name; None where there is none (any more)."""
    rows = query(
        db, "SELECT c.*, s.name FROM service_check c JOIN service s ON s.id = c.service_id WHERE c.job = ? AND c.job != ''", [job]
    )
    return rows[0] if rows else None


def remove_check(db: Database, job: str) -> None:
    """Take a check back, inside the caller's transaction."""
    db.execute("DELETE FROM service_check WHERE job = ? AND job != ''", [job])


def list_checks(db: Database, service_id: str) -> list[Row]:
    """Every check of a listing and of those that were merged into it, newest first; `of_merged` says of which of the two."""
    return query(
        db,
        "WITH RECURSIVE one(id) AS (SELECT ? UNION SELECT old_id FROM moved JOIN one ON moved.new_id = one.id) "
        "SELECT *, service_id != ? AS of_merged FROM service_check WHERE service_id IN one ORDER BY checked_on DESC, id DESC",
        [service_id, service_id],
    )


def add_try(db: Database, service_id: str, by: str, on: datetime.date) -> int:
    """Note that nobody could be reached: once a day, whoever tried; returns how often by now."""
    if not query(db, "SELECT 1 FROM check_try WHERE service_id = ? AND tried_on = ?", [service_id, on.isoformat()]):
        insert(db, "check_try", {"service_id": service_id, "tried_on": on.isoformat(), "tried_by": by})
    return query(db, "SELECT count(*) AS n FROM check_try WHERE service_id = ?", [service_id])[0]["n"]


def keep_month(db: Database, month: str, in_time: int, listings: int) -> None:
    """Keep how many listings were checked in time this month, as it stood last."""
    db.execute(
        "INSERT INTO checked_in_time VALUES (?, ?, ?) ON CONFLICT (month) DO UPDATE SET in_time = excluded.in_time, "
        "listings = excluded.listings WHERE in_time != excluded.in_time OR listings != excluded.listings",
        [month, in_time, listings],
    )


def months(db: Database, most: int = 6) -> list[Row]:
    """The last months' counts, oldest first."""
    return query(db, "SELECT * FROM (SELECT * FROM checked_in_time ORDER BY month DESC LIMIT ?) ORDER BY month", [most])
