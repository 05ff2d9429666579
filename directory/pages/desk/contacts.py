"""Designated contacts, as those who keep the directory see them: who is due, who is missing, and each one with its history."""

from __future__ import annotations

import datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlite_utils import Database

from accounts.access import current_account
from accounts.current import secrets
from directory import setup, store
from directory.designated_contact import WRITTEN, DesignatedContact, Dispute, changed, together
from directory.desk import Waiting
from directory.keeping import contact_links
from directory.keeping import designated_contacts as keeping
from directory.keeping.editing import ChangedMeanwhileError
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.contact_form import (
    ContactForm,
    area_name,
    find_area,
    happened,
    hows,
    label,
    shown,
    who_words,
    with_roles,
)
from directory.store import contact_asks as asks
from directory.store import designated_contacts as rows
from directory.wording import moment_in_words
from plumbing import clock
from plumbing.dates import parse_date
from plumbing.ids import once_id


def _one(contact_id: str) -> DesignatedContact:
    return rows.get(database(), contact_id) or abort(404)


def _me() -> str:
    return current_account().shown_name


# -- lists


@blueprint.get("/directory/contacts")
@officers_only
def desk_contacts() -> ResponseReturnValue:
    """Everybody: who has written to us, who is due, who is there, and who has gone."""
    db, today = database(), clock.today()
    everybody = {one.id: one for one in rows.every(db)}
    due = keeping.due(db, settings(), today)
    return render_template(
        "directory/desk/contacts.html",
        told=[one for one in everybody.values() if one.told],
        due=[(one, everybody[one.standing.service_id]) for one in due],
        there=[one for one in everybody.values() if one.is_at_work(today)],
        gone=[one for one in everybody.values() if not one.is_at_work(today)],
        missing=len(keeping.gaps(db, keeping.held_areas(db, today), today)),
        hows=hows(),
        months=settings().contact_kept_months,
        done=_just_done(),
        said=_just_said(),
    )


@blueprint.get("/directory/contacts/roles")
@officers_only
def desk_contact_roles() -> ResponseReturnValue:
    """The roles that each area should have, who holds them, and which nobody does."""
    db, today = database(), clock.today()
    areas = rows.areas(db)
    asked = find_area(request.args.get("area", "")[:200])
    held = keeping.held_areas(db, today)
    shown = [areas[asked]] if asked else held
    people = [one for one in rows.every(db) if one.is_at_work(today)]
    roles = [role for role in setup.contact_roles().values() if role.is_expected]
    table = [
        (area, [(role, [one for one in people if one.role == role.slug and one.area in {area.code, ""}]) for role in roles
                if role.is_of(area.nation)])
        for area in shown
    ]  # fmt: skip
    return render_template(
        "directory/desk/contacts_roles.html",
        table=table,
        areas=areas.values(),
        typed=request.args.get("area", "")[:200],
        unknown=asked is None,
    )


def _just_done() -> dict[str, str] | None:
    row = rows.get_check(database(), request.args.get("done", "")[:32])
    if row is None or not keeping.can_take_back(row["made_at"], row["checked_by"], _me()):
        return None
    return {"id": row["id"], "contact": row["contact_id"], "name": row["name"], "how": hows()[row["how"]]}


def _just_said() -> str:
    return {
        "back": _("Taken back. It is as it was."),
        "too-late": _("That can no longer be taken back. Check again if it was wrong."),
        "asked": _("We wrote to them. Their answer comes here by itself."),
        "no-address": _("There is no e-mail address to write to. Add one first."),
        "refused": _("Somebody at that address asked us not to write. Ring them, or find another address."),
        "not-posted": _("The mail could not be written. Try again, or look at the address."),
        "saved": _("Saved."),
        "retired": _("Taken out. Nobody finds them any more; you can bring them back until they are erased."),
        "there": _("Brought back."),
        "restored": _("That version is back."),
        "looked": _("Noted: you have looked at it."),
        "more": _("They have written again since: look at it first."),
        "imported": _("The spreadsheet is in."),
    }.get(request.args.get("said", ""), "")


# -- one


