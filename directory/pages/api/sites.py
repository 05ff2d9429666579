"""Services at locations: where each service happens, and how far that is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Response, abort
from flask_babel import gettext as _

from directory import gazetteer
from directory.feed import reading
from directory.feed.reading import Site
from directory.feed.terms import Document
from directory.pages.api import parameters
from directory.pages.api.answers import answer, listed
from directory.pages.api.blueprint import blueprint, index
from directory.pages.api.limits import limited
from directory.pages.api.parameters import WrongParameterError
from directory.pages.api.services import wanted_services
from directory.pages.blueprint import database
from plumbing.access import public


@blueprint.get("/service_at_locations", strict_slashes=False)
@public
@limited
def service_at_locations() -> Response:
    """Services at their places, a page at a time; with a postcode nearest first, with `proximity` only those within it."""
    db, asked, full = database(), parameters.asked_slice(), parameters.yes("full")
    within = parameters.metres("proximity")
    postcode = parameters.text("postcode", 20)
    centre = gazetteer.find_postcode(db, postcode) if postcode else None
    if postcode and centre is None:
        raise WrongParameterError("postcode", _("Should be a UK postcode, or the first half of one."))
    if within is not None and centre is None:
        raise WrongParameterError("proximity", _("Needs a postcode to measure from."))
    found = reading.sites(db, wanted_services(), centre.point if centre else None, within)

    def make(part: Sequence[Site]) -> list[Document]:
        return reading.site_documents(db, index(), part, full=full)

    return listed(found, asked, make)


@blueprint.get("/service_at_locations/<uuid:link_id>", strict_slashes=False)
@public
@limited
def service_at_location(link_id: uuid.UUID) -> Response:
    """One service at one place, with everything nested."""
    db = database()
    service = index().links.get(str(link_id), "")
    found = reading.site_documents(db, index(), reading.sites(db, [service], None, None), full=True)
    document = next((one for one in found if one["id"] == str(link_id)), None)
    if document is None:
        abort(404)
    return answer(document)
