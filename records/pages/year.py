"""The year at a glance, on a page and on one sheet; and the letter that asks for one meeting instead of two."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.access import current_account, signed_in
from plumbing.dates import date_in_words, weekday_in_words
from plumbing.ids import new_id, once_id
from records import editing, paper, sections, wording, year_wording
from records import year as years
from records.book import Book, Section
from records.clocks import running
from records.gate import NotYours, Opened
from records.kinds.field import Unclear, clean_text
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.meetings import who_sees
from records.pages.paper import language, pdf
from records.year import Event, Together

_APART = "not_together"
# A page is to be calm: the nearest first, and the next when these are answered.
_MOST_ASKED = 3
_FAMILY_PLAN = "family_plan"
# Where a letter is kept: among what was said to whom; where that is gone, wherever notes go.
_KEPT_IN = "diary"


def _events(opened: Opened) -> list[Event]:
    entries = opened.entries()
    return years.events(entries, running.clocks(entries, opened.today), opened.today)


def _asked(opened: Opened, events: list[Event]) -> tuple[Together, ...]:
    """What could be held together. Only the family is asked: nobody else knows to what it has said no."""
    if not opened.is_holder:
        return ()
    ours = {one.id for one in opened.sections if one.slug == _FAMILY_PLAN}
    apart = years.pairs_said_apart(opened.book.setting(_APART))
    return years.together(events, opened.today, ours, apart)


@blueprint.get("/records/<id:record_id>/year")
@signed_in()
def year(record_id: str) -> ResponseReturnValue:
    """Twelve months from this one, as far as somebody sees them; to the family, what could be one meeting."""
    opened = enter(record_id)
    events = _events(opened)
    return render_template(
        "records/year/page.html",
        opened=opened,
        months=years.months(events, opened.today),
        late=years.late(events),
        together=_asked(opened, events)[:_MOST_ASKED],
        year_words=year_wording,
    )


@blueprint.get("/records/<id:record_id>/year.pdf")
@signed_in()
def year_paper(record_id: str) -> ResponseReturnValue:
    """The same on one sheet; `large` in the address for large print, on several."""
    opened = enter(record_id)
    events = _events(opened)
    first, *others = [_printed(opened, month) for month in years.months(events, opened.today)]
    printed = [_with_late(opened, first, years.late(events)), *others]
    words = {
        "title": _("%(called)s’s year", called=opened.book.called),
        "dated": _("Printed on %(day)s", day=date_in_words(opened.today)),
        "nothing": _("Nothing so far"),
    }
    return pdf(paper.year(printed, words, language(), large="large" in request.args), "year")


def _printed(opened: Opened, month: years.Month) -> paper.PrintedMonth:
    return _month(year_wording.month(month), [_row(opened, one, year_wording.short_day(one)) for one in month.events])


def _with_late(opened: Opened, month: paper.PrintedMonth, late: tuple[Event, ...]) -> paper.PrintedMonth:
    """On paper what is late stands first in the month in which somebody has to see to it."""
    return _month(month.name, [*(_row(opened, one, year_wording.late_since(one)) for one in late), *month.events])


def _row(opened: Opened, event: Event, day: str) -> paper.PrintedEvent:
    return paper.PrintedEvent(day, year_wording.short_title(event, opened.book), str(year_wording.GROUPS[event.group]))


def _month(name: str, events: list[paper.PrintedEvent]) -> paper.PrintedMonth:
    more = tuple(ngettext("and %(num)d more", "and %(num)d more", number) for number in range(1, len(events) + 1))
    return paper.PrintedMonth(name, tuple(events), more)


# One meeting instead of two


def _the_pair(opened: Opened, keys: list[str]) -> Together:
    """The two that a page offered, if they still can be held together. Raises NotYours."""
    found = next((one for one in _asked(opened, _events(opened)) if one.key == frozenset(keys)), None)
    if found is None:
        raise NotYours
    return found


@blueprint.post("/records/<id:record_id>/year/apart")
@signed_in()
def keep_apart(record_id: str) -> ResponseReturnValue:
    """Not these two: never asked again."""
    opened = enter_as_holder(record_id)
    pair = _the_pair(opened, request.form.getlist("of"))
    known = {event.key for event in _events(opened)}

    def with_these(book: Book) -> Book:
        # What is not there any more need not be remembered.
        before = [one for one in years.pairs_said_apart(book.setting(_APART)) if one <= known]
        return book.with_setting(_APART, sorted(sorted(one) for one in {*before, pair.key}))

    editing.change_book(opened, with_these)
    return redirect(url_for("records.year", record_id=record_id))


@blueprint.get("/records/<id:record_id>/year/together")
@signed_in()
def one_meeting(record_id: str) -> ResponseReturnValue:
    """First the reasons: they are the family's, and the letter is nothing without them."""
    opened = enter_as_holder(record_id)
    return _letter_page(opened, _the_pair(opened, request.args.getlist("of")))