@blueprint.get("/directory/contacts/<id:contact_id>")
@officers_only
def desk_contact(contact_id: str) -> ResponseReturnValue:
    """One contact, with who checked and changed it."""
    db, today = database(), clock.today()
    contact = _one(contact_id)
    asked = asks.open_for(db, contact.id, today)
    return render_template(
        "directory/desk/contacts_one.html",
        contact=contact,
        organization=store.get_organizations(db, [contact.organization_id]).get(contact.organization_id),
        due=next((one for one in keeping.due(db, settings(), today) if one.standing.service_id == contact.id), None),
        asked=parse_date(asked["asked_on"]) if asked else None,
        lines=_history(contact),
        erased_on=contact.erased_on(settings().contact_kept_months),
        hows=hows(),
        done=_just_done(),
        said=_just_said(),
    )


def _history(contact: DesignatedContact) -> list[dict[str, Any]]:
    """Versions and checks of a contact, newest first, each with who, when and what became different."""
    versions = rows.versions(database(), contact.id)
    lines = []
    for place, version in enumerate(versions):
        before = versions[place + 1].written if place + 1 < len(versions) else {}
        lines.append(
            {
                "at": version.at,
                "who": who_words(version.who),
                "words": happened(version.what),
                "changes": [
                    (label(name), shown(name, version.written.get(name, ""))) for name in changed(before, version.written)
                ],
                "number": version.number if place else 0,
            }
        )
    for row in rows.checks(database(), contact.id):
        words = _("Made sure: %(how)s", how=hows()[row["how"]].lower())
        lines.append({"at": row["made_at"], "who": who_words(row["checked_by"]), "words": words, "changes": [], "number": 0})
    return sorted(lines, key=lambda one: str(one["at"]), reverse=True)


@blueprint.get("/directory/contacts/new")
@officers_only
def desk_new_contact() -> ResponseReturnValue:
    """The form for somebody new; a gap leads here with its role and area."""
    given = {"role": request.args.get("role", ""), "area": area_name(request.args.get("area", ""))}
    return _form_page(ContactForm(formdata=None, data=given), None)


@blueprint.post("/directory/contacts/new")
@officers_only
def desk_add_contact() -> ResponseReturnValue:
    """Write somebody down."""
    form = with_roles(ContactForm())
    if not form.validate_on_submit():
        return _form_page(form, None), 400
    contact = keeping.add(database(), form.written, _me(), once_id(form.once.data or "", "contact"))
    return redirect(url_for("directory.desk_contact", contact_id=contact.id, said="saved"))


@blueprint.get("/directory/contacts/<id:contact_id>/edit")
@officers_only
def desk_edit_contact(contact_id: str) -> ResponseReturnValue:
    """The form, filled in."""
    contact = _one(contact_id)
    data: dict[str, Any] = contact.written | {"area": area_name(contact.area), "version": str(contact.version)}
    return _form_page(ContactForm(formdata=None, data=data | {"for_families": contact.for_families}), contact)


@blueprint.post("/directory/contacts/<id:contact_id>/edit")
@officers_only
def desk_save_contact(contact_id: str) -> ResponseReturnValue:
    """Keep what was written. Where somebody else saved meanwhile both are shown, and nothing is overwritten."""
    contact, form = _one(contact_id), with_roles(ContactForm())
    typed = form.version.data or ""
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else -1
    is_valid, written = form.validate_on_submit(), form.written
    chosen = {name: request.form.get(f"keep-{name}", "") for name in request.form.getlist("disputed") if name in WRITTEN}
    if "" in chosen.values():
        return _both(
            contact, written, [Dispute(name, contact.written[name], written[name]) for name in chosen], missing=True
        ), 400
    if not is_valid:
        return _form_page(form, contact), 400
    try:
        theirs = {name: contact.written[name] for name, side in chosen.items() if side == "theirs"}
        keeping.change(database(), contact.id, written | theirs, _me(), seen)
    except ChangedMeanwhileError:
        contact, base = _one(contact_id), rows.get_version(database(), contact_id, seen)
        return _both(contact, *together(base.written if base else {}, contact.written, written)), 409
    return redirect(url_for("directory.desk_contact", contact_id=contact.id, said="saved"))


