"""A kind of entry: its fields, and which of them are its title, its day and its second line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from records.kinds.field import Field


@dataclass(frozen=True)
class Kind:
    """What can be written about one sort of thing. Nothing in it is compulsory.

    `title` and `summary` name the fields that say what it is, best first; `when` the day it belongs to in the timeline, `time`
    the time of that day, and `due` a later day that something was promised or must be done by.
    """

    name: str
    fields: tuple[Field, ...]
    title: tuple[str, ...]
    summary: tuple[str, ...] = ()
    when: str = ""
    time: str = ""
    due: str = ""
    # Somebody has to be there: on its day it is still to come.
    is_attended: bool = False

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields that search looks through: the title first, what a machine read last."""
        looked_at = (field for field in self.fields if field.is_words or field.name in self.title)
        return tuple(sorted(looked_at, key=lambda field: (field.by_machine, field.name not in self.title)))

    @cached_property
    def asked(self) -> tuple[Field, ...]:
        """The fields a form shows, in order."""
        return tuple(field for field in self.fields if not (field.hidden or field.by_machine))
