"""How two versions of a guide differ: each fact that changed, and of the words the lines that went and came."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from directory.differences import Names
from directory.guide import Guide

LABELS: dict[str, LazyString] = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "body": _l("Text"),
    "words": _l("Words that find it"),
    "nations": _l("Nations"),
    "safety": _l("About safety"),
    "categories": _l("Kinds of help"),
    "needs": _l("Needs"),
    "organizations": _l("Organisations that help"),
    "sources": _l("Sources"),
    "written": _l("Written on"),
}


@dataclass(frozen=True)
class Change:
    """One part of a guide that differs: the lines that are gone, and those that are new."""

    name: str
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def label(self) -> str:
        """What the part is called."""
        return str(LABELS[self.name])


def changes(before: Guide | None, after: Guide | None, names: Names, organizations: dict[str, str]) -> list[Change]:
    """Every part in which two versions differ, in the order of the form."""
    found = []
    for name in LABELS:
        gone, new = _differ(_lines(before, name, names, organizations), _lines(after, name, names, organizations))
        if gone or new:
            found.append(Change(name, gone, new))
    return found


def conflicts(base: Guide, theirs: Guide, mine: Guide) -> list[str]:
    """What two people changed at once, and not to the same."""
    return [
        str(label)
        for name, label in LABELS.items()
        if getattr(theirs, name) != getattr(base, name)
        and getattr(mine, name) != getattr(base, name)
        and getattr(theirs, name) != getattr(mine, name)
    ]


def _differ(before: list[str], after: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    gone: list[str] = []
    new: list[str] = []
    for line in difflib.ndiff(before, after):
        mark, words = line[:2], line[2:]
        if words.strip() and mark == "- ":
            gone.append(words)
        elif words.strip() and mark == "+ ":
            new.append(words)
    return tuple(gone), tuple(new)


def _lines(guide: Guide | None, name: str, names: Names, organizations: dict[str, str]) -> list[str]:
    if guide is None:
        return []
    value = getattr(guide, name)
    match name:
        case "body":
            return [line.rstrip() for line in guide.body.splitlines()]
        case "safety":
            return [_("Yes") if guide.safety else _("No")]
        case "written":
            return [guide.written.isoformat()] if guide.written else []
        case "categories":
            return [names.categories.get(slug, slug) for slug in value]
        case "needs":
            return [names.needs.get(slug, slug) for slug in value]
        case "organizations":
            return [organizations.get(id_, id_) for id_ in value]
    return list(value) if isinstance(value, tuple) else [value] if value else []
