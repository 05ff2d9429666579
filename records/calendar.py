"""Appointments for other calendars. A calendar is often shared or read over a shoulder, so titles are neutral by default.

A feed is made from its own sealed list of dates, not from the record: whoever holds its secret address can learn no more.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from records.clocks.plan_reviews import plan_reviews
from records.clocks.running import Line, open_lines
from records.clocks.working_days import working_day_by
from records.entry import Entry
from records.kinds import due_of, is_called_off, kind_of, time_of, title_of, when_of

_LONDON = ZoneInfo("Europe/London")
_REFRESH = datetime.timedelta(hours=6)
# Who has to do it, in an action and in a step of a clock.
FAMILY = "family"
MIMETYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class FeedDate:
    """One date that a calendar may know. Without a time it is all day; without a title it gets the neutral one.

    `sequence` rises with every change, so that a calendar takes the new time for the old one's.
    """

    id: str
    date: str
    time: str = ""
    title: str = ""
    ends: str = ""
    place: str = ""
    sequence: int = 0
    cancelled: bool = False
    # A last day, or a day to look at something again: nobody has to be anywhere.
    is_deadline: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the sealed list keeps it."""
        return asdict(self)


def feed_date(entry: Entry, with_words: bool = False) -> FeedDate | None:
    """What a calendar is told of an appointment or a meeting; None for what has no day to be at. Its words only if asked to."""
    when = when_of(entry.document)
    if when is None or not kind_of(entry.document).is_attended:
        return None
    return FeedDate(
        id=entry.id,
        date=when.isoformat(),
        time=time_of(entry.document),
        title=title_of(entry.document) if with_words else "",
        ends=str(entry.document.get("ends") or ""),
        place=str(entry.document.get("place") or "") if with_words else "",
        sequence=entry.version,
        cancelled=is_called_off(entry.document),
    )


def deadlines(entries: Iterable[Entry], today: datetime.date, called: Mapping[str, str] | None = None) -> list[FeedDate]:
    """The days by which something is wanted: the steps of clocks, plans to be looked at again, what the family itself has to do.

    `called` are the sections' names, where the feed has words; without them nothing says what a day is for.
    """
    entries = list(entries)
    found = [
        _deadline(line.entry, line.entry.id + "." + line.due.step.name, _day_of(line), called)
        for line in open_lines(entries, today)
    ]
    found += [_deadline(one.entry, one.entry.id, one.on, called) for one in plan_reviews(entries)]
    for entry in entries:
        day = due_of(entry.document) if entry.kind == "action" and entry.document.get("agency") == FAMILY else None
        found += [_deadline(entry, entry.id, day, called)] if day else []
    return found


def _day_of(line: Line) -> datetime.date:
    """The day by which a family has to send something is one on which somebody works; others have until their last."""
    is_ours = line.due.step.who == FAMILY and not line.due.step.begins
    return working_day_by(line.due.last, line.rule.nation) if is_ours else line.due.last


def _deadline(entry: Entry, id_: str, day: datetime.date, called: Mapping[str, str] | None) -> FeedDate:
    title = "" if called is None else title_of(entry.document) or called.get(entry.section_id, "")
    return FeedDate(id_, day.isoformat(), title=title, sequence=entry.version, is_deadline=True)


def invitation_date(entry: Entry) -> FeedDate | None:
    """A meeting's date for somebody who is invited to it: neither its words, nor the id by which the database knows it."""
    date = feed_date(entry)
    return date and replace(date, id=hashlib.sha256(f"invitation {date.id}".encode()).hexdigest()[:32])


def calendar_file(
    dates: Iterable[FeedDate], now: datetime.datetime, neutral_title: str, name: str = "", neutral_deadline: str = ""
) -> bytes:
    """A calendar of these dates: one, to add to a calendar; or, with a name, a feed that calendars come back to."""
    calendar = Calendar()
    calendar.add("prodid", "-//Linkbook//Linkbook//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    for date in dates:
        calendar.add_component(_event(date, now, neutral_deadline if date.is_deadline else neutral_title))
    return calendar.to_ical()


def _event(date: FeedDate, now: datetime.datetime, neutral_title: str) -> Event:
    event = Event()
    event.add("uid", f"{date.id}@linkbook")
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("sequence", date.sequence)
    event.add("summary", date.title or neutral_title)
    event.add("status", "CANCELLED" if date.cancelled else "CONFIRMED")
    # Others who see this calendar see "busy", where it lets them see so little.
    event.add("class", "PRIVATE")
    if date.place:
        event.add("location", date.place)
    day = datetime.date.fromisoformat(date.date)
    if date.time:
        event.add("dtstart", _moment(day, date.time))
        # An end before the start is a slip: an appointment without an end is better than one that calendars refuse.
        if date.ends > date.time:
            event.add("dtend", _moment(day, date.ends))
    else:
        event.add("dtstart", day)
        event.add("dtend", day + datetime.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    return event


def _moment(day: datetime.date, time: str) -> datetime.datetime:
    """A time by the clock on the wall, as the same moment in UTC: no calendar can then take it for another time zone's."""
    return datetime.datetime.combine(day, datetime.time.fromisoformat(time), _LONDON).astimezone(datetime.UTC)
