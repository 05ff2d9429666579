"""Unmet needs, counted so that nobody can be found in them."""

from __future__ import annotations

from sqlite_utils import Database

from directory.store import unmet_needs as rows
from directory.unmet_need import AGE_BANDS, REASONS, WAITED, UnmetNeed


def add(db: Database, need: UnmetNeed) -> str:
    """Count one, within a transaction of the caller's or by itself; returns its id."""
    _refuse_others(need)
    if db.conn.in_transaction:
        return rows.add(db, need)
    with db.atomic():
        return rows.add(db, need)


def complete(db: Database, id_: str, need: UnmetNeed) -> bool:
    """Say more about one that was counted already. False where there is none."""
    _refuse_others(need)
    with db.atomic():
        return rows.complete(db, id_, need)


def _refuse_others(need: UnmetNeed) -> None:
    """Raise ValueError for a value that is none of ours: free words here could be somebody's name."""
    known = (("age_band", AGE_BANDS), ("reason", REASONS), ("waited", WAITED))
    wrong = [name for name, values in known if getattr(need, name) not in ("", *values)]
    if wrong:
        raise ValueError(f"not one of ours: {', '.join(wrong)}")
