"""A check: somebody confirmed that a listing is true. Editing is not checking, and neither is importing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

HOW = ("phoned", "emailed", "website", "visited", "publisher")


@dataclass(frozen=True)
class Check:
    """`how` is one of HOW; `publisher` means the publisher of an imported listing says so (`assured_date`), not we."""

    checked_on: datetime.date
    how: str
    checked_by: str = ""
    outcome: str = "true"
    next_due: datetime.date | None = None
