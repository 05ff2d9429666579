"""A newsletter: what is new, has changed or is closing, what is on, a guide, and a few words of our own."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from plumbing.days import parse_date

# In the order in which they are read.
NEW, CHANGED, CLOSING, EVENT, GUIDE = KINDS = ("new", "changed", "closing", "event", "guide")


@dataclass(frozen=True)
class Item:
    """One thing in it. `ref` is a service's or an event's id, or a guide's slug; `words` are what an officer says about it."""

    kind: str
    ref: str
    title: str
    words: str = ""
    chosen: bool = True

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.kind}.{self.ref}"


@dataclass(frozen=True)
class Issue:
    """What is in it. It tells what happened from `since` on; `council` is the code of an area, "" for everywhere."""

    title: str
    introduction: str = ""
    ending: str = ""
    council: str = ""
    since: datetime.date | None = None
    items: tuple[Item, ...] = ()

    def of(self, kind: str) -> list[Item]:
        """Its items of one kind, in order."""
        return [item for item in self.items if item.kind == kind]

    def moved(self, key: str, by: int) -> Issue:
        """The issue with one item further up or down among its like."""
        kind = key.partition(".")[0]
        alike = self.of(kind)
        place = next((number for number, item in enumerate(alike) if item.key == key), None)
        if place is None or not 0 <= place + by < len(alike):
            return self
        alike[place], alike[place + by] = alike[place + by], alike[place]
        return replace(self, items=_in_order([*(item for item in self.items if item.kind != kind), *alike]))

    def gathered(self, found: Iterable[Item]) -> Issue:
        """The issue with what was found anew: what was chosen, ordered and said about things that are still found stays."""
        fresh = {item.key: item for item in found}
        kept = [replace(fresh[item.key], words=item.words, chosen=item.chosen) for item in self.items if item.key in fresh]
        guides = self.of(GUIDE)
        known = {item.key for item in kept}
        return replace(self, items=_in_order([*kept, *(one for key, one in fresh.items() if key not in known), *guides]))


@dataclass(frozen=True)
class Newsletter:
    """`work` is what officers write on, `shown` what families read (None until it is published).

    `waiting`: for a second person.
    """

    id: str
    slug: str
    work: Issue
    shown: Issue | None = None
    waiting: bool = False
    version: int = 0
    published_on: datetime.date | None = None
    published_at: str = ""
    edited_on: datetime.date | None = None
    changed_at: str = ""
    changed_by: str = ""
    changed_by_id: str = ""

    @property
    def has_changes(self) -> bool:
        """Whether something was written that families do not read yet."""
        return self.work != self.shown


def to_plain(issue: Issue) -> dict[str, Any]:
    """An issue as plain data that JSON can hold."""
    return asdict(issue) | {"since": issue.since.isoformat() if issue.since else ""}


def from_plain(plain: dict[str, Any]) -> Issue:
    """The issue again."""
    return Issue(**plain | {"since": parse_date(plain["since"]), "items": tuple(Item(**item) for item in plain["items"])})


def _in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: KINDS.index(item.kind)))
