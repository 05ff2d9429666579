"""A guide: an information page in plain English, written in Markdown with a few facts on top."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


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
