"""A draft: a listing as somebody is writing it, beside the listing that families see until it is published."""

from __future__ import annotations

from dataclasses import dataclass

from directory.service import Service

WRITING, WAITING, SENT_BACK = "writing", "waiting", "sent_back"
STATES = (WRITING, WAITING, SENT_BACK)


@dataclass(frozen=True)
class Draft:
    """`base` is the listing that was there when it was begun (None for a new one), of version `based_on`.

    `words` are what whoever sent it back said. `checked_how` is how the writer checked that everything is still true, if they
    say so. `saves` counts how often it was kept, so that two windows cannot write over each other.
    """

    id: str
    service: Service
    base: Service | None
    based_on: int
    author_id: str
    author: str
    state: str = WRITING
    why: str = ""
    words: str = ""
    checked_how: str = ""
    checked_on: str = ""
    saves: int = 0
    saved_at: str = ""

    @property
    def is_new(self) -> bool:
        """Whether there is no such listing yet."""
        return self.base is None
