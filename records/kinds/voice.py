"""A voice note or a short video: for those who do not write, and for a child who does not speak. What was said is attached."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

VOICE = Kind(
    name="voice",
    fields=(Field("title"), Field("date", "date"), Field("note", "text")),
    title=("title",),
    summary=("note",),
    when="date",
)
