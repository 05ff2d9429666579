"""Meetings: planned with the family, answered by those who were invited, and shown with all that hangs on them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import current_account, signed_in
from plumbing import clock
from plumbing.ids import new_id, once_id
from records import editing, meeting_sorts, meeting_wording, meetings
from records.book import Section
from records.clocks import running
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import Document, as_typed
from records.kinds.field import LONGEST_LIST, Unclear
from records.kinds.meeting import CALLED_OFF, HELD, MEETING, PLAN_FIELDS, PLANNED, SORTS
from records.meetings import Meeting
from records.pages import form as forms
from records.pages import given
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.entries import entry_url, names_we_know, section_of

_STATES = (PLANNED, HELD, CALLED_OFF)


def the_meeting(opened: Opened, entry_id: str) -> Entry:
    """A meeting that is kept. Raises NotYours for anything else."""
    found = opened.entry(entry_id)
    if found.kind != "meeting" or found.state != "kept":
        raise NotYours
    return found


def whole(opened: Opened, entry: Entry) -> Meeting:
    """A meeting, with what hangs on it as far as this person sees it; what lies in Just us is only there."""
    elsewhere = opened.book.section(entry.section_id) is None
    return meetings.with_all(entry, [*opened.entries(), *(opened.entries([entry.section_id]) if elsewhere else [])])


def behind(opened: Opened, entry: Entry) -> bool:
    """Whether the meeting that something hangs on is there, for whoever looks."""
    return any(one.id == entry.document.get("meeting_id") for one in opened.entries() if one.kind == "meeting")


def part(kind: str, names: Iterable[str], typed: Mapping[str, str], before: Document | None = None) -> forms.EntryForm:
    """A form that asks for some of a kind's fields; everything else stays as it was."""
    asked = set(names)
    kept = {name: value for name, value in as_typed(before).items() if name not in asked} if before else {}
    form = forms.read(kind, kept | {name: typed.get(name, "") for name in asked}, before)
    form.fields = [one for one in form.fields if one.name in asked]
    return form


def shown(
    kind: str, names: Iterable[str], typed: Mapping[str, str] | None = None, kept: Document | None = None
) -> forms.EntryForm:
    """The same form before anybody pressed anything."""
    form = forms.filled(kind, kept) if kept else forms.show(kind, typed or {})
    form.fields = [one for name in names for one in form.fields if one.name == name]
    return form


# Planning


@blueprint.get("/records/<id:record_id>/meeting")
@signed_in()
def meeting_plan(record_id: str) -> ResponseReturnValue:
    """Plan a meeting. `which` in the address is the kind of it, chosen already."""
    opened = enter(record_id)
    section = _to_plan_in(opened)
    which = request.args.get("which", "")
    typed = {"which": which} if which in SORTS else {}
    return _plan_page(opened, section, shown("meeting", PLAN_FIELDS, typed), None)


def _to_plan_in(opened: Opened) -> Section:
    """The section that meetings go into. Raises NotYours for whoever may add nothing to it."""
    section = opened.book.by_slug("meetings")
    if section is None or not opened.may_add(section.id):
        raise NotYours
    return section


@blueprint.post("/records/<id:record_id>/meeting")
@signed_in()
def keep_meeting_plan(record_id: str) -> ResponseReturnValue:
    """Keep the plan of a new meeting."""
    opened = enter(record_id)
    section = _to_plan_in(opened)
    form, problems = _read_plan(opened, None)
    if form.errors or problems:
        return _plan_page(opened, section, form, None, problems=problems), 400
    entry_id = once_id(request.form.get("once", ""), section.id, opened.person.account_id, *forms.as_sent(request.form))
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, section.id, form.document, entry_id=entry_id)
    return redirect(url_for("records.entry", record_id=record_id, entry_id=entry_id))


