"""The record on paper: About me on one page, the plan, the whole book, and dividers for a ring binder.

Pure functions: what is to be printed goes in, in words already translated; PDF bytes come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plumbing.paper import Picture, set_page

_HERE = Path(__file__).parent
# In points: the letters of About me are as large as one side of A4 allows, between these.
_LARGEST, _SMALLEST = 15, 10
# The longer side of a letter's sheet in the book: about 180 pixels an inch there, which is sharp, and a third of the bytes.
SHEET_PIXELS = 1754


@dataclass(frozen=True)
class Answer:
    """A heading, and what was written under it. `name` is the field's: some have a drawing or a place of their own."""

    heading: str
    words: str
    name: str = ""

    def written(self) -> dict[str, str]:
        """As a template takes it."""
        return {"heading": self.heading, "words": self.words, "name": self.name}


@dataclass(frozen=True)
class PrintedEntry:
    """One entry: its title, its day in words, what is written in it, and its sheets as pictures with words for each."""

    title: str
    day: str
    facts: tuple[Answer, ...] = ()
    sheets: tuple[tuple[Picture, str], ...] = ()


@dataclass(frozen=True)
class PrintedAction:
    """One action: what, who, by when, and how it is; in the family's own book, also what was said to it."""

    what: str
    who: str
    by_when: str = ""
    how: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrintedThing:
    """Something that matters, and what is done about it."""

    title: str
    change: str = ""
    strong: str = ""
    actions: tuple[PrintedAction, ...] = ()


@dataclass(frozen=True)
class PrintedSection:
    """A section: its name, its plan where it has one, and its entries."""

    name: str
    entries: tuple[PrintedEntry, ...] = ()
    things: tuple[PrintedThing, ...] = ()


@dataclass(frozen=True)
class PrintedEvent:
    """Something on a day of a month: the day as it stands under the month's name, what it is, and whose."""

    day: str
    title: str
    group: str = ""


@dataclass(frozen=True)
class PrintedMonth:
    """A month. `more` says how many are left out where there is no room: the first for one, the second for two."""

    name: str
    events: tuple[PrintedEvent, ...] = ()
    more: tuple[str, ...] = ()


def _written(things: Sequence[PrintedThing]) -> list[dict[str, object]]:
    """A plan as a template takes it."""
    return [vars(one) | {"actions": [vars(action) for action in one.actions]} for one in things]


def about_me(
    answers: Sequence[Answer],
    words: Mapping[str, str],
    photo: Picture | None = None,
    language: str = "en",
    large: bool = False,
) -> bytes:
    """The one page that introduces a child. `words`: title, photo (what the picture shows), dated.

    One side of A4: the letters shrink as far as ten points before a second page begins; in large print, not at all. What helps
    `in_an_emergency` stands at the foot, in a frame of its own.
    """
    data = {
        "answers": [one.written() for one in answers if one.words.strip()],
        "words": dict(words),
        "language": language,
        "largest": _LARGEST,
        "smallest": _SMALLEST,
        "large": large,
        "has_photo": photo is not None,
    }
    return set_page(_HERE / "about_me.typ", data, {"photo": photo} if photo else {})


def one_side(answers: Sequence[Answer], words: Mapping[str, str], language: str = "en", large: bool = False) -> bytes:
    """Questions and what was written under them, on one side like About me. `words`: title, dated."""
    return about_me(answers, {"photo": "", **words}, None, language, large)


def letter(text: str, words: Mapping[str, str], language: str = "en", large: bool = False) -> bytes:
    """A letter of the family's own, as they wrote it; lines that begin with a dash are a list. `words`: title, day."""
    blocks: list[dict[str, object]] = []
    for block in text.split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        points = [line.removeprefix("-").strip() for line in lines if line.startswith("-")]
        said = [line for line in lines if not line.startswith("-")]
        blocks.append({"lines": said, "points": points})
    data = {"blocks": blocks, "words": dict(words), "language": language, "large": large}
    return set_page(_HERE / "letter.typ", data)


def plan(
    things: Sequence[PrintedThing],
    words: Mapping[str, str],
    slip: Sequence[PrintedAction] = (),
    language: str = "en",
    large: bool = False,
    said: Sequence[Answer] = (),
    photo: Picture | None = None,
) -> bytes:
    """The plan: what the child says, each thing that matters with its actions; after it a slip, where something is to answer.

    `words`: title, subtitle, dated, said, photo, change, strong, who, by_when, state, slip, slip_how, yes, no, other, name, day.
    """
    data = {
        "said": [one.written() for one in said],
        "has_photo": photo is not None,
        "things": _written(things),
        "slip": [vars(one) for one in slip],
        "words": dict(words),
        "language": language,
        "large": large,
    }
    return set_page(_HERE / "plan.typ", data, {"photo": photo} if photo else {})


def introduction(
    answers: Sequence[Answer],
    things: Sequence[PrintedThing],
    people: Sequence[Answer],
    words: Mapping[str, str],
    photo: Picture | None = None,
    language: str = "en",
    large: bool = False,
) -> bytes:
    """What somebody new needs first, each on a side of its own: about the child, the plan, and who helps.

    What is empty takes no side. `words`: title, photo, dated, ask, about, plan, people, change, strong, who, by_when, state.
    """
    data = {
        "answers": [one.written() for one in answers if one.words.strip()],
        "things": _written(things),
        "people": [one.written() for one in people],
        "words": dict(words),
        "language": language,
        "large": large,
        "has_photo": photo is not None,
    }
    return set_page(_HERE / "introduction.typ", data, {"photo": photo} if photo else {})


def year(months: Sequence[PrintedMonth], words: Mapping[str, str], language: str = "en", large: bool = False) -> bytes:
    """Twelve months on one side of A4; in large print, on as many as it takes. `words`: title, dated, nothing."""
    printed = [vars(one) | {"events": [vars(event) for event in one.events]} for one in months]
    return set_page(_HERE / "year.typ", {"months": printed, "words": dict(words), "language": language, "large": large})


def book(sections: Sequence[PrintedSection], words: Mapping[str, str], language: str = "en") -> bytes:
    """The whole book: a cover, what is in it, and behind a divider each, every section with its plan and its entries.

    `words`: title, subtitle, contents, empty; where there is a plan, also change, strong, who, by_when, state.
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
            facts = [one.written() for one in entry.facts]
            entries.append({"title": entry.title, "day": entry.day, "facts": facts, "sheets": names})
        printed.append({"name": section.name, "entries": entries, "things": _written(section.things)})
    data = {"sections": printed, "words": dict(words), "language": language}
    return set_page(_HERE / "book.typ", data, pictures)


def dividers(names: Sequence[str], title: str, language: str = "en") -> bytes:
    """A page for each section, to put between the papers in a ring binder."""
    return set_page(_HERE / "dividers.typ", {"names": list(names), "title": title, "language": language})
