"""What is inside an entry: a document, plain JSON.

    {"v": 1, "kind": "letter", "title": "Speech report", "dated": "2026-02-03", "files": {...}}

`v` is the version of this shape, `kind` one of `KINDS`; the rest are the kind's fields (see its file) as far as something was
written in them, and what others keep beside them: `files` are its attachments. Everything here is a pure function of documents.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from plumbing.clock import today as todays_date
from records.kinds.about_me import ABOUT_ME
from records.kinds.appointment import APPOINTMENT
from records.kinds.diary import DIARY
from records.kinds.field import Unclear
from records.kinds.health import HEALTH_KINDS
from records.kinds.home import HOME_KINDS
from records.kinds.kind import Kind
from records.kinds.letter import LETTER
from records.kinds.meeting import CALLED_OFF, MEETING_KINDS
from records.kinds.note import NOTE
from records.kinds.person import PERSON
from records.kinds.plan import DONE, DROPPED, PLAN_KINDS
from records.kinds.review import REVIEW
from records.kinds.voice import VOICE

VERSION = 1
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ABOUT_ME,
        LETTER,
        APPOINTMENT,
        PERSON,
        *HEALTH_KINDS,
        *HOME_KINDS,
        DIARY,
        *MEETING_KINDS,
        *PLAN_KINDS,
        REVIEW,
        VOICE,
        NOTE,
    )
}
_LONGEST_SUMMARY = 140

Document = dict[str, Any]


class NotReadable(Exception):
    """A document of a kind or a version that this Linkbook does not know. It says nothing of what is inside."""


def clean(
    kind: str, raw: Mapping[str, str], before: Mapping[str, Any] | None = None, today: datetime.date | None = None
) -> tuple[Document, dict[str, str]]:
    """The document that a filled-in form makes, and what is unclear in it: field → reason (sentences: `wording.problem`).

    Fields with a problem are left out of the document: show the form again with what was typed. `before` is the entry's document
    as it was; whatever no form asks for stays as it is in there: files, and what a machine read.
    """
    read = [field for field in KINDS[kind].fields if not field.by_machine]
    kept = {key: value for key, value in (before or {}).items() if key not in {field.name for field in read}}
    document: Document = kept | {"v": VERSION, "kind": kind}
    problems: dict[str, str] = {}
    for field in read:
        try:
            value = field.read(str(raw.get(field.name) or ""), today or todays_date())
        except Unclear as unclear:
            problems[field.name] = str(unclear)
        else:
            if value is not None:
                document[field.name] = value
    return document, problems


def with_found_text(document: Mapping[str, Any], text: str) -> Document:
    """A letter's document with what a machine read on its pages."""
    found = LETTER.field("found_text").read(text, datetime.date.min)
    return {key: value for key, value in document.items() if key != "found_text"} | ({"found_text": found} if found else {})


def as_typed(document: Mapping[str, Any]) -> dict[str, str]:
    """A document as its form would send it: to show it for changing, or to read one again that came from outside.

    >>> as_typed({"v": 1, "kind": "appointment", "date": "2026-02-03", "bring": ["Red book", "Glasses"], "cancelled": True})
    {'date': '2026-02-03', 'bring': 'Red book\\nGlasses', 'cancelled': 'yes'}
    """
    typed = {}
    for field in kind_of(document).fields:
        match document.get(field.name):
            case None | "" | []:
                continue
            case bool(value):
                typed[field.name] = "yes" if value else "no"
            case list(lines):
                typed[field.name] = "\n".join(str(line) for line in lines)
            case value:
                typed[field.name] = str(value)
    return typed


def upgrade(document: Mapping[str, Any]) -> Document:
    """A document in today's shape. Raises `NotReadable` for one that a newer Linkbook wrote, and for what is no document."""
    version = document.get("v")
    if type(version) is not int or not 1 <= version <= VERSION or not _is_known(document.get("kind")):
        raise NotReadable
    return dict(document)


