"""Bringing a record in from the ZIP that was taken away: here again, or into another council's Linkbook.

First every file is made safe and sealed under a key that only this request has; then one transaction makes the record with
everything in it. Stopped at any point, there is either no record at all, or all of it. Sealed files that no row names are
swept away by `flask tidy`, and nobody can open them.
"""

from __future__ import annotations

import hmac
import secrets
from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

from sqlite_utils import Database

from accounts import keyring
from plumbing.db import at_once
from plumbing.files import Refused
from plumbing.files.cleaning import clean
from plumbing.files.facts import FORMATS, Cleaned
from plumbing.ids import new_id
from records import attachments, canonical, copy_reading, keys, log, store, supported, young_people
from records.book import Book, Section
from records.copy_format import PICTURE, Copy, EntryInCopy, FileInCopy, NotACopy
from records.copy_zip import MOST_TEXT_BYTES, CopyZip
from records.editing import Pen
from records.entry import File
from records.gate import Gate, Opened
from records.kinds import Document, kind_of
from records.sections import JUST_US
from records.taking import RECORD, mark

_MIMETYPES = {mimetype for _kind, mimetype, _ending in FORMATS.values()}
_TRIES_WHILE_BUSY = 5


@dataclass
class _Sealed:
    """An entry whose files lie on the disk, sealed."""

    section_id: str
    state: str
    saved_at: str
    document: Document = field(repr=False)
    files: dict[str, int] = field(default_factory=dict)
    copy_id: str = ""


@dataclass
class Delivery:
    """A copy that somebody sent, read and found good, on its way into a record."""

    here: Gate
    stream: IO[bytes]
    archive: CopyZip
    copy: Copy
    sections: tuple[Section, ...]
    _written: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many entries there are to bring in."""
        return len(self.copy.entries)

    def close(self) -> None:
        """Let go of what was sent."""
        self.stream.close()

    def bring_in(self, db: Database) -> Generator[int, None, str]:
        """Do it: yields how many entries are sealed so far, and returns the new record's id.

        Raises NotACopy for a file that cannot be kept. Whatever stops it, nothing of it stays.
        """
        record_id, here = new_id(), replace(self.here, db=db)
        founding = keys.found_statement(record_id, here.person)
        is_done = False
        try:
            sealed: list[_Sealed] = []
            for section_id, state, entry in self._in_place():
                sealed.append(self._sealed(founding.digest, section_id, state, entry))
                yield len(sealed)
            with at_once(db):
                seen = keys.lay(db, here.office, here.person, (record_id, founding), self._book(), here.today)
                opened = here.enter_pinned(record_id, keyring.read(db, here.person)[record_id])
                head = _write(opened, sealed)
            is_done = True
            here.office.witness.saw(record_id, replace(seen, log_number=head.number, log_head=head.digest))
        finally:
            if not is_done:
                attachments.unlink(here.office.attachments, self._written)
        return record_id

    def _book(self) -> Book:
        book = replace(self.copy.book, sections=self.sections)
        for no in self.copy.noes:
            section_id = self.sections[int(no.section_id)].id if no.section_id else ""
            book = young_people.with_no(book, replace(no, id=new_id(), section_id=section_id))
        for note in self.copy.decides:
            book = supported.with_note(book, replace(note, id=new_id()))
        return book

    def _in_place(self) -> Iterable[tuple[str, str, EntryInCopy]]:
        """Each entry with the section it goes to ("" for the drafts, JUST_US for Just us) and its state."""
        for section, there in zip(self.copy.sections, self.sections, strict=False):
            yield from ((there.id, "kept", entry) for entry in section.entries)
        yield from (("", "draft", entry) for entry in self.copy.drafts)
        yield from ((JUST_US, "kept", entry) for entry in self.copy.just_us)

    def _sealed(self, stamp: bytes, section_id: str, state: str, entry: EntryInCopy) -> _Sealed:
        cleaned, document = _made_safe(self.archive, self.here.office.secrets.server_key, entry)
        files, sizes = {}, {}
        for name, (data, mimetype) in cleaned.items():
            key, attachment_id = secrets.token_bytes(keys.KEY_BYTES), new_id()
            self._written.append(attachment_id)
            sizes[attachment_id] = attachments.write(self.here.office.attachments, attachment_id, key, data, stamp)
            files[name] = File(attachment_id, mimetype, len(data), canonical.text(key))
        return _Sealed(section_id, state, entry.saved_at, _with_files(document, files), sizes, entry.id)


def open_copy(here: Gate, stream: IO[bytes], defaults: Iterable[Section]) -> Delivery:
    """Read what somebody sent, without keeping anything yet. `defaults` are the sections that a new record has.

    Raises NotACopy, with the reason; "just_us" where there is a Just us in it, and this person's is not open.
    """
    archive = CopyZip(stream, here.office.quota)
    copy = copy_reading.read(archive.read(RECORD, MOST_TEXT_BYTES), here.today)
    for entry in copy.entries:
        for file in entry.files.values():
            if file.mimetype not in _MIMETYPES:
                raise NotACopy("changed")
            archive.size(file.path)
    paths = [file.path for entry in copy.entries for file in entry.files.values()]
    if len(paths) != len(set(paths)):
        raise NotACopy("changed")
    if sum(map(archive.size, paths)) > here.office.quota:
        raise NotACopy("no_room")
    if copy.just_us and here.person.just_us is None:
        raise NotACopy("just_us")
    known = {section.slug for section in copy.sections}
    sections = [Section(new_id(), one.slug, one.name, one.hidden) for one in copy.sections]
    # A Linkbook that is younger than the copy may have sections that the copy does not know of.
    sections += [section for section in defaults if section.slug not in known]
    return Delivery(here, stream, archive, copy, tuple(sections))


def _made_safe(archive: CopyZip, server_key: bytes, entry: EntryInCopy) -> tuple[dict[str, tuple[bytes, str]], Document]:
    """The bytes and media type of each file of an entry, as we keep them, and the document as it is with them.

    What carries our own mark was made safe here before, and stays bit for bit. All else goes the way of every upload.
    """
    document, kept = dict(entry.document), dict[str, tuple[bytes, str]]()
    small = _smalls(document)
    for name, file in entry.files.items():
        if name in small.values():
            continue
        data = archive.read(file.path)
        is_ours = _is_ours(server_key, file, data)
        thumb = small.get(name)
        small_data = archive.read(entry.files[thumb].path) if thumb else b""
        has_small = bool(thumb) and _is_ours(server_key, entry.files[str(thumb)], small_data)
        if is_ours and (has_small or file.mimetype != PICTURE or name not in small):
            kept[name] = data, file.mimetype
        else:
            cleaned = _cleaned(data, file)
            kept[name] = (data, file.mimetype) if is_ours else (cleaned.original, cleaned.mimetype)
            document = _as_cleaned(document, name, cleaned, is_ours)
        if name in small:
            small_name = thumb or f"{name}-small"
            kept[small_name] = (small_data if has_small else cleaned.pages[0].thumbnail), PICTURE
            document = _with_small(document, name, small_name)
    return kept, document


def _smalls(document: Mapping[str, Any]) -> dict[str, str | None]:
    """For each picture in a document the name of the small one of it, None where the copy has none."""
    return {one["image"]: one.get("thumb") for one in _pictures(document)}


def _pictures(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*document.get("pages", []), *([document["photo"]] if "photo" in document else [])]


def _is_ours(server_key: bytes, file: FileInCopy, data: bytes) -> bool:
    return hmac.compare_digest(file.mark.encode(), mark(server_key, file.mimetype, data).encode())


def _cleaned(data: bytes, file: FileInCopy) -> Cleaned:
    for tried in range(_TRIES_WHILE_BUSY):
        try:
            cleaned = clean(data)
        except Refused as refused:
            if refused.reason != "busy" or tried == _TRIES_WHILE_BUSY - 1:
                raise NotACopy("file", file.path) from None
        else:
            break
    if cleaned.mimetype.split("/")[0] != file.mimetype.split("/")[0]:
        raise NotACopy("file", file.path)
    return cleaned


def _as_cleaned(document: Document, name: str, cleaned: Cleaned, is_ours: bool) -> Document:
    """A document as it is with a file that was made safe anew: its size or its length may be another one."""
    if document.get("recording") == name:
        return document | {"recording_kind": cleaned.kind, "seconds": cleaned.seconds}
    if "pages" in document and cleaned.kind == "photo" and not is_ours:
        size = {"width": cleaned.pages[0].width, "height": cleaned.pages[0].height}
        return document | {"pages": [one | size if one["image"] == name else one for one in document["pages"]]}
    return document


def _with_small(document: Document, name: str, small_name: str) -> Document:
    def paired(one: dict[str, Any]) -> dict[str, Any]:
        return one | {"thumb": small_name} if one["image"] == name else one

    changed = dict(document)
    if "pages" in document:
        changed["pages"] = [paired(one) for one in document["pages"]]
    if "photo" in document:
        changed["photo"] = paired(document["photo"])
    return changed


def _with_files(document: Document, files: Mapping[str, File]) -> Document:
    """A document with its files' ids in the place of their names in the copy, and with their keys."""
    named = dict(document)
    named |= {name: files[document[name]].id for name in ("original", "recording") if name in document}
    if "pages" in document:
        named["pages"] = [_named(one, files) for one in document["pages"]]
    if "photo" in document:
        named["photo"] = _named(document["photo"], files)
    if "read" in document:
        named["read"] = [files[name].id for name in document["read"]]
    return named | ({"files": {file.id: file.written() for file in files.values()}} if files else {})


