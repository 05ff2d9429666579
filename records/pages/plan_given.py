"""Giving the plan to people: who sees it here already, by a link and a PIN, or on paper with a slip to send back."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from accounts.access import current_account, recent_passphrase, signed_in
from accounts.current import cost
from accounts.forms import tidy_name
from accounts.problems import explain
from plumbing.crypto.passphrase import Busy
from plumbing.dates import date_in_words
from plumbing.paper import Picture
from records import agreeing, packs, paper, plan_wording, printed_plan, wording
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds.plan import DROPPED
from records.pages import given
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.paper import language, pdf, picture
from records.pages.plan import child_in, plan_in, plan_section
from records.plan import Plan, as_agreed

WHOLE, OWN = "whole", "own"
PAPER, LARGE = "paper", "large"
_LONGEST_NAME = 60


class CirculateForm(FlaskForm):
    """For whom, and how much of it."""

    name = StringField(
        _l("Who is it for?"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write who it is for, so that you know later who has it")),
            Length(max=_LONGEST_NAME, message=_l("Keep the name under 60 letters")),
        ],
    )
    how_much = RadioField(_l("How much of it?"), default=WHOLE)
    with_child = BooleanField(default=True)

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.people = plan.people
        self.how_much.choices = [(WHOLE, _("The whole plan")), (OWN, _("Only what they do themselves"))]

    def validate_how_much(self, field: RadioField) -> None:
        """Their own actions can be given to somebody who has one."""
        if field.data == OWN and self.name_typed not in self.people:
            raise ValidationError(_("Nobody of that name has an action that is still open. Write the name as it is in the plan."))

    @property
    def name_typed(self) -> str:
        """The name, as it was typed."""
        return " ".join((self.name.data or "").split())


@dataclass(frozen=True)
class Seer:
    """Somebody who was given the section, and until when."""

    name: str
    role: str


def _seers(opened: Opened, section_id: str) -> list[Seer]:
    live = (one.consent for one in given.live_grants(opened) if section_id in one.consent.sections)
    return [Seer(one.name, one.role) for one in live if one.may_read]


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>/circulate")
@signed_in()
def circulate(record_id: str, section_id: str) -> ResponseReturnValue:
    """Who has it, and how to give it."""
    opened, found = _to_give(record_id, section_id)
    return _page(opened, section_id, found, CirculateForm(found))


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/circulate")
@signed_in()
def circulate_paper(record_id: str, section_id: str) -> ResponseReturnValue:
    """Note who is given it on paper, and go to the sheets."""
    opened, found = _to_give(record_id, section_id)
    form = CirculateForm(found)
    if not found.is_agreed or not form.validate_on_submit():
        return _page(opened, section_id, found, form), 400
    own = form.how_much.data == OWN
    _note(opened, found, form.name_typed, "own_paper" if own else "paper")
    # The name stands in no address: one of their actions leads to them.
    theirs = found.actions_of(form.name_typed) or [one for one in found.actions if one.is_open and one.is_by(form.name_typed)]
    of = theirs[0].id if theirs else None
    asked: dict[str, Any] = {"of" if own else "slip": of, "large": 1 if request.form.get("how") == LARGE else None}
    without = 1 if not own and not form.with_child.data else None
    return redirect(url_for("records.plan_paper", record_id=record_id, section_id=section_id, without=without, **asked))


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/circulate/link")
@signed_in()
@recent_passphrase
def circulate_link(record_id: str, section_id: str) -> ResponseReturnValue:
    """Make a pack of it, and show what to pass on."""
    opened, found = _to_give(record_id, section_id)
    form = CirculateForm(found)
    if not found.is_agreed or not form.validate_on_submit():
        return _page(opened, section_id, found, form), 400
    own = form.how_much.data == OWN
    entries = [one.entry.id for one in found.actions_of(form.name_typed)] if own else _whole(found)
    last_day = opened.today + datetime.timedelta(days=packs.MOST_DAYS)
    order = packs.Order(form.name_typed, _("The plan: please say yes or no"), last_day, entries=tuple(entries))
    try:
        given = packs.give(opened, order, current_account().shown_name, cost())
    except Busy as busy:
        problem = explain(busy)
        form.form_errors.append(problem.words)
        return _page(opened, section_id, found, form), problem.status, problem.headers
    _note(opened, found, form.name_typed, "own_link" if own else "link")
    return redirect(url_for("records.pack", record_id=record_id, pack_id=given.id))


def _whole(plan: Plan) -> list[str]:
    """What somebody gets who gets all of it: not what was dropped."""
    needs = [thing.need.id for thing in plan.things if thing.need]
    return [*needs, *(one.id for one in plan.actions if one.state != DROPPED)]


def _to_give(record_id: str, section_id: str) -> tuple[Opened, Plan]:
    opened = enter_as_holder(record_id)
    plan_section(opened, section_id)
    found, _entries = plan_in(opened, section_id)
    if not found.things:
        raise NotYours
    return opened, found


def _note(opened: Opened, plan: Plan, name: str, how: str) -> None:
    if plan.newest:
        agreeing.note_given(opened, plan.newest.id, name, how)


def _page(opened: Opened, section_id: str, plan: Plan, form: CirculateForm) -> str:
    return render_template(
        "records/plan/circulate.html",
        opened=opened,
        section_=opened.section(section_id),
        plan=plan,
        plan_words=plan_wording,
        form=form,
        seers=_seers(opened, section_id),
        last_day=date_in_words(opened.today + datetime.timedelta(days=packs.MOST_DAYS)),
        has_child=_has_words(child_in(opened, opened.section(section_id))),
    )


def _has_words(child: dict[str, Any] | None) -> bool:
    """Whether there is anything of the child's to print."""
    about = child["page"].document if child and child["page"] else {}
    return bool(child and (child["said"] or about.get("matters") or about.get("photo")))


