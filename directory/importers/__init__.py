"""Importers: from somebody's files to raw listings in one nested shape.

To add an importer: copy the nearest neighbour in this folder; give it `recognises(path)` and `read(path)`, the second yielding
`Raw` and `Remark`; add it to FORMATS; add a sample to the tests. `translate.py` makes a Service of what it yields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Raw:
    """One listing as its publisher gave it, in the nested shape of Open Referral UK JSON; `where` names its row."""

    where: str
    data: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Remark:
    """Something that a person should know, and that did not stop the import."""

    where: str
    words: str


class UnreadableError(Exception):
    """The whole file or address cannot be read; the message says why, in words for the person who asked."""


class NothingNewError(UnreadableError):
    """The address has nothing that it did not have last time."""
