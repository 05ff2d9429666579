"""What people say to an action: yes, no, another date; and how it went. By whoever may add, for themselves or for somebody."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import current_account, signed_in
from plumbing import clock
from plumbing.dates import parse_date
from plumbing.ids import new_id, once_id
from records import editing, plan_wording, wording
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import Document
from records.kinds.plan import DONE, OTHER_DATE
from records.pages import form as forms
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.plan import action_in, helpers, plan_section, plan_url
from records.plan import Action


def _to_say(record_id: str, section_id: str, action_id: str) -> tuple[Opened, Action]:
    """An action that something may be said to. Raises NotYours."""
    opened = enter(record_id)
    if not opened.may_add(section_id):
        raise NotYours
    return opened, action_in(opened, section_id, action_id)


def _page(opened: Opened, action: Action, form: forms.EntryForm) -> str:
    return render_template(
        "records/plan/answer.html" if form.kind == "answer" else "records/plan/progress.html",
        opened=opened,
        action=action,
        form=form,
        once=request.form.get("once") or new_id(),
        plan_words=plan_wording,
        back=plan_url(opened, action.entry.section_id, action.id),
        names=helpers(opened),
    )


def _keep(opened: Opened, action: Action, document: Document) -> ResponseReturnValue:
    section_id = action.entry.section_id
    entry_id = once_id(request.form.get("once", ""), action.id, opened.person.account_id, *forms.as_sent(request.form))
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, section_id, document, entry_id=entry_id)
    return redirect(plan_url(opened, section_id, action.id))


def _whose(opened: Opened, action: Action) -> dict[str, str]:
    """Whose words they most likely are: a reader's own; what the family notes, those of whoever does it."""
    who = action.who if opened.is_holder else current_account().shown_name
    return {"who": who, "on": wording.date_in_words(opened.today)}


# Yes, no, another date


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>/actions/<id:action_id>/answer")
@signed_in()
def answer_action(record_id: str, section_id: str, action_id: str) -> ResponseReturnValue:
    """Say yes, no or another date; or note what somebody said by phone."""
    opened, action = _to_say(record_id, section_id, action_id)
    return _page(opened, action, forms.show("answer", _whose(opened, action)))


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/actions/<id:action_id>/answer")
@signed_in()
def keep_answer(record_id: str, section_id: str, action_id: str) -> ResponseReturnValue:
    """Keep it."""
    opened, action = _to_say(record_id, section_id, action_id)
    form = read_answer(dict(request.form), action)
    return (_page(opened, action, form), 400) if form.errors else _keep(opened, action, form.document)


def read_answer(typed: dict[str, str], action: Action | None) -> forms.EntryForm:
    """An answer as it was typed: one of the three has to be chosen, and another date needs a date."""
    form = forms.read("answer", typed)
    by_name = {one.name: one for one in form}
    if not form.document.get("says") and not by_name["says"].errors:
        by_name["says"].errors.append(_("Choose yes, no, or yes on another date"))
    if form.document.get("says") == OTHER_DATE and not (form.document.get("other_date") or by_name["other_date"].errors):
        by_name["other_date"].errors.append(_("Which other date: write the day, like 3 March 2027."))
    _check_day(form)
    if action:
        form.document |= about(action)
    return form


def _check_day(form: forms.EntryForm) -> None:
    """Nobody has said anything on a day to come."""
    on = parse_date(form.document.get("on"))
    if on and on > clock.today():
        next(one for one in form if one.name == "on").errors.append(_("On which day was it said: that day is still to come."))


def about(action: Action) -> dict[str, str]:
    """What an answer keeps of the action it is to."""
    what, turn = plan_wording.title(action.entry.document), str(len(action.answers) + 1)
    return {"action_id": action.id, "what": what, "at": clock.second(), "turn": turn}


# How it went


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>/actions/<id:action_id>/progress")
@signed_in()
def say_how(record_id: str, section_id: str, action_id: str) -> ResponseReturnValue:
    """Say how it went."""
    opened, action = _to_say(record_id, section_id, action_id)
    return _page(opened, action, forms.show("progress", _whose(opened, action)))


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/actions/<id:action_id>/progress")
@signed_in()
def keep_how(record_id: str, section_id: str, action_id: str) -> ResponseReturnValue:
    """Keep it; the family confirms."""
    opened, action = _to_say(record_id, section_id, action_id)
    form = forms.read("progress", request.form)
    if not form.errors and not (form.document.get("words") or form.document.get("is_done")):
        form.fields[0].errors.append(_("How did it go: write a few words, or say that it is done."))
    _check_day(form)
    if form.errors:
        return _page(opened, action, form), 400
    return _keep(opened, action, form.document | {"action_id": action.id})


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/progress/<id:entry_id>/confirm")
@signed_in()
def confirm_progress(record_id: str, section_id: str, entry_id: str) -> ResponseReturnValue:
    """The family has read how it went: the action says so from now on."""
    opened = enter_as_holder(record_id)
    plan_section(opened, section_id)
    said = opened.entry(entry_id)
    if said.kind != "progress" or said.section_id != section_id:
        raise NotYours
    action = action_in(opened, section_id, str(said.document.get("action_id") or ""))
    # A page gone back to must not undo what the family has written since.
    if not said.document.get("is_confirmed"):
        confirm(opened, action, said)
    return redirect(plan_url(opened, section_id, action.id))


def confirm(opened: Opened, action: Action, said: Entry) -> None:
    """Take into an action how it went, once."""
    words, is_done = said.document.get("words"), said.document.get("is_done")

    def with_it(document: Document) -> Document:
        news = {"how_it_went": words} if words else {}
        return document | news | ({"state": DONE} if is_done else {})

    editing.revise(opened, action.id, with_it)
    editing.revise(opened, said.id, lambda document: document | {"is_confirmed": True})
