"""What families say about the directory or the local offer, and what is answered."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

NEW, PUBLISHED, ANSWERED, SET_ASIDE = "new", "published", "answered", "set_aside"
TOPICS = ("directory", "local_offer", "services", "other")


@dataclass(frozen=True)
class Comment:
    """One comment. `words` are there until an officer has dealt with it; `published_words` are what everybody may read.

    `shortened` says that we left something out; `may_publish`, what the person who wrote it allows.
    """

    id: str
    topic: str
    received_on: datetime.date
    due_on: datetime.date
    status: str = NEW
    words: str = field(default="", repr=False)
    may_publish: bool = True
    published_words: str = ""
    shortened: bool = False
    response: str = ""
    answered_on: datetime.date | None = None

    def is_late(self, today: datetime.date) -> bool:
        """Whether it has waited for longer than we said."""
        return self.status == NEW and self.due_on < today
