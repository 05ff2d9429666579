"""One listing as staff see it: what state it is in, its history, its retiring, and what we say about its organisation."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from directory import differences, store
from directory.keeping import drafting
from directory.keeping.history import settled
from directory.organization import Organization
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.edit import names, reader_sees
from directory.pages.desk.form_rows import Needed, is_email, is_web_address, line, problems, text
from directory.pages.desk.writer import writer
from directory.service import SHOWN_STATUSES, Service
from directory.store import drafts, listings

_LONGEST_NOTE = 4000
RETIRED = "retired"


def _service(service_id: object) -> Service:
    found = store.get_services(database(), [str(service_id)])
    return found[0] if found else abort(404)


@blueprint.get("/directory/listings/<uuid:service_id>")
@officers_only
def desk_listing(service_id: object) -> ResponseReturnValue:
    """A listing, and what can be done with it."""
    service, db = _service(service_id), database()
    said = {
        "published": _("Published: families see it now."),
        "waiting": _("It waits now for somebody else to approve it."),
        "retired": _("Retired: families who come to its page are told that it is no longer listed."),
        "back": _("Back on the list."),
        "restored": _("The earlier version is back."),
        "noted": _("The note is kept."),
    }
    return render_template(
        "directory/desk/listing.html",
        is_listed=service.is_shown,
        state=differences.hidden(service.hidden) if service.hidden else differences.status(service.status),
        sources=listings.source_names(db),
        note=drafts.get_note(db, service.id),
        drafts=drafts.drafts_about(db, service.id),
        me=writer().id,
        said=said.get(request.args.get("said", ""), ""),
        **reader_sees(service),
    )


@blueprint.post("/directory/listings/<uuid:service_id>/note")
@officers_only
def desk_note(service_id: object) -> ResponseReturnValue:
    """Keep a note that only officers see."""
    service = _service(service_id)
    drafts.save_note(database(), service.id, request.form.get("note", "").strip()[:_LONGEST_NOTE], writer().name)
    return redirect(url_for("directory.desk_listing", service_id=service.id, said="noted"))


@blueprint.get("/directory/listings/<uuid:service_id>/history")
@officers_only
def desk_history(service_id: object) -> ResponseReturnValue:
    """Every version: who, when, why, and what was different. Also of a listing that is gone."""
    revisions = store.revisions(database(), str(service_id))
    found = store.get_services(database(), [str(service_id)])
    if not revisions and not found:
        abort(404)
    known = names()
    lines = []
    for revision, earlier in zip_longest(revisions, revisions[1:]):
        before = earlier.service if earlier else None
        first = earlier is None or (before is None and revision.service is not None)
        lines.append(
            {"revision": revision, "first": first,
             "differences": [] if first else differences.differences(before, revision.service, known)}
        )  # fmt: skip
    name = found[0].name if found else next((one.service.name for one in revisions if one.service), "")
    return render_template(
        "directory/desk/history.html", service_id=str(service_id), name=name, lines=lines, is_there=bool(found)
    )


@blueprint.post("/directory/listings/<uuid:service_id>/history/<int:number>/restore")
@officers_only
def desk_restore(service_id: object, number: int) -> ResponseReturnValue:
    """Bring an earlier version back: as a new version, with everything in between still there."""
    revision = store.get_revision(database(), number)
    if revision is None or revision.service is None or revision.service_id != str(service_id):
        abort(404)
    service = settled(database(), revision.service, together={revision.service_id})
    day = revision.at[:10]
    return _change(service, _("Version of %(day)s brought back", day=day), "restored")


@blueprint.get("/directory/listings/<uuid:service_id>/retire")
@officers_only
def desk_retire(service_id: object) -> ResponseReturnValue:
    """Ask why it is taken off the list."""
    return render_template("directory/desk/retire.html", service=_service(service_id), problem="", reason="")


@blueprint.post("/directory/listings/<uuid:service_id>/retire")
@officers_only
def desk_send_retire(service_id: object) -> ResponseReturnValue:
    """Take a listing off the list, with the reason. It is kept, and so is its address."""
    service = _service(service_id)
    reason = " ".join(request.form.get("reason", "").split())[:300]
    if not reason:
        problem = _("Say in a few words why it is no longer listed")
        return render_template("directory/desk/retire.html", service=service, problem=problem, reason=""), 400
    status = "defunct" if request.form.get("closed") else service.status
    return _change(replace(service, hidden=RETIRED, status=status), reason, "retired")


@blueprint.post("/directory/listings/<uuid:service_id>/bring-back")
@officers_only
def desk_bring_back(service_id: object) -> ResponseReturnValue:
    """Put a retired listing back on the list."""
    service = _service(service_id)
    status = service.status if service.status in SHOWN_STATUSES else "active"
    return _change(replace(service, hidden="", status=status), _("Brought back"), "back")


def _change(service: Service, why: str, said: str) -> ResponseReturnValue:
    done = drafting.change(database(), service, writer(), why, approval=settings().approval)
    return redirect(url_for("directory.desk_listing", service_id=service.id, said=said if done else "waiting"))


class OrganizationForm(FlaskForm):
    """What we say about an organisation."""

    name = line(_l("Name"), Needed(_l("Write the name of the organisation")))
    description = text(_l("What it does"))
    website = line(_l("Website"), is_web_address)
    email = line(_l("E-mail"), is_email)
    why = line(_l("Why has it changed?"))


@blueprint.get("/directory/organisations/<uuid:organization_id>/edit")
@officers_only
def desk_organization(organization_id: object) -> ResponseReturnValue:
    """The form, and how many listings it is for."""
    found = _organization(organization_id)
    return _organization_page(found, OrganizationForm(formdata=None, obj=found))


@blueprint.post("/directory/organisations/<uuid:organization_id>/edit")
@officers_only
def desk_save_organization(organization_id: object) -> ResponseReturnValue:
    """Change it for all its listings, in one step that stands in the history of each."""
    found, form, db, me = _organization(organization_id), OrganizationForm(), database(), writer()
    if not form.validate_on_submit():
        return _organization_page(found, form), 400
    plain = {name: form[name].data for name in ("name", "description", "website", "email")}
    after = replace(found, **plain)
    ids = store.services_run_by(db, found.id)
    if ids and after != found:
        # Saved with one listing, it changes for all; with approval it waits as that listing's change.
        service = store.get_services(db, ids[:1])[0]
        done = drafting.change(db, replace(service, organization=after), me, form.why.data, approval=settings().approval)
        if not done:
            return redirect(url_for("directory.desk_waiting"))
    return redirect(url_for("directory.desk_listings", organization=found.id))


def _organization(organization_id: object) -> Organization:
    return store.get_organizations(database(), [str(organization_id)]).get(str(organization_id)) or abort(404)


def _organization_page(found: Organization, form: OrganizationForm) -> str:
    return render_template(
        "directory/desk/organization.html",
        organization=found,
        form=form,
        wrong=list(problems(form)),
        number=len(store.services_run_by(database(), found.id)),
    )
