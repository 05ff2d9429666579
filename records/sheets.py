"""The sheets of a letter: which pictures its document names, and in which order. Pure functions of documents.

    "pages": [{"image": id, "thumb": id, "width": 1800, "height": 2400, "of": id of the PDF it is in, "sent": mark}]

Attachments that nothing names any more leave `files`; earlier versions keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from records.entry import File

MOST_PHOTOS = 20

Document = dict[str, Any]
Sheet = dict[str, Any]


def sheets(document: Mapping[str, Any]) -> list[Sheet]:
    """The sheets, in order."""
    return list(document.get("pages", []))


def sheet(document: Mapping[str, Any], image_id: str) -> Sheet | None:
    """The sheet with that picture; None where it is gone, or has another picture since it was turned."""
    return next((one for one in sheets(document) if one["image"] == image_id), None)


def count_photos(document: Mapping[str, Any]) -> int:
    """How many sheets are photos, and not pages of a PDF."""
    return sum(not one.get("of") for one in sheets(document))


def has_sent(document: Mapping[str, Any], mark: str) -> bool:
    """Whether what a phone sent under this mark is in it already: the answer was lost, and it sends it once more."""
    return bool(mark) and (document.get("sent") == mark or any(one.get("sent") == mark for one in sheets(document)))


def made_of(pictures: Iterable[tuple[File, File, int, int]], mark: str = "", pdf_id: str = "") -> list[Sheet]:
    """Sheets of pictures, each with its small one, its width and its height."""
    extra = {name: value for name, value in (("of", pdf_id), ("sent", mark)) if value}
    return [
        {"image": big.id, "thumb": small.id, "width": width, "height": height} | extra for big, small, width, height in pictures
    ]


def added(document: Mapping[str, Any], files: Iterable[File], new: Iterable[Sheet]) -> Document:
    """With more sheets at the end; `files` are their attachments."""
    return _with(document, [*sheets(document), *new], files)


def replaced(document: Mapping[str, Any], image_id: str, files: Iterable[File], new: Sheet) -> Document:
    """With another picture in the place of one."""
    changed = [one | {name: new[name] for name in ("image", "thumb", "width", "height")} if one["image"] == image_id else one
               for one in sheets(document)]  # fmt: skip
    return _with(_unread(document), changed, files)


def moved(document: Mapping[str, Any], image_id: str, by: int) -> Document:
    """With a sheet further up (-1) or down (1); at the edges it stays."""
    order = sheets(document)
    place = next((number for number, one in enumerate(order) if one["image"] == image_id), None)
    if place is not None:
        taken = order.pop(place)
        order.insert(max(0, place + by), taken)
    return _with(document, order)


def without(document: Mapping[str, Any], image_id: str) -> Document:
    """Without a sheet. A PDF that still shows it goes with it; its other pages stay as pictures."""
    gone = sheet(document, image_id)
    left = [one for one in sheets(document) if one["image"] != image_id]
    if gone is None or not gone.get("of"):
        return _with(_unread(document), left)
    bare = [{name: value for name, value in one.items() if name != "of"} for one in left]
    return _with({name: value for name, value in _unread(document).items() if name != "original"}, bare)


def _with(document: Mapping[str, Any], pages: list[Sheet], files: Iterable[File] = ()) -> Document:
    known = dict(document.get("files", {})) | {file.id: file.written() for file in files}
    named = {one[name] for one in pages for name in ("image", "thumb")} | {document.get("original"), document.get("recording")}
    kept = {id_: written for id_, written in known.items() if id_ in named}
    return dict(document) | {"pages": pages, "files": kept}


def _unread(document: Mapping[str, Any]) -> Document:
    """Without what a machine read on its sheets: some of them are not as they were."""
    return {name: value for name, value in document.items() if name not in {"found_text", "read"}}


def settled(document: Mapping[str, Any]) -> Document:
    """Without what only a draft needs: the marks of what was sent, and what was typed so far."""
    left = {name: value for name, value in document.items() if name not in {"sent", "begun"}}
    pages = [{name: value for name, value in one.items() if name != "sent"} for one in sheets(document)]
    return left | ({"pages": pages} if "pages" in left else {})
