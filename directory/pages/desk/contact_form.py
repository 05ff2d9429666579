"""The form of a designated contact, and the words in which its fields are shown."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from directory import setup
from directory.contact import Phone
from directory.contact_role import Area
from directory.designated_contact import WRITTEN, DesignatedContact
from directory.keeping import designated_contacts as keeping
from directory.pages.blueprint import database
from directory.pages.desk.form_rows import is_email, is_phone, line
from directory.search.words import fold
from directory.store import designated_contacts as rows
from plumbing.dates import date_in_words, parse_date
from plumbing.ids import new_id

_PARAGRAPH = Length(max=1000, message=_l("Keep it under 1,000 letters"))


class ContactForm(FlaskForm):
    """A designated contact: as little of a person as it takes to ring the right one."""

    once = HiddenField(default=new_id)
    version = HiddenField(default="0")
    name = line(_l("Name"), DataRequired(_l("Write their name")))
    role = SelectField(_l("Role"))
    role_words = line(_l("The role in their own words, or another role"))
    agency = line(_l("Agency"))
    area = line(_l("The council area they answer for"))
    about = TextAreaField(_l("What to ring them about"), validators=[_PARAGRAPH])
    phone = line(_l("Phone"), is_phone)
    email = line(_l("E-mail"), is_email)
    best_times = line(_l("Best times"))
    cover_name = line(_l("Who covers for them"))
    cover_phone = line(_l("Phone of the cover"), is_phone)
    leaving_on = StringField(_l("Their last day, if they are leaving"))
    notes = TextAreaField(_l("Notes for staff"), validators=[_PARAGRAPH])
    for_families = BooleanField(_l("May be given to families"))

    def validate_area(self, field: Field) -> None:
        """A council that we know: what is typed is understood by its name, or by the part that only one has."""
        if find_area(field.data) is None:
            raise ValidationError(_("Choose a council from the list, or leave it empty for everywhere"))

    def validate_leaving_on(self, field: Field) -> None:
        """A day."""
        if field.data and parse_date(field.data) is None:
            raise ValidationError(_("Give the day, like 2027-03-03"))

    def validate_role_words(self, field: Field) -> None:
        """What they do has to be said in one way or the other."""
        if not field.data and not self.role.data:
            raise ValidationError(_("Choose a role, or write one"))

    def validate_phone(self, field: Field) -> None:
        """Somebody nobody can reach is no contact."""
        if not field.data and not self.email.data:
            raise ValidationError(_("Give a phone number or an e-mail address"))

    @property
    def written(self) -> dict[str, str]:
        """What was written, as it is kept."""
        values = {name: (self[name].data or "") for name in WRITTEN if name != "for_families"}
        values = {name: "\n".join(words.strip() for words in text.splitlines()).strip() for name, text in values.items()}
        return values | {"area": find_area(self.area.data) or "", "for_families": "yes" if self.for_families.data else ""}


def areas() -> dict[str, Area]:
    """The councils, read once a request: a page of people asks for one at each."""
    if "contact_areas" not in g:
        g.contact_areas = rows.areas(database())
    known: dict[str, Area] = g.contact_areas
    return known


def find_area(typed: str | None) -> str | None:
    """The code of the council somebody typed; "" for everywhere, None where it is none, or could be several."""
    words = fold(typed or "").strip()
    if not words or typed in areas():
        return typed if words else ""
    same = [one.code for one in areas().values() if fold(one.name) == words]
    near = same or [one.code for one in areas().values() if words in fold(one.name)]
    return near[0] if len(near) == 1 else None


def area_name(code: str) -> str:
    """What an area is called."""
    area = areas().get(code)
    return area.name if area else ""


def role_name(contact: DesignatedContact) -> str:
    """What somebody does, in words."""
    role = setup.contact_roles().get(contact.role)
    return contact.role_words or (role.label if role else "")


def phone_of(number: str) -> Phone:
    """A number to tap."""
    return Phone(number)


def with_roles(form: ContactForm) -> ContactForm:
    """The form with its roles to choose from."""
    roles = [SelectChoice(slug, role.label) for slug, role in setup.contact_roles().items()]
    form.role.choices = [SelectChoice("", _("Another role")), *roles]
    return form


def hows() -> dict[str, str]:
    """The ways to make sure, as buttons say them."""
    return {"phoned": _("By phone"), "emailed": _("By e-mail"), "visited": _("Face to face")}


def who_words(who: str) -> str:
    """Who did something."""
    return _("the person themselves") if who == keeping.THEMSELVES else who


def happened(what: str) -> str:
    """What happened to a contact, in words."""
    return {
        keeping.ADDED: _("Written down"),
        keeping.CHANGED: _("Changed"),
        keeping.RETIRED: _("Taken out"),
        keeping.BACK: _("Brought back"),
        keeping.RESTORED: _("An older version was brought back"),
        keeping.IMPORTED: _("Changed by a spreadsheet"),
        keeping.SAID_LEFT: _("Said that they have left"),
    }.get(what, what)


def label(name: str) -> str:
    """What a field is called."""
    return str(getattr(ContactForm, name).kwargs.get("label") or getattr(ContactForm, name).args[0])


def shown(name: str, value: str) -> str:
    """What a field says, in words."""
    if name == "area":
        return area_name(value) or _("everywhere")
    if name == "role":
        role = setup.contact_roles().get(value)
        return role.label if role else _("none of the list")
    day = parse_date(value) if name == "leaving_on" else None
    if name == "for_families":
        return _("yes") if value else _("no")
    return date_in_words(day) if day else value or _("nothing")
