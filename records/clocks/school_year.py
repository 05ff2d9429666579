"""The English school year: it begins on 1 September, with those who were 4 on the day before in Reception.

Somebody may be taught with a younger or an older year. Then only the school knows, and the page says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from records.age import birthday

RECEPTION = 0
_MONTH = 9


def begins(born: datetime.date, year_group: int) -> datetime.date:
    """The day on which somebody begins a year group.

    >>> begins(datetime.date(2015, 8, 31), 9), begins(datetime.date(2015, 9, 1), 9)
    (datetime.date(2028, 9, 1), datetime.date(2029, 9, 1))
    """
    reception = born.year + 4 + ((born.month, born.day) >= (_MONTH, 1))
    return datetime.date(reception + year_group, _MONTH, 1)


def from_year(year_group: int) -> Callable[[datetime.date], datetime.date]:
    """From the day somebody was born to the day that they begin a year group."""
    return lambda born: begins(born, year_group)


def moving_into(year_group: int, month: int, day: int) -> Callable[[datetime.date], datetime.date]:
    """From the day somebody was born to a day of the calendar year in which they move into a year group."""
    return lambda born: begins(born, year_group).replace(month=month, day=day)


def at_age(years: int) -> Callable[[datetime.date], datetime.date]:
    """From the day somebody was born to a birthday; one of 29 February is kept on 1 March."""
    return lambda born: birthday(born, years)
