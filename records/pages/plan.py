"""The plan of a section: what matters, who does what by when. Its page is the section's page."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from plumbing.ids import new_id, once_id
from records import editing, ordering, plan_wording, sections
from records.book import Section
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import Document
from records.kinds.plan import DONE, OPEN
from records.pages import form as forms
from records.pages.about_me import KIND as ABOUT_ME
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.plan import Action, Plan, plan_of

# Asked when it is over, not when it is begun.
_AFTERWARDS = {"state", "how_it_went"}
_WRITTEN_HERE = ("need", "action")


def plan_section(opened: Opened, section_id: str) -> Section:
    """A section that holds a plan. Raises NotYours."""
    section = opened.section(section_id)
    if section.slug not in sections.PLANS:
        raise NotYours
    return section


def plan_in(opened: Opened, section_id: str) -> tuple[Plan, list[Entry]]:
    """The plan of a section, and everything that is in it."""
    entries = opened.entries([section_id])
    return plan_of(entries, opened.today), entries


def plan_url(opened: Opened, section_id: str, of: str = "") -> str:
    """The plan's page; `of` is the entry to go to on it."""
    return url_for("records.plan", record_id=opened.record_id, section_id=section_id, _anchor=f"e-{of}" if of else None)


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>")
@signed_in()
def plan(record_id: str, section_id: str) -> ResponseReturnValue:
    """The plan: what is late first, then each thing that matters with what is done about it."""
    opened = enter(record_id)
    return page(opened, plan_section(opened, section_id))


def page(opened: Opened, section: Section) -> str:
    """The page, under either of its addresses."""
    found, entries = plan_in(opened, section.id)
    others = [one for one in entries if one.kind in ("note", "letter", "voice")]
    return render_template(
        "records/plan/page.html",
        opened=opened,
        section_=section,
        plan=found,
        plan_words=plan_wording,
        child=child_in(opened, section),
        others=sorted(others, key=lambda one: one.saved_at, reverse=True),
    )


def child_in(opened: Opened, plan_: Section) -> dict[str, Any] | None:
    """What the child says, in their plan: the page in their own words, its photo, what was recorded or written with them."""
    section = opened.book.by_slug(ABOUT_ME)
    if section is None or plan_.slug != sections.CARE_PLAN:
        return None
    entries = opened.entries([section.id])
    written = min((one for one in entries if one.kind == ABOUT_ME), key=lambda one: one.id, default=None)
    said = sorted((one for one in entries if one.kind in ("voice", "note")), key=lambda one: one.saved_at, reverse=True)
    return {"section": section, "page": written, "said": said}


# Writing


@blueprint.get("/records/<id:record_id>/plan/<id:section_id>/new/<kind>")
@signed_in()
def new_in_plan(record_id: str, section_id: str, kind: str) -> ResponseReturnValue:
    """An empty form for something that matters, or for an action; `need` in the address is what the action is for."""
    opened, section = _to_add_to(record_id, section_id, kind)
    need = _need(opened, section, request.args.get("need", ""))
    return _form_page(opened, section, asked(forms.show(kind, {})), need)


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/new/<kind>")
@signed_in()
def keep_in_plan(record_id: str, section_id: str, kind: str) -> ResponseReturnValue:
    """Keep it, and go back to the plan."""
    opened, section = _to_add_to(record_id, section_id, kind)
    need = _need(opened, section, request.args.get("need", ""))
    form = asked(forms.read(kind, {name: typed for name, typed in request.form.items() if name not in _AFTERWARDS}))
    if form.errors:
        return _form_page(opened, section, form, need), 400
    found, _entries = plan_in(opened, section.id)
    hidden = {"order": found.last_place(kind)} | ({"need_id": need.id} if need and kind == "action" else {})
    entry_id = once_id(request.form.get("once", ""), section_id, opened.person.account_id, *forms.as_sent(request.form))
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, section.id, with_person(opened, form.document) | hidden, entry_id=entry_id)
    return redirect(plan_url(opened, section.id, entry_id))


