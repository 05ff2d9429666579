"""A meeting, from the wish to hold one to its minutes; what people say to it; and how the family gets ready for it.

Contributions, and minutes that others took, hang on their meeting by its id and lie in its section. What a family notes to get
ready lies in Our family's plan: whoever may see the meeting does not see that.
"""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

SORTS = ("plan_review", "annual_review", "team_around", "looked_after_review", "cetr", "other")
PLANNED, HELD, CALLED_OFF = "planned", "held", "called_off"
COMING, NOT_COMING, INSTEAD = "yes", "no", "instead"

MEETING = Kind(
    name="meeting",
    fields=(
        Field("which", "choice", SORTS),
        Field("what"),
        Field("date", "date"),
        Field("time", "time"),
        Field("ends", "time"),
        Field("place"),
        Field("prefer", "text"),
        Field("chair", "person"),
        Field("invited", "lines"),
        Field("agenda", "lines"),
        Field("support", "text"),
        Field("childs_way", "text"),
        Field("state", "choice", (PLANNED, HELD, CALLED_OFF)),
        Field("who_came", "lines"),
        Field("minutes", "text"),
        # How actions were written down before they went into the plan.
        Field("actions", "lines"),
        # Each meeting has a consent of its own; none of them is a form's to give.
        Field("agreed_to_meet_on", "date", hidden=True),
        # Whose law it is held by: its name, and who may hold it, are not the same everywhere.
        Field("nation", hidden=True),
        Field("minutes_agreed", "yes_no", hidden=True),
        Field("minutes_agreed_on", "date", hidden=True),
    ),
    title=("what",),
    summary=("place", "minutes"),
    when="date",
    time="time",
    is_attended=True,
)
# What is asked when a meeting is planned; and of one that has been, where nobody planned it here.
PLAN_FIELDS = ("which", "what", "date", "time", "ends", "place", "prefer", "chair", "agenda", "support", "childs_way")
BRIEF_FIELDS = ("which", "what", "date", "time", "place", "who_came", "minutes")

CONTRIBUTION = Kind(
    name="contribution",
    fields=(
        Field("meeting_id", "entry", hidden=True),
        Field("who", "person"),
        Field("coming", "choice", (COMING, NOT_COMING, INSTEAD)),
        Field("words", "text"),
        # The second in which it was said: a slip may be filed after one that was written later.
        Field("at", hidden=True),
        # How many answers the meeting had before: of two in one second, the later counts.
        Field("turn", hidden=True),
    ),
    title=("who",),
    summary=("words",),
)
# Minutes that somebody took who may add to the section, and may not change the meeting.
MINUTES = Kind(
    name="minutes",
    fields=(Field("meeting_id", "entry", hidden=True), Field("who_came", "lines"), Field("minutes", "text")),
    title=(),
    summary=("minutes",),
)
GETTING_READY = Kind(
    name="getting_ready",
    fields=(
        Field("meeting_id", "entry", hidden=True),
        Field("questions", "lines"),
        Field("not_to_raise", "text"),
        Field("childs_view", "text"),
    ),
    title=(),
    summary=("questions",),
)
MEETING_KINDS = (MEETING, CONTRIBUTION, MINUTES, GETTING_READY)
