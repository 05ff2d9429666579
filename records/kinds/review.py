"""A clock that somebody began: which rule of `records/clocks`, the day it counts from, and what of it is done.

Its title is what the rule was called on that day, so that it can be read where the rule is not known any more.
"""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

REVIEW = Kind(
    name="review",
    fields=(
        Field("rule", hidden=True),
        Field("what"),
        Field("counted_from", "date"),
        Field("note", "text"),
        Field("off", "yes_no", hidden=True),
        # A line for each step that is done: its name, and the day somebody said so.
        Field("done", "lines", hidden=True),
    ),
    title=("what",),
    summary=("note",),
    when="counted_from",
)
