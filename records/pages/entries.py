"""One entry of any kind: written, read, changed, found again as it was, put away, and gone for good."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import current_account, recent_passphrase, signed_in
from plumbing.ids import new_id, once_id
from records import editing, meetings, moving, sections, wording
from records.book import Section
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import KINDS, Document, doubts
from records.kinds.meeting import BRIEF_FIELDS, CONTRIBUTION, MEETING
from records.kinds.plan import AGREED_PLAN
from records.pages import form as forms
from records.pages import plan
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.plan_agreed import check_review
from records.suggestion import senders

# Kinds that have a way in of their own.
ELSEWHERE = {"letter", "voice", *sections.PLAN, *sections.OF_A_MEETING, sections.GETTING_READY}


def section_of(opened: Opened, entry: Entry) -> Section:
    """The section an entry is in; of a draft, which is in none yet, one without a name."""
    return Section("", "", "") if entry.section_id == opened.root_id else opened.section(entry.section_id)


def entry_url(opened: Opened, entry: Entry) -> str:
    """An entry's own page."""
    return url_for("records.entry", record_id=opened.record_id, entry_id=entry.id)


def section_url(opened: Opened, section: Section) -> str:
    """A section's page; Just us has its own."""
    if section.slug == sections.JUST_US:
        return url_for("records.just_us", record_id=opened.record_id)
    return url_for("records.section", record_id=opened.record_id, section_id=section.id)


def names_we_know(opened: Opened) -> list[str]:
    """Whom to suggest where a form asks for a person: people who help us, and whoever wrote. A reader does not look for that."""
    if not opened.is_holder:
        return []
    entries = opened.entries()
    people = [str(one.document["name"]) for one in entries if one.kind == "person" and one.document.get("name")]
    return list(dict.fromkeys([*people, *senders(entries)]))[:100]


def _kind_for(section: Section, kind: str) -> str:
    if kind not in KINDS or kind in ELSEWHERE or kind not in sections.kinds_for(section.slug):
        abort(404)
    return kind


def _brief(form: forms.EntryForm) -> forms.EntryForm:
    """A new entry's form. To plan a meeting has a page of its own: this one is for a meeting that has been."""
    if form.kind == "meeting":
        form.fields = [one for one in form.fields if one.name in BRIEF_FIELDS]
    return form


def _to_add_to(opened: Opened, section_id: str) -> Section:
    """A section that something may be put into. Raises NotYours."""
    if not opened.may_add(section_id):
        raise NotYours
    return opened.section(section_id)


@blueprint.get("/records/<id:record_id>/sections/<id:section_id>/new/<kind>")
@signed_in()
def new_entry(record_id: str, section_id: str, kind: str) -> ResponseReturnValue:
    """An empty form; a diary's has today in it, which is the day it is mostly written for."""
    opened = enter(record_id)
    section = _to_add_to(opened, section_id)
    today = {"date": wording.date_in_words(opened.today)} if kind == "diary" else {}
    form = _brief(forms.show(_kind_for(section, kind), today))
    return _form_page(opened, section, form, None)


@blueprint.post("/records/<id:record_id>/sections/<id:section_id>/new/<kind>")
@signed_in()
def keep_entry(record_id: str, section_id: str, kind: str) -> ResponseReturnValue:
    """Keep what was written."""
    opened = enter(record_id)
    section = _to_add_to(opened, section_id)
    asked = {one.name for one in KINDS[_kind_for(section, kind)].asked}
    form = _brief(forms.read(kind, {name: typed for name, typed in request.form.items() if name in asked}))
    if form.errors:
        return _form_page(opened, section, form, None), 400
    entry_id = once_id(request.form.get("once", ""), section_id, opened.person.account_id, *forms.as_sent(request.form))
    # The same form sent twice, by a thumb or a slow connection, is one entry and not two: the second finds it there.
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, section.id, form.document, entry_id=entry_id)
    return redirect(url_for("records.entry", record_id=record_id, entry_id=entry_id))


