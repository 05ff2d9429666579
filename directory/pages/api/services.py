"""Services: the list, and one of them."""

from __future__ import annotations

import uuid

from flask import Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from directory import store
from directory.feed import reading
from directory.pages.api import parameters
from directory.pages.api.answers import answer, listed
from directory.pages.api.blueprint import blueprint, index
from directory.pages.api.limits import limited
from directory.pages.blueprint import database, finder
from directory.search import Query
from plumbing.access import public

_ALL = 1_000_000


def wanted_services() -> list[str]:
    """Ids of the shown services that a program asked for, everything it said together: best match first where it gave words."""
    db = database()
    words = parameters.search()
    conditions = [
        reading.with_term(db, index(), term) if (term := parameters.text("taxonomy_term_id")) else None,
        reading.with_taxonomy(db, taxonomy) if (taxonomy := parameters.text("taxonomy_id")) else None,
        reading.of_organization(db, index(), organization) if (organization := parameters.text("organization_id")) else None,
        reading.modified_after(db, moment) if (moment := parameters.moment("modified_after")) else None,
    ]
    ids = list(index().services)
    if words:
        shown = set(ids)
        ids = [found.id for found in finder().search(db, Query(words=words, size=_ALL)).results if found.id in shown]
    for condition in conditions:
        if condition is not None:
            ids = [id_ for id_ in ids if id_ in condition]
    return ids


@blueprint.get("/services", strict_slashes=False)
@public
@limited
def services() -> Response:
    """The services, a page at a time."""
    db, asked = database(), parameters.asked_slice()
    minimal, full = parameters.yes("minimal"), parameters.yes("full")
    ids = wanted_services()
    if minimal:
        return listed(ids, asked, lambda part: reading.minimal_documents(db, part), all_at_once=True)
    form = "full" if full else "brief"
    return listed(ids, asked, lambda part: reading.documents(db, index(), part, form))


@blueprint.get("/services/<uuid:service_id>", strict_slashes=False)
@public
@limited
def service(service_id: uuid.UUID) -> ResponseReturnValue:
    """One service with everything that hangs on it; of one that was merged, where it is now."""
    db, id_ = database(), str(service_id)
    found = reading.documents(db, index(), [id_])
    if not found:
        moved = store.moved_to(db, id_)
        if moved:
            return redirect(url_for("api.service", service_id=moved), 301)
        abort(404)
    return answer(found[0], changed=reading.changed_at(db, [id_])[id_])
