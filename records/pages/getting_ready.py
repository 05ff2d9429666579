"""Getting ready for a meeting: what only the family is to know. It lies in Our family's plan, and never in Meetings."""

from __future__ import annotations

import sqlite3

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.dates import date_in_words
from plumbing.ids import once_id
from records import editing, paper, wording
from records.book import Section
from records.entry import Entry
from records.gate import NotYours, Opened
from records.pages import form as forms
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.entries import section_of
from records.pages.meetings import the_meeting, who_sees
from records.pages.paper import language, pdf

KIND = "getting_ready"


def _section(opened: Opened) -> Section:
    """Where it is kept. Raises NotYours where a family put that section away."""
    found = opened.book.by_slug("family_plan")
    if found is None:
        raise NotYours
    return found


def _sheet(opened: Opened, meeting: Entry) -> Entry | None:
    """What is written for this meeting so far, wherever the family moved it to since."""
    here = (one for one in opened.entries() if one.kind == KIND and one.document.get("meeting_id") == meeting.id)
    return next(here, None)


@blueprint.get("/records/<id:record_id>/meetings/<id:entry_id>/getting-ready")
@signed_in()
def getting_ready(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The questions, what not to raise, and what the child thinks."""
    opened = enter_as_holder(record_id)
    meeting = the_meeting(opened, entry_id)
    sheet = _sheet(opened, meeting)
    return _page(opened, meeting, sheet, forms.filled(KIND, sheet.document) if sheet else forms.show(KIND, {}))


def _page(opened: Opened, meeting: Entry, sheet: Entry | None, form: forms.EntryForm, theirs: Entry | None = None) -> str:
    section = section_of(opened, sheet) if sheet else _section(opened)
    return render_template(
        "records/meetings/getting_ready.html",
        opened=opened,
        meeting=meeting,
        sheet=sheet,
        form=form,
        theirs=theirs,
        section_=section,
        readers=who_sees(opened, section.id),
    )


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/getting-ready")
@signed_in()
def save_getting_ready(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Keep it. There is one sheet for each meeting: whoever was second is shown both."""
    opened = enter_as_holder(record_id)
    meeting = the_meeting(opened, entry_id)
    sheet = _sheet(opened, meeting)
    form = forms.read(KIND, request.form, sheet.document if sheet else None)
    if form.errors:
        return _page(opened, meeting, sheet, form), 400
    document = form.document | {"meeting_id": meeting.id}
    try:
        _keep(opened, meeting, sheet, document)
    except editing.EditedMeanwhile as meanwhile:
        return _page(opened, meeting, meanwhile.current, form, theirs=meanwhile.current), 409
    return redirect(url_for("records.getting_ready", record_id=record_id, entry_id=entry_id, kept="yes"))


def _keep(opened: Opened, meeting: Entry, sheet: Entry | None, document: dict[str, str]) -> None:
    if sheet is None:
        # The same id for both holders: of two who begin at once, the second finds the first one's there.
        sheet_id = once_id(meeting.id, opened.record_id, KIND)
        try:
            editing.add(opened, _section(opened).id, document, entry_id=sheet_id)
        except sqlite3.IntegrityError:
            there = opened.entry(sheet_id)
            if there.state == "kept":
                raise editing.EditedMeanwhile(there) from None
            editing.add(opened, _section(opened).id, document)
    else:
        editing.save(opened, sheet.id, document, forms.based_on(request.form))


@blueprint.get("/records/<id:record_id>/meetings/<id:entry_id>/getting-ready.pdf")
@signed_in()
def getting_ready_paper(record_id: str, entry_id: str) -> ResponseReturnValue:
    """On one sheet, to hold in a hand; `large` in the address for large print."""
    opened = enter_as_holder(record_id)
    meeting = the_meeting(opened, entry_id)
    sheet = _sheet(opened, meeting)
    if sheet is None:
        raise NotYours
    answers = [paper.Answer(label, words) for _name, label, words in wording.filled(sheet.document)]
    words = {
        "title": _("Getting ready: %(meeting)s", meeting=wording.title(meeting.document)),
        "dated": _("For us alone. Printed on %(day)s", day=date_in_words(opened.today)),
    }
    return pdf(paper.one_side(answers, words, language(), large="large" in request.args), "getting-ready")
