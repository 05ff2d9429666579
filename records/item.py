"""A letter that waits in the letter-box: who put it in, which section they wished for, and the document they wrote.

Anybody can seal something to a letter-box. So what comes out of it is believed only in the shape in which we put things in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plumbing.crypto import CannotOpen
from plumbing.crypto.pairs import KEY_BYTES
from plumbing.files.facts import FORMATS
from plumbing.ids import IdConverter
from records import canonical
from records.entry import File
from records.kinds import Document, as_typed, clean
from records.kinds.field import clean_line

LINK, ACCOUNT, PACK = "link", "account", "pack"
KIND, SLIP, COMING = "letter", "answer", "contribution"
# What a guest answers by is words alone.
SLIPS = (SLIP, COMING)
_MIMETYPES = {FORMATS["jpeg"][1], FORMATS["pdf"][1]}
_MOST_PIXELS = 100_000
LONGEST_NAME = 80
_LONGEST = 64  # of an id, a section's short name, a minute


@dataclass(frozen=True)
class Sender:
    """Who puts something in: by a link or a pack (`id` is the link's, the pack's), or with a grant (`id` is their account's).

    Who a link's sender is, is what they say; a pack's is whom the family gave it to, or whoever has its PIN.
    """

    kind: str
    id: str
    name: str
    place: str = ""
    grant_id: str = ""

    @property
    def words(self) -> str:
        """Name and place in one line."""
        return ", ".join(part for part in (self.name, self.place) if part)


@dataclass(frozen=True)
class Item:
    """One letter that waits. `at` is the minute in UTC it came; `wish` a section's id or short name, or nothing.

    `is_logged` says whether the log knows of its coming: if not, somebody put it straight into the database.
    """

    id: str
    at: str
    sender: Sender
    wish: str
    document: Document = field(repr=False)
    is_logged: bool = True

    @property
    def files(self) -> dict[str, File]:
        """Its attachments, by id."""
        return {id_: File.read(id_, written) for id_, written in self.document.get("files", {}).items()}


def written(at: str, sender: Sender, wish: str, document: Document) -> bytes:
    """An item as it is sealed."""
    name, place = sender.name[:LONGEST_NAME], sender.place[:LONGEST_NAME]
    add = {"by": sender.kind, "id": sender.id, "name": name, "place": place, "grant": sender.grant_id}
    return canonical.to_bytes({"v": 1, "at": at, "add": add, "wish": wish, "document": document})


def read(item_id: str, raw: bytes, file_ids: set[str], is_logged: bool) -> Item:
    """The item that `written` made; `file_ids` are the attachments it came with. Raises CannotOpen for another shape."""
    said = canonical.from_bytes(raw)
    try:
        add = said["add"]
        name, place = (clean_line(_line(add[one], LONGEST_NAME)) for one in ("name", "place"))
        sender = Sender(_line(add["by"]), _line(add["id"]), name, place, _line(add["grant"]))
        document = _document(said["document"], file_ids)
        return Item(item_id, _line(said["at"]), sender, _line(said["wish"]), document, is_logged)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CannotOpen from None


def _line(value: Any, longest: int = _LONGEST) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise CannotOpen
    return value


def _document(said: Mapping[str, Any], file_ids: set[str]) -> Document:
    """The document with what a sender may write in it, and nothing else."""
    if said["kind"] not in (KIND, *SLIPS):
        raise CannotOpen
    document, _problems = clean(said["kind"], as_typed(said))
    if said["kind"] in SLIPS and (file_ids or said.get("files")):
        raise CannotOpen
    files = {_id(id_): _file(one) for id_, one in said.get("files", {}).items()}
    if files.keys() != file_ids:
        raise CannotOpen
    if not files:
        return document
    document |= {"pages": [_sheet(one, files) for one in said["pages"]], "files": files}
    return document | ({"original": _known(said["original"], files)} if "original" in said else {})


def _id(value: str) -> str:
    if not re.fullmatch(IdConverter.regex, value):
        raise CannotOpen
    return value


def _file(said: Mapping[str, Any]) -> dict[str, Any]:
    size, key = said["bytes"], said["key"]
    if said["mimetype"] not in _MIMETYPES or type(size) is not int or size < 0 or len(canonical.raw(key)) != KEY_BYTES:
        raise CannotOpen
    return {"mimetype": said["mimetype"], "bytes": size, "key": key}


def _known(file_id: Any, files: Mapping[str, Any]) -> str:
    if not isinstance(file_id, str) or file_id not in files:
        raise CannotOpen
    return file_id


def _sheet(said: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    size = {name: said[name] for name in ("width", "height")}
    if any(type(number) is not int or not 0 < number < _MOST_PIXELS for number in size.values()):
        raise CannotOpen
    named = {name: _known(said[name], files) for name in ("image", "thumb", "of") if name in said}
    return {"image": named["image"], "thumb": named["thumb"], **size} | ({"of": named["of"]} if "of" in named else {})
