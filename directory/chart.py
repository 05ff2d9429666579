"""A chart of bars, drawn by us: the same one on a page and on paper. A table with the same numbers always stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH = 320
_ROW = 44
_LONGEST_LABEL = 44
_LEAST_BAR = 3
# Room for the number after the longest bar.
_BARS = _WIDTH - 44


def bars(rows: Sequence[tuple[str, int]], alt: str = "") -> str:
    """An SVG: each row its words, and below them a bar with its number. `alt` says what the whole shows; "" hides it.

    >>> bars([("Sleep & rest", 12)]).count("<rect"), "Sleep &amp; rest" in bars([("Sleep & rest", 12)])
    (1, True)
    """
    most = max((number for _words, number in rows), default=1)
    height = _ROW * len(rows) + 4
    named = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bars" viewBox="0 0 {_WIDTH} {height}" {named} focusable="false" '
        'font-family="Source Sans Pro, sans-serif" font-size="14" fill="#1d2a2f">'
    ]
    for place, (words, number) in enumerate(rows):
        top = place * _ROW
        length = max(_LEAST_BAR, round(_BARS * number / most))
        label = words if len(words) <= _LONGEST_LABEL else f"{words[: _LONGEST_LABEL - 1].rstrip()}…"
        drawn.append(f'<text x="0" y="{top + 16}">{escape(label)}</text>')
        drawn.append(f'<rect x="0" y="{top + 22}" width="{length}" height="14" rx="2" fill="#0b4f52"/>')
        drawn.append(f'<text x="{length + 6}" y="{top + 34}" font-weight="bold">{number}</text>')
    return "".join([*drawn, "</svg>"])
