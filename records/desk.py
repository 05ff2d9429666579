"""What others share with one person: since when what is new to them, until when, and what waits for a family's next visit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from records.consent import COPIES, Consent, day_of
from records.entry import Entry
from records.gate import Opened
from records.terms import Terms

WARNED_DAYS = 30
# Looking again within the hour is the same visit: what was new when it began is shown as new until it is over.
VISIT = datetime.timedelta(hours=1)
NOTHING, DATES, WHAT_MATTERS = COPIES


def visit(opened: Opened, now: str) -> str:
    """Note that a reader looks, at a minute in UTC; returns since when things are new to them, empty on a first visit.

    It is pinned, sealed, with the log's next line.
    """
    last, before = opened.looked
    if last and datetime.datetime.fromisoformat(now) - datetime.datetime.fromisoformat(last) > VISIT:
        before = last
    opened.looked = (now, before)
    return before


def new_since(opened: Opened, entries: Iterable[Entry], since: str) -> list[Entry]:
    """What others wrote or changed since then, newest first. Of the very minute, rather once too often than never."""
    found = (one for one in entries if since and one.saved_at >= since and one.author != opened.person.account_id)
    return sorted(found, key=lambda one: (one.saved_at, one.id), reverse=True)


def last_day(terms: Iterable[Terms]) -> datetime.date:
    """Until when some of what was given is open."""
    return day_of(max(one.consent.last_day for one in terms))


def ends_soon(consent: Consent, today: datetime.date) -> bool:
    """Whether a grant ends within a month: time to ask the family whether they want to go on."""
    return day_of(consent.last_day) - today <= datetime.timedelta(days=WARNED_DAYS)


def count_sections(opened: Opened) -> int:
    """How many sections there are, with those that a reader cannot see."""
    sql = "SELECT count(*) FROM section WHERE record_id = ?"
    return opened.db.execute(sql, [opened.record_id]).fetchone()[0]


def copies(opened: Opened, section_id: str) -> str:
    """What of a section a reader may write into their own agency's file; the most that any of their grants allows."""
    there = (one.consent for one in opened.terms if one.consent.may_read and section_id in one.consent.sections)
    return max((one.copies for one in there), key=COPIES.index, default=NOTHING)


def to_put_in(opened: Opened) -> list[Terms]:
    """The grants by which something goes into the letter-box, and nothing is seen."""
    return [one for one in opened.terms if not one.consent.may_read]