@blueprint.post("/records/<id:record_id>/year/together")
@signed_in()
def write_one_meeting(record_id: str) -> ResponseReturnValue:
    """Write the letter with their reasons, for them to change. It is kept nowhere."""
    opened = enter_as_holder(record_id)
    pair = _the_pair(opened, request.form.getlist("of"))
    reasons, own = request.form.getlist("reason"), request.form.get("own", "")
    sender = current_account().shown_name
    return _letter_page(opened, pair, year_wording.letter(pair, opened.book.called, sender, reasons, own))


@blueprint.post("/records/<id:record_id>/year/together/letter.pdf")
@signed_in()
def one_meeting_paper(record_id: str) -> ResponseReturnValue:
    """The letter as it stands on the page, on paper."""
    opened = enter_as_holder(record_id)
    pair = _the_pair(opened, request.form.getlist("of"))
    words, problem = _typed()
    if problem:
        return _letter_page(opened, pair, request.form.get("letter", ""), problem), 400
    named = {"title": _("One meeting instead of two"), "day": weekday_in_words(opened.today)}
    return pdf(paper.letter(words, named, language(), large=request.form.get("large") == "yes"), "letter")


@blueprint.post("/records/<id:record_id>/year/together/keep")
@signed_in()
def keep_one_meeting(record_id: str) -> ResponseReturnValue:
    """Keep the letter as a note: what was asked, and when."""
    opened = enter_as_holder(record_id)
    pair = _the_pair(opened, request.form.getlist("of"))
    words, problem = _typed()
    section = _kept_in(opened)
    if problem or section is None:
        return _letter_page(opened, pair, request.form.get("letter", ""), problem), 400
    entry_id = once_id(request.form.get("once", ""), section.id, opened.person.account_id, words)
    with suppress(sqlite3.IntegrityError):
        document = {"v": 1, "kind": "note", "title": _("We asked for one meeting"), "words": words}
        editing.add(opened, section.id, document, entry_id=entry_id)
    return redirect(url_for("records.entry", record_id=record_id, entry_id=entry_id))


def _typed() -> tuple[str, str]:
    """The letter as it was sent, and what is wrong with it."""
    try:
        words = clean_text(request.form.get("letter", ""))
    except Unclear:
        return "", _("The letter is too long. Keep it to 20,000 letters")
    return words, "" if words else _("Write something in the letter")


def _kept_in(opened: Opened) -> Section | None:
    noted = [one for one in opened.sections if "note" in sections.kinds_for(one.slug)]
    return next((one for one in noted if one.slug == _KEPT_IN), next(iter(noted), None))


def _letter_page(opened: Opened, pair: Together, letter: str | None = None, problem: str = "") -> str:
    section = _kept_in(opened)
    return render_template(
        "records/year/letter.html",
        opened=opened,
        pair=pair,
        letter=letter,
        problem=problem,
        kept_in=section,
        seers=who_sees(opened, section.id) if section else [],
        year_words=year_wording,
        title_of=wording.title,
        once=request.form.get("once") or new_id(),
    )
