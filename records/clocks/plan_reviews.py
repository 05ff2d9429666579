"""When the family's own plan is looked at again: six months by default, twelve at most, under-fives from three to six.

This is our rule and nobody's law. A family that wants it sooner only has to ask.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from plumbing.days import months_after, parse_date
from records.age import age_on
from records.entry import Entry

USUAL, LATEST = 6, 12
UNDER_FIVES = (3, 6)
_FIVE = 5
KIND = "agreed_plan"


class ReviewDays(NamedTuple):
    """From when to when a plan is reviewed, and the day we suggest."""

    earliest: datetime.date
    usual: datetime.date
    latest: datetime.date


@dataclass(frozen=True)
class PlanReview:
    """The day on which a plan is to be looked at again, as it was agreed."""

    entry: Entry
    section_id: str
    on: datetime.date


def review_days(agreed_on: datetime.date, born: datetime.date | None = None) -> ReviewDays:
    """When a plan that was agreed on a day is to be looked at again; `born` may not be known.

    >>> review_days(datetime.date(2026, 8, 31)).usual, review_days(datetime.date(2026, 8, 31), datetime.date(2024, 1, 1)).latest
    (datetime.date(2027, 2, 28), datetime.date(2027, 2, 28))
    """
    age = age_on(born, agreed_on) if born else None
    first, last = UNDER_FIVES if age and age.years < _FIVE else (USUAL, LATEST)
    return ReviewDays(months_after(agreed_on, first), months_after(agreed_on, USUAL), months_after(agreed_on, last))


def plan_reviews(entries: Iterable[Entry]) -> list[PlanReview]:
    """The next review of each section's plan: of what was agreed, the newest counts."""
    newest: dict[str, tuple[str, str, PlanReview]] = {}
    for entry in entries:
        on = parse_date(entry.document.get("review_on")) if entry.kind == KIND else None
        if on:
            order = str(entry.document.get("agreed_on") or ""), entry.saved_at
            if entry.section_id not in newest or order > newest[entry.section_id][:2]:
                newest[entry.section_id] = (*order, PlanReview(entry, entry.section_id, on))
    return sorted((review for *_order, review in newest.values()), key=lambda review: review.on)
