"""Files of the whole directory, for officers to send on."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from directory import store
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings


@blueprint.get("/directory/exports")
@officers_only
def desk_exports() -> ResponseReturnValue:
    """What can be taken away, what is in it, and under which licence."""
    shown = sum(store.counts_by_source(database()).values())
    return render_template("directory/desk/exports.html", shown=shown, licence=settings().feed_licence)