# On paper


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>/plan.pdf")
@signed_in()
def plan_paper(record_id: str, section_id: str) -> ResponseReturnValue:
    """The plan to print. `of` is an action: then only what its person does. `large`; `agreed`: as it was agreed once.

    `slip` is an action: only its person is asked for an answer, and not everybody whom the plan still waits for.
    `without` leaves out what the child says.
    """
    opened = enter(record_id)
    section = plan_section(opened, section_id)
    found, _entries = plan_in(opened, section_id)
    old = request.args.get("agreed", "")
    # What the child says is theirs: nobody gets it with their own actions, and the family may leave it out.
    child = None if old or "of" in request.args or "without" in request.args else child_in(opened, section)
    one_person = _person(found, request.args.get("of", ""))
    agreed = found.newest
    if old:
        agreed = next((one for one in found.agreed if one.id == old), None)
        if agreed is None:
            raise NotYours
        found, one_person = as_agreed(agreed), ""
    made = paper.plan(
        printed_plan.things(found, one_person),
        _words(opened, section.name, agreed, one_person, is_draft=not old and not found.is_agreed),
        [] if old else _slip(found, one_person or _person(found, request.args.get("slip", ""))),
        language(),
        large="large" in request.args,
        said=_said(child) if child else [],
        photo=_photo(opened, child["page"]) if child else None,
    )
    return pdf(made, "plan")


def _said(child: dict[str, Any]) -> list[paper.Answer]:
    """What matters to them in their own words, then what was written with them; of a recording, that it is there."""
    matters = str(child["page"].document.get("matters") or "") if child["page"] else ""
    said = [paper.Answer("", matters)] if matters else []
    for one in child["said"]:
        recorded = _("This is a recording. Ask us to play it to you.") if one.kind == "voice" else ""
        words = str(one.document.get("words") or one.document.get("note") or "")
        said.append(paper.Answer(wording.title(one.document), "\n".join(part for part in (words, recorded) if part)))
    return said


def _photo(opened: Opened, page: Entry | None) -> Picture | None:
    return picture(opened, page, page.document["photo"]["image"]) if page and page.document.get("photo") else None


def _person(plan: Plan, action_id: str) -> str:
    if not action_id:
        return ""
    action = plan.action(action_id)
    if action is None or not action.who:
        raise NotYours
    return action.who


def _words(opened: Opened, name: str, agreed: Entry | None, one_person: str, is_draft: bool) -> dict[str, str]:
    said = agreed.document if agreed else {}
    agreed_on, review_on = plan_wording.day(said.get("agreed_on")), plan_wording.day(said.get("review_on"))
    dated = _("Draft of %(day)s", day=date_in_words(opened.today))
    if agreed and not is_draft:
        dated = _("Agreed on %(day)s. To be looked at again on %(review)s.", day=agreed_on, review=review_on)
    return {
        "title": _("%(name)s: %(called)s", name=name, called=opened.book.called),
        "subtitle": _("What %(who)s does", who=one_person) if one_person else "",
        "dated": dated,
        "said": _("What %(called)s says", called=opened.book.called),
        "photo": _("A photo of %(called)s", called=opened.book.called),
        **printed_plan.words(),
        "slip": _("Your answer"),
        "slip_how": _("Please tick one box for each line, and give this sheet back to the family."),
        "yes": _("Yes"),
        "no": _("No, because"),
        "other": _("Yes, but by another date"),
        "name": _("Name"),
        "day": _("Date"),
    }


def _slip(plan: Plan, one_person: str) -> list[paper.PrintedAction]:
    """What is still to be answered, by one person or by all of them: nobody is asked again."""
    asked = plan.actions_of(one_person) if one_person else plan.actions
    return [printed_plan.action(one) for one in asked if one.is_to_ask]
