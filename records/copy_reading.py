"""A copy's `record.json`, read as what a stranger sent: whatever is not exactly as it should be is refused."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from plumbing.dates import parse_date
from plumbing.ids import IdConverter
from records import supported, young_people
from records.book import LONGEST_NAME, NATIONS, Book
from records.copy_format import (
    DRAFTS,
    FORMAT,
    FORMAT_VERSION,
    PDF,
    PICTURE,
    Copy,
    EntryInCopy,
    FileInCopy,
    NotACopy,
    SectionInCopy,
)
from records.kinds import VERSION, Document, NotReadable, as_typed, clean, kind_of, upgrade, with_found_text
from records.kinds.field import Field, Unclear, clean_line, clean_text
from records.plan import AGREED_KINDS, HOW_GIVEN
from records.sections import BY_SLUG, JUST_US
from records.supported import Supported
from records.young_people import No

MOST_SECTIONS = 60
MOST_ENTRIES = 10_000
MOST_FILES_OF_ONE = 200
_WIDEST = 20_000
_LONGEST_RECORDING = 120
_LONGEST_SENDER = 200
_MINUTE = re.compile(r"(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\dZ")

Named = Mapping[str, FileInCopy]


def read(raw: bytes, today: datetime.date) -> Copy:
    """A copy from its JSON. Raises NotACopy."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotACopy("not_ours") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotACopy("not_ours")
    version = said.get("version")
    if type(version) is int and version > FORMAT_VERSION:
        raise NotACopy("newer")
    if version != FORMAT_VERSION:
        raise NotACopy("changed")
    copy = Copy(
        _book(said),
        tuple(_section(one, today) for one in _list(said.get("sections"), MOST_SECTIONS)),
        _entries(said.get(DRAFTS), today),
        _entries(said.get(JUST_US), today),
    )
    copy = replace(
        copy,
        noes=tuple(_no(one, len(copy.sections), today) for one in _list(said.get("noes", []), young_people.MOST_NOES)),
        decides=tuple(_decides(one, today) for one in _list(said.get("decides", []), supported.MOST_NOTES)),
    )
    slugs = [section.slug for section in copy.sections if section.slug]
    if len(copy.entries) > MOST_ENTRIES or len(slugs) != len(set(slugs)):
        raise NotACopy("changed")
    ids = [entry.id for entry in copy.entries if entry.id]
    if len(ids) != len(set(ids)):
        raise NotACopy("changed")
    if any(entry.document["kind"] not in ("letter", "voice") for entry in copy.drafts):
        raise NotACopy("changed")
    return copy


def _book(said: Mapping[str, Any]) -> Book:
    born, nation = _text(said.get("born")), _text(said.get("nation"))
    if (born and parse_date(born) is None) or nation not in ("", *NATIONS):
        raise NotACopy("changed")
    return Book(_name(said.get("called")), parse_date(born) if born else None, nation)


def _no(said: Any, sections: int, today: datetime.date) -> No:
    place = _text(_get(said, "section_id"))
    on = _day(_get(said, "on"), today)
    if on is None or place not in ("", *map(str, range(sections))):
        raise NotACopy("changed")
    words = _words(_get(said, "words"), young_people.LONGEST_WORDS)
    person = _words(_get(said, "person"), young_people.LONGEST_PERSON)
    if not words:
        raise NotACopy("changed")
    return No("", words, place, person, "", on)


def _decides(said: Any, today: datetime.date) -> Supported:
    who, what = _words(_get(said, "who"), supported.LONGEST_WHO), _words(_get(said, "what"), supported.LONGEST_WHAT)
    paper, footing = _words(_get(said, "paper"), supported.LONGEST_PAPER), _get(said, "footing")
    if not who or not what or footing not in supported.FOOTINGS:
        raise NotACopy("changed")
    return Supported("", who, what, footing, _day(_get(said, "since"), today), paper)


def _words(said: Any, longest: int) -> str:
    words = _text(said)
    if len(words) > longest or clean_text(words) != words:
        raise NotACopy("changed")
    return words


def _day(said: Any, today: datetime.date) -> datetime.date | None:
    day = parse_date(_text(said))
    if said and (day is None or day > today or day.isoformat() != said):
        raise NotACopy("changed")
    return day


def _section(said: Any, today: datetime.date) -> SectionInCopy:
    slug, hidden = _text(_get(said, "slug")), _get(said, "hidden")
    if slug == JUST_US or (slug and slug not in BY_SLUG) or type(hidden) is not bool:
        raise NotACopy("changed")
    return SectionInCopy(slug, _name(_get(said, "name")), hidden, _entries(_get(said, "entries"), today))


def _entries(said: Any, today: datetime.date) -> tuple[EntryInCopy, ...]:
    return tuple(_entry(one, today) for one in _list(said, MOST_ENTRIES))


def _entry(said: Any, today: datetime.date) -> EntryInCopy:
    saved_at = _text(_get(said, "saved_at"))
    moment = _MINUTE.fullmatch(saved_at)
    if not moment or parse_date(moment[1]) is None:
        raise NotACopy("changed")
    files = _get(said, "files")
    if len(_dict(files)) > MOST_FILES_OF_ONE:
        raise NotACopy("changed")
    named = {name: FileInCopy(*(_text(_get(file, key)) for key in ("path", "mimetype", "mark"))) for name, file in files.items()}
    document, used = _document(_get(said, "document"), named, today)
    if used != set(named):
        raise NotACopy("changed")
    # Copies from before entries called each other have no ids.
    return EntryInCopy(saved_at, document, named, _id(said["id"]) if said.get("id") else "")


