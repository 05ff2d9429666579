"""Tell us something is wrong: no account needed, nothing asked that is not used, kept out of the address."""

from __future__ import annotations

import datetime

from email_validator import EmailNotValidError, validate_email
from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from directory import store, wording
from directory.pages.blueprint import blueprint, database, settings
from directory.report import TOPICS, Report, new_reference, read_reference, show_reference
from directory.service import Service
from directory.store.reports import report_of_reference
from plumbing import clock
from plumbing.access import public
from plumbing.headers import private
from plumbing.limits import limiter

_LONGEST = 2000


class ReportForm(FlaskForm):
    """What is wrong, in the reporter's words; an address only if they want an answer."""

    topic = RadioField(_l("What is wrong?"), validators=[DataRequired(_l("Choose what is wrong"))])
    words = TextAreaField(
        _l("What should it say?"),
        validators=[
            DataRequired(_l("Tell us what is wrong, in a few words")),
            Length(max=_LONGEST, message=_l("Keep it under 2,000 letters")),
        ],
    )
    reply_to = StringField(_l("Your e-mail address, if you would like an answer"))
    # People never see this box; programs that fill in every box do.
    website = StringField(_l("Leave this empty"))

    def validate_reply_to(self, field: StringField) -> None:
        """An address that could not be written to would lose the answer."""
        text = (field.data or "").strip()
        if not text:
            return
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_("Check the e-mail address: it should look like name@example.com")) from None


def _limit() -> str:
    return f"{current_app.extensions['settings'].reports_an_hour} per hour"


def _service(service_id: object) -> Service:
    found = store.get_shown_services(database(), [str(service_id)])
    if not found:
        abort(404)
    return found[0]


def _form() -> ReportForm:
    form = ReportForm()
    form.topic.choices = [(topic, wording.report_topic(topic)) for topic in TOPICS]
    return form


@blueprint.get("/services/<uuid:service_id>/report")
@public
def report(service_id: object) -> ResponseReturnValue:
    """The form."""
    return render_template("directory/report.html", service=_service(service_id), form=_form())


@blueprint.post("/services/<uuid:service_id>/report")
@public
def send_report(service_id: object) -> ResponseReturnValue:
    """Keep a report. One that a program sent is thanked like any other, and not kept."""
    service = _service(service_id)
    form = _form()
    if not form.validate_on_submit():
        return render_template("directory/report.html", service=service, form=form), 400
    # Counted here, in one step with the look at the count: a slip in the form is not held against anybody, and a flood is.
    with limiter.limit(_limit()):
        pass
    reference = new_reference()
    if not form.website.data:
        words, reply_to = form.words.data.strip(), (form.reply_to.data or "").strip()
        store.add_report(database(), Report(service.id, form.topic.data, words, reply_to, clock.now(), reference=reference))
    return redirect(url_for("directory.report_thanks", service_id=service.id, reference=reference))


@blueprint.get("/services/<uuid:service_id>/report/thanks")
@public
def report_thanks(service_id: object) -> ResponseReturnValue:
    """Thanks, what happens next, and the reference to follow it by."""
    reference = read_reference(request.args.get("reference", ""))
    return render_template(
        "directory/report_thanks.html",
        service=_service(service_id),
        reference=reference,
        shown_reference=show_reference(reference),
        hours=settings().report_hours,
    )


@blueprint.get("/reports")
@public
def find_report() -> ResponseReturnValue:
    """Where somebody types the reference that they wrote down."""
    typed = request.args.get("reference", "")
    reference = read_reference(typed)
    if reference and report_of_reference(database(), reference):
        return redirect(url_for("directory.followed_report", reference=reference))
    return render_template("directory/report_find.html", typed=typed, unknown=bool(typed.strip()))


@blueprint.get("/reports/<reference>")
@public
def followed_report(reference: str) -> ResponseReturnValue:
    """What became of a report. Not what was written in it: whoever finds the reference learns only which listing it was about."""
    row = report_of_reference(database(), read_reference(reference))
    if row is None:
        abort(404)
    received = datetime.datetime.fromisoformat(row["received_at"])
    page = render_template(
        "directory/report_followed.html",
        report=row,
        received_on=received.astimezone(clock.here().tzinfo).date(),
        closed_on=datetime.datetime.fromisoformat(row["closed_at"]).date() if row["closed_at"] else None,
        is_shown=bool(store.get_shown_services(database(), [row["service_id"]])),
        shown_reference=show_reference(row["reference"]),
        hours=settings().report_hours,
    )
    response = private(Response(page))
    response.headers["X-Robots-Tag"] = "noindex"
    return response
