"""A booklet: the directory on paper, whole, of an area, or of some kinds of help."""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("waiting", "gathering", "setting", "done", "failed")


@dataclass(frozen=True)
class Booklet:
    """What was asked for, and how far it is. An area is a council (its code) or so many `miles` around a `place`; `address` is
    where this Linkbook is found. Times are UTC to the minute.
    """

    id: str
    title: str
    place: str = ""
    miles: int = 0
    council: str = ""
    categories: tuple[str, ...] = ()
    national: bool = False
    large: bool = False
    foot: str = ""
    address: str = ""
    state: str = "waiting"
    asked_at: str = ""
    asked_by: str = ""
    begun_at: str = ""
    done_at: str = ""
    services: int = 0
    pages: int = 0
    bytes: int = 0

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to come."""
        return self.state in {"waiting", "gathering", "setting"}
