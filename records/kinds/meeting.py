"""A meeting, with who came, the minutes, and who does what by when."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

MEETING = Kind(
    name="meeting",
    fields=(
        Field("what"),
        Field("date", "date"),
        Field("time", "time"),
        Field("place"),
        Field("who_came", "lines"),
        Field("minutes", "text"),
        Field("actions", "lines"),
    ),
    title=("what",),
    summary=("place", "minutes"),
    when="date",
    time="time",
    is_attended=True,
)
