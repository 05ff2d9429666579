"""UK dates in words."""

from __future__ import annotations

import datetime

from flask_babel import format_date

# Four digits of year, always: "03/04/26" means two different days to two different readers.


def parse_date(text: str | None) -> datetime.date | None:
    """The date in an ISO text ("2026-10-03" or a full timestamp), or None where there is none to read."""
    try:
        return datetime.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def date_in_words(day: datetime.date) -> str:
    """The day as a page says it.

    > 3 October 2026
    """
    return format_date(day, "d MMMM y")


def weekday_in_words(day: datetime.date) -> str:
    """A day that is still to come, with the day of the week by which people plan.

    > Saturday 3 October 2026
    """
    return format_date(day, "EEEE d MMMM y")
