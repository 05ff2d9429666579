"""A rule of law that gives days, and how they are counted.

Nobody may be a day out here: a family that appeals a day late has lost its appeal. So each step says how its law counts:

* AFTER: "within 6 weeks of receiving": the first day is not counted. Received on 1 March, the last day is 12 April.
* BEGINNING: "15 days, beginning with the day": the first day is counted. Served on 1 March, the last day is 15 March.
* BEFORE: "before 15 February": that day itself is already too late.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from plumbing.days import months_after
from records.clocks.working_days import working_days_after

AFTER, BEGINNING, BEFORE = "after", "beginning", "before"
# What its days are. Nobody but the school knows its holidays, so a day counted in school days is only the earliest it can be.
CALENDAR, WORKING, SCHOOL = "calendar", "working", "school"
WHO = ("council", "school", "family", "adviser", "health", "benefits", "authority")
_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """Where it is written; `since` is the day from which it has been so, where we are sure of it."""

    law: str
    section: str = ""
    since: datetime.date | None = None

    def __str__(self) -> str:
        return f"{self.law}, {self.section}" if self.section else self.law


@dataclass(frozen=True)
class Step:
    """One thing that somebody must do. Below nought, its time is before the day that the rule counts from.

    One that `begins` is no deadline: from its day on, something is open to the family that was not before.
    """

    name: str
    who: str
    source: tuple[Source, ...]
    months: int = 0
    weeks: int = 0
    days: int = 0
    days_are: str = CALENDAR
    counted: str = AFTER
    begins: bool = False


@dataclass(frozen=True)
class Rule:
    """Steps that are all counted from one day. `section` is the section of the record that its entries belong to.

    `from_birth` works that day out from the day somebody was born, where it can be; it is offered until they are `until_age`.
    """

    slug: str
    nation: str
    steps: tuple[Step, ...]
    from_birth: Callable[[datetime.date], datetime.date] | None = None
    until_age: int = 0
    section: str = "care_plan"

    def step(self, name: str) -> Step | None:
        """The step of that name."""
        return next((step for step in self.steps if step.name == name), None)


@dataclass(frozen=True)
class Due:
    """A step with its days: `day` is the one the law names, `last` the last on which it is in time."""

    step: Step
    day: datetime.date
    last: datetime.date

    @property
    def is_earliest(self) -> bool:
        """Whether it may be later than this, because school holidays are not counted and we do not know them."""
        return self.step.days_are == SCHOOL


def dues(rule: Rule, start: datetime.date) -> tuple[Due, ...]:
    """Every step of a rule that began on a day, in the order of their days."""
    return tuple(sorted((due(step, start, rule.nation) for step in rule.steps), key=lambda due: due.day))


def due(step: Step, start: datetime.date, nation: str) -> Due:
    """A step's days."""
    if step.days_are != CALENDAR:
        day = working_days_after(start - _A_DAY if step.counted == BEGINNING else start, step.days, nation)
    else:
        day = _counted(step, start)
    return Due(step, day, day - _A_DAY if step.counted == BEFORE else day)


def _counted(step: Step, start: datetime.date) -> datetime.date:
    later = months_after(start, step.months)
    day = later + datetime.timedelta(weeks=step.weeks, days=step.days)
    # Twelve months beginning with 29 February end on the 28th: there is no such day in the next year for them to end before.
    is_cut_short = step.months and later.day != start.day
    return day - _A_DAY if step.counted == BEGINNING and not is_cut_short else day
