"""The plan: what matters, who does what by when, what they say to it, how it went, and the plan as it was agreed.

Each is an entry of its own in the plan's section, so that two people can write at once, and whoever may add to the section can
say yes. They name each other by id; `records/plan.py` puts them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from records.kinds.field import Field
from records.kinds.kind import Kind
from records.kinds.person import AGENCIES

OPEN, DONE, DROPPED = "open", "done", "dropped"
YES, NO, OTHER_DATE = "yes", "no", "other_date"

NEED = Kind(
    name="need",
    fields=(Field("title"), Field("change", "text"), Field("strong", "text"), Field("order", hidden=True)),
    title=("title", "change"),
    summary=("change",),
)
ACTION = Kind(
    name="action",
    fields=(
        Field("need_id", "entry", hidden=True),
        Field("what"),
        # The name as it was on the day; whom it leads to, where that is somebody of People who help us.
        Field("who", "person"),
        Field("person_id", "entry", hidden=True),
        Field("agency", "choice", AGENCIES),
        Field("by_when", "date"),
        Field("state", "choice", (OPEN, DONE, DROPPED)),
        Field("how_it_went", "text"),
        # The meeting at which it was taken on, where it was at one.
        Field("meeting_id", "entry", hidden=True),
        # Its place among the actions; one from before there were places stands before all that have one.
        Field("order", hidden=True),
    ),
    title=("what",),
    summary=("who", "how_it_went"),
    due="by_when",
)
ANSWER = Kind(
    name="answer",
    fields=(
        Field("action_id", "entry", hidden=True),
        Field("what", hidden=True),
        Field("says", "choice", (YES, NO, OTHER_DATE)),
        Field("reason", "text"),
        Field("other_date", "date"),
        Field("who", "person"),
        Field("how"),
        Field("on", "date"),
        # The second in which it was said: a slip may be filed after one that was written later.
        Field("at", hidden=True),
        # How many answers the action had before: of two in one second, the later counts.
        Field("turn", hidden=True),
    ),
    title=("who",),
    summary=("what", "reason"),
    when="on",
)
PROGRESS = Kind(
    name="progress",
    fields=(
        Field("action_id", "entry", hidden=True),
        Field("words", "text"),
        Field("is_done", "yes_no"),
        Field("who", "person"),
        Field("on", "date"),
        # The family has read it, and said so in the action.
        Field("is_confirmed", "yes_no", hidden=True),
    ),
    title=("who",),
    summary=("words",),
    when="on",
)
# What was agreed stands beside the fields: `agreed`, the needs and actions as they were, and `circulated`, who was given it.
AGREED_PLAN = Kind(
    name="agreed_plan",
    fields=(Field("agreed_on", "date"), Field("review_on", "date"), Field("turn", hidden=True)),
    title=(),
    when="agreed_on",
    due="review_on",
)
PLAN_KINDS = (NEED, ACTION, ANSWER, PROGRESS, AGREED_PLAN)


def number(kept: object) -> int:
    """A count as a document keeps it; nought for anything else."""
    digits = str(kept or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def agreed_order(document: Mapping[str, Any]) -> tuple[str, int]:
    """Where a plan stands among those that were agreed: the last of them is the highest."""
    return str(document.get("agreed_on") or ""), number(document.get("turn"))
