"""The diary: who said what, when, and what came of it."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

HOW = ("call", "mail", "visit", "message")
OUTCOMES = ("talked", "engaged", "promised", "no_answer", "fell_through", "other")

DIARY = Kind(
    name="diary",
    fields=(
        Field("date", "date"),
        Field("time", "time"),
        Field("who", "person"),
        Field("how", "choice", HOW),
        Field("outcome", "choice", OUTCOMES),
        Field("words", "text"),
        Field("promised_by_date", "date"),
        # The entries of those who need to know, where something fell through.
        Field("told", "lines", hidden=True),
    ),
    title=("who",),
    summary=("words",),
    when="date",
    time="time",
    due="promised_by_date",
)
