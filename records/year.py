"""The year at a glance: twelve months of appointments, meetings and reviews, and what of it could be held together.

Pure facts over the entries that somebody may see. A day here is a day on the family's own calendar and never a moment, so no
change of the clocks moves one.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from plumbing.days import months_after
from records.clocks.plan_reviews import KIND as AGREED_PLAN
from records.clocks.plan_reviews import plan_reviews
from records.clocks.running import COMING, LATE, PERHAPS, Clock, Line
from records.entry import Entry
from records.grouping import OTHER, agencies, group_of_rule, group_of_words
from records.kinds import due_of, is_called_off, kind_of, time_of, when_of
from records.kinds.meeting import HELD, SORTS

MONTHS = 12
# "Nine days apart: ask for one meeting?" is asked up to three weeks.
NEAR = datetime.timedelta(days=21)
# A meeting stands for the review that it is held for: within two months of its day, they are one thing and not two.
_STANDS_FOR = datetime.timedelta(days=60)

APPOINTMENT, CHECK, DEADLINE = "appointment", "check", "deadline"
PLAN_REVIEW, ANNUAL_REVIEW = "plan_review", "annual_review"
_SORT_GROUPS = {
    PLAN_REVIEW: "care",
    ANNUAL_REVIEW: "school",
    "team_around": "care",
    "looked_after_review": "care",
    "cetr": "medical",
}
# The step by which a law asks for somebody's plan to be looked at once more: people meet for that, and not for a letter.
_REVIEW_STEP = "review"


@dataclass(frozen=True)
class Event:
    """Something on a day. `sort` says what: one of the sorts of meeting, or an appointment, a check or a deadline.

    `line` is the step of a clock that it comes from. A `meeting` has a day that people agreed on; a review without one is only
    wanted by then.
    """

    entry: Entry
    day: datetime.date
    sort: str
    group: str = OTHER
    time: str = ""
    line: Line | None = None
    is_late: bool = False

    @property
    def key(self) -> str:
        """What tells it from every other, however its words or its day may change."""
        return f"{self.entry.id}.{self.line.due.step.name}" if self.line else self.entry.id

    @property
    def is_meeting(self) -> bool:
        """Whether people agreed to meet on its day."""
        return self.entry.kind == "meeting"

    @property
    def is_met_for(self) -> bool:
        """Whether people come together for it."""
        return self.sort in SORTS and self.entry.document.get("state") != HELD


@dataclass(frozen=True)
class Month:
    """A month, and what is in it, the soonest first."""

    first: datetime.date
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Together:
    """Two things that people come together for, near enough to each other to ask if they could be one."""

    first: Event
    second: Event

    @property
    def days(self) -> int:
        """How many days lie between them."""
        return (self.second.day - self.first.day).days

    @property
    def key(self) -> frozenset[str]:
        """The two, in whatever order."""
        return frozenset((self.first.key, self.second.key))


def events(entries: Iterable[Entry], clocks: Iterable[Clock], today: datetime.date) -> list[Event]:
    """Everything with a day of its own, the soonest first. What was called off or is done is not among it."""
    entries = list(entries)
    known = agencies(entries)
    found = [event for entry in entries if (event := _attended(entry, known) or _check(entry, today))]
    found += [
        Event(review.entry, review.on, PLAN_REVIEW, _SORT_GROUPS[PLAN_REVIEW], is_late=review.on < today)
        for review in plan_reviews(entries)
    ]
    met_on = {(event.sort, event.day) for event in found if event.is_meeting}
    for clock in clocks:
        if not clock.is_off:
            found += [event for event in _of_clock(clock) if (event.sort, event.day) not in met_on]
    return sorted(found, key=lambda event: (event.day, event.time, event.key))


def next_review(found: Iterable[Event], today: datetime.date, until: datetime.date) -> datetime.date | None:
    """When the child's plan is looked at next, up to a day: as its family agreed; else as a clock says, or a meeting for it."""
    reviews = [one for one in found if one.sort in (PLAN_REVIEW, ANNUAL_REVIEW) and today < one.day <= until]
    agreed = [one for one in reviews if one.entry.kind == AGREED_PLAN]
    return min((one.day for one in agreed or reviews), default=None)


