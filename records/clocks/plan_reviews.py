"""When the family's own plans are looked at again, as they agreed. How that day is found stands in `records/plan.py`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from plumbing.days import parse_date
from records.entry import Entry

KIND = "agreed_plan"


@dataclass(frozen=True)
class PlanReview:
    """The day on which a plan is to be looked at again, as it was agreed."""

    entry: Entry
    section_id: str
    on: datetime.date


def plan_reviews(entries: Iterable[Entry]) -> list[PlanReview]:
    """The next review of each section's plan: of what was agreed, the newest counts."""
    newest: dict[str, tuple[tuple[str, int, str], PlanReview]] = {}
    for entry in entries:
        on = parse_date(entry.document.get("review_on")) if entry.kind == KIND else None
        if on:
            order = str(entry.document.get("agreed_on") or ""), _turn(entry), entry.saved_at
            if entry.section_id not in newest or order > newest[entry.section_id][0]:
                newest[entry.section_id] = (order, PlanReview(entry, entry.section_id, on))
    return sorted((review for _order, review in newest.values()), key=lambda review: review.on)


def _turn(entry: Entry) -> int:
    """Which of several that were agreed on one day; what came from elsewhere may have anything there."""
    turn = str(entry.document.get("turn") or "")
    return int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 10 else 0