@blueprint.get("/records/<id:record_id>/meetings/<id:entry_id>/plan")
@signed_in()
def change_meeting_plan(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The plan of a meeting, to be changed."""
    opened = enter(record_id)
    entry = _to_change(opened, entry_id)
    return _plan_page(opened, section_of(opened, entry), shown("meeting", PLAN_FIELDS, kept=entry.document), entry)


def _to_change(opened: Opened, entry_id: str) -> Entry:
    entry = the_meeting(opened, entry_id)
    if not opened.may_change(entry):
        raise NotYours
    return entry


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/plan")
@signed_in()
def save_meeting_plan(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Keep it. Where somebody saved in the meantime, show both."""
    opened = enter(record_id)
    entry = _to_change(opened, entry_id)
    section = section_of(opened, entry)
    form, problems = _read_plan(opened, entry)
    if form.errors or problems:
        return _plan_page(opened, section, form, entry, problems=problems), 400
    try:
        editing.save(opened, entry_id, form.document, forms.based_on(request.form))
    except editing.EditedMeanwhile as meanwhile:
        return _plan_page(opened, section, form, meanwhile.current, theirs=meanwhile.current), 409
    return redirect(entry_url(opened, entry))


def _read_plan(opened: Opened, entry: Entry | None) -> tuple[forms.EntryForm, list[str]]:
    """The form as it was sent, with the guests in its document; and what is unclear in those."""
    before = entry.document if entry else None
    form = part("meeting", PLAN_FIELDS, request.form, before)
    problems = []
    try:
        form.document = _with(form.document, invited=_guests(opened))
    except Unclear:
        problems.append(_("Who is invited: keep each line under 200 letters, and the list under 100 lines"))
    form.document.setdefault("state", PLANNED)
    form.document = _with(form.document, nation=_nation(opened, entry))
    if opened.is_holder:
        form.document = _with(form.document, agreed_to_meet_on=_agreed_on(opened, form.document, before))
    else:
        form.document = _with(form.document, agreed_to_meet_on=(before or {}).get("agreed_to_meet_on"))
    return form, problems


def _with(document: Document, **fields: Any) -> Document:
    """A document with these fields; those that hold nothing are left out."""
    return {name: value for name, value in (document | fields).items() if value not in (None, "", [])}


def _guests(opened: Opened) -> list[str]:
    """Who is invited: the people who were ticked, then those who were typed. Raises Unclear."""
    ticked = set(request.form.getlist("person"))
    known = [meetings.line_of(one) for one in meetings.helpers(opened.entries(), opened.today) if one.id in ticked]
    typed = MEETING.field("invited").read(request.form.get("invited", ""), opened.today) or []
    guests = list(dict.fromkeys([*known, *typed]))
    if len(guests) > LONGEST_LIST:
        raise Unclear("too_many")
    return guests


def _agreed_on(opened: Opened, document: Document, before: Document | None) -> str | None:
    """The day on which the family said yes to this very kind of meeting. A yes to one kind is none to another."""
    if request.form.get("agreed") != "yes":
        return None
    if before and before.get("agreed_to_meet_on"):
        return str(before["agreed_to_meet_on"]) if before.get("which") == document.get("which") else None
    return opened.today.isoformat()


def _nation(opened: Opened, entry: Entry | None) -> str:
    """Where the child lives. A reader is not told, and goes by the meeting, or by the clocks that are there."""
    known = opened.book.nation or str(entry.document.get("nation") or "" if entry else "")
    nations = {clock.rule.nation for clock in running.clocks(opened.entries(), opened.today)} if not known else set()
    return known or (nations.pop() if len(nations) == 1 else "")


def _plan_page(
    opened: Opened,
    section: Section,
    form: forms.EntryForm,
    entry: Entry | None,
    theirs: Entry | None = None,
    problems: list[str] | None = None,
) -> str:
    people = meetings.helpers(opened.entries(), opened.today)
    was_sent = request.method == "POST"
    known = {meetings.line_of(one): one.id for one in people}
    nation = _nation(opened, entry)
    which = next(one for one in form if one.name == "which")
    sorts = meeting_sorts.sorts_of(nation, which.data)
    which.options = [(one, meeting_sorts.sort_name(one, nation)) for one in sorts]
    invited = [] if was_sent or not entry else list(entry.document.get("invited", []))
    return render_template(
        "records/meetings/plan.html",
        opened=opened,
        section_=section,
        form=form,
        entry=entry,
        theirs=theirs,
        problems=problems or [],
        people=[(one.id, meetings.line_of(one)) for one in people],
        ticked=request.form.getlist("person") if was_sent else [known[line] for line in invited if line in known],
        invited=request.form.get("invited", "") if was_sent else "\n".join(line for line in invited if line not in known),
        agreed=request.form.get("agreed") == "yes" if was_sent else bool(entry and entry.document.get("agreed_to_meet_on")),
        words=meeting_wording,
        held_by=meeting_sorts.held_by,
        nation=nation,
        once=request.form.get("once") or new_id(),
        names=names_we_know(opened),
    )


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/agree")
@signed_in()
def agree_meeting(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The family says yes to this meeting, or takes that back; or says that it has been, or is called off. Theirs alone."""
    opened = enter_as_holder(record_id)
    entry = the_meeting(opened, entry_id)
    state = request.form.get("state", "")
    if state in _STATES:
        editing.revise(opened, entry.id, lambda now: {**now, "state": state})
    elif request.form.get("which", "") == entry.document.get("which", ""):
        # What they said yes to is what stood on their page: if the kind was changed meanwhile, it is another meeting.
        day = opened.today.isoformat() if request.form.get("agreed") == "yes" else None
        editing.revise(opened, entry.id, lambda now: _with(now, agreed_to_meet_on=day))
    if request.form.get("then") == "invite":
        # They were on their way to invite people, and go on with it.
        return redirect(url_for("records.invite_to_meeting", record_id=record_id, entry_id=entry_id))
    return redirect(entry_url(opened, entry))


# Answers


@blueprint.get("/records/<id:record_id>/meetings/<id:entry_id>/answer")
@signed_in()
def answer_meeting(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Coming, not coming, or words instead: a reader says it of themselves, the family notes it of anybody.

    `guest` in the address is somebody's place in the list of those invited: their name is nothing for an address.
    """
    opened = enter(record_id)
    entry = _to_add_to(opened, entry_id)
    invited, place = entry.document.get("invited", []), request.args.get("guest", 0, int)
    typed = {"who": invited[place - 1].partition(",")[0]} if opened.is_holder and 0 < place <= len(invited) else {}
    return _answer_page(opened, entry, shown("contribution", _asked(opened), typed))


def _to_add_to(opened: Opened, entry_id: str) -> Entry:
    """A meeting in a section that this person may add to. Raises NotYours."""
    entry = the_meeting(opened, entry_id)
    if not opened.may_add(entry.section_id):
        raise NotYours
    return entry


def _asked(opened: Opened) -> tuple[str, ...]:
    return ("who", "coming", "words") if opened.is_holder else ("coming", "words")


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/answer")
@signed_in()
def keep_meeting_answer(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Keep the answer; a newer one takes an older one's place, and the older one stays to be read."""
    opened = enter(record_id)
    entry = _to_add_to(opened, entry_id)
    form = part("contribution", _asked(opened), request.form)
    if not form.errors and not form.document.get("coming") and not form.document.get("words"):
        form.fields[-2].errors.append(_("Choose one of the answers, or write what they want to say"))
    if opened.is_holder and not form.document.get("who"):
        form.fields[0].errors = [_("Write who it is from")]
    if form.errors:
        return _answer_page(opened, entry, form), 400
    # A reader speaks for nobody but themselves.
    who = form.document["who"] if opened.is_holder else current_account().shown_name
    turn = meetings.next_turn(entry, opened.entries([entry.section_id]))
    document = form.document | {"meeting_id": entry.id, "who": who, "at": clock.second(), "turn": turn}
    answer_id = once_id(request.form.get("once", ""), entry.id, opened.person.account_id, *forms.as_sent(request.form))
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, entry.section_id, document, entry_id=answer_id)
    return redirect(entry_url(opened, entry))


def _answer_page(opened: Opened, entry: Entry, form: forms.EntryForm) -> str:
    guests = [line.partition(",")[0].strip() for line in entry.document.get("invited", [])]
    if not opened.is_holder:
        said = next(one for one in form if one.name == "coming")
        said.label, said.options = (
            forms.Words(_("Are you coming?")),
            [(name, str(of)) for name, of in meeting_wording.I_AM.items()],
        )
    return render_template(
        "records/meetings/answer.html",
        opened=opened,
        entry=entry,
        form=form,
        names=list(dict.fromkeys([*guests, *names_we_know(opened)])),
        once=request.form.get("once") or new_id(),
    )


# The meeting's own page


def who_sees(opened: Opened, section_id: str) -> list[str]:
    """Who sees a section now, apart from those who hold the record: for holders, who are asked before something is shared."""
    if not opened.is_holder:
        return []
    live = (one.consent for one in given.live_grants(opened) if section_id in one.consent.sections)
    return list(dict.fromkeys(one.name for one in live if one.may_read))
