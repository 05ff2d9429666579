"""Inviting people to a meeting: in the family's own words, by a neutral mail of ours, and by a date for their calendar."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from limits import parse

from accounts.access import current_account, signed_in
from accounts.current import secrets
from plumbing import clock, mail
from plumbing.dates import weekday_in_words
from plumbing.limits import limiter
from records import calendar, editing, meeting_wording, meetings, paper
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import doubts
from records.kinds.field import Unclear, clean_line, clean_text
from records.pages.blueprint import blueprint, enter, settings
from records.pages.meetings import the_meeting
from records.pages.paper import language, pdf

MOST_AT_ONCE = 20
_MAILS_A_PERSON, _MAILS_AN_ADDRESS = parse("60 per day"), parse("3 per day")
_FILENAME = "invitation.ics"


def _to_invite(opened: Opened, entry_id: str) -> Entry:
    """A meeting that people may be invited to, by whoever may add to its section. Raises NotYours."""
    entry = the_meeting(opened, entry_id)
    if not opened.may_add(entry.section_id):
        raise NotYours
    return entry


@blueprint.get("/records/<id:record_id>/meetings/<id:entry_id>/invite")
@signed_in()
def invite_to_meeting(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The three ways; none of them before the family has said yes to this meeting."""
    opened = enter(record_id)
    return _page(opened, _to_invite(opened, entry_id))


def _page(opened: Opened, entry: Entry, problem: str = "", letter: str = "") -> str:
    meeting = meetings.with_all(entry, [])
    if not meeting.is_agreed_to or meeting.is_called_off:
        return render_template("records/meetings/not_agreed.html", opened=opened, entry=entry, meeting=meeting)
    called, sender = opened.book.called, current_account().shown_name
    subject, words = meeting_wording.mail()
    return render_template(
        "records/meetings/invite.html",
        opened=opened,
        entry=entry,
        letter=letter or meeting_wording.letter(entry.document, called, sender),
        text_message=meeting_wording.text_message(entry.document, called, sender),
        subject=subject,
        words=words,
        people=_with_mail(opened),
        ticked=request.form.getlist("person") or _invited(opened, entry),
        typed=request.form.get("addresses", ""),
        problem=problem,
        is_sent="sent" in request.args,
    )


def _with_mail(opened: Opened) -> list[Entry]:
    people = meetings.helpers(opened.entries(), opened.today)
    return [one for one in people if one.document.get("email") and not doubts(one.document).get("email")]


def _invited(opened: Opened, entry: Entry) -> list[str]:
    """Those of People who help us who are in the meeting's list."""
    invited = {meetings.name_key(line) for line in entry.document.get("invited", [])}
    return [one.id for one in _with_mail(opened) if meetings.name_key(meetings.line_of(one)) in invited]


def _agreed(opened: Opened, entry_id: str) -> Entry:
    """A meeting the family said yes to. Raises NotYours: a page that offered this is older than their no."""
    entry = _to_invite(opened, entry_id)
    meeting = meetings.with_all(entry, [])
    if not meeting.is_agreed_to or meeting.is_called_off:
        raise NotYours
    return entry


# Their own letter


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/invite/letter")
@signed_in()
def invitation_paper(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The letter as it stands on the page, on paper. It is kept nowhere."""
    opened = enter(record_id)
    entry = _agreed(opened, entry_id)
    try:
        words = clean_text(request.form.get("letter", ""))
    except Unclear:
        problem = _("The letter is too long. Keep it to 20,000 letters")
        return _page(opened, entry, problem, request.form.get("letter", "")), 400
    if not words:
        return _page(opened, entry, _("Write something in the letter"), " "), 400
    named = {"title": str(meeting_wording.SUBJECT), "day": weekday_in_words(opened.today)}
    return pdf(paper.letter(words, named, language(), large=request.form.get("large") == "yes"), "invitation")


# A mail of ours


@blueprint.post("/records/<id:record_id>/meetings/<id:entry_id>/invite/mail")
@signed_in()
def mail_meeting(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Send the neutral mail. It is the same to everybody, and so is what this page says afterwards."""
    opened = enter(record_id)
    entry = _agreed(opened, entry_id)
    to, problem = _addresses(opened)
    if problem:
        return _page(opened, entry, problem), 400
    if not limiter.limiter.test(_MAILS_A_PERSON, "meeting mail", opened.person.account_id, cost=len(to)):
        return _page(
            opened, entry, _("That is enough mail for today. Send the letter or the text yourself, or try tomorrow")
        ), 429
    limiter.limiter.hit(_MAILS_A_PERSON, "meeting mail", opened.person.account_id, cost=len(to))
    file = _calendar_file(entry) if request.form.get("calendar") == "yes" and entry.document.get("date") else None
    attached = mail.Attachment(_FILENAME, calendar.MIMETYPE, file) if file else None
    _note(opened)
    for address in to:
        # Nobody's inbox is filled by a family who means well: what is over the measure is not sent, and nobody is told which.
        measured = limiter.limiter.hit(_MAILS_AN_ADDRESS, "mail to", mail.mark_of(address, secrets().server_key))
        mail.post(settings(), address if measured else None, *meeting_wording.mail(), attached)
    return redirect(url_for("records.invite_to_meeting", record_id=record_id, entry_id=entry_id, sent="yes"))


def _addresses(opened: Opened) -> tuple[list[str], str]:
    """The addresses of the people who were ticked, and those that were typed; or why they are not taken."""
    ticked = set(request.form.getlist("person"))
    found = [str(one.document["email"]) for one in _with_mail(opened) if one.id in ticked]
    for line in request.form.get("addresses", "").splitlines():
        try:
            address = clean_line(line)
        except Unclear:
            address = "?"
        if address and doubts({"kind": "person", "email": address}):
            return [], _("Write each e-mail address on a line of its own, like sara@example.org")
        found.append(address)
    to = list({one.casefold(): one for one in found if one}.values())
    if not to:
        return [], _("Tick somebody, or write an e-mail address")
    return (to, "") if len(to) <= MOST_AT_ONCE else ([], _("Choose %(most)d people or fewer", most=MOST_AT_ONCE))


def _note(opened: Opened) -> None:
    """The log says that mail went, before it does."""

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            pen.note("meeting_mailed")

    editing.again(make, opened)


# A date for their calendar


def _calendar_file(entry: Entry) -> bytes:
    date = calendar.invitation_date(entry)
    return calendar.calendar_file([date] if date else [], clock.now(), str(meeting_wording.NEUTRAL))


@blueprint.get("/records/<id:record_id>/meetings/<id:entry_id>/invite/calendar")
@signed_in()
def meeting_calendar(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The date, to be sent along: it says "Meeting", the day and the time, and nothing else."""
    opened = enter(record_id)
    entry = _agreed(opened, entry_id)
    if not entry.document.get("date"):
        raise NotYours
    headers = {"Content-Disposition": f"attachment; filename={_FILENAME}"}
    return Response(_calendar_file(entry), content_type=calendar.MIMETYPE, headers=headers)
