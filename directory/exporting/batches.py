"""What is exported, a few hundred listings at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from directory.feed import reading
from directory.feed.reading import Index
from directory.feed.terms import Document

_AT_ONCE = 200


@dataclass(frozen=True)
class Batches:
    """Every shown listing of an index, whole."""

    db: Database
    index: Index

    def documents(self) -> Iterator[Document]:
        """Every listing with everything nested."""
        ids = self.index.services
        for start in range(0, len(ids), _AT_ONCE):
            yield from reading.documents(self.db, self.index, ids[start : start + _AT_ONCE])
