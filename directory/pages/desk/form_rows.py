"""What the form of a listing is made of: checks of what was typed, in words, and rows of which there can be any number.

A row that is left empty, or ticked to be taken out, is passed over; the last one is always empty, to add one more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from directory.contact import Phone

LINE, TEXT = 300, 6000
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def line(label: Any, *validators: Any) -> StringField:
    """A box of one line."""
    return StringField(
        label, filters=[_tidy], validators=[Length(max=LINE, message=_l("Keep it under 300 letters")), *validators]
    )


def text(label: Any) -> TextAreaField:
    """A box of several lines."""
    return TextAreaField(label, filters=[_tidy_text], validators=[Length(max=TEXT, message=_l("Keep it under 6,000 letters"))])


def _tidy(typed: str | None) -> str:
    return " ".join((typed or "").split())


def _tidy_text(typed: str | None) -> str:
    return "\n".join(part.rstrip() for part in (typed or "").replace("\r\n", "\n").strip().split("\n"))


def is_phone(_form: Form, field: Field) -> None:
    """A number that nobody could dial helps nobody."""
    if not field.data:
        return
    href = Phone(field.data).href
    digits = re.sub(r"\D", "", href)
    if not href:
        raise ValidationError(_("Write the phone number in digits, like 01632 960001"))
    if href.startswith("tel:") and len(digits) >= 7 and digits not in {"08001111"}:
        try:
            possible = phonenumbers.is_possible_number(phonenumbers.parse(href[4:], "GB"))
        except phonenumbers.NumberParseException:
            possible = False
        if not possible:
            raise ValidationError(_("Check the phone number: it should look like 01632 960001"))


def is_email(_form: Form, field: Field) -> None:
    """An address that could be written to."""
    if field.data:
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_("Check the e-mail address: it should look like name@example.com")) from None


def is_web_address(_form: Form, field: Field) -> None:
    """A whole web address; one without its beginning is given it."""
    if not field.data:
        return
    if "://" not in field.data:
        field.data = f"https://{field.data}"
    try:
        parts = urlsplit(field.data)
        sound = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and " " not in field.data
    except ValueError:
        sound = False
    if not sound:
        raise ValidationError(_("Check the web address: it should look like https://www.example.org"))


def is_postcode(_form: Form, field: Field) -> None:
    """A whole UK postcode, or its first half where no more may be said."""
    typed = (field.data or "").upper()
    if not typed:
        return
    whole = _POSTCODE.fullmatch(typed.strip())
    if whole:
        field.data = f"{whole[1]} {whole[2]}"
    elif re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?", typed.strip()):
        field.data = typed.strip()
    else:
        raise ValidationError(_("Check the postcode: it should look like NE66 1AB"))


def number_in(typed: str, most: float) -> float | None:
    """A number as people type one, None where it is none or too big.

    >>> number_in("0.5", 120), number_in("½", 120), number_in("-1", 120), number_in("£3.50", 1000)
    (0.5, None, None, 3.5)
    """
    typed = typed.strip().lstrip("£").replace(",", "")
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,2})?", typed):
        return None
    return float(typed) if float(typed) <= most else None


def is_age(_form: Form, field: Field) -> None:
    """Years, as a decimal: a baby of six months is 0.5."""
    if field.data and number_in(field.data, 120) is None:
        raise ValidationError(_("Write the age in years, like 5, or 0.5 for six months"))


def is_amount(_form: Form, field: Field) -> None:
    """Pounds and pence."""
    if field.data and number_in(field.data, 1_000_000) is None:
        raise ValidationError(_("Write the price in pounds, like 6 or 3.50"))


def is_time(_form: Form, field: Field) -> None:
    """A time of the day, by the clock of 24 hours or as "9.30am"."""
    if not field.data:
        return
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::00)?\s*(am|pm)?", field.data.strip().lower())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if match and match[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValidationError(_("Write the time like 09:30 or 9.30am"))
    field.data = f"{hour:02}:{minute:02}"


class Row(Form):
    """One of any number. `was` is its place among those that there were; `remove` takes it out."""

    was = HiddenField()
    remove = BooleanField(_l("Take this out"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into it."""
        kinds = (StringField, TextAreaField)
        return not any(f.data for f in self if isinstance(f, kinds) and not isinstance(f, HiddenField))

    @property
    def counts(self) -> bool:
        """Whether it says something that stays."""
        return not self.remove.data and not self.is_empty

    def validate(self, extra_validators: Any = None) -> bool:
        """An empty row, or one that goes, needs nothing."""
        return not self.counts or super().validate(extra_validators)

    def old(self, items: Sequence[Any]) -> Any | None:
        """What this row was before, out of those that there were."""
        place = self.was.data or ""
        return items[int(place)] if place.isascii() and place.isdigit() and int(place) < len(items) else None


