"""Minutes, taken on a phone while people talk: kept as they are typed, actions straight into the plan, agreed by the family.

They stand in the meeting itself. Somebody who may add to the section but not change the meeting takes notes of their own, which
hang on it; the family can put them into the minutes. Who finds that another person saved meanwhile is shown both.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.ids import new_id, once_id
from records import editing, meetings
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import Document, when_of
from records.kinds.meeting import HELD
from records.kinds.plan import OPEN
from records.pages import form as forms
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.entries import entry_url, names_we_know
from records.pages.meetings import part, shown, the_meeting, whole
from records.plan import plan_of

_FIELDS = ("who_came", "minutes")
_ACTION_FIELDS = ("what", "who", "by_when")
PLAN = "care_plan"


def _to_write(opened: Opened, entry_id: str) -> Entry:
    """A meeting whose minutes this person may take. Raises NotYours."""
    meeting = the_meeting(opened, entry_id)
    if not opened.may_add(meeting.section_id):
        raise NotYours
    return meeting


def _sheet(opened: Opened, meeting: Entry) -> Entry | None:
    """What this person's minutes go into: the meeting, or notes of their own; None where those are still to be begun."""
    if opened.may_change(meeting):
        return meeting
    return next((one for one in whole(opened, meeting).notes if opened.may_change(one)), None)


@blueprint.get("/records/<id:record_id>/meetings/<id:entry_id>/minutes")
@signed_in()
def minutes(record_id: str, entry_id: str) -> ResponseReturnValue:
    """A large field to type into, who came, and a way to put an action into the plan."""
    opened = enter(record_id)
    meeting = _to_write(opened, entry_id)
    sheet = _sheet(opened, meeting)
    return _page(opened, meeting, sheet, shown("minutes", _FIELDS, kept=_kept(sheet)))


def _kept(sheet: Entry | None) -> Document | None:
    """What stands in the fields of the page, as notes have it."""
    if sheet is None:
        return None
    return {"v": 1, "kind": "minutes"} | {name: sheet.document[name] for name in _FIELDS if name in sheet.document}


def _page(
    opened: Opened,
    meeting: Entry,
    sheet: Entry | None,
    form: forms.EntryForm,
    theirs: Entry | None = None,
    action: forms.EntryForm | None = None,
) -> str:
    found = whole(opened, meeting)
    expected = list(
        dict.fromkeys([*meeting.document.get("invited", []), *(str(one.document.get("who") or "") for one in found.coming)])
    )
    came = [line for line in next(one for one in form if one.name == "who_came").data.splitlines() if line]
    ticked = request.form.getlist("came") if request.method == "POST" else came
    plan = opened.book.by_slug(PLAN)
    return render_template(
        "records/meetings/minutes.html",
        opened=opened,
        meeting=meeting,
        sheet=sheet,
        form=form,
        theirs=theirs,
        expected=_without_doubles(expected),
        ticked=ticked,
        others=[line for line in came if line not in _without_doubles(expected)],
        notes=[one for one in found.notes if sheet is None or one.id != sheet.id] if opened.is_holder else [],
        actions=found.actions,
        action=(action or shown("action", _ACTION_FIELDS)) if plan and opened.may_add(plan.id) else None,
        plan=plan,
        names=list(dict.fromkeys([*(line.partition(",")[0] for line in expected), *names_we_know(opened)])),
        once=new_id(),
        begun=request.form.get("begun") or new_id(),
    )


