"""What waits on the information officers' desk. Each kind of work says how much of it there is; the desk puts them in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """One kind of work that waits: "Checks due", how many, how many of them are late, and where to do it.

    `words` says it for a heading; `sentence` says in a line what to do about it. `position` is its place among equals: what is
    late stands first.
    """

    words: str
    number: int
    endpoint: str
    icon: str
    position: int
    overdue: int = 0
    sentence: str = ""


# Asked with the directory's database and today; None where nothing waits.
Counter = Callable[[Any, date], Waiting | None]


def in_order(waiting: list[Waiting]) -> list[Waiting]:
    """What is late first, then by place.

    >>> [one.words for one in in_order([Waiting("a", 3, "x", "y", 1), Waiting("b", 1, "x", "y", 2, overdue=1)])]
    ['b', 'a']
    """
    return sorted(waiting, key=lambda one: (not one.overdue, one.position, one.words))