def _to_add_to(record_id: str, section_id: str, kind: str) -> tuple[Opened, Section]:
    opened = enter(record_id)
    section = plan_section(opened, section_id)
    if not opened.may_add(section_id):
        raise NotYours
    return (opened, section) if kind in _WRITTEN_HERE else abort(404)


def _need(opened: Opened, section: Section, need_id: str) -> Entry | None:
    if not need_id:
        return None
    found = opened.entry(need_id)
    if found.kind != "need" or found.section_id != section.id:
        raise NotYours
    return found


def asked(form: forms.EntryForm) -> forms.EntryForm:
    """The form of something new: how it went is asked when it went."""
    form.fields = [one for one in form.fields if one.name not in _AFTERWARDS]
    return form


def _form_page(opened: Opened, section: Section, form: forms.EntryForm, need: Entry | None) -> str:
    return render_template(
        "records/plan/form.html",
        opened=opened,
        section_=section,
        form=form,
        need=need,
        plan_words=plan_wording,
        once=request.form.get("once") or new_id(),
        names=helpers(opened) if form.kind == "action" else {},
    )


def helpers(opened: Opened) -> dict[str, Entry]:
    """People who help us, by name. A reader does not look for them."""
    section = opened.book.by_slug("people") if opened.is_holder else None
    people = opened.entries([section.id]) if section else []
    return {str(one.document["name"]): one for one in people if one.kind == "person" and one.document.get("name")}


def with_person(opened: Opened, document: Document) -> Document:
    """An action's document with the person it names, and where they work, if they help us and nobody said otherwise."""
    if document["kind"] != "action":
        return document
    person = helpers(opened).get(str(document.get("who") or ""))
    bare = {name: value for name, value in document.items() if name != "person_id"}
    if person is None:
        return bare
    agency = document.get("agency") or person.document.get("agency")
    return bare | {"person_id": person.id} | ({"agency": agency} if agency else {})


# In the family's order


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/entries/<id:entry_id>/place")
@signed_in()
def move_in_plan(record_id: str, section_id: str, entry_id: str) -> ResponseReturnValue:
    """One place up, or one down."""
    opened = enter_as_holder(record_id)
    plan_section(opened, section_id)
    way = request.form.get("way")
    if way not in ordering.WAYS:
        abort(400)
    ordering.move(opened, section_id, entry_id, way)
    return redirect(plan_url(opened, section_id, entry_id))


# Done


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/actions/<id:action_id>/done")
@signed_in()
def action_done(record_id: str, section_id: str, action_id: str) -> ResponseReturnValue:
    """It is done; or, done by a slip of the thumb, it is not."""
    opened = enter(record_id)
    action = action_in(opened, section_id, action_id)
    state = OPEN if request.form.get("state") == OPEN else DONE
    editing.revise(opened, action.id, lambda document: document | {"state": state})
    return redirect(plan_url(opened, section_id, action_id))


@blueprint.post("/records/<id:record_id>/plan/<id:section_id>/actions/<id:action_id>/date")
@signed_in()
def take_date(record_id: str, section_id: str, action_id: str) -> ResponseReturnValue:
    """The family takes the other date that somebody offered."""
    opened = enter(record_id)
    action = action_in(opened, section_id, action_id)
    if not opened.may_change(action.entry):
        raise NotYours
    other = action.answer.document.get("other_date") if action.answer else None
    if not other:
        abort(400)
    editing.revise(opened, action.id, lambda document: document | {"by_when": other})
    return redirect(plan_url(opened, section_id, action_id))


def action_in(opened: Opened, section_id: str, action_id: str) -> Action:
    """An action of this plan. Raises NotYours."""
    plan_section(opened, section_id)
    found = plan_in(opened, section_id)[0].action(action_id)
    if found is None:
        raise NotYours
    return found
