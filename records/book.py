"""The book: what a child likes to be called, and how the family has arranged the sections. Sealed, to the holders only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

NATIONS = ("england", "wales", "scotland", "northern_ireland")
LONGEST_NAME = 60


@dataclass(frozen=True)
class Section:
    """One section: the unit of consent. `slug` is what it was made as ("diary"), empty for one that the family added."""

    id: str
    slug: str
    name: str
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A record's first page. `born` and `nation` may be missing; `sections` stand in the family's order."""

    called: str = field(repr=False)
    born: date | None = field(default=None, repr=False)
    nation: str = ""
    sections: tuple[Section, ...] = field(default=(), repr=False)
    settings: dict[str, Any] | None = None

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "v": 1,
            "called": self.called,
            "born": self.born.isoformat() if self.born else "",
            "nation": self.nation,
            "sections": [[one.id, one.slug, one.name, one.hidden] for one in self.sections],
            "settings": self.settings or {},
        }

    @classmethod
    def read(cls, written: dict[str, Any]) -> Book:
        """From JSON."""
        born = date.fromisoformat(written["born"]) if written["born"] else None
        sections = tuple(Section(*one) for one in written["sections"])
        return cls(written["called"], born, written["nation"], sections, written.get("settings") or {})

    def section(self, section_id: str) -> Section | None:
        """The section of that id."""
        return next((one for one in self.sections if one.id == section_id), None)

    def by_slug(self, slug: str) -> Section | None:
        """The section that was made as `slug`."""
        return next((one for one in self.sections if one.slug == slug), None)

    def changed(self, section: Section) -> Book:
        """With `section` in the place of the one with its id."""
        return replace(self, sections=tuple(section if one.id == section.id else one for one in self.sections))

    def setting(self, name: str, default: Any = None) -> Any:
        """One of the settings, as JSON."""
        return (self.settings or {}).get(name, default)

    def with_setting(self, name: str, value: Any) -> Book:
        """With one of the settings changed; what is empty is left out."""
        others = {key: kept for key, kept in (self.settings or {}).items() if key != name}
        return replace(self, settings=others | ({name: value} if value else {}))
