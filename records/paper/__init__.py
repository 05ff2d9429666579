"""The record on paper: About me on one page, the whole book, and dividers for a ring binder.

Pure functions: what is to be printed goes in, in words already translated; PDF bytes come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plumbing.paper import Picture, set_page

_HERE = Path(__file__).parent
_NORMAL, _LARGE = 14, 18


@dataclass(frozen=True)
class Answer:
    """A heading, and what was written under it."""

    heading: str
    words: str


@dataclass(frozen=True)
class PrintedEntry:
    """One entry: its title, its day in words, what is written in it, and its sheets as pictures with words for each."""

    title: str
    day: str
    facts: tuple[Answer, ...] = ()
    sheets: tuple[tuple[Picture, str], ...] = ()


@dataclass(frozen=True)
class PrintedSection:
    """A section: its name, and its entries."""

    name: str
    entries: tuple[PrintedEntry, ...] = ()


def about_me(
    called: str,
    answers: Sequence[Answer],
    words: Mapping[str, str],
    photo: Picture | None = None,
    language: str = "en",
    large: bool = False,
) -> bytes:
    """The one page that introduces a child. `words`: title, photo (what the picture shows), dated.

    One side of A4: the letters shrink as far as ten points before a second page begins; in large print, not at all.
    """
    data = {
        "called": called,
        "answers": [[one.heading, one.words] for one in answers],
        "words": dict(words),
        "language": language,
        "size": _LARGE if large else _NORMAL,
        "smallest": _LARGE if large else 10,
        "has_photo": photo is not None,
    }
    return set_page(_HERE / "about_me.typ", data, {"photo": photo} if photo else {})


def book(sections: Sequence[PrintedSection], words: Mapping[str, str], language: str = "en") -> bytes:
    """The whole book: a cover, what is in it, and behind a divider each, every section with its entries.

    `words`: title, subtitle, contents, empty.
    """
    pictures: dict[str, Picture | str] = {}
    printed = []
    for section in sections:
        entries = []
        for entry in section.entries:
            names = []
            for picture, shows in entry.sheets:
                name = f"sheet{len(pictures)}"
                pictures[name] = picture
                names.append([name, shows])
            facts = [[one.heading, one.words] for one in entry.facts]
            entries.append({"title": entry.title, "day": entry.day, "facts": facts, "sheets": names})
        printed.append({"name": section.name, "entries": entries})
    data = {"sections": printed, "words": dict(words), "language": language}
    return set_page(_HERE / "book.typ", data, pictures)


def dividers(names: Sequence[str], title: str, language: str = "en") -> bytes:
    """A page for each section, to put between the papers in a ring binder."""
    return set_page(_HERE / "dividers.typ", {"names": list(names), "title": title, "language": language})
