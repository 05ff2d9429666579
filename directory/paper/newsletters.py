"""A newsletter as a PDF, in plain or large print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plumbing.paper import set_page

_TEMPLATE = Path(__file__).with_name("newsletter.typ")


def newsletter(
    parts: Sequence[Mapping[str, Any]], words: Mapping[str, str], *, large: bool = False, square: str = "", language: str = "en"
) -> bytes:
    """The newsletter. `square` is a drawing of the code that leads to its page.

    `words`: title, day, introduction, ending, draft, after, square, scan.
    """
    data = {"parts": list(parts), "words": dict(words), "large": large, "language": language, "has_square": bool(square)}
    return set_page(_TEMPLATE, data, {"square": square} if square else {})
