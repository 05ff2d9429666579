"""The clocks that a family has begun, and where each stands today. All of it from the entries of one section."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from plumbing.days import months_after, parse_date
from records.age import age_on
from records.clocks import RULES, Due, Rule, dues, rules_of
from records.clocks.working_days import working_day_by
from records.entry import Entry

KIND = "review"
DONE, OVER, LATE, PERHAPS, BEGUN, COMING = "done", "over", "late", "perhaps", "begun", "coming"
# What needs somebody; the rest is only told.
OPEN = (LATE, PERHAPS, COMING)
# The plan of somebody who moves on in September is looked at in the autumn before: that is the time to know of it.
_OFFERED_AHEAD = 18


@dataclass(frozen=True)
class Line:
    """A step of a running clock.

    `state` is DONE; OVER, because a later step is done; LATE; PERHAPS late, where only the school knows its holidays; BEGUN,
    for what is no deadline; or COMING.
    """

    entry: Entry
    rule: Rule
    due: Due
    state: str
    days_left: int
    done_on: datetime.date | None = None


@dataclass(frozen=True)
class Clock:
    """A rule that counts from a day, with its steps."""

    entry: Entry
    rule: Rule
    start: datetime.date
    lines: tuple[Line, ...]
    is_off: bool

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """What of it still needs somebody."""
        return () if self.is_off else tuple(line for line in self.lines if line.state in OPEN)

    @property
    def is_over(self) -> bool:
        """Whether all of it is done."""
        return all(line.state in (DONE, OVER) for line in self.lines)

    @property
    def next_day(self) -> datetime.date:
        """The day by which it stands among the others."""
        return next((line.due.day for line in self.open_lines), datetime.date.max)


@dataclass(frozen=True)
class Offer:
    """A rule that somebody's date of birth begins, for a holder to take up or not."""

    rule: Rule
    start: datetime.date
    dues: tuple[Due, ...]


def done_steps(document: Mapping[str, Any]) -> dict[str, datetime.date]:
    """The steps that are done, and the day somebody said so.

    >>> done_steps({"done": ["decide 2026-12-01", "what is this"]})
    {'decide': datetime.date(2026, 12, 1)}
    """
    said = (line.partition(" ") for line in document.get("done", []))
    return {name: day for name, _space, on in said if (day := parse_date(on))}


def with_done(document: Mapping[str, Any], step: str, on: datetime.date | None) -> dict[str, Any]:
    """The document with a step done on a day, or not done after all."""
    steps = {name: day for name, day in done_steps(document).items() if name != step} | ({step: on} if on else {})
    others = {key: value for key, value in document.items() if key != "done"}
    return others | ({"done": [f"{name} {day.isoformat()}" for name, day in steps.items()]} if steps else {})


def clock_of(entry: Entry, today: datetime.date) -> Clock | None:
    """The clock that an entry is; None where it is none, where it has no day, or where this Linkbook does not know its rule."""
    rule = RULES.get(str(entry.document.get("rule") or "")) if entry.kind == KIND else None
    start = parse_date(entry.document.get("counted_from"))
    if rule is None or start is None:
        return None
    done, known = done_steps(entry.document), dues(rule, start)
    last_done = max((number for number, due in enumerate(known) if due.step.name in done), default=-1)
    lines = tuple(_line(entry, rule, due, done, number < last_done, today) for number, due in enumerate(known))
    return Clock(entry, rule, start, lines, bool(entry.document.get("off")))


def _line(entry: Entry, rule: Rule, due: Due, done: Mapping[str, datetime.date], is_behind: bool, today: datetime.date) -> Line:
    left = (due.last - today).days
    if due.step.name in done:
        state = DONE
    elif due.step.begins:
        state = COMING if due.day > today else BEGUN
    elif is_behind:
        state = OVER
    elif left >= 0:
        state = COMING
    else:
        state = PERHAPS if due.is_earliest else LATE
    return Line(entry, rule, due, state, left, done.get(due.step.name))


def clocks(entries: Iterable[Entry], today: datetime.date) -> list[Clock]:
    """Every clock among the entries: what is next comes first."""
    found = (clock_of(entry, today) for entry in entries)
    return sorted((clock for clock in found if clock), key=lambda clock: (clock.next_day, clock.start, clock.entry.id))


def open_lines(entries: Iterable[Entry], today: datetime.date) -> list[Line]:
    """What still needs somebody, in all clocks that are on: the oldest first, so that what is late stands on top."""
    lines = chain.from_iterable(clock.open_lines for clock in clocks(entries, today))
    return sorted(lines, key=lambda line: (line.due.day, line.entry.id))


def days_for_us(entry: Entry, today: datetime.date) -> list[datetime.date]:
    """The last working days on which the family itself can still send something that its law waits for."""
    clock = clock_of(entry, today)
    lines = clock.open_lines if clock else ()
    mine = (line for line in lines if line.due.step.who == "family" and not line.due.step.begins)
    return [working_day_by(line.due.last, line.rule.nation) for line in mine]


def offers(born: datetime.date | None, nation: str, today: datetime.date, known: Iterable[str] = ()) -> list[Offer]:
    """What somebody's age brings, now or soon, that is not among the rules that are `known` already."""
    if born is None:
        return []
    skipped = set(known)
    found = [_offer(rule, born) for rule in rules_of(nation) if rule.from_birth and rule.slug not in skipped]
    return sorted((offer for offer in found if _is_near(offer, born, today)), key=lambda offer: offer.start)


def _offer(rule: Rule, born: datetime.date) -> Offer:
    assert rule.from_birth  # noqa: S101 - the caller has looked
    start = rule.from_birth(born)
    return Offer(rule, start, dues(rule, start))


def _is_near(offer: Offer, born: datetime.date, today: datetime.date) -> bool:
    if today < months_after(offer.dues[0].day, -_OFFERED_AHEAD):
        return False
    age = age_on(born, today)
    if offer.rule.until_age:
        return age is not None and age.years < offer.rule.until_age
    return today <= offer.dues[-1].last
