"""The feed's first answer, its OpenAPI document, and the page for developers."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from directory import reference, store
from directory.feed import openapi as described
from directory.pages.api.answers import answer
from directory.pages.api.blueprint import blueprint
from directory.pages.api.limits import DOWNLOADS, PAGES, limited
from directory.pages.api.parameters import FARTHEST, LAST_PAGE, MOST_A_PAGE, USUAL_A_PAGE
from directory.pages.blueprint import database, settings
from directory.search.query import LONGEST
from plumbing import addresses
from plumbing.access import public


def _base() -> str:
    return addresses.outside("api.details").rstrip("/")


def _document() -> described.Document:
    return described.openapi(
        _base(),
        settings().feed_licence,
        most_a_page=MOST_A_PAGE,
        usual=USUAL_A_PAGE,
        last_page=LAST_PAGE,
        longest=LONGEST,
        farthest=FARTHEST,
    )


@blueprint.get("/", strict_slashes=False)
@public
@limited
def details() -> Response:
    """Which standard this is."""
    return answer(described.api_details(_base()))


@blueprint.get("/openapi.json")
@public
@limited
def openapi() -> Response:
    """What the feed answers, for programs."""
    return answer(_document())


@blueprint.get("/about")
@public
def about() -> ResponseReturnValue:
    """What the feed is, for people who write programs."""
    document = _document()
    paths = [
        (path, one["get"], [name["$ref"].rsplit("/", 1)[-1] for name in one["get"]["parameters"]])
        for path, one in document["paths"].items()
    ]
    db = database()
    services = store.all_service_ids(db)
    return render_template(
        "directory/api.html",
        base=_base(),
        paths=paths,
        parameters=document["components"]["parameters"].values(),
        licence=settings().feed_licence,
        ours=described.OURS,
        count=len(services),
        example=services[0] if services else "",
        categories=list(reference.get_categories(db).values())[:1],
        most=MOST_A_PAGE,
        usual=USUAL_A_PAGE,
        pages_limit=PAGES.split()[0],
        downloads_limit=DOWNLOADS.split()[0],
    )
