"""Letters read by machine, so that they can be found by a word inside them. Only while somebody who may see them is there.

What was read is for search, and to suggest a title and a date; it is full of mistakes and never shown as the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from plumbing import reading
from plumbing.crypto import CannotOpen
from records import editing, sheets
from records.entry import Entry
from records.gate import Opened
from records.kinds import with_found_text

# One long letter does not keep the others waiting, nor a request for minutes.
_MOST_SHEETS_AT_ONCE = 4


class Busy(Exception):
    """Another letter is being read at this moment: one at a time on the whole machine, because it takes most of a gigabyte."""


class _Changed(Exception):
    """The sheets that were read are no longer the letter's."""


def unread(entries: Iterable[Entry]) -> list[Entry]:
    """The letters that have a sheet nobody read yet; none where this Linkbook cannot read."""
    return [entry for entry in entries if _unread_sheets(entry)] if reading.is_there() else []


def _unread_sheets(entry: Entry) -> list[str]:
    known = entry.document.get("read", [])
    return [one["image"] for one in sheets.sheets(entry.document) if one["image"] not in known]


def read_some(opened: Opened, entry: Entry, lock: Path) -> None:
    """Read the next few sheets of a letter and keep their words with it. Raises Busy."""
    try:
        with FileLock(lock, timeout=0):
            ids = _unread_sheets(entry)[:_MOST_SHEETS_AT_ONCE]
            words = "\n".join(_read(list(_pictures(opened, entry, ids))))
    except Timeout:
        raise Busy from None

    def with_words(document: dict[str, Any]) -> dict[str, Any]:
        if any(sheets.sheet(document, image_id) is None for image_id in ids):
            raise _Changed
        text = "\n".join(filter(None, [document.get("found_text", ""), words]))
        return with_found_text(document, text) | {"read": [*document.get("read", []), *ids]}

    try:
        editing.revise(opened, entry.id, with_words)
    except (_Changed, editing.InTheBin):
        # Turned, taken out, binned or put elsewhere meanwhile: it is read again as it is now, or as it comes back.
        return


def _pictures(opened: Opened, entry: Entry, ids: list[str]) -> Iterator[bytes]:
    for image_id in ids:
        # A file that is gone has no words. Its letter's own page says that it is missing.
        with suppress(CannotOpen):
            yield opened.file(entry.files[image_id])


def _read(jpegs: list[bytes]) -> list[str]:
    """The words of each. One that the engine fails over has none, and is not tried for ever."""
    try:
        return reading.read(jpegs) if jpegs else []
    except reading.Unread:
        return [] if len(jpegs) == 1 else [text for jpeg in jpegs for text in _read([jpeg])]
