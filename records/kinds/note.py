"""A note: words that need no form."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

NOTE = Kind(
    name="note",
    fields=(Field("title"), Field("words", "text")),
    title=("title",),
    summary=("words",),
)
