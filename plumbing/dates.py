"""UK dates in words; and, for whoever needs both, how to reckon with them (`plumbing/days.py`)."""

from __future__ import annotations

import datetime

from flask_babel import format_date

from plumbing.days import months_after, parse_date

__all__ = ["date_in_words", "months_after", "parse_date", "weekday_in_words"]

# Four digits of year, always: "03/04/26" means two different days to two different readers.


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
