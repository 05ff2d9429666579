"""One timeline of everything in a record: what is coming up, then what has been, newest first, by month."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from records.entry import Entry
from records.kinds import due_of, is_called_off, kind_of, time_of, when_of
from records.kinds.plan import agreed_order


@dataclass(frozen=True)
class Moment:
    """An entry on a day. `reason` says why that day: it "happens" then, is "due" by then, or was only "saved" then."""

    entry: Entry
    day: datetime.date
    reason: str
    time: str = ""

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return is_called_off(self.entry.document)


@dataclass(frozen=True)
class Month:
    """A month and what it holds, newest first."""

    year: int
    month: int
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Timeline:
    """What is coming up, soonest first; then the months before, newest first."""

    coming_up: tuple[Moment, ...]
    months: tuple[Month, ...]

    @property
    def years(self) -> list[tuple[int, list[Month]]]:
        """The months, year by year."""
        return [(year, list(months)) for year, months in groupby(self.months, key=lambda month: month.year)]


def timeline(entries: Iterable[Entry], today: datetime.date) -> Timeline:
    """Everything there is, on its day. What somebody has to be there for, or must do, is still to come on the day itself."""
    entries = list(entries)
    moments = [_moment(entry) for entry in entries]
    due = [moment for entry in _without_replaced(entries) if (moment := _due(entry)) and moment.day >= today]
    coming = [*due, *(moment for moment in moments if _is_to_come(moment, today))]
    past = [moment for moment in moments if not _is_to_come(moment, today)]
    past.sort(key=lambda moment: (_order(moment), moment.entry.saved_at, moment.entry.id), reverse=True)
    by_month = groupby(past, key=lambda moment: (moment.day.year, moment.day.month))
    months = tuple(Month(year, month, tuple(moments)) for (year, month), moments in by_month)
    return Timeline(tuple(sorted(coming, key=lambda moment: (_order(moment), moment.entry.id))), months)


def next_appointment(entries: Iterable[Entry], now: datetime.datetime) -> Moment | None:
    """The next thing to be at; one without a time counts for all of its day. `now` is where the family is, by its clock."""
    attended = (_moment(entry) for entry in entries if kind_of(entry.document).is_attended and when_of(entry.document))
    coming = (moment for moment in attended if not moment.is_cancelled and _is_ahead(moment, now))
    return min(coming, key=lambda moment: (_order(moment), moment.entry.id), default=None)


def day_of(entry: Entry) -> datetime.date:
    """The day an entry stands at: its own, or else the one on which it was saved."""
    return when_of(entry.document) or datetime.date.fromisoformat(entry.saved_at[:10])


def _without_replaced(entries: list[Entry]) -> list[Entry]:
    """All but plans that were agreed anew since: nobody looks at those again."""
    plans: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind == "agreed_plan":
            plans.setdefault(entry.section_id, []).append(entry)
    newest = {max(agreed, key=lambda one: agreed_order(one.document)).id for agreed in plans.values()}
    return [entry for entry in entries if entry.kind != "agreed_plan" or entry.id in newest]


def _moment(entry: Entry) -> Moment:
    reason = "happens" if when_of(entry.document) else "saved"
    return Moment(entry, day_of(entry), reason, time_of(entry.document) if reason == "happens" else "")


def _due(entry: Entry) -> Moment | None:
    day = due_of(entry.document)
    return Moment(entry, day, "due") if day else None


def _is_to_come(moment: Moment, today: datetime.date) -> bool:
    # What was only saved is never to come, even where the server's clock and the family's differ by a day.
    if moment.reason == "saved":
        return False
    return moment.day > today or (moment.day == today and kind_of(moment.entry.document).is_attended)


def _is_ahead(moment: Moment, now: datetime.datetime) -> bool:
    return (moment.day, moment.time or "24:00") >= (now.date(), f"{now:%H:%M}")


def _order(moment: Moment) -> tuple[datetime.date, str]:
    return moment.day, moment.time