def _document(said: Any, files: Named, today: datetime.date) -> tuple[Document, set[str]]:
    """A document that could have been typed here, and the names of its files."""
    try:
        known = upgrade(_dict(said))
    except NotReadable:
        raise NotACopy("newer" if type(said.get("v")) is int and said["v"] > VERSION else "changed") from None
    fields = {one.name: one for one in kind_of(known).fields}
    if known.keys() - fields.keys() - _PARTS.keys() - {"v", "kind"}:
        # A field that a newer Linkbook added: left out, a family would lose it without being told.
        raise NotACopy("newer")
    if not all(_is_kept_like(one, known[name]) for name, one in fields.items() if name in known):
        raise NotACopy("changed")
    document, problems = clean(known["kind"], as_typed(known), today=today)
    if problems:
        raise NotACopy("changed")
    if known.get("found_text"):
        document = with_found_text(document, known["found_text"])
    used: set[str] = set()
    for name, read_part in _PARTS.items():
        if name in known:
            document[name] = read_part(known[name], files, used)
    return document, used


def _is_kept_like(one: Field, value: Any) -> bool:
    if one.type == "yes_no":
        return isinstance(value, bool)
    if one.type == "entry":
        return isinstance(value, str) and re.fullmatch(IdConverter.regex, value) is not None
    if one.type == "lines":
        return isinstance(value, list) and all(isinstance(line, str) for line in value)
    return isinstance(value, str)


# What stands in a document beside its fields.


def _file(said: Any, files: Named, used: set[str], *kinds: str) -> str:
    name = _text(said)
    if name not in files or not files[name].mimetype.startswith(kinds):
        raise NotACopy("changed")
    used.add(name)
    return name


def _pages(said: Any, files: Named, used: set[str]) -> list[dict[str, Any]]:
    return [_page(one, files, used) for one in _list(said, MOST_FILES_OF_ONE)]


def _page(said: Any, files: Named, used: set[str]) -> dict[str, Any]:
    page = _photo(said, files, used)
    page |= {name: _number(_get(said, name), _WIDEST) for name in ("width", "height")}
    return page | ({"of": _file(said["of"], files, used, PDF)} if "of" in said else {})


def _photo(said: Any, files: Named, used: set[str]) -> dict[str, Any]:
    """A picture, and the small one of it where there is one: it can be made again."""
    names = ("image", "thumb") if "thumb" in _dict(said) else ("image",)
    picture = {}
    for name in names:
        if _text(_get(said, name)) in used:
            raise NotACopy("changed")
        picture[name] = _file(said[name], files, used, PICTURE)
    return picture


def _read(said: Any, _files: Named, used: set[str]) -> list[str]:
    names = [_text(one) for one in _list(said, MOST_FILES_OF_ONE)]
    if not used.issuperset(names):
        raise NotACopy("changed")
    return names


def _recorded(said: Any, _files: Named, _used: set[str]) -> str:
    if said not in ("sound", "video"):
        raise NotACopy("changed")
    return str(said)


def _seconds(said: Any, _files: Named, _used: set[str]) -> float:
    if type(said) not in (int, float) or not 0 <= said <= _LONGEST_RECORDING:
        raise NotACopy("changed")
    return float(said)


def _put_in_by(said: Any, _files: Named, _used: set[str]) -> str:
    return _words(said, _LONGEST_SENDER)


def _agreed(said: Any, _files: Named, _used: set[str]) -> list[Any]:
    """The needs and actions of a plan as it was agreed, each as it could have been typed."""
    found = []
    for one in _list(said, MOST_ENTRIES):
        id_, document = _pair(one)
        kept, _none = _document(document, {}, datetime.date.min)
        if kept["kind"] not in AGREED_KINDS or kept.keys() & _PARTS.keys():
            raise NotACopy("changed")
        found.append([_id(id_), kept])
    return found


def _circulated(said: Any, _files: Named, _used: set[str]) -> list[Any]:
    lines = [_list(one, 3) for one in _list(said, MOST_ENTRIES)]
    for line in lines:
        if (
            len(line) != 3
            or line[1] not in HOW_GIVEN
            or not _words(line[0], _LONGEST_SENDER)
            or parse_date(_text(line[2])) is None
        ):
            raise NotACopy("changed")
    return lines


def _pair(said: Any) -> tuple[Any, Any]:
    both = _list(said, 2)
    if len(both) != 2:
        raise NotACopy("changed")
    return both[0], both[1]


def _id(said: Any) -> str:
    if not re.fullmatch(IdConverter.regex, _text(said)):
        raise NotACopy("changed")
    return str(said)


_PARTS: dict[str, Callable[[Any, Named, set[str]], Any]] = {
    "pages": _pages,
    "original": lambda said, files, used: _file(said, files, used, PDF, "audio/", "video/"),
    "recording": lambda said, files, used: _file(said, files, used, "audio/", "video/"),
    "recording_kind": _recorded,
    "seconds": _seconds,
    "photo": _photo,
    "read": _read,
    "put_in_by": _put_in_by,
    "agreed": _agreed,
    "circulated": _circulated,
}


def _dict(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise NotACopy("changed")
    return said


def _get(said: Any, key: str) -> Any:
    if key not in _dict(said):
        raise NotACopy("changed")
    return said[key]


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise NotACopy("changed")
    return said


def _number(said: Any, most: int) -> int:
    if type(said) is not int or not 0 < said <= most:
        raise NotACopy("changed")
    return said


def _list(said: Any, most: int) -> list[Any]:
    if not isinstance(said, list) or len(said) > most:
        raise NotACopy("changed")
    return said


def _name(said: Any) -> str:
    try:
        name = clean_line(_text(said))
    except Unclear:
        name = ""
    if not 0 < len(name) <= LONGEST_NAME:
        raise NotACopy("changed")
    return name
