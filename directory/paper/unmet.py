"""A note to those who plan services, as a PDF: charts, the same numbers as tables, and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from plumbing.paper import set_page

_TEMPLATE = Path(__file__).with_name("unmet.typ")
_MOST_BARS = 12


@dataclass(frozen=True)
class Table:
    """Numbers of one kind, largest first."""

    title: str
    heads: tuple[str, str]
    rows: tuple[tuple[str, int], ...]


def unmet(words: Mapping[str, str], about: Sequence[tuple[str, str]], tables: Sequence[Table],
          draw: Callable[[Sequence[tuple[str, int]]], str], language: str = "en",
          form: Literal["pdf", "png"] = "pdf") -> bytes:  # fmt: skip
    """The note. `words`: title, sender, made, missing, did, hidden, empty, chart, and the titles of the parts."""
    data = {
        "words": dict(words),
        "about": [list(pair) for pair in about],
        "tables": [
            {"title": one.title, "heads": list(one.heads), "rows": [[label, str(number)] for label, number in one.rows]}
            for one in tables
        ],
        "language": language,
    }
    drawn = {f"chart-{place}": draw(one.rows[:_MOST_BARS]) for place, one in enumerate(tables) if one.rows}
    return set_page(_TEMPLATE, data, drawn, form)