def _without_doubles(lines: list[str]) -> list[str]:
    return list({meetings.name_key(line): line for line in reversed(lines) if line}.values())[::-1]


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/minutes")
@signed_in()
def save_minutes(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Keep what is typed so far, from the page's own script or by its button; with an action, where there is one."""
    opened = enter(record_id)
    meeting = _to_write(opened, entry_id)
    sheet = _sheet(opened, meeting)
    by_script = request.headers.get("X-Linkbook") == "fetch"
    form = part("minutes", _FIELDS, _typed(opened, meeting), _kept(sheet))
    # Nothing typed yet is nothing wrong: minutes may begin with an action.
    form.fields[0].errors = [] if form.is_empty else form.fields[0].errors
    if form.errors:
        return (jsonify(problem=form.errors[0]), 400) if by_script else (_page(opened, meeting, sheet, form), 400)
    try:
        sheet = _keep(opened, meeting, sheet, form.document)
    except editing.EditedMeanwhile as meanwhile:
        if by_script:
            said = {name: _said(meanwhile.current, name) for name in _FIELDS}
            return jsonify(version=meanwhile.current.version, theirs=said), 409
        return _page(opened, meeting, meanwhile.current, form, theirs=meanwhile.current), 409
    if by_script:
        if sheet:
            _forget_steps(opened, sheet)
        return jsonify(version=sheet.version if sheet else 0)
    action = _keep_action(opened, meeting)
    if action and action.errors:
        fresh = the_meeting(opened, entry_id)
        sheet = _sheet(opened, fresh)
        return _page(opened, fresh, sheet, shown("minutes", _FIELDS, kept=_kept(sheet)), action=action), 400
    here = "records.minutes" if request.form.get("do") == "action" or request.form.get("take") else "records.entry"
    return redirect(url_for(here, record_id=record_id, entry_id=entry_id))


def _typed(opened: Opened, meeting: Entry) -> dict[str, str]:
    """What was sent: the names that were ticked and those that were typed are one list; notes that were taken over are added."""
    came = [*request.form.getlist("came"), *request.form.get("who_came", "").splitlines()]
    typed = {"who_came": "\n".join(dict.fromkeys(line.strip() for line in came)), "minutes": request.form.get("minutes", "")}
    take = request.form.get("take", "")
    found = next((one for one in whole(opened, meeting).notes if one.id == take), None) if take and opened.is_holder else None
    if found:
        typed["minutes"] = "\n\n".join(words for words in (typed["minutes"], str(found.document.get("minutes") or "")) if words)
        typed["who_came"] = "\n".join(dict.fromkeys([*typed["who_came"].splitlines(), *found.document.get("who_came", [])]))
    return typed


def _said(entry: Entry, name: str) -> str:
    value = entry.document.get(name) or ""
    return "\n".join(value) if isinstance(value, list) else str(value)


def _keep(opened: Opened, meeting: Entry, sheet: Entry | None, written: Document) -> Entry | None:
    """Keep the fields of the page. Raises EditedMeanwhile. What is as it was makes no version."""
    fields = {name: written[name] for name in _FIELDS if name in written}
    if sheet is None:
        return _begin(opened, meeting, {"v": 1, "kind": "minutes", "meeting_id": meeting.id} | fields) if fields else None
    if fields == {name: sheet.document[name] for name in _FIELDS if name in sheet.document}:
        # On whatever version it was based: what a thumb sent twice is nobody else's doing.
        return sheet
    document = {name: value for name, value in sheet.document.items() if name not in _FIELDS} | fields
    if sheet.id == meeting.id and fields:
        # The family agreed other words than these.
        document = meetings.still_agreed(document, sheet.document)
        day = when_of(document)
        # What is noted before the day is no sign that it has been: those who are invited can still answer.
        document |= {"state": HELD} if day is None or day <= opened.today else {}
    return editing.save(opened, sheet.id, document, forms.based_on(request.form))


def _forget_steps(opened: Opened, sheet: Entry) -> None:
    """What the page kept by itself since it was opened is one step back, and not a hundred: only the newest of it stays.

    `since` is the version that the page was opened on. Each of its saves was based on the one before, so nobody is in between;
    whoever says otherwise takes nothing of somebody else's away.
    """
    since, me = forms.based_on({"version": request.form.get("since", "")}), opened.person.account_id

    def make(opened: Opened) -> None:
        with editing.change(opened):
            between = [one for one in opened.history(sheet.id) if max(since, 1) < one.version < sheet.version]
            if between and all(one.author == me for one in between):
                sql = "DELETE FROM entry_version WHERE entry_id = ? AND version > ? AND version < ?"
                opened.db.execute(sql, [sheet.id, max(since, 1), sheet.version])

    if since > 0:
        editing.again(make, opened)


def _begin(opened: Opened, meeting: Entry, document: Document) -> Entry:
    """Notes of one's own, once: what the script sent twice, or two pages of one person began, is not two."""
    notes_id = once_id(request.form.get("begun", ""), opened.record_id, meeting.id, opened.person.account_id)
    try:
        return editing.add(opened, meeting.section_id, document, entry_id=notes_id)
    except sqlite3.IntegrityError:
        there = opened.entry(notes_id)
        raise editing.EditedMeanwhile(there) from None


# Actions


def _keep_action(opened: Opened, meeting: Entry) -> forms.EntryForm | None:
    """Put what somebody took on straight into the plan; None where nothing was typed."""
    typed = {name: request.form.get(f"action_{name}", "") for name in _ACTION_FIELDS}
    plan = opened.book.by_slug(PLAN)
    if not any(words.strip() for words in typed.values()) or plan is None or not opened.may_add(plan.id):
        return None
    form = part("action", _ACTION_FIELDS, typed)
    if not form.errors and not form.document.get("what"):
        form.fields[0].errors.append(_("Write what will be done"))
    if form.errors:
        return form
    action_id = once_id(request.form.get("once", ""), meeting.id, "action", opened.person.account_id, *typed.values())
    place = plan_of(opened.entries([plan.id]), opened.today).last_place("action")
    document = (
        form.document
        | {"state": OPEN, "meeting_id": meeting.id, "order": place}
        | _whom(opened, str(form.document.get("who") or ""))
    )
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, plan.id, document, entry_id=action_id)
    return form


def _whom(opened: Opened, who: str) -> dict[str, str]:
    """Who that is of People who help us, and where they work."""
    people = meetings.helpers(opened.entries(), opened.today) if who else []
    found = next((one for one in people if meetings.name_key(meetings.line_of(one)) == meetings.name_key(who)), None)
    if found is None:
        return {}
    agency = found.document.get("agency")
    return {"person_id": found.id} | ({"agency": str(agency)} if agency else {})


# Agreed


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/minutes/agree")
@signed_in()
def agree_minutes(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The family says that the minutes are right: these very ones, as they stood on their page."""
    opened = enter_as_holder(record_id)
    meeting = the_meeting(opened, entry_id)
    agreed = {"minutes_agreed": True, "minutes_agreed_on": opened.today.isoformat(), "state": HELD}
    # Words that somebody changed meanwhile are not agreed by a tap on older ones: the page shows them.
    with suppress(editing.EditedMeanwhile):
        if meeting.document.get("minutes"):
            editing.save(opened, meeting.id, meeting.document | agreed, forms.based_on(request.form))
    return redirect(entry_url(opened, meeting))
