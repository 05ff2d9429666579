"""What needs me today: one card for each kind of work that waits, what is late first."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from directory.desk import in_order
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database
from directory.pages.desk.rooms import counters, menu, rooms
from plumbing import clock

__all__ = ["desk", "menu", "rooms"]


@blueprint.get("/directory")
@officers_only
def desk() -> ResponseReturnValue:
    """The desk."""
    waiting = [one for ask in counters() if (one := ask(database(), clock.today())) is not None]
    return render_template("directory/desk/home.html", waiting=in_order(waiting))
