"""About me: the one page that introduces a child, in five answers."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

ABOUT_ME = Kind(
    name="about_me",
    fields=(
        Field("liked", "text"),
        Field("matters", "text"),
        Field("support", "text"),
        Field("communicate", "text"),
        Field("in_an_emergency", "text"),
    ),
    title=(),
    summary=("liked", "matters"),
)
