"""Guides: the list, and one to read."""

from __future__ import annotations

from functools import lru_cache

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from directory import reference, store
from directory.pages.blueprint import blueprint, database
from plumbing.access import public


@blueprint.get("/guides")
@public
def guides() -> ResponseReturnValue:
    """Every guide by title."""
    return render_template("directory/guides.html", guides=list(reference.get_guides(database()).values()))


@blueprint.get("/guides/<slug>")
@public
def guide(slug: str) -> ResponseReturnValue:
    """One guide, and the organisations that help with what it is about."""
    db = database()
    found = reference.get_guides(db).get(slug)
    if found is None:
        abort(404)
    ids = [store.id_of_source(db, "national", source_id) for source_id in found.organizations]
    categories = reference.get_categories(db)
    return render_template(
        "directory/guide.html",
        guide=found,
        body=_html(found.body),
        organizations=store.get_shown_services(db, [id_ for id_ in ids if id_]),
        categories=[categories[slug] for slug in found.categories if slug in categories],
    )


@lru_cache(maxsize=200)
def _html(body: str) -> Markup:
    # "js-default" escapes any HTML in the text: a guide is Markdown and nothing else, whoever comes to write it.
    return Markup(MarkdownIt("js-default").render(body))  # noqa: S704
