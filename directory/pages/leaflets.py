"""Leaflets as families find them: a page, and the same to print. What is on them is looked up anew each time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from accounts import square
from directory import store
from directory.leaflet import MOST, Leaflet
from directory.pages import address
from directory.pages.blueprint import blueprint, database, finder, settings
from directory.pages.shortlist import short_address
from directory.paper.essentials import essentials
from directory.paper.leaflets import leaflet as print_leaflet
from directory.search import Query
from directory.service import Service
from plumbing import clock
from plumbing.access import public
from plumbing.addresses import outside
from plumbing.dates import date_in_words
from plumbing.limits import limiter

_KEPT_SHEETS = 24


@dataclass(frozen=True)
class Contents:
    """What a leaflet holds today. `gone` were chosen and are not shown to families any more; `more` were found beyond MOST."""

    services: tuple[Service, ...]
    gone: tuple[str, ...] = ()
    more: int = 0


def query_of(search: str) -> Query:
    """The question that a saved search asks."""
    return address.read(MultiDict(parse_qsl(search, keep_blank_values=True))).query


def contents_of(leaflet: Leaflet) -> Contents:
    """The services of a leaflet in its order: those that were chosen, or those that its search finds today."""
    ids, more = leaflet.service_ids, 0
    if leaflet.search:
        page = finder().search(database(), replace(query_of(leaflet.search), page=1, size=MOST))
        ids, more = tuple(result.id for result in page.results), max(0, page.total - MOST)
    services = store.get_shown_services(database(), ids)
    found = {service.id for service in services}
    return Contents(tuple(services), tuple(id_ for id_ in ids if id_ not in found and not leaflet.search), more)


def any_published() -> bool:
    """Whether there is any leaflet to offer."""
    return store.any_leaflet(database())


def sheet(leaflet: Leaflet) -> bytes:
    """The leaflet as a PDF: the same one while nothing of the directory has changed."""
    key = (leaflet.id, leaflet.version, store.revision(database()), clock.today(), get_locale().language)
    sheets: dict[tuple[object, ...], bytes] = current_app.extensions.setdefault("leaflet_sheets", {})
    if key not in sheets:
        while len(sheets) >= _KEPT_SHEETS:
            sheets.pop(next(iter(sheets)), None)
        sheets[key] = _sheet(leaflet)
    return sheets[key]


def _sheet(leaflet: Leaflet) -> bytes:
    where = {"slug": leaflet.slug}
    online = short_address("directory.leaflet", **where)
    after = leaflet.after or clock.today()
    words = {
        "title": leaflet.title,
        "introduction": leaflet.introduction,
        "draft": "" if leaflet.status == "published" else _("Draft: not given out yet."),
        "after": _("Things change. After %(day)s, look online: %(address)s", day=date_in_words(after), address=online),
        "foot": leaflet.foot,
        "square": _("A square code for a phone’s camera. It opens this leaflet as it is today: %(address)s", address=online),
        "scan": _("Scan to see it as it is today"),
        "empty": _("There is nothing on this leaflet now. Look online."),
    }
    entries = [essentials(service) for service in contents_of(leaflet).services]
    code = square.for_paper(outside("directory.leaflet", **where))
    return print_leaflet(entries, words, leaflet.look, code, get_locale().language)


def count_paper() -> None:
    """Count a PDF that somebody takes: each may cost a moment of this machine; too many from one address are answered 429."""
    with limiter.limit(f"{settings().paper_an_hour} per hour"):
        pass


def pdf_answer(pdf: bytes, name: str) -> Response:
    """A PDF of ours, shown in the browser and saved under a plain name."""
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename={name}.pdf"
    return answer


@blueprint.get("/leaflets")
@public
def leaflets() -> ResponseReturnValue:
    """Every leaflet that is given out."""
    return render_template("directory/leaflets.html", leaflets=store.list_leaflets(database(), "published"))


@blueprint.get("/leaflets/<slug>")
@public
def leaflet(slug: str) -> ResponseReturnValue:
    """One leaflet, as it is today. Its address stands on paper: one that was retired says so, and where to look instead."""
    found = _found(slug)
    if found.status == "retired":
        return render_template("directory/leaflet_retired.html", leaflet=found, query=Query()), 410
    contents = contents_of(found)
    rows = [essentials(service) for service in contents.services]
    return render_template("directory/leaflet.html", leaflet=found, services=contents.services, rows=rows)


@blueprint.get("/leaflets/<slug>/pdf")
@public
def leaflet_pdf(slug: str) -> ResponseReturnValue:
    """One leaflet to print."""
    found = _found(slug)
    if found.status == "retired":
        abort(404)
    count_paper()
    return pdf_answer(sheet(found), found.slug)


def _found(slug: str) -> Leaflet:
    found = store.get_leaflet_by_slug(database(), slug)
    if found is None or found.status == "draft":
        abort(404)
    return found
