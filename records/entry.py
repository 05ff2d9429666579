"""An entry, opened: one letter, appointment, person, note. What it may hold is said in `records/kinds/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Entry:
    """The newest version of an entry (or, in its history, an earlier one).

    `document` holds what was written; `author` is the account that saved this version, `saved_at` the minute in UTC. `is_logged`
    is False where the log has no line of it: then nobody knows who put it there. `binned_by` is the reader who put it into
    the bin; empty where a holder did.
    """

    id: str
    section_id: str
    version: int
    author: str
    saved_at: str
    document: dict[str, Any] = field(repr=False)
    state: str = "kept"
    binned_on: date | None = None
    is_logged: bool = True
    binned_by: str = ""

    @property
    def kind(self) -> str:
        """What it is: "letter", "appointment" ..."""
        return str(self.document.get("kind", ""))

    @property
    def files(self) -> dict[str, File]:
        """Its attachments, by id."""
        return {id_: File.read(id_, written) for id_, written in self.document.get("files", {}).items()}


@dataclass(frozen=True)
class File:
    """One attachment: what it is, how long, and the key it is sealed with (which stands nowhere else)."""

    id: str
    mimetype: str
    bytes: int
    key: str = field(repr=False)

    @classmethod
    def read(cls, id_: str, written: dict[str, Any]) -> File:
        """A file as a document keeps it."""
        return cls(id_, written["mimetype"], written["bytes"], written["key"])

    def written(self) -> dict[str, Any]:
        """As a document keeps it."""
        return {"mimetype": self.mimetype, "bytes": self.bytes, "key": self.key}
