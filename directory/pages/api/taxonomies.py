"""Taxonomies and their terms: our categories and needs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Response, abort

from directory.feed.terms import TAXONOMIES, Document, taxonomy_document
from directory.pages.api import parameters
from directory.pages.api.answers import answer, listed
from directory.pages.api.blueprint import blueprint, index
from directory.pages.api.limits import limited
from plumbing.access import public


def _having_words(documents: Sequence[Document]) -> list[Document]:
    words = parameters.search().casefold().split()
    return [one for one in documents if all(word in f"{one['name']} {one['description']}".casefold() for word in words)]


@blueprint.get("/taxonomies", strict_slashes=False)
@public
@limited
def taxonomies() -> Response:
    """The taxonomies, without their terms."""
    return listed(_having_words(TAXONOMIES), parameters.asked_slice(), lambda part: part)


@blueprint.get("/taxonomies/<uuid:taxonomy_id>", strict_slashes=False)
@public
@limited
def taxonomy(taxonomy_id: uuid.UUID) -> Response:
    """One taxonomy with its terms."""
    found = next((one for one in TAXONOMIES if one["id"] == str(taxonomy_id)), None)
    if found is None:
        abort(404)
    return answer(taxonomy_document(found, index().naming.terms))


@blueprint.get("/taxonomy_terms", strict_slashes=False)
@public
@limited
def taxonomy_terms() -> Response:
    """The terms. None of ours stands under another: `parent_id` finds none, and `top_only` leaves none out."""
    asked, taxonomy_id, parent = parameters.asked_slice(), parameters.text("taxonomy_id"), parameters.text("parent_id")
    parameters.yes("top_only")
    found = [
        term
        for term in _having_words(index().naming.terms.all)
        if (not taxonomy_id or term["taxonomy_id"] == taxonomy_id.lower()) and not parent
    ]
    return listed(found, asked, lambda part: part)


@blueprint.get("/taxonomy_terms/<uuid:term_id>", strict_slashes=False)
@public
@limited
def taxonomy_term(term_id: uuid.UUID) -> Response:
    """One term."""
    found = next((one for one in index().naming.terms.all if one["id"] == str(term_id)), None)
    if found is None:
        abort(404)
    return answer(found)
