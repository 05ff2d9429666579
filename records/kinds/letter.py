"""A letter: its pages are attachments; these are the few words that find it again."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

LETTER = Kind(
    name="letter",
    fields=(
        Field("title"),
        Field("from_whom", "person"),
        Field("dated", "date"),
        Field("note", "text"),
        # Read by machine and full of its mistakes: for search only, never shown as the letter.
        Field("found_text", "text", by_machine=True),
    ),
    title=("title",),
    summary=("from_whom", "note"),
    when="dated",
)
