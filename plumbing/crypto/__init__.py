"""Bytes in, bytes out: how things are sealed, stretched, wrapped and signed. `FORMAT.md` beside this file has every byte.

Nothing here knows what it seals. It imports `cryptography` and the standard library, and nothing else.
"""

from __future__ import annotations


class CannotOpen(Exception):
    """What was given does not open, or does not verify. It never says why: that would help whoever is trying."""

    def __init__(self) -> None:
        super().__init__("it does not open")


__all__ = ["CannotOpen"]