class Needed:
    """A field without which its row says nothing."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError."""
        if not field.data:
            raise ValidationError(self.message)


class StepRow(Row):
    """One step of how to get it."""

    ask = line(_l("Whom to ask, and what to do"), Needed(_l("Say whom to ask and what to do")))
    bring = line(_l("What they need from the family"))
    wait = line(_l("The usual wait"))
    refused = line(_l("What to do if they say no"))


class PlaceRow(Row):
    """One place where it happens."""

    name = line(_l("Name of the place"))
    address_1 = line(_l("Street"))
    address_2 = line(_l("Second line"))
    city = line(_l("Town or village"))
    state_province = line(_l("County"))
    postal_code = line(_l("Postcode"), is_postcode)
    transportation = text(_l("How to get there"))
    access = text(_l("Getting in and around: one thing on each line"))
    hides_address = BooleanField(_l("Keep this address private (a refuge, a family's home)"))
    share = RadioField(
        _l("Other listings use this place too. Change it for"),
        choices=[
            SelectChoice("all", _l("all of them: the place itself has changed")),
            SelectChoice("here", _l("this listing only")),
        ],
        validate_choice=False,
    )


class TimesRow(Row):
    """One time when it is open."""

    days = SelectField(_l("Day"), validate_choice=False)
    opens_at = line(_l("Opens at"), is_time)
    closes_at = line(_l("Closes at"), is_time)
    description = line(_l("In words, if days and hours do not say it (“every other Tuesday”)"))
    notes = line(_l("Anything to know (“not in August”)"))

    @property
    def is_empty(self) -> bool:
        """A day alone says something too."""
        return super().is_empty and not self.days.data

    def validate_closes_at(self, field: Field) -> None:
        """Nothing closes before it opens."""
        if field.data and self.opens_at.data and field.data <= self.opens_at.data and field.data != "00:00":
            raise ValidationError(_("The closing time must be after the opening time"))


_KINDS = [
    SelectChoice("voice", _l("Telephone")),
    SelectChoice("text", _l("Text message")),
    SelectChoice("textphone", _l("Textphone")),
    SelectChoice("fax", _l("Fax")),
]


class PhoneRow(Row):
    """One number."""

    number = line(_l("Number"), Needed(_l("Write the number")), is_phone)
    type = SelectField(_l("Kind"), choices=_KINDS, validate_choice=False)
    extension = line(_l("Extension"))
    description = line(_l("What it is for (“bookings”)"))
    contact = SelectField(_l("Who answers"), validate_choice=False)
    show = BooleanField(_l("We are sure of this number: show it to families"))

    @property
    def is_empty(self) -> bool:
        """A kind alone is no number."""
        return not any(field.data for field in (self.number, self.extension, self.description))


class ContactRow(Row):
    """One person or desk to ask."""

    name = line(_l("Name"))
    title = line(_l("Role (“Bookings”)"))
    department = line(_l("Department"))
    email = line(_l("E-mail"), is_email)


class PriceRow(Row):
    """One price."""

    option = line(_l("What for (“Session”)"))
    amount = line(_l("Pounds"), is_amount)
    amount_description = line(_l("In words (“a session”)"))


def rows_of(kind: type[Row]) -> FieldList:
    """Any number of rows."""
    return FieldList(FormField(kind))


def filled(items: Sequence[Mapping[str, Any]], **blank: Any) -> list[dict[str, Any]]:
    """Data for rows: what there is, in order, and an empty one."""
    return [{"was": str(number), **item} for number, item in enumerate(items)] + [{"was": "", **blank}]


def lines_of(typed: str) -> tuple[str, ...]:
    """A text as its lines, each once.

    >>> lines_of("Alnwick\\n\\n Amble \\nAlnwick")
    ('Alnwick', 'Amble')
    """
    return tuple(dict.fromkeys(part.strip() for part in typed.split("\n") if part.strip()))


def problems(form: Any) -> Iterator[tuple[str, str]]:
    """What is wrong in a form and all its rows: the id of the field to go to, and the words."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field:
                yield from problems(entry.form)
        elif field.errors:
            several = isinstance(field, RadioField) or field.type == "SelectMultipleField"
            yield f"{field.id}-0" if several else field.id, str(field.errors[0])
