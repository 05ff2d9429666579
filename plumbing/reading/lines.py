"""Pieces of text that were found on a picture, put into the order in which people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Piece(NamedTuple):
    """Some words and where they are: the middle of their box, and its height."""

    text: str
    across: float
    down: float
    height: float


def piece(text: str, corners: Sequence[Sequence[float]]) -> Piece:
    """A piece from the four corners of its box, which may be aslant."""
    across, down = [float(corner[0]) for corner in corners], [float(corner[1]) for corner in corners]
    return Piece(text, sum(across) / 4, sum(down) / 4, max(down) - min(down))


def in_order(pieces: Iterable[Piece]) -> str:
    """Line by line from the top, and in each line from the left: by the middles of the boxes, because pages lie aslant."""
    lines: list[list[Piece]] = []
    for one in sorted(pieces, key=lambda piece: piece.down):
        if lines and one.down - lines[-1][-1].down < min(one.height, lines[-1][-1].height) / 2:
            lines[-1].append(one)
        else:
            lines.append([one])
    return "\n".join(" ".join(one.text for one in sorted(line, key=lambda piece: piece.across)) for line in lines)
