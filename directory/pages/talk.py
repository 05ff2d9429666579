"""Need to talk to someone now? Reached from every page; nothing to fill in stands between a person and a number."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from directory import setup, store
from directory.pages.blueprint import blueprint, database
from directory.service import Service
from plumbing.access import public


@dataclass(frozen=True)
class Line:
    """One who answers at once: for whom, when to turn to them, and what to know."""

    service: Service
    whom: str
    when: str
    note: str


def lines() -> list[Line]:
    """Everybody who answers at once, in the order in which a person in need should see them."""
    db = database()
    found = []
    for row in setup.talk_now():
        id_ = store.id_of_source(db, "national", row["id"])
        services = store.get_shown_services(db, [id_] if id_ else [])
        found += [Line(service, row["for"], row["when"], row["note"]) for service in services]
    return found


@blueprint.get("/talk-now")
@public
def talk_now() -> ResponseReturnValue:
    """Numbers that are answered now."""
    return render_template("directory/talk_now.html", lines=lines())
