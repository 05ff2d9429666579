"""What those who keep the directory publish: what was done about what families said, and documents that have to be found."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

KINDS = ("short_breaks", "local_offer", "accessibility", "complaints", "other")


@dataclass(frozen=True)
class YouSaid:
    """ "You said, we did": shown once it is published, under its month."""

    id: str
    said: str
    did: str
    month: str
    is_published: bool = False
    written_by: str = ""


@dataclass(frozen=True)
class Publication:
    """A document with a place: a Short Breaks Statement, say. A link, or a PDF that we keep."""

    id: str
    kind: str
    title: str
    about: str
    dated: datetime.date
    review_on: datetime.date
    url: str = ""
    council: str = ""
    has_pdf: bool = False
    is_shown: bool = True
    saved_by: str = ""
    pdf: bytes = field(default=b"", repr=False)

    def is_due(self, today: datetime.date) -> bool:
        """Whether somebody has to look at it again."""
        return self.review_on <= today
