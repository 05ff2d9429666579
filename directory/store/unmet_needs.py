"""Unmet needs: rows that say nothing about a person, and counts of them."""

from __future__ import annotations

import re

from sqlite_utils import Database

from directory.store.rows import columns_of, insert, query
from directory.unmet_need import Count, UnmetNeed
from plumbing.ids import new_id

_COLUMNS = ("month", "category", "outcode", "age_band", "reason", "waited")
_ANY_ID = re.compile("[0-9a-f]{32}")


def add(db: Database, need: UnmetNeed) -> str:
    """Count one; returns its id, which is random: rows lie in the order of their ids, not in that in which they came."""
    id_ = new_id()
    insert(db, "unmet_need", {"id": id_} | columns_of(need, _COLUMNS))
    return id_


def complete(db: Database, id_: str, need: UnmetNeed) -> bool:
    """Say more about one that was counted with a tap; the month stays. False where there is none."""
    if not _ANY_ID.fullmatch(id_):
        return False
    changes = columns_of(need, _COLUMNS[1:])
    marks = ", ".join(f"{name} = ?" for name in changes)
    return bool(db.execute(f"UPDATE unmet_need SET {marks} WHERE id = ?", [*changes.values(), id_]).rowcount)  # noqa: S608


def counts(db: Database, since: str = "", until: str = "9999-12") -> list[Count]:
    """How many there are of each month, category, outcode, age band and reason, from one month to another, both with.

    These are exact: what is small must be hidden by whoever shows them.

    > counts(db, "2026-01", "2026-12") -> [Count("2026-11", "sleep", "NE66", "5_10", "nothing", 2)]
    """
    rows = query(
        db,
        "SELECT month, category, outcode, age_band, reason, count(*) AS number FROM unmet_need WHERE month BETWEEN ? AND ? "
        "GROUP BY month, category, outcode, age_band, reason ORDER BY month, category, outcode, age_band, reason",
        [since, until],
    )
    return [Count(**row) for row in rows]
