"""A guide: an information page in plain English, written in Markdown with a few facts on top."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from plumbing.days import months_after, parse_date

# What of a guide is a list of words.
_LISTS = ("words", "categories", "needs", "organizations", "sources")


@dataclass(frozen=True)
class Guide:
    """`body` is Markdown; `organizations` are ids of national organisations that help; `safety` asks for a quick exit."""

    slug: str
    title: str
    summary: str
    body: str = ""
    words: tuple[str, ...] = ()
    nations: str = ""
    safety: bool = False
    categories: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    written: datetime.date | None = None


@dataclass(frozen=True)
class GuideStanding:
    """What is known of a guide beside its words. `shipped` is the text that came with Linkbook, if any did.

    `base` is the one of those that ours was made from, or that was looked at and not taken. `look_by` is a day set by hand, for a
    change of law.
    """

    slug: str
    shipped: Guide | None = None
    base: Guide | None = None
    checked_on: datetime.date | None = None
    checked_by: str = ""
    look_by: datetime.date | None = None
    look_why: str = ""
    retired: bool = False

    @property
    def is_shipped_newer(self) -> bool:
        """Whether the text that comes with Linkbook has changed since somebody here last looked at it."""
        return self.shipped is not None and self.base is not None and self.shipped != self.base

    def due_on(self, guide: Guide, months: int) -> datetime.date | None:
        """The day on which somebody must look at it again: so long after it was last looked at, or the day set by hand."""
        last = max((day for day in (self.checked_on, guide.written) if day), default=None)
        days = [months_after(last, months)] if last and months else []
        return min([*days, *([self.look_by] if self.look_by else [])], default=None)


def to_plain(guide: Guide) -> dict[str, Any]:
    """A guide as plain data that JSON can hold."""
    lists = {name: list(getattr(guide, name)) for name in _LISTS}
    return asdict(guide) | lists | {"written": guide.written.isoformat() if guide.written else ""}


def from_plain(plain: dict[str, Any]) -> Guide:
    """The guide again."""
    lists = {name: tuple(plain[name]) for name in _LISTS}
    return Guide(**plain | lists | {"written": parse_date(plain["written"])})


def split_list(text: str, separator: str = ",") -> tuple[str, ...]:
    """The parts of a list in one text.

    >>> split_list(" a, b ,, c ")
    ('a', 'b', 'c')
    """
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def read_guide(slug: str, text: str) -> Guide:
    """A guide from its file: `name: value` lines between two lines of `---`, then Markdown.

    Raises ValueError, in words, when the facts on top are missing.
    """
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ValueError(f"The guide {slug} should begin with its facts between two lines of ---.")
    facts = {}
    for line in parts[1].splitlines():
        name, _, value = line.partition(":")
        facts[name.strip()] = value.strip()
    missing = [name for name in ("title", "summary", "written") if not facts.get(name)]
    if missing:
        raise ValueError(f"The guide {slug} lacks {', '.join(missing)}.")
    return Guide(
        slug=slug,
        title=facts["title"],
        summary=facts["summary"],
        body=parts[2].strip(),
        words=split_list(facts.get("words", "")),
        nations=facts.get("nations", ""),
        safety=facts.get("safety", "no") == "yes",
        categories=split_list(facts.get("categories", "")),
        needs=split_list(facts.get("needs", "")),
        organizations=split_list(facts.get("organisations", "")),
        sources=split_list(facts.get("sources", ""), ";"),
        written=datetime.date.fromisoformat(facts["written"]),
    )
