"""Web addresses in listings that no longer answer."""

from __future__ import annotations

import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlite_utils import Database

from directory.desk import Waiting
from directory.keeping import web_links
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.store import web_links as rows


def reason_words(reason: str) -> str:
    """Why an address counts as broken.

    > The page is gone
    """
    return {
        "private": _("It leads to a place that is not on the open internet"),
        "no such site": _("There is no such website any more"),
        "certificate": _("Browsers warn of it: its certificate is not right"),
        "too slow": _("It does not answer in time"),
        "no answer": _("It does not answer"),
        "no web address": _("It is not a web address"),
        "gone": _("The page is gone"),
        "out of order": _("The website says that it is out of order"),
        "a ring": _("It leads round in a ring"),
    }.get(reason, _("It does not answer"))


def waiting(db: Database, _today: datetime.date) -> Waiting | None:
    """The desk's card."""
    number = len(rows.broken_links(db))
    words = _("Web addresses that failed on three days.")
    return Waiting(_("Broken links"), number, "directory.desk_links", "web", 15, 0, words) if number else None


@blueprint.get("/directory/links")
@officers_only
def desk_links() -> ResponseReturnValue:
    """What is broken, by listing."""
    return render_template(
        "directory/desk/links.html",
        broken=[row | {"on": datetime.date.fromisoformat(row["failed_on"])} for row in rows.broken_links(database())],
        reason=reason_words,
        is_on=bool(settings().links_a_minute),
        believed=request.args.get("works", ""),
    )


@blueprint.post("/directory/links/works")
@officers_only
def desk_link_works() -> ResponseReturnValue:
    """An officer opened it, and it works."""
    web_links.works_for_me(database(), request.form.get("address", ""))
    return redirect(url_for("directory.desk_links", works="1"))
