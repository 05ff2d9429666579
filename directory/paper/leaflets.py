"""A leaflet as a PDF: a title, an introduction, some services, and how old it may get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from directory.paper.essentials import Essentials
from plumbing.paper import set_page

LOOKS = ("plain", "large", "easy")
_TEMPLATE = Path(__file__).with_name("leaflet.typ")


def leaflet(entries: Sequence[Essentials], words: Mapping[str, str], look: str = "plain", square: str = "", language: str = "en",
            form: Literal["pdf", "png"] = "pdf") -> bytes:  # fmt: skip
    """The leaflet. `square` is a drawing of the code that leads back to the live page.

    `words`: title, introduction, draft, after, foot, square (what it leads to), scan (what stands under it), empty.
    """
    data = {
        "entries": [(entry.shorter if look == "easy" else entry).written() for entry in entries],
        "words": dict(words),
        "look": look if look in LOOKS else "plain",
        "language": language,
        "has_square": bool(square),
    }
    return set_page(_TEMPLATE, data, {"square": square} if square else {}, form)
