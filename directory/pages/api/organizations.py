"""Organisations: those that run a service that is shown."""

from __future__ import annotations

import uuid

from flask import Response, abort

from directory import store
from directory.feed import reading
from directory.feed.terms import Document
from directory.pages.api import parameters
from directory.pages.api.answers import answer, listed
from directory.pages.api.blueprint import blueprint, index
from directory.pages.api.limits import limited
from directory.pages.blueprint import database
from plumbing.access import public


@blueprint.get("/organizations", strict_slashes=False)
@public
@limited
def organizations() -> Response:
    """The organisations, a page at a time: with words, those whose name or description has them all."""
    db, asked = database(), parameters.asked_slice()
    words = parameters.search().casefold().split()
    form = "full" if parameters.yes("full_service") else "minimal" if parameters.yes("full") else ""
    running = reading.organization_ids(db, index().services)
    if words:
        known = store.get_organizations(db, running)
        texts = {id_: f"{one.name} {one.alternate_name} {one.description}".casefold() for id_, one in known.items()}
        running = {id_: own for id_, own in running.items() if all(word in texts[id_] for word in words)}

    def make(part: list[str]) -> list[Document]:
        return reading.organization_documents(db, index(), {id_: running[id_] for id_ in part}, services=form)

    return listed(list(running), asked, make)  # type: ignore[arg-type]


@blueprint.get("/organizations/<uuid:organization_id>", strict_slashes=False)
@public
@limited
def organization(organization_id: uuid.UUID) -> Response:
    """One organisation with its services: in short, or whole with `full_service`."""
    db = database()
    form = "full" if parameters.yes("full_service") else "minimal"
    own = index().organizations.get(str(organization_id), "")
    running = reading.organization_ids(db, index().services)
    if own not in running:
        abort(404)
    return answer(reading.organization_documents(db, index(), {own: running[own]}, services=form)[0])
