"""A letter-box for school: a holder makes a link to it, shows it, and turns it off."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

from accounts import square
from accounts.access import signed_in
from accounts.forms import tidy_name
from plumbing.addresses import outside
from plumbing.crypto.code import show_code
from plumbing.dates import months_after
from records import canonical, links
from records.consent import MOST_MONTHS, day_of
from records.gate import NotYours, Opened
from records.pages.blueprint import blueprint, enter_as_holder

_MONTHS = (1, 3, 6, MOST_MONTHS)
_LONGEST_NAME, _LONGEST_LABEL = 60, 100


class LinkForm(FlaskForm):
    """Who gets it, what they read, and for how long."""

    name = StringField(
        _l("Who is it for?"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write who it is for, so that you know later whose it was")),
            Length(max=_LONGEST_NAME, message=_l("Keep the name under 60 letters")),
        ],
    )
    label = StringField(
        _l("What should stand above their page?"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write a few words, so that they know they are in the right place")),
            Length(max=_LONGEST_LABEL, message=_l("Keep the words under 100 letters")),
        ],
    )
    months = RadioField(_l("For how long?"), coerce=int, default=MOST_MONTHS)

    def __init__(self) -> None:
        super().__init__()
        self.months.choices = [(number, ngettext("%(num)d month", "%(num)d months", number)) for number in _MONTHS]


@blueprint.get("/records/<id:record_id>/letter-box")
@signed_in()
def letter_box(record_id: str) -> ResponseReturnValue:
    """The links that are open, and where to make one."""
    return _page(enter_as_holder(record_id), LinkForm())


def _page(opened: Opened, form: LinkForm) -> str:
    return render_template("records/letterbox/links.html", opened=opened, form=form, links=links.live(opened), day_of=day_of)


@blueprint.post("/records/<id:record_id>/letter-box")
@signed_in()
def give_link(record_id: str) -> ResponseReturnValue:
    """Make a link, and show it."""
    opened, form = enter_as_holder(record_id), LinkForm()
    if not form.validate_on_submit():
        return _page(opened, form), 400
    last_day = months_after(opened.today, form.months.data)
    link = links.open_link(opened, form.name.data.strip(), form.label.data.strip(), last_day)
    return redirect(url_for("records.given_link", record_id=record_id, link_id=link.id))


@blueprint.get("/records/<id:record_id>/letter-box/<id:link_id>")
@signed_in()
def given_link(record_id: str, link_id: str) -> ResponseReturnValue:
    """A link to be copied, printed, or shown to a camera."""
    opened = enter_as_holder(record_id)
    link = next((one for one in links.live(opened) if one.id == link_id), None)
    if link is None:
        raise NotYours
    where, code = outside("records.put_in"), show_code(canonical.raw(link.token))
    address = f"{where}#{code}"
    return render_template(
        "records/letterbox/link.html",
        opened=opened,
        link=link,
        address=address,
        where=where,
        code=code,
        square=square.for_page(address, _("A square code for a phone’s camera")),
        day_of=day_of,
    )


@blueprint.post("/records/<id:record_id>/letter-box/<id:link_id>/close")
@signed_in()
def close_link(record_id: str, link_id: str) -> ResponseReturnValue:
    """Turn a link off, in one tap."""
    links.close_link(enter_as_holder(record_id), link_id)
    return redirect(url_for("records.letter_box", record_id=record_id))
