"""A listing that was there and is not any more: its old address says so, and shows what else there is nearby."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlite_utils import Database

from directory import reference, store
from directory.places import miles_between
from directory.service import SHOWN_STATUSES, Service
from directory.store.rows import query

_MOST = 3


def gone(db: Database, service_id: str) -> ResponseReturnValue:
    """410, in plain words, for what was listed once; 404 for what never was."""
    found = store.get_services(db, [service_id])
    closed = bool(found) and found[0].status not in SHOWN_STATUSES
    if not found or not (closed or found[0].hidden == "retired"):
        abort(404)
    service, categories = store.shown(found[0]), reference.get_categories(db)
    page = render_template(
        "directory/gone.html",
        name=service.name,
        closed=closed,
        alternatives=_alternatives(db, service),
        category=categories.get(service.categories[0]) if service.categories else None,
    )
    return page, 410


def _alternatives(db: Database, service: Service) -> list[Service]:
    """Help of the same kind: in the same place first, then the nearest, then what reaches everybody."""
    rows = query(
        db,
        "SELECT s.id FROM shown_service s JOIN service_category c ON c.service_id = s.id WHERE c.category = ? "
        "ORDER BY c.position, s.name COLLATE NOCASE, s.id LIMIT 400",
        [service.categories[0] if service.categories else ""],
    )
    others = store.get_shown_services(db, [row["id"] for row in rows if row["id"] != service.id])
    return sorted(others, key=lambda one: _far(service, one))[:_MOST]


def _far(service: Service, other: Service) -> float:
    here = [location.point for location in service.locations if location.point]
    there = [location.point for location in other.locations if location.point]
    if here and there:
        return min(miles_between(a, b) for a in here for b in there)
    return 60.0 if other.reach != "area" else 10_000.0
