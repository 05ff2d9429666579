"""Who decides what, for somebody who cannot hold the key to their own record; and on what footing.

A supported-holder note is the family's own, for those who read it: it gives nobody anything and proves nothing. It stands in the
book's settings: sealed, to the holders only.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from records.book import Book

# On what footing somebody decides, from the young person's own say to the furthest from it.
OWN_VIEW, BEST_INTERESTS, APPOINTEE, ATTORNEY, DEPUTY, OTHER = (
    "own_view",
    "best_interests",
    "appointee",
    "attorney",
    "deputy",
    "other",
)
FOOTINGS = (OWN_VIEW, BEST_INTERESTS, APPOINTEE, DEPUTY, ATTORNEY, OTHER)
MOST_NOTES = 20
LONGEST_WHO, LONGEST_WHAT, LONGEST_PAPER = 100, 1000, 200
_SETTING = "supported"


@dataclass(frozen=True)
class Supported:
    """One note: who decides, what about, on what footing, since when, and any paper that says so."""

    id: str
    who: str = field(repr=False)
    what: str = field(repr=False)
    footing: str
    since: datetime.date | None = None
    paper: str = field(default="", repr=False)

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return {**self.__dict__, "since": self.since.isoformat() if self.since else ""}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Supported:
        """From JSON."""
        return cls(**{**written, "since": datetime.date.fromisoformat(written["since"]) if written["since"] else None})


def supported(book: Book) -> list[Supported]:
    """The notes of a record, in the order in which they were written."""
    return [Supported.read(one) for one in book.setting(_SETTING, [])]


def with_note(book: Book, note: Supported) -> Book:
    """With a note, in the place of the one with its id."""
    kept = supported(book)
    is_there = any(one.id == note.id for one in kept)
    notes = [note if one.id == note.id else one for one in kept] if is_there else [*kept, note]
    return book.with_setting(_SETTING, [one.written() for one in notes])


def without_note(book: Book, note_id: str) -> Book:
    """Without a note."""
    return book.with_setting(_SETTING, [one for one in book.setting(_SETTING, []) if one["id"] != note_id])
