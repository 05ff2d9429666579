"""Designated contacts for signed-in staff: found, put on a list for one family, or kept in a family's own record.

What was typed is sent in a form, not in an address: it may be somebody's name. Nobody's looking is written down.
"""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from accounts.access import current_account
from accounts.account import STAFF
from accounts.visitor import visitor
from directory import setup, wording
from directory.contact_role import Role
from directory.designated_contact import DesignatedContact
from directory.pages.access import staff_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.contact_form import area_name, find_area, phone_of, role_name
from directory.pages.desk.rooms import is_officer
from directory.pages.shortlist import Shortlist, looks, rows_of, short_address
from directory.paper.essentials import Essentials, Number
from directory.paper.leaflets import leaflet
from directory.store import designated_contacts as rows
from plumbing import clock, navigation
from plumbing.dates import date_in_words, months_after
from plumbing.db import at_once
from plumbing.ids import new_id
from plumbing.limits import limiter

_MONTHS = 3
_A_MINUTE = "20 per minute"


class FindForm(FlaskForm):
    """Whom staff look for."""

    words = StringField(_l("Name, role, agency or what it is about"))
    role = SelectField(_l("Role"))
    area = StringField(_l("Council area"))


def is_staff() -> bool:
    """Whether the visitor is signed in and on the staff, with their second step set up."""
    # Pages for everybody ask this: where the accounts cannot be read, they come without what is for staff.
    return bool(navigation.ask(_is_staff))


def _is_staff() -> bool:
    account, person = visitor().account, visitor().person
    return account is not None and person is not None and bool(person.second_factor_secret) and account.role in STAFF


def beside(words: str) -> list[DesignatedContact]:
    """Who fits what somebody on the staff typed into the ordinary search. Nobody, for everybody else."""
    asked = rows.words_of(words)
    if not asked or not is_staff():
        return []
    return rows.search(database(), asked, setup.contact_roles(), clock.today(), settings().contact_left_days)


@blueprint.route("/directory/contacts/find", methods=["GET", "POST"])
@staff_only
def find_contacts() -> ResponseReturnValue:
    """People in agencies: all of them, or who fits."""
    form = FindForm()
    form.role.choices = [("", _("Any role")), *((slug, role.label) for slug, role in setup.contact_roles().items())]
    area = find_area((form.area.data or "")[:200])
    found = rows.search(
        database(),
        rows.words_of(form.words.data or ""),
        setup.contact_roles(),
        clock.today(),
        settings().contact_left_days,
        role=form.role.data or "",
        area=area or "",
    )
    return render_template(
        "directory/contacts_find.html",
        form=form,
        unknown_area=area is None,
        found=found,
        picked={one.id for one in _picked()},
        areas=rows.areas(database()).values(),
        is_officer=is_officer(),
        said=_said(),
    )


def _said() -> str:
    return {
        "picked": _("On your list."),
        "off": _("Taken off your list."),
    }.get(request.args.get("said", ""), "")


# -- for a family


def refusal(contact: DesignatedContact) -> str:
    """Why somebody may not be given to a family, in a sentence; empty where they may."""
    today = clock.today()
    if not contact.for_families:
        return _("This person is for staff only: their name and number may not be given to families.")
    if contact.has_left(today):
        return _("This person has left: do not give their number to families.")
    return "" if contact.may_be_given(today) else _("This person was taken out of the list.")


def _to_give(contact_id: str) -> DesignatedContact:
    """A contact that may be given to families; for any other a page says why not."""
    contact = rows.get(database(), contact_id) or abort(404)
    if sentence := refusal(contact):
        page = render_template("directory/contacts_refused.html", sentence=sentence)
        abort(Response(page, 403, headers={"Cache-Control": "no-store"}))
    return contact


def _picked() -> list[DesignatedContact]:
    today = clock.today()
    return [one for one in rows.picked(database(), current_account().id) if one.may_be_given(today)]


def how_many_picked() -> int:
    """How many people stand on the visitor's list; none for whoever is not on the staff."""
    return len(_picked()) if is_staff() else 0


@blueprint.post("/directory/contacts/<id:contact_id>/pick")
@staff_only
def pick_contact(contact_id: str) -> ResponseReturnValue:
    """Put somebody on the list for a family."""
    contact, db = _to_give(contact_id), database()
    with at_once(db):
        rows.pick(db, current_account().id, contact.id)
    return redirect(url_for("directory.contact_list", said="picked"))


@blueprint.post("/directory/contacts/<id:contact_id>/unpick")
@staff_only
def unpick_contact(contact_id: str) -> ResponseReturnValue:
    """Take somebody off it."""
    db = database()
    with at_once(db):
        rows.unpick(db, current_account().id, contact_id)
    return redirect(url_for("directory.contact_list", said="off"))


@blueprint.get("/directory/contacts/list")
@staff_only
def contact_list() -> ResponseReturnValue:
    """The list for a family: people only; their services stand on My list, and both go on one leaflet from there."""
    return render_template("directory/contacts_list.html", found=_picked(), looks=looks(), said=_said())


@blueprint.post("/directory/contacts/list/leaflet")
@staff_only
def contact_leaflet() -> ResponseReturnValue:
    """The people on the list, and the services that the form brings along, as a leaflet to print."""
    people = [as_essentials(one) for one in _picked()]
    services = [row.essentials for row in rows_of(Shortlist.of(request.form.getlist("s"))) if row.essentials]
    if not people and not services:
        return redirect(url_for("directory.contact_list"))
    with limiter.limit(_A_MINUTE):
        pass
    after = date_in_words(months_after(clock.today(), _MONTHS))
    words = {
        "title": _("People and places that help"),
        "introduction": _("Printed on %(day)s.", day=date_in_words(clock.today())),
        "after": _(
            "People change jobs. After %(day)s, ask us again, or look online: %(address)s",
            day=after,
            address=short_address("directory.home"),
        ),
    }
    pdf = leaflet(
        [*people, *services],
        dict.fromkeys(("draft", "foot", "square", "scan", "empty"), "") | words,
        request.form.get("look", ""),
        language=get_locale().language,
    )
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": "inline; filename=my-list.pdf"})


def as_essentials(contact: DesignatedContact) -> Essentials:
    """Somebody as they stand on paper, with the day somebody made sure. The notes of staff are no part of it."""
    checked = wording.checked(contact.check)
    numbers = []
    if contact.phone:
        numbers.append(Number("phone", contact.phone, phone_of(contact.phone).href, contact.best_times, checked))
    if contact.email:
        numbers.append(Number("mail", contact.email, f"mailto:{contact.email}"))
    run_by = ", ".join(part for part in (role_name(contact), contact.agency) if part)
    return Essentials(contact.id, contact.name, run_by, contact.about, numbers=tuple(numbers), checked=checked)


@blueprint.post("/directory/contacts/<id:contact_id>/keep")
@staff_only
def keep_contact(contact_id: str) -> ResponseReturnValue:
    """Ask in which family's record somebody is put among the people who help them."""
    contact = _to_give(contact_id)
    role: Role | None = setup.contact_roles().get(contact.role)
    return render_template(
        "directory/contacts_keep.html", contact=contact, sector=role.agency if role else "other", once=new_id()
    )


def card_words() -> dict[str, object]:
    """What the card of a contact asks for, wherever it stands."""
    return {"contact_role": role_name, "contact_area": area_name, "contact_phone": phone_of, "contact_refusal": refusal,
            "contacts_picked": how_many_picked, "finds_contacts": is_staff}  # fmt: skip
