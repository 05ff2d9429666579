"""What the public reports: a page for each, answered within two days."""

from __future__ import annotations

import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from accounts.access import current_account
from directory import store
from directory.desk import Waiting
from directory.keeping import reports as answering
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.report import CLOSED
from directory.store import reports as rows
from directory.store.rows import Row
from plumbing import clock


def outcome_words() -> dict[str, str]:
    """How a report can end, as an officer chooses it."""
    return {
        "mended": _("I put it right"),
        "right": _("The listing was right already"),
        "not_ours": _("It is not about our listing"),
        "spam": _("It is not a report (spam)"),
    }


class AnswerForm(FlaskForm):
    """How it ended, and what the reporter reads about it."""

    outcome = RadioField(_l("How did it end?"), validators=[DataRequired(_l("Choose how it ended"))])
    words = TextAreaField(
        _l("What the reporter will read"), validators=[Length(max=1000, message=_l("Keep it under 1,000 letters"))]
    )

    def validate_words(self, field: TextAreaField) -> None:
        """Whoever is told that they were mistaken is told why."""
        if self.outcome.data in {"right", "not_ours"} and not (field.data or "").strip():
            raise ValidationError(_("Say in a sentence what you found"))


def waiting(db: Database, _today: datetime.date) -> Waiting | None:
    """The desk's card."""
    hours = settings().report_hours
    number, late = answering.counts(db, clock.now(), hours)
    words = ngettext("Answer within %(num)d hour.", "Answer within %(num)d hours.", hours)
    return Waiting(_("Reports"), number, "directory.desk_reports", "flag", 55, late, words) if number else None


@blueprint.get("/directory/reports")
@officers_only
def desk_reports() -> ResponseReturnValue:
    """What waits, oldest first; and what was closed."""
    db = database()
    return render_template(
        "directory/desk/reports.html",
        waiting=[_told(row) for row in rows.open_reports(db)],
        closed=[_told(row) for row in rows.closed_reports(db)],
        outcomes=outcome_words(),
        hours=settings().report_hours,
        answered=request.args.get("answered", ""),
    )


def _told(row: Row) -> Row:
    """A report with its times as times, and whether it is late."""
    received = datetime.datetime.fromisoformat(row["received_at"])
    late = row["status"] not in CLOSED and answering.late(row, clock.now(), settings().report_hours)
    closed = datetime.datetime.fromisoformat(row["closed_at"]).date() if row["closed_at"] else None
    return row | {"received_on": received.date(), "late": late, "closed_on": closed}


def _report(report_id: int) -> Row:
    row = rows.get_report(database(), report_id)
    if row is None:
        abort(404)
    return row


@blueprint.get("/directory/reports/<int:report_id>")
@officers_only
def desk_report(report_id: int) -> ResponseReturnValue:
    """One report, and the listing that it is about."""
    return _page(_report(report_id), AnswerForm())


def _page(row: Row, form: AnswerForm) -> str:
    form.outcome.choices = list(outcome_words().items())
    services = store.get_services(database(), [row["service_id"]])
    return render_template(
        "directory/desk/report.html",
        report=_told(row),
        service=services[0] if services else None,
        form=form,
        outcomes=outcome_words(),
        is_open=row["status"] not in CLOSED,
        taken=request.args.get("taken", ""),
    )


@blueprint.post("/directory/reports/<int:report_id>/look")
@officers_only
def desk_look_at_report(report_id: int) -> ResponseReturnValue:
    """Say that somebody is looking."""
    answering.look(database(), _report(report_id)["id"], current_account().shown_name)
    return redirect(url_for("directory.desk_report", report_id=report_id))


@blueprint.post("/directory/reports/<int:report_id>")
@officers_only
def desk_answer_report(report_id: int) -> ResponseReturnValue:
    """Close it, with words."""
    row, form = _report(report_id), AnswerForm()
    form.outcome.choices = list(outcome_words().items())
    if not form.validate_on_submit():
        return _page(row, form), 400
    words, by = (form.words.data or "").strip(), current_account().shown_name
    if not answering.close(database(), settings(), report_id, form.outcome.data, words, by):
        return redirect(url_for("directory.desk_report", report_id=report_id, taken="1"))
    return redirect(url_for("directory.desk_reports", answered="1"))
