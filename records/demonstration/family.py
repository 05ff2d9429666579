"""The invented family of `make demo`, as data: who signs up, and what is in their records.

`data/reference/demonstration/family/` says it in days from the day of loading, so that it never goes stale: where a date belongs
there is a number (-46 was 46 days ago), and in the text of a letter `{-46}`. What would fall on a weekend moves to the Friday
before, or, where it is still to come, to the Monday after: hospitals write on working days.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plumbing.settings import ROOT
from records.kinds import KINDS, VERSION, Document, when_of

FOLDER = ROOT / "data" / "reference" / "demonstration" / "family"
# How many days ago everybody signed up, and the records began.
_BEGAN = 240
# The record that a letter is of which lies in the letter-box and waits to be filed.
_WAITING = "waiting"
# What was done with others: who was given what, and the plan with its meetings.
_STEPS = ("sharing.json", "planning.json")
_IN_TEXT = re.compile(r"\{([+-]?\d+|born)\}")
_SATURDAY = 5


@dataclass(frozen=True)
class Member:
    """Somebody of the cast: how they sign in, with which role, and what there is to see as them.

    `second_factor` is the secret of their authenticator app, `kit` the code on their sheet; "" where they have none. None of it
    is a secret: it is written in the data, because everybody who looks at a demonstration signs in with it.
    """

    name: str
    shown_name: str
    sign_in: str
    role: str
    who: str
    passphrase: str = field(repr=False)
    second_factor: str = field(default="", repr=False)
    kit: str = field(default="", repr=False)


@dataclass(frozen=True)
class Piece:
    """An entry, and for a letter its text: an empty line between blocks, `# ` before a heading, `- ` a point, `**` round bold."""

    section: str
    document: Document
    text: str = ""


@dataclass(frozen=True)
class Step:
    """What somebody did with others on a day: `does` names it (see `steps.py`), `said` has the words it was done with.

    `piece` is what was put in, where something was.
    """

    on: datetime.date
    does: str
    said: Mapping[str, Any]
    piece: Piece | None = None


@dataclass(frozen=True)
class Child:
    """A record: whose, everything in it, and who was given what of it."""

    name: str
    holder: str
    called: str
    born: datetime.date
    nation: str
    pieces: tuple[Piece, ...]
    steps: tuple[Step, ...]


def began(today: datetime.date) -> datetime.date:
    """The day on which it all began."""
    return today - datetime.timedelta(days=_BEGAN)


def written_on(piece: Piece, today: datetime.date) -> datetime.date:
    """The day on which an entry was written: its own, but never before there was a record to write it in, or after today."""
    return min(max(when_of(piece.document) or began(today), began(today)), today)


def cast() -> tuple[Member, ...]:
    """Everybody who can sign in."""
    return tuple(Member(**member) for member in _json("cast.json")["cast"])


def children(today: datetime.date) -> tuple[Child, ...]:
    """Each record as it is on `today`, letters last."""
    found = []
    for record in _json("family.json")["records"]:
        born = today + datetime.timedelta(days=record["born"])
        entries = [_entry(entry, today) for entry in record["entries"]]
        letters = [piece for name, piece in _letters(today, born) if name == record["name"]]
        about = {key: record[key] for key in ("name", "holder", "called", "nation")}
        steps = [_step(step, today, born) for name in _STEPS for step in _json(name).get(record["name"], [])]
        steps.sort(key=lambda step: step.on)
        found.append(Child(**about, born=born, pieces=(*entries, *letters), steps=tuple(steps)))
    return tuple(found)


def working_day(days: int, today: datetime.date) -> datetime.date:
    """The day that many days from today, moved off a weekend, never past today.

    >>> str(working_day(-1, datetime.date(2026, 11, 22))), str(working_day(6, datetime.date(2026, 11, 22)))
    ('2026-11-20', '2026-11-30')
    """
    day = today + datetime.timedelta(days=days)
    over = day.weekday() - _SATURDAY
    if over < 0 or days == 0:
        return day
    return day + datetime.timedelta(days=2 - over if days > 0 else -1 - over)


def _entry(entry: Mapping[str, Any], today: datetime.date) -> Piece:
    fields = {key: value for key, value in entry.items() if key != "section"}
    return Piece(entry["section"], _dated({"v": VERSION, **fields}, today))


def _step(said: Mapping[str, Any], today: datetime.date, born: datetime.date) -> Step:
    days = {name: today + datetime.timedelta(days=value) for name, value in said.items() if name in ("day", "until")}
    piece = _entry(said["document"] | {"section": said["section"]}, today) if "document" in said else None
    if said["does"] == "sends":
        piece = next(piece for name, piece in _letters(today, born) if name == _WAITING)
    return Step(days["day"], said["does"], {**said, **days}, piece)


def _dated(document: Document, today: datetime.date) -> Document:
    days = {field.name for field in KINDS[document["kind"]].fields if field.type == "date"}
    return {key: working_day(int(value), today).isoformat() if key in days else value for key, value in document.items()}


def _letters(today: datetime.date, born: datetime.date) -> Iterator[tuple[str, Piece]]:
    """Each letter with the name of the record it is in; `born` is written in where the letter gives a date of birth."""
    for path in sorted((FOLDER / "letters").glob("*.txt")):
        _empty, head, text = path.read_text("utf-8").split("---\n", 2)
        fields = {key: value.strip() for key, value in (line.split(":", 1) for line in head.splitlines())}
        name, section = fields.pop("record", "yusuf"), fields.pop("section")
        kept = {key: value for key, value in fields.items() if value}
        yield name, Piece(section, _dated({"v": VERSION, "kind": "letter", **kept}, today), _filled(text, today, born))


def _filled(text: str, today: datetime.date, born: datetime.date) -> str:
    def day(match: re.Match[str]) -> str:
        date = born if match[1] == "born" else working_day(int(match[1]), today)
        return f"{date.day} {date:%B %Y}"

    return _IN_TEXT.sub(day, text).strip()


def _json(name: str) -> dict[str, Any]:
    path: Path = FOLDER / name
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read