def _both(contact: DesignatedContact, settled: dict[str, str], disputed: list[Dispute], missing: bool = False) -> str:
    """What the other officer saved and what was typed here, where they are not the same."""
    newest = rows.versions(database(), contact.id)[0]
    names = {one.name for one in disputed}
    return render_template(
        "directory/desk/contacts_both.html",
        contact=contact,
        settled={name: words for name, words in settled.items() if name not in names},
        disputed=[(one, label(one.name), shown(one.name, one.theirs), shown(one.name, one.mine)) for one in disputed],
        who=who_words(newest.who),
        when=moment_in_words(newest.at),
        missing=missing,
    )


def _form_page(form: ContactForm, contact: DesignatedContact | None) -> str:
    return render_template(
        "directory/desk/contacts_form.html",
        form=with_roles(form),
        contact=contact,
        areas=rows.areas(database()).values(),
        organizations=store.organizations_by_name(database(), limit=1000),
        months=settings().contact_kept_months,
    )


# -- what is pressed


def _back(contact_id: str, **values: Any) -> ResponseReturnValue:
    """To where the button stood."""
    if request.form.get("from") == "list":
        return redirect(url_for("directory.desk_contacts", **values))
    return redirect(url_for("directory.desk_contact", contact_id=contact_id, **values))


@blueprint.post("/directory/contacts/<id:contact_id>/check")
@officers_only
def desk_check_contact(contact_id: str) -> ResponseReturnValue:
    """They are still the one to ring."""
    how = request.form.get("how", "")
    if how not in hows():
        abort(400)
    return _back(contact_id, done=keeping.check(database(), settings(), _one(contact_id).id, how, _me()))


@blueprint.post("/directory/contacts/<id:contact_id>/take-back")
@officers_only
def desk_take_back_contact_check(contact_id: str) -> ResponseReturnValue:
    """It was pressed by mistake."""
    taken = keeping.take_back(database(), request.form.get("check", ""), _me())
    return _back(contact_id, said="back" if taken else "too-late")


@blueprint.post("/directory/contacts/<id:contact_id>/ask")
@officers_only
def desk_ask_contact(contact_id: str) -> ResponseReturnValue:
    """Send them their link."""
    try:
        contact_links.ask(database(), settings(), secrets().server_key, _one(contact_id).id, _me(), clock.today())
    except contact_links.NotAskedError as problem:
        return _back(contact_id, said=problem.reason.replace(" ", "-"))
    return _back(contact_id, said="asked")


@blueprint.post("/directory/contacts/<id:contact_id>/<any(retire,back,looked):what>")
@officers_only
def desk_move_contact(contact_id: str, what: str) -> ResponseReturnValue:
    """Take them out, bring them back, or note that what they told us was looked at."""
    contact = _one(contact_id)
    if what == "retire":
        keeping.retire(database(), contact.id, _me())
    elif what == "back":
        keeping.bring_back(database(), contact.id, _me())
    else:
        what = "looked" if keeping.looked_at(database(), contact.id, request.form.get("told", "")) else "more"
    return _back(contact_id, said={"retire": "retired", "back": "there"}.get(what, what))


@blueprint.post("/directory/contacts/<id:contact_id>/versions/<int:number>")
@officers_only
def desk_restore_contact(contact_id: str, number: int) -> ResponseReturnValue:
    """Bring back what an older version said."""
    try:
        keeping.restore(database(), contact_id, number, _me())
    except LookupError:
        abort(404)
    return _back(contact_id, said="restored")


# -- the desk


def due_waiting(db: Database, today: datetime.date) -> Waiting | None:
    """The desk's card for contacts to check, and for what they told us."""
    due = keeping.due(db, settings(), today)
    told = sum(bool(one.told) for one in rows.every(db))
    if not due and not told:
        return None
    words = _("What they told us themselves comes first.") if told else ""
    late = sum(one.late_days > 0 for one in due) + told
    return Waiting(_("Contacts to check"), len(due) + told, "directory.desk_contacts", "people", 40, late, words)


def gaps_waiting(db: Database, today: datetime.date) -> Waiting | None:
    """The desk's card for roles that nobody holds."""
    missing = len(keeping.gaps(db, keeping.held_areas(db, today), today))
    words = _("In the areas that somebody answers for.")
    return Waiting(_("Roles with nobody"), missing, "directory.desk_contact_roles", "person", 41, 0, words) if missing else None
