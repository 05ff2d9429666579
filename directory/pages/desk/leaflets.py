"""Leaflets at the desk: written, put in order, looked at as they will be printed, given out, copied and retired."""

from __future__ import annotations

import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlite_utils import Database

from accounts.access import current_account
from directory import store
from directory.desk import Waiting
from directory.keeping import leaflets as keeping
from directory.leaflet import MOST, STATUSES, Leaflet
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, finder
from directory.pages.desk.leaflet_form import LeafletForm, filled, usual_after
from directory.pages.leaflets import contents_of, pdf_answer, query_of, sheet
from directory.search import Query
from directory.shortlist import Shortlist
from plumbing import clock
from plumbing.ids import new_id

_FOUND = 10


def waiting(db: Database, today: datetime.date) -> Waiting | None:
    """Leaflets whose day has passed: what lies about in waiting rooms says to look online, and a new one is due."""
    past = [one for one in store.list_leaflets(db, "published") if one.is_past(today)]
    if not past:
        return None
    sentence = _("Look them over, give them a new date, and print them again.")
    return Waiting(_("Leaflets past their date"), len(past), "directory.desk_leaflets", "document", 60, len(past), sentence)


@blueprint.get("/directory/leaflets")
@officers_only
def desk_leaflets() -> ResponseReturnValue:
    """Every leaflet: given out, being written, retired."""
    by_status = {status: store.list_leaflets(database(), status) for status in ("published", "draft", "retired")}
    return render_template("directory/desk/leaflets/list.html", by_status=by_status)


@blueprint.get("/directory/leaflets/new")
@officers_only
def desk_new_leaflet() -> ResponseReturnValue:
    """A new leaflet; a shortlist or a search in the address is put on it."""
    search = request.query_string.decode("utf-8", "ignore") if "s" not in request.args and request.args else ""
    ids = Shortlist.of(request.args.getlist("s")).ids
    return _page(Leaflet(new_id(), "", "", search=search), None, ids)


@blueprint.get("/directory/leaflets/<id:leaflet_id>")
@officers_only
def desk_leaflet(leaflet_id: str) -> ResponseReturnValue:
    """A leaflet to work on."""
    found = _found(leaflet_id)
    return _page(found, None, found.service_ids)


@blueprint.post("/directory/leaflets/<id:leaflet_id>")
@officers_only
def desk_save_leaflet(leaflet_id: str) -> ResponseReturnValue:
    """Keep a leaflet; or, by another button of the same form, move, add or take off a service before it is kept.

    Nothing is written but by "Save": what was typed stands in the page meanwhile.
    """
    was = store.get_leaflet(database(), leaflet_id) or Leaflet(leaflet_id, "", "")
    form = LeafletForm().with_choices()
    ids = _listed(request.form.getlist("s"))
    what, _space, id_ = request.form.get("do", "").partition(" ")
    if what:
        return _page(was, form, _changed(ids, what, id_))
    if not form.validate_on_submit():
        return _page(was, form, ids), 400
    try:
        kept = keeping.save(database(), form.leaflet(was, ids), current_account().shown_name)
    except keeping.LeafletChangedError as error:
        form.version.data = str(error.theirs.version)
        return _page(error.theirs, form, ids, theirs=error.theirs), 409
    return redirect(url_for("directory.desk_leaflet", leaflet_id=kept.id, saved=1))


@blueprint.post("/directory/leaflets/<id:leaflet_id>/status")
@officers_only
def desk_leaflet_status(leaflet_id: str) -> ResponseReturnValue:
    """Give a leaflet out, take it back to be worked on, or retire it."""
    found, status = _found(leaflet_id), request.form.get("status", "")
    if status not in STATUSES:
        abort(400)
    if status == "published" and not contents_of(found).services:
        return _page(
            found, None, found.service_ids, problem=_("There is nothing on it that families may see. Add a service first.")
        ), 400
    keeping.set_status(database(), leaflet_id, status, current_account().shown_name)
    return redirect(url_for("directory.desk_leaflet", leaflet_id=leaflet_id))


@blueprint.post("/directory/leaflets/<id:leaflet_id>/copy")
@officers_only
def desk_copy_leaflet(leaflet_id: str) -> ResponseReturnValue:
    """A draft like it."""
    found = _found(leaflet_id)
    title = _("Copy of %(title)s", title=found.title)[:90]
    kept = keeping.copy(database(), found, title, current_account().shown_name)
    return redirect(url_for("directory.desk_leaflet", leaflet_id=kept.id))


@blueprint.get("/directory/leaflets/<id:leaflet_id>/pdf")
@officers_only
def desk_leaflet_pdf(leaflet_id: str) -> ResponseReturnValue:
    """The leaflet as it will be printed."""
    found = _found(leaflet_id)
    return pdf_answer(sheet(found), found.slug)


def _found(leaflet_id: str) -> Leaflet:
    found = store.get_leaflet(database(), leaflet_id)
    if found is None:
        abort(404)
    return found


def _listed(texts: list[str]) -> tuple[str, ...]:
    """The ids in a form, as many as a leaflet holds: a shortlist holds fewer."""
    return tuple(dict.fromkeys(id_ for text in texts for id_ in Shortlist.of([text]).ids))[:MOST]


def _changed(ids: tuple[str, ...], what: str, id_: str) -> tuple[str, ...]:
    kept = Shortlist(ids)
    if what == "add":
        return _listed([*ids, id_])
    if what == "choose":
        # What the search finds today, to be put in an order of one's own.
        return _listed([*ids, *request.form.getlist("found")])
    changes = {"up": kept.moved(id_, -1), "down": kept.moved(id_, 1), "off": kept.without(id_)}
    return changes.get(what, kept).ids


def _page(
    leaflet: Leaflet, form: LeafletForm | None, ids: tuple[str, ...], theirs: Leaflet | None = None, problem: str = ""
) -> str:
    """The page of a leaflet, with the services as they stand in it now."""
    last = next((one.foot for one in reversed(store.list_leaflets(database(), *STATUSES)) if one.foot), "")
    form = form or filled(leaflet, foot=last).with_choices()
    is_search = form.how.data == "search"
    shown = {service.id: service for service in store.get_shown_services(database(), ids)}
    found = []
    if (form.find.data or "").strip():
        page = finder().search(database(), Query(words=form.find.data, size=_FOUND))
        found = [one for one in store.get_shown_services(database(), [r.id for r in page.results]) if one.id not in ids]
    return render_template(
        "directory/desk/leaflets/leaflet.html",
        leaflet=leaflet,
        form=form,
        rows=[(id_, shown.get(id_)) for id_ in ids],
        found=found,
        is_search=is_search,
        today_found=contents_of(form.leaflet(leaflet, ())) if is_search else None,
        theirs=theirs,
        their_services=contents_of(theirs).services if theirs else (),
        problem=problem,
        most=MOST,
        past=leaflet.is_past(clock.today()),
        saved=request.args.get("saved") == "1" and request.method == "GET",
        half_a_year=usual_after(),
        query=query_of(leaflet.search),
    )
