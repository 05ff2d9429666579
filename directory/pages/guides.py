"""Guides: the list, and one to read."""

from __future__ import annotations

import sqlite3
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from directory import reference, store
from directory.pages.blueprint import blueprint, database
from directory.store.guides import get_standing
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
    standing = get_standing(db, slug)
    if found is None and standing.retired:
        return render_template("directory/guide_retired.html"), 410
    if found is None:
        abort(404)
    ids = [store.id_of_source(db, "national", source_id) for source_id in found.organizations]
    categories = reference.get_categories(db)
    return render_template(
        "directory/guide.html",
        guide=found,
        checked_on=standing.checked_on,
        body=as_html(found.body),
        organizations=store.get_shown_services(db, [id_ for id_ in ids if id_]),
        categories=[categories[slug] for slug in found.categories if slug in categories],
    )


def is_there(slug: str) -> bool:
    """Whether there is a guide of that name now: other pages link to guides, and guides come and go."""
    try:
        return slug in reference.get_guides(database())
    except (sqlite3.Error, OSError):
        # A family's own dates are shown, whatever has become of the directory.
        return False


def _markdown() -> MarkdownIt:
    # "js-default" escapes any HTML in the text: a guide is Markdown and nothing else, whoever comes to write it.
    markdown = MarkdownIt("js-default")

    def link_open(
        self: RendererHTML, found: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        found[index].attrSet("rel", "noreferrer")
        return self.renderToken(found, index, options, env)

    markdown.add_render_rule("link_open", link_open)
    return markdown


@lru_cache(maxsize=200)
def as_html(body: str) -> Markup:
    """A guide's text as its page has it."""
    return Markup(_markdown().render(body))  # noqa: S704 - what _markdown() says
