"""Cells of a spreadsheet that do nothing when somebody opens it, and that we can read again.

A spreadsheet program runs a cell that begins with one of these as a formula: a provider's text could send an officer's file away.
"""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# What spreadsheet programs take for "this is text". An apostrophe of somebody's own before such a sign gets one more.
_TEXT = "'"


def harmless(text: str) -> str:
    """A cell that no program runs.

    >>> harmless("+44 1632 960001"), harmless("Ann's place")
    ("'+44 1632 960001", "Ann's place")
    """
    return f"{_TEXT}{text}" if text.lstrip(f"{_TEXT} ").startswith(_STARTS) or text.startswith(_STARTS) else text


def meant(cell: str) -> str:
    """What was put into a cell by `harmless`.

    >>> meant("'+44 1632 960001"), meant("'tis"), meant(harmless("'=1"))
    ('+44 1632 960001', "'tis", "'=1")
    """
    rest = cell.removeprefix(_TEXT)
    return rest if rest != cell and harmless(rest) == cell else cell