def _named(picture: Mapping[str, Any], files: Mapping[str, File]) -> dict[str, Any]:
    return dict(picture) | {name: files[picture[name]].id for name in ("image", "thumb", "of") if name in picture}


def _called_anew(document: Document, ids: Mapping[str, str]) -> Document:
    """A document that calls other entries by the ids that they have here."""
    called = [one.name for one in kind_of(document).fields if one.type == "entry" and one.name in document]
    anew = document | {name: ids[document[name]] for name in called}
    if "agreed" in document:
        anew["agreed"] = [[ids[id_], _called_anew(one, ids)] for id_, one in document["agreed"]]
    return anew


def _write(opened: Opened, sealed: Iterable[_Sealed]) -> log.Head:
    """Every entry into its place, in the transaction the caller has open; returns the log's newest head."""
    pen, record_id = Pen(opened), opened.record_id
    ids: dict[str, str] = defaultdict(new_id)
    for entry in sealed:
        entry_id = ids[entry.copy_id] if entry.copy_id else new_id()
        section_id = opened.just_us_id if entry.section_id == JUST_US else entry.section_id or opened.root_id
        store.insert(opened.db, "entry", id=entry_id, record_id=record_id, section_id=section_id, version=1, state=entry.state)
        for id_, size in entry.files.items():
            store.insert(opened.db, "attachment", id=id_, record_id=record_id, entry_id=entry_id, bytes=size)
        pen.save(entry_id, section_id, 1, _called_anew(entry.document, ids), entry.saved_at)
    pen.note("brought_in")
    head = pen.head
    assert head is not None  # noqa: S101 - it was noted just now
    pins = keyring.read(opened.db, opened.person)
    keyring.write(opened.db, opened.person, pins | {record_id: opened.pins(head)})
    return head
