"""Reckoning with days. No language and no library: facts use it."""

from __future__ import annotations

import calendar
import datetime


def parse_date(text: str | None) -> datetime.date | None:
    """The date in an ISO text ("2026-10-03" or a full timestamp), or None where there is none to read."""
    try:
        return datetime.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later (or, below nought, earlier); the month's last one where it has no such day.

    >>> months_after(datetime.date(2026, 8, 31), 6), months_after(datetime.date(2026, 1, 15), -2)
    (datetime.date(2027, 2, 28), datetime.date(2025, 11, 15))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
