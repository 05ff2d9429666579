"""The slip for a meeting: a guest who opened a pack comes, does not come, or sends words; the family files it in one tap."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from plumbing import clock
from plumbing.access import public
from plumbing.ids import new_id
from plumbing.limits import limiter
from records import items, meeting_wording, meetings
from records.entry import Entry
from records.gate import NotYours, Opened
from records.item import Item
from records.kinds import Document
from records.meetings import Meeting
from records.packs import Pack
from records.pages import form as forms
from records.pages.blueprint import blueprint
from records.pages.guest import of_a_guest
from records.pages.meetings import part, shown
from records.pages.slip import put_slip, sent

_ASKED = ("coming", "words", "who")


def may_be_answered(entry: Entry) -> bool:
    """Whether somebody is wanted at a meeting: the family said yes to it, and it is still to come."""
    meeting = Meeting(entry)
    return entry.kind == "meeting" and meeting.is_agreed_to and not meeting.is_called_off and not meeting.is_over(clock.today())


@blueprint.get("/pack/meetings/<id:entry_id>")
@public
@of_a_guest
def meeting_by_slip(pack: Pack, entry_id: str) -> ResponseReturnValue:
    """The slip for one meeting of a pack."""
    return _page(pack, _meeting(pack, entry_id), shown("contribution", _ASKED, {"who": pack.name}))


@blueprint.post("/pack/meetings/<id:entry_id>")
@public
@limiter.limit("120 per hour")
@of_a_guest
def send_meeting_slip(pack: Pack, entry_id: str) -> ResponseReturnValue:
    """Put it into the family's letter-box."""
    meeting = _meeting(pack, entry_id)
    form = part("contribution", _ASKED, request.form)
    coming = next(one for one in form if one.name == "coming")
    if not form.errors and not form.document.get("coming"):
        coming.errors.append(_("Choose if you are coming, or send what you want to say"))
    if form.errors:
        return _page(pack, meeting, form), 400
    problem, status = put_slip(pack, form.document | {"meeting_id": meeting.id})
    return (_page(pack, meeting, form, problem), status) if problem else sent()


def _meeting(pack: Pack, entry_id: str) -> Entry:
    found = next((one for one in pack.entries if one.id == entry_id and may_be_answered(one)), None)
    return found or abort(404)


def _page(pack: Pack, meeting: Entry, form: forms.EntryForm, problem: str = "") -> str:
    by_name = {one.name: one for one in form}
    form.fields = [by_name[name] for name in _ASKED]
    by_name["coming"].label, by_name["who"].label = forms.Words(_("Are you coming?")), forms.Words(_("Your name"))
    by_name["coming"].options = [(name, str(words)) for name, words in meeting_wording.I_AM.items()]
    by_name["words"].label = forms.Words(_("What you want to say"))
    return render_template(
        "records/packs/meeting.html",
        pack=pack,
        meeting=meeting,
        when=meeting_wording.when(meeting.document),
        form=form,
        problem=problem,
        once=request.form.get("once") or new_id(),
    )


# Filed by the family


def meeting_of(opened: Opened, item: Item) -> Entry | None:
    """The meeting that a slip answers, where it is still there."""
    meeting_id = item.document.get("meeting_id")
    return next((one for one in opened.entries() if one.kind == "meeting" and one.id == meeting_id), None)


def file_meeting_slip(opened: Opened, item: Item) -> Entry:
    """Keep it with its meeting; among the meetings, where that one is gone. Raises NotYours."""
    meeting, fallback = meeting_of(opened, item), opened.book.by_slug("meetings")
    section_id = meeting.section_id if meeting else fallback.id if fallback else ""
    if not section_id:
        raise NotYours
    turn = meetings.next_turn(meeting, opened.entries([section_id])) if meeting else ""

    def revised(document: Document) -> Document:
        told = {name: value for name, value in document.items() if name != "turn"}
        return {"who": item.sender.name, **told} | ({"turn": turn} if turn else {})

    return items.file(opened, item.id, section_id, revised)
