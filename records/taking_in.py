"""Files on their way into a letter or a voice note: cleaned, sealed, and named in its document, one at a time.

What is sealed but named by no document yet is nothing to anybody: killed at any point, a page is in the letter or it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from plumbing.files import Cleaned, Picture, Refused
from plumbing.files.cleaning import clean, turn
from records import editing, sheets
from records.editing import NoRoom
from records.entry import Entry, File
from records.gate import Opened

JPEG = "image/jpeg"
RECORDED = ("sound", "video")


class NotTaken(Exception):
    """A file that was not taken; `reason` is one of plumbing's REASONS, or one of our own. It carries nothing of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def take_in(opened: Opened, entry_id: str, kind: str, data: bytes, mark: str = "", section_id: str = "") -> Entry:
    """Clean a file and put it into a letter (kind "letter") or a voice note ("voice"); without `entry_id`, into a new draft.

    A holder's draft is sealed to the holders; somebody else's lies in `section_id`, which it is for.

    What a phone sends a second time under the same `mark` is taken once. Raises NotTaken.
    """
    there = opened.entry(entry_id) if entry_id else _draft_with(opened, mark)
    if there and sheets.has_sent(there.document, mark):
        return there
    _refuse_more(there.document if there else {}, kind)
    cleaned = cleaned_of(data, kind)
    if there is None:
        there = editing.add(opened, section_id or opened.root_id, {"v": 1, "kind": kind}, state="draft")
        try:
            return _put_in(opened, there.id, cleaned, mark)
        except BaseException:
            editing.delete_for_good(opened, there.id)
            raise
    return _put_in(opened, there.id, cleaned, mark)


def _draft_with(opened: Opened, mark: str) -> Entry | None:
    return next((draft for draft in opened.drafts() if sheets.has_sent(draft.document, mark)), None)


def _refuse_more(document: dict[str, Any], kind: str) -> None:
    if kind == "letter" and sheets.count_photos(document) >= sheets.MOST_PHOTOS:
        raise NotTaken("too_many_photos")
    if document.get("recording"):
        raise NotTaken("one_recording")


def cleaned_of(data: bytes, kind: str) -> Cleaned:
    """A file that may go into a letter or a voice note. Raises NotTaken."""
    try:
        cleaned = clean(data)
    except Refused as refused:
        raise NotTaken(refused.reason) from None
    if (cleaned.kind in RECORDED) != (kind == "voice"):
        raise NotTaken("no_recording" if kind == "voice" else "no_letter")
    return cleaned


def _put_in(opened: Opened, entry_id: str, cleaned: Cleaned, mark: str) -> Entry:
    def with_it(document: dict[str, Any], files: dict[str, File]) -> dict[str, Any]:
        return named(document, files, cleaned, mark)

    return _sealed(opened, entry_id, plain_files(cleaned), with_it)


def plain_files(cleaned: Cleaned) -> dict[str, tuple[bytes, str]]:
    """What is sealed of a file: by name, bytes and media type."""
    plain = _pictures(cleaned.pages)
    if cleaned.kind != "photo":
        plain["original"] = (cleaned.original, cleaned.mimetype)
    return plain


def named(document: dict[str, Any], files: dict[str, File], cleaned: Cleaned, mark: str = "") -> dict[str, Any]:
    """A document with a file that was cleaned; `files` are what was sealed of it. Raises NotTaken."""
    if sheets.has_sent(document, mark):
        raise NotTaken("sent_twice")
    _refuse_more(document, str(document["kind"]))
    original = files.get("original")
    if cleaned.kind in RECORDED and original:
        told = {"recording": original.id, "recording_kind": cleaned.kind, "seconds": cleaned.seconds, "sent": mark}
        document = document | told
    elif original:
        if document.get("original"):
            raise NotTaken("one_pdf")
        document = document | {"original": original.id}
    pdf_id = original.id if original and cleaned.kind == "pdf" else ""
    return sheets.added(document, files.values(), sheets.made_of(_paired(files, cleaned.pages), mark, pdf_id))


def _pictures(pages: Iterable[Picture]) -> dict[str, tuple[bytes, str]]:
    found = {}
    for number, page in enumerate(pages):
        found[f"image{number}"] = (page.jpeg, JPEG)
        found[f"thumb{number}"] = (page.thumbnail, JPEG)
    return found


def _paired(files: dict[str, File], pages: Iterable[Picture]) -> list[tuple[File, File, int, int]]:
    return [(files[f"image{i}"], files[f"thumb{i}"], page.width, page.height) for i, page in enumerate(pages)]


def _sealed(
    opened: Opened,
    entry_id: str,
    plain: dict[str, tuple[bytes, str]],
    with_them: Callable[[dict[str, Any], dict[str, File]], dict[str, Any]],
) -> Entry:
    """The files sealed, then named by the document in one step; sealed for nothing, they are let go of again."""
    try:
        files = editing.attach(opened, entry_id, plain)
    except NoRoom:
        raise NotTaken("no_room") from None
    try:
        return editing.revise(opened, entry_id, lambda document: with_them(document, files))
    except NotTaken as not_taken:
        editing.detach(opened, entry_id, files.values())
        if not_taken.reason == "sent_twice":
            return opened.entry(entry_id)
        raise


def turn_sheet(opened: Opened, entry_id: str, image_id: str) -> None:
    """Turn a sheet clockwise by a quarter. Raises NotTaken."""
    entry = opened.entry(entry_id)
    if sheets.sheet(entry.document, image_id) is None:
        return
    try:
        page = turn(opened.file(entry.files[image_id]), 1)
    except Refused as refused:
        raise NotTaken(refused.reason) from None

    def turned(document: dict[str, Any], files: dict[str, File]) -> dict[str, Any]:
        if sheets.sheet(document, image_id) is None:
            raise NotTaken("sent_twice")
        return sheets.replaced(document, image_id, files.values(), sheets.made_of(_paired(files, [page]))[0])

    _sealed(opened, entry_id, _pictures([page]), turned)
