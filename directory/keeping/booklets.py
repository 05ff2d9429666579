"""Booklets, made by the timed work: gathered, set in a process of their own, and kept in a folder until they are old."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

import pypdfium2
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlite_utils import Database

from accounts import square
from directory import gazetteer, reference, setup, store, wording
from directory.booklet import Booklet
from directory.paper.booklet import Line, Part, booklet
from directory.paper.essentials import essentials
from directory.search import Finder, Query
from directory.service import Service
from plumbing import clock
from plumbing.dates import date_in_words, months_after
from plumbing.db import at_once

_MOST = 100_000
_MONTHS = 6
_KEPT_DAYS = 90
# Whoever began and has not finished by then was stopped in the middle.
_STOPPED = datetime.timedelta(hours=1)


def path_of(folder: Path, booklet_: Booklet) -> Path:
    """Where its PDF lies."""
    return folder / f"{booklet_.id}.pdf"


def make_next(db: Database, finder: Finder, folder: Path) -> str | None:
    """Make the oldest booklet that waits, and clear away old ones; what was done, or None."""
    _clear_old(db, folder)
    asked = _take(db)
    if asked is None:
        return None
    try:
        done = _make(db, finder, folder, asked)
    except Exception:
        store.save_booklet(db, replace(asked, state="failed", done_at=clock.minute()))
        db.conn.commit()
        raise
    return f"a booklet of {done.services} services, {done.pages} pages"


def delete(db: Database, folder: Path, booklet_: Booklet) -> None:
    """Forget a booklet, with its PDF."""
    path_of(folder, booklet_).unlink(missing_ok=True)
    with db.atomic():
        store.delete_booklet(db, booklet_.id)


def _take(db: Database) -> Booklet | None:
    """The oldest that waits, or that somebody began long ago and never finished, marked as begun."""
    late = (clock.now() - _STOPPED).strftime("%Y-%m-%dT%H:%MZ")
    with at_once(db):
        waiting = [one for one in store.list_booklets(db) if one.state == "waiting" or (one.is_under_way and one.begun_at < late)]
        if not waiting:
            return None
        taken = replace(waiting[-1], state="gathering", begun_at=clock.minute())
        store.save_booklet(db, taken)
    return taken


def _make(db: Database, finder: Finder, folder: Path, asked: Booklet) -> Booklet:
    services = services_of(db, finder, asked)
    with db.atomic():
        store.save_booklet(db, replace(asked, state="setting", services=len(services)))
    pdf = _set(db, asked, services)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path_of(folder, asked).with_suffix(".new")
    beside.write_bytes(pdf)
    beside.replace(path_of(folder, asked))
    pages = len(pypdfium2.PdfDocument(pdf))
    done = replace(asked, state="done", done_at=clock.minute(), services=len(services), pages=pages, bytes=len(pdf))
    with db.atomic():
        # Deleted meanwhile: nobody wants it any more.
        if store.get_booklet(db, asked.id) is None:
            path_of(folder, asked).unlink(missing_ok=True)
        else:
            store.save_booklet(db, done)
    return done


def services_of(db: Database, finder: Finder, asked: Booklet) -> list[Service]:
    """The services of a booklet, by name, as families may see them."""
    query = Query(place=asked.place, within=asked.miles or None, categories=frozenset(asked.categories), size=_MOST)
    found = store.get_shown_services(db, [result.id for result in finder.search(db, query).results])
    wanted = [service for service in found if asked.national or service.reach != "national"]
    if asked.council:
        wanted = [service for service in wanted if service.reach == "national" or is_in(db, service, asked.council)]
    return sorted(wanted, key=lambda service: (service.name.casefold(), service.id))


def is_in(db: Database, service: Service, council: str) -> bool:
    """Whether a service happens in a council's area, or says that it is for it."""
    name = store.councils(db).get(council, "").casefold()
    if any(
        area.name.casefold() == name or area.name.casefold() == name.removesuffix(" council") for area in service.service_areas
    ):
        return True
    places = [gazetteer.find_postcode(db, location.postal_code) for location in service.locations if location.postal_code]
    return any(place is not None and place.gss == council for place in places)


def _set(db: Database, asked: Booklet, services: list[Service]) -> bytes:
    after = months_after(clock.today(), _MONTHS)
    where = asked.address.partition("://")[2].rstrip("/")
    area = store.councils(db).get(asked.council, "") or (
        _("Within %(miles)d miles of %(place)s", miles=asked.miles, place=asked.place)
        if asked.place and asked.miles
        else asked.place
    )
    words = {
        "title": asked.title,
        "cover": [line for line in (area, date_in_words(clock.today())) if line],
        "square": _("A square code for a phone’s camera. It opens the directory as it is today: %(address)s", address=where),
        "scan": _("Things change. Scan, or look at %(address)s, to see what is true today.", address=where),
        "after": _("After %(day)s, look online: %(address)s", day=date_in_words(after), address=where),
        "talk": _("Need to talk to someone now?"),
        "contents": _("What is in it"),
        "index": _("Index"),
        "index_how": _("Services are in thick letters. The others are who runs them, what they are for, and other words."),
        "also": _("See also"),
        "foot": asked.foot,
    }
    needs = {need.label: [one.id for one in services if slug in one.needs] for slug, need in reference.get_needs(db).items()}
    code = square.for_paper(asked.address) if asked.address else ""
    return booklet(_parts(db, services, asked.categories), talk_lines(db), needs, words, code, asked.large, get_locale().language)


def _parts(db: Database, services: Iterable[Service], chosen: Collection[str]) -> list[Part]:
    """Each service whole under the first of its categories, and by name under its others; only `chosen` ones, if any."""
    categories = {slug: one for slug, one in reference.get_categories(db).items() if not chosen or slug in chosen}
    whole: dict[str, list[Service]] = {}
    also: dict[str, list[tuple[str, str]]] = {}
    for service in services:
        first, *others = [slug for slug in service.categories if slug in categories] or [""]
        whole.setdefault(first, []).append(service)
        for slug in others:
            also.setdefault(slug, []).append((service.id, service.name))
    parts = [
        Part(category.label, tuple(essentials(one) for one in whole.get(slug, ())), tuple(also.get(slug, ())), category.examples)
        for slug, category in categories.items()
        if slug in whole or slug in also
    ]
    if "" in whole:
        parts.append(Part(_("Other help"), tuple(essentials(one) for one in whole[""])))
    return parts


def talk_lines(db: Database) -> list[Line]:
    """Everybody who answers at once, with a number, in the order in which a person in need should see them."""
    lines = []
    for row in setup.talk_now():
        id_ = store.id_of_source(db, "national", row["id"])
        for service in store.get_shown_services(db, [id_] if id_ else []):
            for phone in service.all_phones[:1]:
                beside = wording.phone_caution(phone) or wording.checked(service.check)
                lines.append(Line(row["when"], phone.number, service.name, row["for"], row["note"], beside))
    return lines


def _clear_old(db: Database, folder: Path) -> None:
    oldest = (clock.now() - datetime.timedelta(days=_KEPT_DAYS)).strftime("%Y-%m-%dT%H:%MZ")
    for one in store.list_booklets(db):
        if one.asked_at < oldest:
            delete(db, folder, one)
