"""For search engines: what each page is about, which pages there are, and which are not for them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from flask import Response, abort

from directory import reference, store
from directory.feed.reading import changed_at
from directory.feed.schema_org import service_data
from directory.pages.blueprint import blueprint, database
from directory.service import DEMONSTRATION, Service
from plumbing import addresses
from plumbing.access import public

# The most that one file may have (sitemaps.org).
_A_FILE = 50_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Pages where nothing is to be found, and answers to questions that somebody typed.
_NOT_FOR_ENGINES = ("/search", "/places/", "/api/", "/directory", "/sign-in")
Page = tuple[str, str]


def schema_org(service: Service) -> dict[str, Any]:
    """A service as schema.org has it."""
    return service_data(service, addresses.outside("directory.service", service_id=service.id))


def _pages() -> list[Page]:
    """Every page that a family could look for, with the day it last changed where we know; invented listings are none."""
    db = database()
    plain = ("home", "categories", "guides", "talk_now", "about_the_data", "accessibility", "privacy")
    pages = [(addresses.outside(f"directory.{name}"), "") for name in plain]
    pages += [(addresses.outside("directory.category", slug=slug), "") for slug in reference.get_categories(db)]
    pages += [(addresses.outside("directory.need", slug=slug), "") for slug in reference.get_needs(db)]
    pages += [(addresses.outside("directory.guide", slug=slug), "") for slug in reference.get_guides(db)]
    ids = store.all_service_ids(db)
    sources, changed = store.sources_of(db, ids), changed_at(db, ids)
    shown = [id_ for id_ in ids if sources[id_] != DEMONSTRATION]
    # One address is made by the rules; the others differ from it in their id alone.
    pattern = addresses.outside("directory.service", service_id=_ANY)
    return pages + [(pattern.replace(_ANY, id_), changed[id_][:10]) for id_ in shown]


_ANY = "00000000-0000-0000-0000-000000000000"


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The pages, or, where they are too many for one file, the files."""
    pages = _pages()
    if len(pages) <= _A_FILE:
        return _xml("urlset", "url", pages)
    files = range(1, -(-len(pages) // _A_FILE) + 1)
    return _xml("sitemapindex", "sitemap", [(addresses.outside("directory.sitemap_part", number=number), "") for number in files])


@blueprint.get("/sitemaps/<int:number>.xml")
@public
def sitemap_part(number: int) -> Response:
    """One file of them."""
    pages = _pages()[(number - 1) * _A_FILE : number * _A_FILE] if number > 0 else []
    if not pages:
        abort(404)
    return _xml("urlset", "url", pages)


def _xml(whole: str, part: str, pages: list[Page]) -> Response:
    lines = [
        f"<{part}><loc>{escape(address)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{part}>" for address, day in pages
    ]
    text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f'<{whole} xmlns="{_NAMESPACE}">', *lines, f"</{whole}>", ""])
    response = Response(text, mimetype="application/xml")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """What search engines should leave alone. No secret: what must not be found asks for a passphrase."""
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in _NOT_FOR_ENGINES), ""]
    response = Response("\n".join([*lines, f"Sitemap: {addresses.outside('directory.sitemap')}", ""]), mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
