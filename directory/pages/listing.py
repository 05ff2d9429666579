"""A service, and an organisation with its services."""

from __future__ import annotations

import re

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory import reference, store
from directory.guide import Guide
from directory.location import Location
from directory.pages.blueprint import blueprint, database
from directory.pages.gone import gone
from directory.service import Service
from plumbing.access import public

_CARD_LETTERS = 120


@blueprint.get("/services/<uuid:service_id>")
@public
def service(service_id: object) -> ResponseReturnValue:
    """Everything about one service, how to get it first."""
    db = database()
    found = store.get_shown_services(db, [str(service_id)])
    if not found:
        moved = store.moved_to(db, str(service_id))
        if moved:
            return redirect(url_for("directory.service", service_id=moved), 301)
        return gone(db, str(service_id))
    categories, needs = reference.get_categories(db), reference.get_needs(db)
    return render_template(
        "directory/service.html",
        service=found[0],
        categories=[categories[slug] for slug in found[0].categories if slug in categories],
        needs=[needs[slug] for slug in found[0].needs if slug in needs],
        guides=_guides_about(found[0]),
    )


def _guides_about(service: Service) -> list[Guide]:
    guides = reference.get_guides(database()).values()
    return [guide for guide in guides if service.categories[:1] and service.categories[0] in guide.categories][:2]


@blueprint.get("/organisations/<uuid:organization_id>")
@public
def organization(organization_id: object) -> ResponseReturnValue:
    """An organisation and the services it runs."""
    db = database()
    found = store.get_organizations(db, [str(organization_id)]).get(str(organization_id))
    services = store.get_shown_services(db, store.services_of_organization(db, str(organization_id)))
    if found is None or not services:
        moved = store.moved_to(db, str(organization_id))
        if moved:
            return redirect(url_for("directory.organization", organization_id=moved), 301)
        abort(404)
    return render_template(
        "directory/organization.html", organization=found, services=services, categories=reference.get_categories(db)
    )


def map_url(location: Location) -> str:
    """Where a map of a place is: a pin for a known door, the area for anything less sure. Only for a location with a point.

    > https://www.openstreetmap.org/?mlat=55.41&mlon=-1.71#map=16/55.41/-1.71
    """
    latitude, longitude = location.point or (0.0, 0.0)
    if location.precision == "exact":
        return f"https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=17/{latitude:.5f}/{longitude:.5f}"
    return f"https://www.openstreetmap.org/#map=14/{latitude:.4f}/{longitude:.4f}"


def summary(service: Service) -> str:
    """The beginning of a description for a card: about two lines, cut at a word.

    > Saturday fun for disabled children and their brothers and sisters. We have a sensory room, a soft play ...
    """
    text = " ".join(service.description.split())
    if len(text) <= _CARD_LETTERS:
        return text
    return re.sub(r"\W*\s\S*$", "", text[:_CARD_LETTERS]) + " …"


def paragraphs(text: str) -> list[dict[str, list[str]]]:
    """A plain text as blocks for a page: each a list of lines, or a list of points.

    >>> paragraphs("One.\\n\\n- a\\n- b")
    [{'lines': ['One.']}, {'points': ['a', 'b']}]
    """
    blocks: list[dict[str, list[str]]] = []
    for block in re.split(r"\n{2,}", text.strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        for line in lines:
            point = re.match(r"[-*•]\s+(.+)", line)
            kind, words = ("points", point[1]) if point else ("lines", line)
            if blocks and kind in blocks[-1] and (kind == "points" or line is not lines[0]):
                blocks[-1][kind].append(words)
            else:
                blocks.append({kind: [words]})
    return blocks
