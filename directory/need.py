"""A need: a condition or impairment, and where the official health information about it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """`sentence` says what it is; `words` are other names for it; the health page is outside Linkbook."""

    slug: str
    label: str
    sentence: str = ""
    words: tuple[str, ...] = ()
    health_title: str = ""
    health_url: str = ""
    position: int = 0
