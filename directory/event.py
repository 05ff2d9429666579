"""Something that happens on a day: a fun day, a talk, a coffee morning. It stands in a newsletter until it is over."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """`times` is in words ("10am to noon"); `ends` is the last day of what takes several."""

    id: str
    title: str
    starts: datetime.date
    ends: datetime.date | None = None
    times: str = ""
    place: str = ""
    whom: str = ""
    cost: str = ""
    book: str = ""
    url: str = ""
    added_by: str = ""

    @property
    def last_day(self) -> datetime.date:
        """The day after which it is over."""
        return self.ends or self.starts

    def is_past(self, today: datetime.date) -> bool:
        """Whether it is over.

        >>> day = datetime.date(2026, 3, 1)
        >>> Event("e", "Talk", day).is_past(day), Event("e", "Talk", day).is_past(day + datetime.timedelta(days=1))
        (False, True)
        """
        return self.last_day < today