def _form_page(opened: Opened, section: Section, form: forms.EntryForm, entry: Entry | None, theirs: Entry | None = None) -> str:
    return render_template(
        "records/entry_form.html",
        opened=opened,
        section_=section,
        back=section_url(opened, section),
        form=form,
        entry=entry,
        theirs=theirs,
        once=request.form.get("once") or new_id(),
        names=names_we_know(opened) if any(one.type == "person" for one in form) else [],
    )


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>")
@signed_in()
def entry(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Read an entry."""
    opened = enter(record_id)
    found = opened.entry(entry_id)
    if found.state == "draft":
        return redirect(url_for("records.tray", record_id=record_id, entry_id=entry_id))
    section = opened.section(found.section_id)
    to = opened.sections if opened.is_holder else ()
    # What a plan is made of hangs together: none of it is moved away from the rest.
    to = () if found.kind in sections.PLAN else to
    others = [one for one in to if one.id != section.id and found.kind in sections.kinds_for(one.slug)]
    return render_template(
        "records/entry.html",
        opened=opened,
        account=current_account(),
        # Straight after the first thing kept the sheet is offered beside it; from then on at Home.
        is_first=opened.is_holder and found.state == "kept" and sum(opened.counts().values()) == 1,
        entry=found,
        section_=section,
        back=section_url(opened, section),
        others=others,
        doubts=doubts(found.document),
        versions=len(opened.history(entry_id)) if opened.is_holder else 1,
    )


def _to_change(opened: Opened, entry_id: str) -> Entry:
    """An entry that may be changed. Raises NotYours."""
    found = opened.entry(entry_id)
    if not opened.may_change(found):
        raise NotYours
    return found


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>/edit")
@signed_in()
def edit_entry(record_id: str, entry_id: str) -> ResponseReturnValue:
    """An entry's form, filled in."""
    opened = enter(record_id)
    found = _to_change(opened, entry_id)
    form = forms.filled(found.kind, found.document)
    if found.kind == CONTRIBUTION.name and not opened.is_holder:
        form.fields = [one for one in form.fields if one.name != "who"]
    return _form_page(opened, section_of(opened, found), form, found)


@blueprint.post("/records/<id:record_id>/entries/<id:entry_id>/edit")
@signed_in()
def save_entry(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Keep a new version. Where somebody saved in the meantime, show both, and overwrite nothing."""
    opened = enter(record_id)
    found = opened.entry(entry_id)
    section = section_of(opened, found)
    if not opened.may_change(found):
        return _beside(opened, section, found)
    form = _checked(opened, forms.read(found.kind, request.form, found.document), found.document)
    if form.errors:
        return _form_page(opened, section, form, _as_read(found)), 400
    try:
        editing.save(opened, entry_id, plan.with_person(opened, form.document), forms.based_on(request.form))
    except editing.EditedMeanwhile as meanwhile:
        return _form_page(opened, section, form, meanwhile.current, theirs=meanwhile.current), 409
    is_in_plan = found.kind in sections.PLAN and section.slug in sections.PLANS
    return redirect(plan.plan_url(opened, section.id, entry_id) if is_in_plan else entry_url(opened, found))


def _checked(opened: Opened, form: forms.EntryForm, before: Document | None = None) -> forms.EntryForm:
    """A form with what its kind has rules for by itself."""
    if form.kind == AGREED_PLAN.name:
        check_review(opened, form)
    if form.kind == MEETING.name and before:
        form.document = meetings.still_agreed(form.document, before)
    if form.kind == CONTRIBUTION.name and not opened.is_holder:
        # Who answers a meeting answers for themselves: under another's name it would take the place of theirs.
        form.document |= {"who": (before or {}).get("who", "")}
    return form


def _beside(opened: Opened, section: Section, found: Entry) -> ResponseReturnValue:
    """A reader was changing what they had put in, and the family changed it first: what the reader wrote can go beside it."""
    if forms.based_on(request.form) >= found.version or not opened.may_add(section.id):
        raise NotYours
    return _form_page(opened, section, forms.read(found.kind, request.form, {}), None, theirs=found), 409


def _as_read(found: Entry) -> Entry:
    """The entry as the form was filled in from: with a slip in a field it must not pass for newer than it is."""
    version = forms.based_on(request.form)
    return replace(found, version=version) if version > 0 else found


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>/history")
@signed_in()
def entry_history(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Every version of the last 30 days."""
    opened = enter_as_holder(record_id)
    return render_template("records/history.html", opened=opened, history=opened.history(entry_id))


@blueprint.post("/records/<id:record_id>/entries/<id:entry_id>/history/<int:version>")
@signed_in()
def bring_back(record_id: str, entry_id: str, version: int) -> ResponseReturnValue:
    """Make an earlier version the newest again."""
    opened = enter_as_holder(record_id)
    earlier = next((one for one in opened.history(entry_id) if one.version == version), None)
    form = _checked(opened, _again(earlier)) if earlier else None
    if form and form.errors:
        now = opened.entry(entry_id)
        return _form_page(opened, section_of(opened, now), form, now), 400
    return redirect(entry_url(opened, editing.bring_back(opened, entry_id, version)))


def _again(earlier: Entry) -> forms.EntryForm:
    """The form over an earlier version: the rules of today hold for what comes back, too."""
    form = forms.filled(earlier.kind, earlier.document)
    form.document = earlier.document
    return form


@blueprint.post("/records/<id:record_id>/entries/<id:entry_id>/move")
@signed_in()
def move_entry(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Put an entry into another section."""
    opened = enter_as_holder(record_id)
    found = opened.entry(entry_id)
    section = opened.section(request.form.get("to", ""))
    if found.state != "kept" or found.kind in sections.PLAN or found.kind not in sections.kinds_for(section.slug):
        raise NotYours
    if section.id != found.section_id:
        moving.move(opened, entry_id, section.id)
    return redirect(url_for("records.entry", record_id=record_id, entry_id=entry_id))


@blueprint.post("/records/<id:record_id>/entries/<id:entry_id>/bin")
@signed_in()
def bin_entry(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Put an entry into the bin."""
    opened = enter(record_id)
    found = opened.entry(entry_id)
    section = opened.section(found.section_id)
    editing.put_into_bin(opened, entry_id)
    return redirect(section_url(opened, section))


@blueprint.post("/records/<id:record_id>/entries/<id:entry_id>/unbin")
@signed_in()
def unbin_entry(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Bring an entry back from the bin."""
    opened = enter(record_id)
    editing.take_out_of_bin(opened, entry_id)
    return redirect(entry_url(opened, opened.entry(entry_id)))


@blueprint.post("/records/<id:record_id>/entries/<id:entry_id>/delete")
@signed_in()
@recent_passphrase
def delete_entry(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Delete an entry for good; only from the bin."""
    opened = enter_as_holder(record_id)
    editing.delete_for_good(opened, entry_id, only="binned")
    return redirect(url_for("records.bin_", record_id=record_id))