def _is_known(kind: object) -> bool:
    return isinstance(kind, str) and kind in KINDS


def kind_of(document: Mapping[str, Any]) -> Kind:
    """What a document is."""
    return KINDS[document["kind"]]


def is_empty(document: Mapping[str, Any]) -> bool:
    """Whether there is nothing in it to keep: no word and no file."""
    return not document.get("files") and not any(field.name in document for field in kind_of(document).fields)


def title_of(document: Mapping[str, Any]) -> str:
    """What somebody called it; empty where nobody did (`wording.title` always has something to say)."""
    return next((str(document[name]) for name in kind_of(document).title if document.get(name)), "")


def when_of(document: Mapping[str, Any]) -> datetime.date | None:
    """The day it belongs to, where it says one."""
    return _date(document, kind_of(document).when)


def due_of(document: Mapping[str, Any]) -> datetime.date | None:
    """The day by which something was promised, or must be done; nothing where it is done, or need not be done any more."""
    if document.get("state") in (DONE, DROPPED):
        return None
    return _date(document, kind_of(document).due)


def is_called_off(document: Mapping[str, Any]) -> bool:
    """Whether nobody need be there any more."""
    return bool(document.get("cancelled")) or document.get("state") == CALLED_OFF


def time_of(document: Mapping[str, Any]) -> str:
    """The time of its day ("14:30"), or nothing."""
    return str(document.get(kind_of(document).time) or "")


def _date(document: Mapping[str, Any], name: str) -> datetime.date | None:
    value = document.get(name) if name else None
    return datetime.date.fromisoformat(value) if value else None


def summary_of(document: Mapping[str, Any]) -> str:
    """A second line for lists, in the family's own words.

    >>> summary_of({"kind": "appointment", "what": "Clinic", "place": "Harbourne", "who_with": "Dr Khan"})
    'Harbourne · Dr Khan'
    """
    title = title_of(document)
    parts = (_one_line(document.get(name)) for name in kind_of(document).summary)
    return _shortened(" · ".join(part for part in parts if part and part != title))


def _one_line(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else " ".join(str(value or "").split())


def _shortened(line: str) -> str:
    if len(line) <= _LONGEST_SUMMARY:
        return line
    whole, space, _ = line[:_LONGEST_SUMMARY].rpartition(" ")
    return (whole if space else line[: _LONGEST_SUMMARY - 1]).rstrip(" ·,.;") + "…"


def is_former(document: Mapping[str, Any], today: datetime.date) -> bool:
    """Whether somebody, a school or an address is no longer ours."""
    until = _date(document, "until")
    return until is not None and until <= today


def searchable(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Everything in it that search looks through, field by field, the title first and what a machine read last.

    >>> searchable({"kind": "note", "words": "Ask about the bus", "title": "School"})
    [('title', 'School'), ('words', 'Ask about the bus')]
    """
    found = []
    for field in kind_of(document).searched:
        value = document.get(field.name)
        if value:
            found.append((field.name, "\n".join(map(str, value)) if isinstance(value, list) else str(value)))
    return found


def doubts(document: Mapping[str, Any]) -> dict[str, str]:
    """What is kept as it was typed but may be a slip: field → reason (sentences: `wording.doubt`). Never in the way of saving.

    >>> doubts({"kind": "person", "email": "sara.example.org", "phone": "ask for Jan"})
    {'phone': 'phone', 'email': 'email'}
    """
    found = {}
    for field in kind_of(document).fields:
        value = document.get(field.name)
        if value and field.type == "phone" and not 3 <= sum(c.isdigit() for c in value) <= 20:
            found[field.name] = "phone"
        elif value and field.type == "email" and not _looks_like_an_address(value):
            found[field.name] = "email"
    if document.get("ends") and document.get("time") and document["ends"] <= document["time"]:
        found["ends"] = "ends_before"
    if document.get("until") and document.get("since") and document["until"] < document["since"]:
        found["until"] = "ends_before"
    return found


def _looks_like_an_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host.strip(".") and " " not in text)
