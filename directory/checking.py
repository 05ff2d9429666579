"""Which clock a listing runs by, what is due today, and what follows when nobody checks it. Days and rules only.

Ordinary listings are checked every half year; what a family rings in need (helplines, crisis and safety) every quarter. Whatever
a clock does to a listing nobody checked is undone by the next check.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from directory.service import DEMONSTRATION

# Kinds of help where a wrong number does harm at once.
SAFETY_CATEGORIES = frozenset({"safeguarding-crisis", "mental-health-camhs", "emergency-food-housing", "bereavement"})
_RUNG_IN_NEED = re.compile(
    r"help ?-?line|crisis|emergency|suicid|domestic abuse|refuge|samaritans|childline|safeguarding"
    r"|\b24[- ]hour",
    re.IGNORECASE,
)
TRIES = 3
# Days in which a check that is due is not late yet: nobody works at the weekend.
GRACE = 7
TRY_AGAIN = datetime.timedelta(days=7)
# What a clock leads to, in this order. Each stands in `service.hidden` but the first two, which hide nothing.
IN_TIME, DUE, LAST, RETIRED = "in time", "due", "unchecked", "retired"
_REACHES = {"national": 0, "county": 1, "area": 2}
# Listings of ours that were never checked keep their caution and stay: nobody ever promised that they were.
_STAY_UNCHECKED = ("national", DEMONSTRATION)


@dataclass(frozen=True)
class Clocks:
    """Days from a check to the next, and from the day it was due to each step after that; a step of nought is never taken."""

    every: int = 182
    every_safety: int = 91
    last_after: int = 365
    retire_after: int = 730

    def next_due(self, checked_on: datetime.date, is_safety: bool) -> datetime.date:
        """When a listing checked on this day is due again.

        >>> Clocks().next_due(datetime.date(2027, 9, 1), is_safety=False)
        datetime.date(2028, 3, 1)
        """
        return checked_on + datetime.timedelta(days=self.every_safety if is_safety else self.every)


@dataclass(frozen=True)
class Standing:
    """What the clock needs of one listing. `seen_on` is the day we first had it: no clock begins before that.

    `next_due` stands in the latest check; a publisher's own check names none. `tries` is how often nobody could be reached since.
    """

    service_id: str
    name: str
    seen_on: datetime.date
    source: str = ""
    reach: str = "area"
    hidden: str = ""
    is_safety: bool = False
    checked_on: datetime.date | None = None
    how: str = ""
    next_due: datetime.date | None = None
    tries: int = 0
    tried_on: datetime.date | None = None

    def due_on(self, clocks: Clocks) -> datetime.date:
        """The day from which its steps are counted: what the last check says, or one round after we first had it."""
        if self.checked_on is None:
            return clocks.next_due(self.seen_on, self.is_safety)
        return self.next_due or max(clocks.next_due(day, self.is_safety) for day in (self.checked_on, self.seen_on))

    def in_time(self, clocks: Clocks, today: datetime.date) -> bool:
        """Whether somebody has checked it, and not too long ago."""
        if self.checked_on is None:
            return False
        return (self.next_due or clocks.next_due(self.checked_on, self.is_safety)) >= today

    def waits_until(self) -> datetime.date | None:
        """Where nobody could be reached, the day to try again."""
        return self.tried_on + TRY_AGAIN if self.tried_on else None


@dataclass(frozen=True)
class Due:
    """A listing to check today: since when, and how late that is. `late_days` is nought for one that was never checked."""

    standing: Standing
    since: datetime.date | None
    late_days: int

    @property
    def never(self) -> bool:
        """Whether nobody has checked it yet."""
        return self.since is None

    @property
    def is_late(self) -> bool:
        """Whether it has been due for longer than we allow."""
        return self.late_days > GRACE

    @property
    def given_up(self) -> bool:
        """Whether it was tried so often that ringing again is no use."""
        return self.standing.tries >= TRIES


def is_safety(categories: str, words: str) -> bool:
    """Whether families ring this in need. `words` are its name and what stands beside its numbers.

    >>> is_safety("sleep", "Sleep clinic"), is_safety("sleep", "National Sleep Helpline"), is_safety("bereavement", "")
    (False, True, True)
    """
    return not SAFETY_CATEGORIES.isdisjoint(categories.split(",")) or bool(_RUNG_IN_NEED.search(words))


def due(standings: list[Standing], clocks: Clocks, today: datetime.date) -> list[Due]:
    """What to check today, by the harm that a wrong listing does.

    First what is rung in need; then what reaches most families; then what is latest. What was never checked comes before what is
    only late, and where nobody was reached it comes back after a week.
    """
    found = []
    for one in standings:
        again = one.waits_until()
        if (again and again > today) or one.in_time(clocks, today):
            continue
        since = one.due_on(clocks) if one.checked_on else None
        if since and since > today:
            since = clocks.next_due(one.checked_on or today, one.is_safety)
        found.append(Due(one, since, (today - since).days if since else 0))
    return sorted(found, key=_harm)


def _harm(one: Due) -> tuple[bool, int, bool, int, str, str]:
    standing = one.standing
    reach = _REACHES.get(standing.reach, 2)
    return (not standing.is_safety, reach, not one.never, -one.late_days, standing.name.casefold(), standing.service_id)


def step(one: Standing, clocks: Clocks, today: datetime.date) -> str:
    """What the clock says of a listing today: in time, due, last in results, or retired."""
    if one.checked_on is None and one.source in _STAY_UNCHECKED:
        return IN_TIME
    late = (today - one.due_on(clocks)).days
    if late < 0:
        return IN_TIME
    if clocks.retire_after and late >= clocks.retire_after:
        return RETIRED
    if clocks.last_after and late >= clocks.last_after:
        return LAST
    return DUE
