"""Which days people work on, in each nation. This is the one file that imports `holidays`."""

from __future__ import annotations

import datetime
from functools import cache

import holidays

_PARTS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
_A_DAY = datetime.timedelta(days=1)
_SATURDAY = 5


@cache
def _bank_holidays(nation: str) -> holidays.HolidayBase:
    # It works out each year when it is first asked about it, and remembers it.
    return holidays.country_holidays("GB", subdiv=_PARTS[nation])


def is_working_day(day: datetime.date, nation: str) -> bool:
    """Whether it is neither a weekend nor a bank holiday.

    >>> is_working_day(datetime.date(2026, 3, 17), "england"), is_working_day(datetime.date(2026, 3, 17), "northern_ireland")
    (True, False)
    """
    return day.weekday() < _SATURDAY and day not in _bank_holidays(nation)


def working_days_after(day: datetime.date, count: int, nation: str) -> datetime.date:
    """The last of so many working days after a day, which is not counted itself.

    >>> working_days_after(datetime.date(2026, 4, 1), 3, "england")
    datetime.date(2026, 4, 8)
    """
    while count:
        day += _A_DAY
        count -= is_working_day(day, nation)
    return day


def working_day_by(day: datetime.date, nation: str) -> datetime.date:
    """The day itself, or the last working day before it: when to have sent something that has to arrive by then."""
    while not is_working_day(day, nation):
        day -= _A_DAY
    return day
