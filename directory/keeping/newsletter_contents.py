"""What a newsletter says, as page, paper and mail take it. What families may not see any more is left out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlite_utils import Database

from directory import reference, store, wording
from directory.event import Event
from directory.guide import Guide
from directory.keeping.newsletters import LEAVE_PLACE
from directory.newsletter import CHANGED, CLOSING, EVENT, GUIDE, KINDS, NEW, Item, Newsletter
from directory.service import Service
from directory.store.newsletters import get_events
from plumbing.addresses import outside
from plumbing.dates import weekday_in_words

HEADINGS = {
    NEW: _l("New"),
    CHANGED: _l("Changed"),
    CLOSING: _l("Closing"),
    EVENT: _l("What’s on"),
    GUIDE: _l("A guide to read"),
}


@dataclass(frozen=True)
class Row:
    """One thing: its title, what is said of it, and the page behind it, if any: `href` from anywhere, `path` from here."""

    title: str
    lines: tuple[str, ...]
    href: str = ""
    path: str = ""
    number: str = ""
    tel: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Part:
    """All things of one kind."""

    kind: str
    heading: str
    rows: tuple[Row, ...]

    def written(self) -> dict[str, Any]:
        """As a template of typst takes it."""
        return asdict(self)


def parts(db: Database, newsletter: Newsletter, today: datetime.date) -> list[Part]:
    """What is chosen, in its order; of a newsletter that nobody has published, what would be."""
    issue = newsletter.shown or newsletter.work
    return parts_of(db, issue.items, today)


def parts_of(db: Database, items: tuple[Item, ...], today: datetime.date) -> list[Part]:
    """The same of some items. Events that are over are left out."""
    chosen = [item for item in items if item.chosen]
    services = {
        one.id: one for one in store.get_shown_services(db, [one.ref for one in chosen if one.kind in (NEW, CHANGED, CLOSING)])
    }
    events, guides = get_events(db), reference.get_guides(db)
    found = []
    for kind in KINDS:
        rows = [_row(item, services, events, guides, today) for item in chosen if item.kind == kind]
        if any(rows):
            found.append(Part(kind, str(HEADINGS[kind]), tuple(row for row in rows if row)))
    return found


def _row(
    item: Item, services: Mapping[str, Service], events: Mapping[str, Event], guides: Mapping[str, Guide], today: datetime.date
) -> Row | None:
    words = tuple(line.strip() for line in item.words.splitlines() if line.strip())
    if item.kind == EVENT:
        event = events.get(item.ref)
        return None if event is None or event.is_past(today) else _event(event, words)
    if item.kind == GUIDE:
        guide = guides.get(item.ref)
        return (
            None
            if guide is None
            else Row(guide.title, words or (guide.summary,), *_addresses("directory.guide", slug=guide.slug))
        )
    service = services.get(item.ref)
    if service is None:
        # That something closed is told without it; anything else is not true any more.
        return Row(item.title, words) if item.kind == CLOSING else None
    return _service(service, words)


def _addresses(endpoint: str, **values: Any) -> tuple[str, str]:
    return outside(endpoint, **values), url_for(endpoint, **values)


def _service(service: Service, words: tuple[str, ...]) -> Row:
    phone = next(iter(service.all_phones), None)
    invented = (_("Invented, to show how Linkbook works."),) if service.is_demonstration else ()
    return Row(
        service.name,
        (*words, *invented),
        *_addresses("directory.service", service_id=service.id),
        phone.number if phone else "",
        phone.href if phone else "",
        (wording.phone_caution(phone) or wording.checked(service.check)) if phone else "",
    )


def _event(event: Event, words: tuple[str, ...]) -> Row:
    day = weekday_in_words(event.starts)
    if event.ends and event.ends != event.starts:
        day = _("%(first)s to %(last)s", first=day, last=weekday_in_words(event.ends))
    said = [
        ", ".join(part for part in (day, event.times) if part),
        event.place,
        _("For: %(whom)s", whom=event.whom) if event.whom else "",
        _("Cost: %(cost)s", cost=event.cost) if event.cost else "",
        _("How to book: %(how)s", how=event.book) if event.book else "",
    ]
    return Row(event.title, (*(line for line in said if line), *words), event.url)


def mail_text(newsletter: Newsletter, contents: list[Part], address: str) -> str:
    """The mail: plain text, which every program reads and which says nothing to anybody about who opened it."""
    issue = newsletter.work
    lines = [issue.title, "", issue.introduction, ""]
    for part in contents:
        lines += [part.heading.upper(), ""]
        for row in part.rows:
            lines += [row.title, *row.lines]
            if row.number:
                lines.append(f"{row.number} ({row.beside})" if row.beside else row.number)
            lines += [row.href, ""] if row.href else [""]
    lines += [issue.ending, ""] if issue.ending else []
    lines += [
        _("On the web, and to print: %(address)s", address=address),
        "",
        _("You get this because you asked for it at Linkbook. To stop it: %(leave)s", leave=LEAVE_PLACE),
    ]
    return "\n".join(lines)
