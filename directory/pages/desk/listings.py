"""Every listing, whatever its state: found, ticked, and changed many at once after a look at what would become of them."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from directory import differences, reference, store, wording
from directory.check import Check
from directory.keeping import bulk, checking, history
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.ask_many import ASK, ask_many
from directory.pages.desk.edit import names
from directory.pages.desk.writer import writer
from directory.store import imports, listings, twins
from directory.store.listings import Wanted
from plumbing import clock
from plumbing.dates import parse_date
from plumbing.paging import Paging

_ON_A_PAGE = 50
_MOST_AT_ONCE = 500


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("Any")),
        ("listed", _("Listed")),
        ("never", _("Never checked")),
        ("overdue", _("Check overdue")),
        ("drafts", _("With a draft")),
        ("waiting", _("Waiting for approval")),
        ("hidden", _("Hidden: not checked for too long")),
        ("retired", _("Retired or closed")),
    ]


def _actions() -> list[tuple[str, str]]:
    return [
        (bulk.RETIRE, _("Retire")),
        (bulk.BRING_BACK, _("Bring back")),
        (bulk.ADD_CATEGORY, _("Add a kind of help")),
        (bulk.TAKE_CATEGORY, _("Take a kind of help away")),
        (bulk.AREA, _("Set the area")),
        (bulk.ORGANIZATION, _("Set the organisation")),
        (ASK, _("Ask them by e-mail")),
    ]


def _wanted() -> Wanted:
    asked = {name: request.args.get(name, "")[:200] for name in ("words", "state", "source", "category", "organization")}
    ids = None
    if asked["state"] in {"never", "overdue"}:
        due = checking.due(database(), clock.today())
        ids = {one.standing.service_id for one in due if one.never == (asked["state"] == "never")}
    return Wanted(**asked, ids=ids)


@blueprint.get("/directory/listings")
@officers_only
def desk_listings() -> ResponseReturnValue:
    """The list."""
    db, wanted = database(), _wanted()
    paging = Paging.of(listings.count_listings(db, wanted), _ON_A_PAGE, request.args.get("page", 1, type=int))
    found = listings.find_listings(db, wanted, _ON_A_PAGE, (paging.page - 1) * _ON_A_PAGE)
    asked = {name: value for name, value in request.args.items() if name in Wanted.__dataclass_fields__ and value}
    return render_template(
        "directory/desk/listings.html",
        wanted=wanted,
        paging=paging,
        url=lambda page: url_for("directory.desk_listings", **asked, page=page),  # type: ignore[arg-type]
        found=[
            row | {"checked": _checked(row["checked_on"], row["how"]), "state": _state(row["status"], row["hidden"])}
            for row in found
        ],
        states=_states(),
        actions=_actions(),
        sources=listings.source_names(db),
        categories=reference.get_categories(db),
        areas=listings.area_names(db),
        organizations=store.organizations_by_name(db, limit=1000),
        organization=store.get_organizations(db, [wanted.organization]).get(wanted.organization),
        problem="",
        **_done(),
    )


def _checked(day: str | None, how: str | None) -> str:
    on = parse_date(day)
    return wording.checked(Check(on, how or "publisher") if on else None)


def _state(status: str, hidden: str) -> str:
    return differences.hidden(hidden) if hidden else differences.status(status)


def _done() -> dict[str, str]:
    """What was done a moment ago, and the job to undo it by."""
    job = request.args.get("job", "")
    revisions = store.revisions_of_job(database(), job)
    if revisions:
        number = len({one.service_id for one in revisions})
        return {"job": job, "said": ngettext("%(num)d listing changed.", "%(num)d listings changed.", number)}
    asked = request.args.get("asked", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 5:
        return {"job": "", "said": ngettext("%(num)d provider asked.", "%(num)d providers asked.", int(asked))}
    said = {
        "waiting": _("The changes wait for somebody else to approve them."),
        "undone": _("Undone."),
        "second": _("You did this more than a day ago. Somebody else has to undo it."),
    }
    return {"job": "", "said": said.get(request.args.get("said", ""), "")}


@blueprint.post("/directory/listings/many")
@officers_only
def desk_many() -> ResponseReturnValue:
    """What would become of the ticked listings; with `sure`, do it."""
    ids = list(dict.fromkeys(request.form.getlist("ticked")))[:_MOST_AT_ONCE]
    action = request.form.get("action", "")
    if ids and action == ASK:
        return ask_many(ids)
    value = " ".join(request.form.get(_value_field(action), request.form.get("value", "")).split())[:300]
    problem = _problem(ids, action, value)
    planned = bulk.plan(database(), ids, action, value, names()) if not problem else []
    why = " ".join(request.form.get("why", "").split())[:300]
    if planned and not problem and request.form.get("sure"):
        job = bulk.carry_out(database(), planned, writer(), why, settings().approval)
        return redirect(
            url_for("directory.desk_listings", job=job) if job else url_for("directory.desk_listings", said="waiting")
        )
    page = render_template(
        "directory/desk/many.html",
        planned=planned,
        ids=ids,
        action=action,
        words=dict(_actions()).get(action, ""),
        value=value,
        why=why,
        problem=problem,
        waits=settings().approval,
        value_words=names().categories.get(value, value),
    )
    return page, 400 if problem else 200


def _value_field(action: str) -> str:
    return {bulk.ADD_CATEGORY: "category", bulk.TAKE_CATEGORY: "category", bulk.AREA: "area"}.get(action, "organization_name")


def _problem(ids: list[str], action: str, value: str) -> str:
    if not ids:
        return _("Tick at least one listing")
    if action not in (*bulk.ACTIONS, ASK):
        return _("Choose what to do with the ticked listings")
    if action in {bulk.ADD_CATEGORY, bulk.TAKE_CATEGORY} and value not in names().categories:
        return _("Choose a kind of help")
    if action == bulk.AREA and not value:
        return _("Write the name of the area")
    if action == bulk.ORGANIZATION and not value:
        return _("Write the name of the organisation")
    return ""


@blueprint.post("/directory/jobs/<id:job>/undo")
@officers_only
def desk_undo(job: str) -> ResponseReturnValue:
    """Put everything back as it was before a job; what somebody changed since stays."""
    # An import or a merge is taken back on its own page, where more than listings is put back.
    kept_elsewhere = imports.get_job(database(), job) or any(row["job"] == job for row in twins.merges(database()))
    revisions = store.revisions_of_job(database(), job)
    if kept_elsewhere or not revisions:
        abort(404)
    if not history.may_undo(revisions[0].who, revisions[0].at, writer().name, approval=settings().approval):
        return redirect(url_for("directory.desk_listings", said="second"))
    undone = history.undo(database(), job, writer().name, _("Undone"))
    if undone.kept:
        return render_template("directory/desk/undone.html", undone=undone, kept=store.get_services(database(), undone.kept))
    return redirect(url_for("directory.desk_listings", said="undone"))
