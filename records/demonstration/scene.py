"""Where the steps of the demonstration happen: a record, its people, and what was put in by name."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from accounts.current import family
from accounts.person import Person
from plumbing import clock
from records.demonstration.family import Member, Piece, Step
from records.gate import Gate, Opened
from records.upkeep import office

Photos = Mapping[str, "Future[list[bytes]]"]


@dataclass(frozen=True)
class Scene:
    """A record, who holds it, everybody who may come to see some of it, and the sheets of letters being drawn.

    `called` has the id of what a step put in and a later step speaks of, by the name that the data gives it.
    """

    record_id: str
    holder: Member
    people: Mapping[str, Person]
    photos: Photos
    called: dict[str, str] = field(default_factory=dict)

    def opened(self, name: str = "") -> Opened:
        """The record as somebody opens it on this day; its holder, unless told."""
        person = self.people[name or self.holder.name]
        return Gate(family(), office(), person, clock.today()).enter(self.record_id)


def section_of(opened: Opened, slug: str) -> str:
    """The id of a section that somebody sees."""
    return next(one.id for one in opened.sections if one.slug == slug)


def piece_of(step: Step) -> Piece:
    """What a step puts in. Raises ValueError where the data forgot it."""
    if step.piece is None:
        raise ValueError("nothing to put in")
    return step.piece
