"""What the forms share by which people write to us: nothing is asked that is not used, and nothing stays in a cache."""

from __future__ import annotations

import datetime
import hmac
from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email
from flask import Response, make_response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError

from accounts.current import secrets
from directory import asking_wording, gazetteer, reference
from directory.keeping.comments import Comments
from directory.keeping.questions import Questions
from directory.pages.blueprint import database, settings
from directory.unmet_need import AGE_BANDS
from plumbing import clock
from plumbing.headers import private
from plumbing.ids import new_id
from plumbing.limits import limiter

LONGEST = 2000


class AskingForm(FlaskForm):
    """A form that anybody may send: a value by which it counts once, and a box that only programs fill in."""

    once = HiddenField(default=new_id)
    # People never see this box; programs that fill in every box do.
    website = StringField(_l("Leave this empty"))

    @property
    def by_program(self) -> bool:
        """Whether a program sent it: it is thanked like anybody, and nothing is kept."""
        return bool(self.website.data)


class AreaForm(FlaskForm):
    """Where and how old, roughly: only the first half of the postcode and the age band are kept."""

    place = StringField(_l("Your town or postcode, if you like"))
    age_band = RadioField(_l("How old is the child or young person, if you like?"), default="")

    outcode = ""

    def fill_choices(self) -> None:
        """Put the choices in."""
        self.age_band.choices = [
            ("", _("I would rather not say")),
            *((band, asking_wording.age_band(band)) for band in AGE_BANDS),
        ]

    def validate_place(self, field: StringField) -> None:
        """A place that we do not know would be lost: better to say so."""
        typed = (field.data or "").strip()
        found = gazetteer.outcode_of(database(), typed) if typed else ""
        if found is None:
            raise ValidationError(_("We do not know that place. Type a town near you, the first half of a postcode, or nothing"))
        self.outcode = found


def check_address(field: StringField) -> None:
    """An address that could not be written to would lose the answer. Raises ValidationError."""
    text = (field.data or "").strip()
    if not text:
        return
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise ValidationError(_("Check the e-mail address: it should look like name@example.com")) from None


def fill_categories(field: SelectField | RadioField, empty: str) -> None:
    """Put every kind of help into a field; `empty` is what choosing none is called."""
    categories = reference.get_categories(database()).values()
    field.choices = [("", empty), *((one.slug, one.label) for one in categories)]


def count_sender() -> None:
    """Count what somebody sends; too much from one address in an hour is answered 429, and none of it is kept."""
    with limiter.limit(f"{settings().asks_an_hour} per hour"):
        pass


def shown_once(page: str, status: int = 200) -> Response:
    """A page that says something of somebody, for no cache to keep."""
    return private(make_response(page, status))


def ticket(purpose: str, id_: str, minutes: int) -> str:
    """What a page carries so that its form may go on with one thing, for so many minutes. For a form, never for an address."""
    until = f"{(clock.now() + datetime.timedelta(minutes=minutes)).timestamp():.0f}"
    return ".".join((id_, until, _mark(purpose, id_, until)))


def read_ticket(purpose: str, typed: str) -> str:
    """What a ticket is for; "" where it is none of ours, for something else, or over."""
    id_, until, mark = (*typed.split("."), "", "", "")[:3]
    is_ours = hmac.compare_digest(mark.encode(), _mark(purpose, id_, until).encode())
    return id_ if is_ours and int(until) > clock.now().timestamp() else ""


def _mark(*parts: str) -> str:
    return hmac.digest(secrets().server_key, "\0".join(("ticket", *parts)).encode(), "sha256").hex()


def questions() -> Questions:
    """The work with questions."""
    return Questions(database(), settings(), secrets())


def comments() -> Comments:
    """The work with comments."""
    return Comments(database(), settings(), secrets())


def chosen(values: Iterable[str], value: str) -> str:
    """`value` where it is one of `values`, else "": for what an address names."""
    return value if value in values else ""