def _attended(entry: Entry, known: Mapping[str, str]) -> Event | None:
    day = when_of(entry.document)
    if day is None or not kind_of(entry.document).is_attended or is_called_off(entry.document):
        return None
    which = str(entry.document.get("which") or "other")
    sort = which if entry.kind == "meeting" else APPOINTMENT
    group = _SORT_GROUPS.get(sort) or group_of_words(entry.document, known)
    return Event(entry, day, sort, group, time_of(entry.document))


def _check(entry: Entry, today: datetime.date) -> Event | None:
    """When a wheelchair or a hoist is looked at next."""
    day = due_of(entry.document) if entry.kind == "equipment" else None
    return Event(entry, day, CHECK, "medical", is_late=day < today) if day else None


def _of_clock(clock: Clock) -> Iterable[Event]:
    group = group_of_rule(clock.rule.slug)
    if clock.rule.slug == ANNUAL_REVIEW:
        yield Event(clock.entry, clock.start, ANNUAL_REVIEW, group)
    for line in clock.lines:
        if line.state in (COMING, LATE, PERHAPS):
            sort = ANNUAL_REVIEW if line.due.step.name == _REVIEW_STEP else DEADLINE
            yield Event(clock.entry, line.due.day, sort, group, line=line, is_late=line.state != COMING)


def months(found: Iterable[Event], today: datetime.date) -> tuple[Month, ...]:
    """Twelve months from this one; what is late stands in none of them."""
    first = today.replace(day=1)
    listed = [event for event in found if not event.is_late]
    begins = [months_after(first, number) for number in range(MONTHS + 1)]
    return tuple(Month(begin, tuple(event for event in listed if begin <= event.day < end)) for begin, end in pairwise(begins))


def late(found: Iterable[Event]) -> tuple[Event, ...]:
    """What should have been by now, the oldest first."""
    return tuple(event for event in found if event.is_late)


def together(
    found: Iterable[Event],
    today: datetime.date,
    ours: Container[str] = (),
    apart: Container[frozenset[str]] = (),
) -> tuple[Together, ...]:
    """What is to come, near to each other, and could be one meeting: the nearest pair first.

    `ours` are sections that are nobody else's business: who reads the letter would learn that there is a plan in them. `apart`
    are the pairs to which the family has said no.
    """
    coming = [one for one in found if one.is_met_for and one.day > today and one.entry.section_id not in ours]
    met = [one for one in coming if one.is_meeting]
    asked = [one for one in coming if one.is_meeting or not any(_is_for(meeting, one) for meeting in met)]
    pairs = (Together(first, second) for first, second in combinations(asked, 2) if _are_two(first, second))
    near = [pair for pair in pairs if pair.second.day - pair.first.day <= NEAR and pair.key not in apart]
    return tuple(sorted(near, key=lambda pair: (pair.days, pair.first.day, sorted(pair.key))))


def _is_for(meeting: Event, review: Event) -> bool:
    return meeting.sort == review.sort and abs(meeting.day - review.day) <= _STANDS_FOR


def _are_two(first: Event, second: Event) -> bool:
    """Whether they are two things, and not a review of one plan that was written down twice."""
    return first.entry.id != second.entry.id and (first.sort != second.sort or first.sort == "other")


def pairs_said_apart(written: object) -> set[frozenset[str]]:
    """The pairs that a book keeps as not to be asked about.

    >>> pairs_said_apart([["a", "b.review"], "what is this"]) == {frozenset({"a", "b.review"})}
    True
    """
    lists = (one for one in written if isinstance(one, list)) if isinstance(written, list) else ()
    return {frozenset(str(key) for key in one) for one in lists if len(one) == 2}
