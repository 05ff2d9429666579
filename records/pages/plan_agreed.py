"""A family agrees to its plan, and reads it as it was agreed before."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from accounts.access import signed_in
from plumbing.dates import date_in_words, parse_date
from records import agreeing, plan_wording
from records.gate import NotYours, Opened
from records.kinds import moment
from records.pages import form as forms
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.plan import plan_in, plan_section, plan_url
from records.plan import Plan, agreed_of, as_agreed, differences, is_in_time, latest_review, usual_review


class AgreeForm(FlaskForm):
    """When the plan is looked at again; `mark` is the plan that was read."""

    mark = HiddenField()
    review_on = StringField(_l("When will you look at it again?"))

    def __init__(self, opened: Opened, plan: Plan) -> None:
        self.born = opened.book.born
        super().__init__(mark=plan.mark, review_on=date_in_words(usual_review(opened.today, self.born)))
        self.today, self.latest = opened.today, latest_review(opened.today, self.born)
        self.day = self.latest

    def validate_review_on(self, field: StringField) -> None:
        """A day to come, not too far away."""
        try:
            self.day = moment.read_date(field.data or "", self.today)
        except ValueError:
            raise ValidationError(_("Write the day like 3 May 2027 or 3/5/2027")) from None
        if not is_in_time(self.day, self.today, self.born):
            raise ValidationError(_("Choose a day to come, up to %(latest)s", latest=date_in_words(self.latest)))


def check_review(opened: Opened, form: forms.EntryForm) -> None:
    """The same rule where the days of an agreed plan are changed by hand: what is wrong is told beside its field."""
    agreed_on, review_on = (parse_date(form.document.get(name)) for name in ("agreed_on", "review_on"))
    by_name = {one.name: one.errors for one in form}
    if any(by_name.values()):
        return
    if agreed_on is None or agreed_on > opened.today:
        by_name["agreed_on"].append(_("Write the day on which you agreed it: today, or a day before"))
    elif review_on is None or not is_in_time(review_on, agreed_on, opened.book.born):
        latest = date_in_words(latest_review(agreed_on, opened.book.born))
        by_name["review_on"].append(
            _("Choose a day after %(agreed)s, up to %(latest)s", agreed=date_in_words(agreed_on), latest=latest)
        )


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>/agree")
@signed_in()
def agree_plan(record_id: str, section_id: str) -> ResponseReturnValue:
    """What is agreed to, and when it is looked at again."""
    opened = enter_as_holder(record_id)
    plan_section(opened, section_id)
    found, _entries = plan_in(opened, section_id)
    return _page(opened, section_id, found, AgreeForm(opened, found))


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/agree")
@signed_in()
def keep_agreed(record_id: str, section_id: str) -> ResponseReturnValue:
    """Agree to the plan that was read. One that changed meanwhile is shown once more, and nothing is agreed."""
    opened = enter_as_holder(record_id)
    plan_section(opened, section_id)
    found, _entries = plan_in(opened, section_id)
    form = AgreeForm(opened, found)
    if found.is_agreed:
        # Sent twice, by a thumb or by both parents at once: it is agreed.
        return redirect(plan_url(opened, section_id))
    if not found.things:
        raise NotYours
    if not form.validate_on_submit():
        return _page(opened, section_id, found, form), 400
    try:
        agreeing.agree(opened, section_id, form.mark.data or "", form.day)
    except agreeing.ChangedMeanwhile:
        now, _entries = plan_in(opened, section_id)
        if now.is_agreed:
            return redirect(plan_url(opened, section_id))
        form.mark.data = now.mark
        return _page(opened, section_id, now, form, is_other=True), 409
    return redirect(url_for("records.circulate", record_id=record_id, section_id=section_id, agreed="yes"))


def _page(opened: Opened, section_id: str, plan: Plan, form: AgreeForm, is_other: bool = False) -> str:
    return render_template(
        "records/plan/agree.html",
        opened=opened,
        section_=opened.section(section_id),
        plan=plan,
        plan_words=plan_wording,
        form=form,
        is_other=is_other,
        latest=date_in_words(form.latest),
    )


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>/agreed/<id:entry_id>")
@signed_in()
def agreed_plan(record_id: str, section_id: str, entry_id: str) -> ResponseReturnValue:
    """A plan as it was agreed, and what had changed since the one before it."""
    opened = enter(record_id)
    section = plan_section(opened, section_id)
    found, _entries = plan_in(opened, section_id)
    place = next((number for number, one in enumerate(found.agreed) if one.id == entry_id), None)
    if place is None:
        raise NotYours
    one = found.agreed[place]
    before = found.agreed[place + 1] if place + 1 < len(found.agreed) else None
    changes = tuple(differences(dict(agreed_of(before)), dict(agreed_of(one)))) if before else ()
    return render_template(
        "records/plan/agreed.html",
        opened=opened,
        section_=section,
        agreed=one,
        before=before,
        plan=as_agreed(one),
        changes=changes,
        plan_words=plan_wording,
    )
