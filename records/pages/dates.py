"""Dates: what is coming and what has been, and one appointment for the phone's own calendar."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from plumbing import clock
from records import calendar, desk, timeline, wording
from records.clocks import running, words
from records.gate import NotYours
from records.kinds import kind_of
from records.pages.blueprint import blueprint, current_record_id, enter


@blueprint.get("/dates")
@signed_in()
def dates_of_current() -> ResponseReturnValue:
    """From the bar to the dates of the child looked at last."""
    record_id = current_record_id()
    return redirect(url_for("records.dates", record_id=record_id) if record_id else url_for("records.home"))


@blueprint.get("/records/<id:record_id>/dates")
@signed_in()
def dates(record_id: str) -> ResponseReturnValue:
    """Appointments, meetings and what was promised: soonest first, then what has been."""
    opened = enter(record_id)
    entries = opened.entries()
    lines = timeline.timeline(entries, opened.today)
    past = [one for month in lines.months for one in month.moments if kind_of(one.entry.document).is_attended]
    return render_template(
        "records/dates.html",
        opened=opened,
        coming=lines.coming_up,
        past=past,
        review_lines=running.open_lines(entries, opened.today),
        clock_words=words,
        appointments=opened.book.by_slug("appointments"),
        meetings=opened.book.by_slug("meetings"),
    )


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>/calendar")
@signed_in()
def appointment_file(record_id: str, entry_id: str) -> ResponseReturnValue:
    """One appointment for the phone's own calendar: it says "Appointment", because others look at calendars too."""
    opened = enter(record_id)
    entry = opened.entry(entry_id)
    date = calendar.feed_date(entry)
    # A date in somebody's own calendar is a copy, too.
    if date is None or not (opened.is_holder or desk.copies(opened, entry.section_id) != desk.NOTHING):
        raise NotYours
    file = calendar.calendar_file([date], clock.now(), str(wording.NEUTRAL_APPOINTMENT))
    return Response(file, content_type=calendar.MIMETYPE, headers={"Content-Disposition": "attachment; filename=appointment.ics"})
