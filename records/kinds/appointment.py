"""An appointment: before it what to bring and ask, after it what was said."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

APPOINTMENT = Kind(
    name="appointment",
    fields=(
        Field("what"),
        Field("date", "date"),
        Field("time", "time"),
        Field("ends", "time"),
        Field("place"),
        Field("who_with", "person"),
        Field("bring", "lines"),
        Field("questions", "lines"),
        Field("travel", "text"),
        Field("what_was_said", "text"),
        Field("cancelled", "yes_no"),
    ),
    title=("what",),
    summary=("place", "who_with"),
    when="date",
    time="time",
    is_attended=True,
)
