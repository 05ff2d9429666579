"""`record.json`: a record in an open format, without a key. docs/export-format.md describes it for everybody else.

Written here, from opened entries; read again in `copy_reading`.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from records.book import Book
from records.entry import Entry
from records.kinds import Document, kind_of
from records.sections import JUST_US
from records.supported import Supported
from records.young_people import No

FORMAT, FORMAT_VERSION = "linkbook-record", 1
PICTURE, PDF = "image/jpeg", "application/pdf"
DRAFTS = "drafts"

Named = Mapping[str, "FileInCopy"]


class NotACopy(Exception):
    """What somebody sent is no copy that can be brought in; `reason` is one that the pages have words for.

    `path` is the file in it that is at fault, if it is one.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.reason, self.path = reason, path


@dataclass(frozen=True)
class FileInCopy:
    """One file: where it is in the ZIP, what it is, and the mark of the Linkbook that made it safe ("" where there is none)."""

    path: str
    mimetype: str
    mark: str = ""


@dataclass(frozen=True)
class EntryInCopy:
    """One entry. In its document a file is called by its name in `files`; other entries call it by its `id`."""

    saved_at: str
    document: Document = field(repr=False)
    files: Named = field(default_factory=dict, repr=False)
    id: str = ""


@dataclass(frozen=True)
class SectionInCopy:
    """One section and what is in it."""

    slug: str
    name: str
    hidden: bool
    entries: tuple[EntryInCopy, ...]


@dataclass(frozen=True)
class Copy:
    """A whole record as it was taken away. `just_us` is empty unless it was open.

    What the young person said no to names a section by its place among `sections`, and nobody who wrote it down.
    """

    book: Book
    sections: tuple[SectionInCopy, ...]
    drafts: tuple[EntryInCopy, ...] = ()
    just_us: tuple[EntryInCopy, ...] = ()
    noes: tuple[No, ...] = ()
    decides: tuple[Supported, ...] = ()

    @property
    def entries(self) -> list[EntryInCopy]:
        """Everything in it."""
        return [*(entry for section in self.sections for entry in section.entries), *self.drafts, *self.just_us]


def entry_in_copy(entry: Entry, files: Mapping[str, FileInCopy], by: str) -> EntryInCopy:
    """An entry for a copy that `by` takes away; `files` by id, without those that do not open any more.

    Of what others wrote it says the day: one holder never learns at what hour another was up.
    What only we use (the marks of what a phone sent, what was typed so far) stays behind.
    """
    kind = kind_of(entry.document)
    names = {id_: f"file{number}" for number, id_ in enumerate(files, 1)}
    document: Document = {"v": entry.document["v"], "kind": kind.name}
    document |= {one.name: entry.document[one.name] for one in kind.fields if one.name in entry.document}
    document |= _parts(entry.document, names)
    saved_at = entry.saved_at if entry.author == by else f"{entry.saved_at[:10]}T00:00Z"
    return EntryInCopy(saved_at, document, {names[id_]: file for id_, file in files.items()}, entry.id)


def _parts(document: Mapping[str, Any], names: Mapping[str, str]) -> Document:
    """What stands in a document beside its fields, with the files' new names."""
    as_they_are = ("recording_kind", "seconds", "put_in_by", "agreed", "circulated")
    found: Document = {name: document[name] for name in as_they_are if name in document}
    found |= {name: names[document[name]] for name in ("original", "recording") if document.get(name) in names}
    if "pages" in document:
        found["pages"] = [_picture(one, names) for one in document["pages"] if one["image"] in names]
    if "photo" in document and document["photo"]["image"] in names:
        found["photo"] = _picture(document["photo"], names)
    if "read" in document:
        found["read"] = [names[id_] for id_ in document["read"] if id_ in names]
    return found


def _picture(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    sizes = {name: said[name] for name in ("width", "height") if name in said}
    return {name: names[said[name]] for name in ("image", "thumb", "of") if said.get(name) in names} | sizes


def written(copy: Copy, made_on: datetime.date) -> bytes:
    """The copy as JSON."""
    whole = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "made_on": made_on.isoformat(),
        "called": copy.book.called,
        "born": copy.book.born.isoformat() if copy.book.born else "",
        "nation": copy.book.nation,
        "sections": [
            {"slug": one.slug, "name": one.name, "hidden": one.hidden, "entries": _written(one.entries)} for one in copy.sections
        ],
        DRAFTS: _written(copy.drafts),
        JUST_US: _written(copy.just_us),
        "noes": [_without(no.written(), "id", "by") for no in copy.noes],
        "decides": [_without(note.written(), "id") for note in copy.decides],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _written(entries: Iterable[EntryInCopy]) -> list[dict[str, Any]]:
    return [
        {
            "id": entry.id,
            "saved_at": entry.saved_at,
            "document": entry.document,
            "files": {name: vars(file) for name, file in entry.files.items()},
        }
        for entry in entries
    ]


def _without(said: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in names}
