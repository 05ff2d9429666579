"""How old a child is on a day."""

from __future__ import annotations

import datetime
from typing import NamedTuple


class Age(NamedTuple):
    """The same age four ways, each whole."""

    years: int
    months: int
    weeks: int
    days: int


def age_on(born: datetime.date, today: datetime.date) -> Age | None:
    """The age on a day; None before the birth. Somebody born on 29 February is a year older on 1 March, as UK law has it.

    >>> age_on(datetime.date(2024, 2, 29), datetime.date(2026, 2, 28))
    Age(years=1, months=23, weeks=104, days=730)
    """
    if today < born:
        return None
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    days = (today - born).days
    return Age(months // 12, months, days // 7, days)


def birthday(born: datetime.date, years: int) -> datetime.date:
    """The day on which somebody becomes so many years old; see `age_on` for 29 February.

    >>> birthday(datetime.date(2016, 2, 29), 11), birthday(datetime.date(2016, 2, 29), 12)
    (datetime.date(2027, 3, 1), datetime.date(2028, 2, 29))
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return datetime.date(born.year + years, 3, 1)
