"""Taking a record away: everything in it as one ZIP, in the open formats that any computer reads.

The ZIP is made while it is sent. No file of it is ever on a disk of ours in the clear, and none is in memory but the one at hand.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.files.facts import FORMATS
from records import canonical, copy_format, supported, timeline, young_people
from records.copy_format import PICTURE, Copy, FileInCopy, SectionInCopy
from records.copy_zip import zipped
from records.entry import Entry, File
from records.gate import NotYours, Opened
from records.plain_names import Names, plain
from records.sections import JUST_US

RECORD, INDEX, STYLE, SMALL = "record.json", "index.html", "style.css", "small"
_ENDINGS = {mimetype: f".{ending}" for _kind, mimetype, ending in FORMATS.values()}
_LONGEST_STEM = 90

Titled = Callable[[Entry], str]


@dataclass(frozen=True)
class Place:
    """One file of an entry, and where it goes. The small pictures are for the pages only."""

    file: File
    path: str

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it."""
        return self.file.mimetype == PICTURE

    @property
    def is_small(self) -> bool:
        """Whether it is the small one of a picture that is there besides."""
        return self.path.startswith(f"{SMALL}/")


@dataclass(frozen=True)
class Item:
    """An entry on its way out, with its files."""

    entry: Entry
    places: tuple[Place, ...]

    @property
    def originals(self) -> list[Place]:
        """What somebody wants to open: not the small pictures."""
        return [place for place in self.places if not place.is_small]


@dataclass(frozen=True)
class Part:
    """A section (or what is not filed yet, or Just us) and the folder it becomes."""

    slug: str
    name: str
    hidden: bool
    folder: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Luggage:
    """Everything that will be in the ZIP, but for the bytes of the files. `unreadable` entries cannot be taken along."""

    opened: Opened
    parts: tuple[Part, ...]
    unreadable: int
    has_just_us: bool
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def items(self) -> list[Item]:
        """Every entry."""
        return [item for part in self.parts for item in part.items]

    @property
    def places(self) -> list[Place]:
        """Every file."""
        return [place for item in self.items for place in item.places]

    @property
    def bytes(self) -> int:
        """How large the files are together: nearly all of the ZIP."""
        return sum(place.file.bytes for place in self.places)

    def opens(self, place: Place) -> bool:
        """Whether a file was there, whole, when it was looked at."""
        return place.file.id in self.marks


def pack(opened: Opened, titled: Titled, draft_name: str, just_us_name: str) -> Luggage:
    """What a record's ZIP will hold; Just us only while it is open. `titled` says what an entry is called."""
    folders, small = Names({INDEX, RECORD, STYLE, SMALL}), Names()

    def part(slug: str, name: str, hidden: bool, entries: Iterable[Entry]) -> Part:
        folder, names = folders.new(plain(name)), Names({INDEX})
        ordered = sorted(entries, key=lambda entry: (timeline.day_of(entry), entry.saved_at, entry.id))
        return Part(slug, name, hidden, folder, tuple(_item(entry, titled(entry), folder, names, small) for entry in ordered))

    parts = [part(one.slug, one.name, one.hidden, opened.entries([one.id])) for one in opened.sections]
    drafts = opened.drafts()
    if drafts:
        parts.append(part(copy_format.DRAFTS, draft_name, False, drafts))
    try:
        parts.append(part(JUST_US, just_us_name, False, opened.entries([opened.just_us_id])))
        has_just_us = True
    except NotYours:
        has_just_us = False
    return Luggage(opened, tuple(parts), len(opened.damaged), has_just_us)


def _item(entry: Entry, title: str, folder: str, names: Names, small: Names) -> Item:
    document, files = entry.document, entry.files
    stem = plain(f"{timeline.day_of(entry)} {title}")[:_LONGEST_STEM].strip()
    thumbs = {one["thumb"] for one in [*document.get("pages", []), *filter(None, [document.get("photo")])]}
    sheets = [one["image"] for one in document.get("pages", [])]
    places = []
    for file in sorted(files.values(), key=lambda one: (one.id not in sheets, sheets.index(one.id) if one.id in sheets else 0)):
        if file.id in thumbs:
            places.append(Place(file, f"{SMALL}/{small.new(f'{len(small.taken) + 1:05}', '.jpg')}"))
            continue
        number = f", {sheets.index(file.id) + 1}" if file.id in sheets and len(sheets) > 1 else ""
        places.append(Place(file, f"{folder}/{names.new(stem + number, _ENDINGS.get(file.mimetype, '.bin'))}"))
    return Item(entry, tuple(places))


def look_through(luggage: Luggage) -> Luggage:
    """Open every file once, so that what is damaged is said and left out before the first byte is sent.

    Each whole one gets our mark: coming back to this Linkbook it need not be made safe a second time, and stays as it is.
    """
    opened, marks = luggage.opened, {}
    for place in luggage.places:
        try:
            data = opened.file(place.file)
        except CannotOpen:
            continue
        if len(data) == place.file.bytes:
            marks[place.file.id] = mark(opened.office.secrets.server_key, place.file.mimetype, data)
    return replace(luggage, marks=marks)


def mark(server_key: bytes, mimetype: str, data: bytes) -> str:
    """What this Linkbook, and no other, says of a file that it made safe."""
    bound = context("export", "made safe", mimetype, hashlib.sha256(data).digest())
    return canonical.text(hmac.digest(server_key, bound, "sha256"))


def copy_of(luggage: Luggage) -> Copy:
    """The ZIP's `record.json`, before it is written down."""
    by = luggage.opened.person.account_id

    def entries(part: Part) -> tuple[copy_format.EntryInCopy, ...]:
        return tuple(copy_format.entry_in_copy(item.entry, _files(luggage, item), by) for item in part.items)

    beside = {part.slug: entries(part) for part in luggage.parts if part.slug in (copy_format.DRAFTS, JUST_US)}
    sections = (part for part in luggage.parts if part.slug not in beside)
    book = luggage.opened.book
    places = {"": ""} | {section.id: str(place) for place, section in enumerate(book.sections)}
    return Copy(
        book,
        tuple(SectionInCopy(part.slug, part.name, part.hidden, entries(part)) for part in sections),
        beside.get(copy_format.DRAFTS, ()),
        beside.get(JUST_US, ()),
        tuple(replace(no, section_id=places.get(no.section_id, "")) for no in reversed(young_people.noes(book))),
        tuple(supported.supported(book)),
    )


def _files(luggage: Luggage, item: Item) -> dict[str, FileInCopy]:
    return {
        place.file.id: FileInCopy(place.path, place.file.mimetype, luggage.marks[place.file.id])
        for place in item.places
        if luggage.opens(place)
    }


def zip_of(luggage: Luggage, texts: Mapping[str, bytes], made_at: datetime.datetime) -> tuple[int, Iterator[bytes]]:
    """How many bytes the ZIP has, so that a browser can show how far it is, and the ZIP itself, piece by piece.

    It is written twice. The first time, for its length, every file is as many zeros as it has bytes.
    """

    def files(content: Callable[[File], bytes]) -> Iterator[tuple[str, Callable[[], bytes]]]:
        for path, text in texts.items():
            yield path, lambda text=text: text  # type: ignore[misc]
        for place in filter(luggage.opens, luggage.places):
            yield place.path, lambda file=place.file: content(file)  # type: ignore[misc]

    length = sum(map(len, zipped(files(lambda file: bytes(file.bytes)), made_at)))
    return length, zipped(files(luggage.opened.file), made_at)
