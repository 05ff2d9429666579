"""The directory as a booklet. Setting thousands of services takes a minute and much memory: a process of its own does it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from directory.paper.essentials import Essentials
from directory.places import place_key
from plumbing.worker_process import run_worker

_WORKER = Path(__file__).with_name("worker.py")
_SECONDS = 900
_MOST_BYTES = 300 * 1024 * 1024
# A need that half the directory is for would be a row of page numbers and no help.
_MOST_PLACES = 25


class NotSetError(Exception):
    """The process that sets a booklet died or took too long."""


@dataclass(frozen=True)
class Line:
    """Somebody who answers at once."""

    when: str
    number: str
    name: str
    whom: str = ""
    note: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Part:
    """One category: its services in order; `also` are the ids of services that stand in another part; `words` lead here."""

    name: str
    entries: tuple[Essentials, ...]
    also: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()


def index_of(parts: Sequence[Part], needs: Mapping[str, Iterable[str]]) -> list[dict[str, object]]:
    """The index: services in thick letters, who runs them, what they are for, and other words for each part, by letter.

    `needs` gives ids of services for each name of a need.
    """
    places: dict[tuple[str, bool], list[str]] = {}
    for number, part in enumerate(parts):
        for entry in part.entries:
            places.setdefault((entry.name, True), []).append(entry.id)
            if entry.run_by:
                places.setdefault((entry.run_by, False), []).append(entry.id)
        for words in part.words:
            places.setdefault((words, False), []).append(f"part-{number}")
    for words, ids in needs.items():
        found = list(ids)
        if 0 < len(found) <= _MOST_PLACES:
            places.setdefault((words, False), []).extend(found)
    letters: dict[str, list[dict[str, object]]] = {}
    for (words, strong), ids in sorted(places.items(), key=lambda one: (place_key(one[0][0]), not one[0][1])):
        key = place_key(words)[:1].upper()
        letter = key if key.isalpha() else "0–9"
        letters.setdefault(letter, []).append({"words": words, "ids": list(dict.fromkeys(ids))[:_MOST_PLACES], "strong": strong})
    return [{"letter": letter, "entries": entries} for letter, entries in letters.items()]


def booklet(parts: Sequence[Part], talk: Sequence[Line], needs: Mapping[str, Iterable[str]], words: Mapping[str, object],
            square: str = "", large: bool = False, language: str = "en") -> bytes:  # fmt: skip
    """The booklet as a PDF. Raises NotSetError.

    `words`: title, cover (lines), square, scan, after, talk, contents, index, index_how, also, foot.
    """
    data = {
        "parts": [
            {
                "name": part.name,
                "entries": [entry.shorter.written() for entry in part.entries],
                "also": [{"id": id_, "name": name} for id_, name in part.also],
            }
            for part in parts
        ],
        "talk": [asdict(line) for line in talk],
        "index": index_of(parts, needs),
        "words": dict(words),
        "large": large,
        "language": language,
        "has_square": bool(square),
    }
    question = json.dumps({"data": data, "pictures": {"square": square} if square else {}}).encode()
    pdf, status = run_worker(_WORKER, question, _SECONDS, _MOST_BYTES)
    if status or not pdf.startswith(b"%PDF"):
        raise NotSetError
    return pdf
