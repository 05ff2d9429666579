"""A copy for the file of a reader's own agency: of what the family allows, dated, and in the log before a byte of it leaves."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from accounts.access import current_account, signed_in
from accounts.forms import tidy_name
from plumbing.dates import date_in_words
from records import desk, paper, timeline, wording
from records.book import Section
from records.consent import day_of
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import kind_of
from records.pages.blueprint import blueprint, enter
from records.pages.paper import language, pdf, printed
from records.pages.shared import name_of

_LONGEST = 80
# What "dates, and what was agreed" is, of an appointment, a meeting or a promise.
_AGREED = {"date", "time", "ends", "place", "actions", "promised_by_date", "cancelled"}


class CopyForm(FlaskForm):
    """For which file."""

    agency = StringField(
        _l("Which file is it for?"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write which file it is for, so that the family knows where it is kept")),
            Length(max=_LONGEST, message=_l("Keep it under 80 letters")),
        ],
    )


def may_copy(opened: Opened, section_id: str) -> bool:
    """Whether a reader may copy anything of a section."""
    return not opened.is_holder and desk.copies(opened, section_id) != desk.NOTHING


def may_copy_any(opened: Opened) -> bool:
    """Whether a reader may copy anything at all."""
    return any(may_copy(opened, one.id) for one in opened.sections)


@blueprint.get("/records/<id:record_id>/agency-copy")
@signed_in()
def agency_copy(record_id: str) -> ResponseReturnValue:
    """Choose what to copy, or read why nothing can be."""
    opened = _entered(record_id)
    return _page(opened, CopyForm(formdata=None), _chosen_entry(opened, request.args.get("entry", "")))


def _entered(record_id: str) -> Opened:
    opened = enter(record_id)
    if opened.is_holder:
        raise NotYours  # a holder takes the whole of it along
    return opened


def _chosen_entry(opened: Opened, entry_id: str) -> Entry | None:
    entry = opened.entry(entry_id) if entry_id else None
    if entry and not may_copy(opened, entry.section_id):
        raise NotYours
    return entry


def _sections(opened: Opened) -> list[Section]:
    return [one for one in opened.sections if may_copy(opened, one.id)]


def _page(opened: Opened, form: CopyForm, entry: Entry | None, problem: str = "", ticked: Iterable[str] = ()) -> str:
    return render_template(
        "records/shared/agency_copy.html",
        opened=opened,
        form=form,
        entry=entry,
        sections=_sections(opened),
        only_dates={one.id for one in opened.sections if desk.copies(opened, one.id) == desk.DATES},
        problem=problem,
        ticked=set(ticked),
    )


@blueprint.post("/records/<id:record_id>/agency-copy")
@signed_in()
def make_agency_copy(record_id: str) -> ResponseReturnValue:
    """Make it. The line in the log comes before anything is opened for it, and says for which file."""
    opened, form = _entered(record_id), CopyForm()
    entry = _chosen_entry(opened, request.form.get("entry", ""))
    ticked = set(request.form.getlist("section"))
    chosen = [one for one in _sections(opened) if (entry.section_id == one.id if entry else one.id in ticked)]
    is_fine = form.validate_on_submit()
    problem = "" if chosen or not _sections(opened) else _("Choose at least one section.")
    if not chosen or not is_fine:
        return _page(opened, form, entry, problem, ticked), 400
    agency = " ".join(form.agency.data.split())
    if entry:
        opened.look("agency_copy", [entry.section_id], entry=entry.id, agency=agency)
    entries = [entry] if entry else opened.entries([one.id for one in chosen], what="agency_copy", agency=agency)
    sections = tuple(_printed(opened, one, [entry for entry in entries if entry.section_id == one.id]) for one in chosen)
    words = {
        "title": _("From %(called)s’s record", called=opened.book.called),
        "subtitle": _stamp(opened, chosen, agency),
        "contents": _("What is in it"),
        "empty": _("Nothing that may be copied."),
    }
    answer = pdf(paper.book(sections, words, language()), "copy")
    # The day, so that two copies in one folder are told apart; and nothing of whose record it is.
    answer.headers["Content-Disposition"] = f"attachment; filename=record-copy-{opened.today.isoformat()}.pdf"
    return answer


def _stamp(opened: Opened, chosen: list[Section], agency: str) -> str:
    """When, for which file, by whom; and on which terms the family gave it."""
    ids = {one.id for one in chosen}
    given = [one.consent for one in opened.terms if one.consent.may_read and ids & set(one.consent.sections)]
    purposes = list(dict.fromkeys(one.purpose for one in given if one.purpose))
    return _(
        "Copy made on %(today)s for %(agency)s by %(who)s. Given by the family for: %(purpose)s. Until %(day)s.",
        today=date_in_words(opened.today),
        agency=agency,
        who=name_of(current_account().id),
        purpose="; ".join(purposes) or _("no purpose was written down"),
        day=date_in_words(day_of(min(one.last_day for one in given))),
    )


def _printed(opened: Opened, section: Section, entries: list[Entry]) -> paper.PrintedSection:
    everything = sorted(entries, key=lambda one: (timeline.day_of(one), one.saved_at), reverse=True)
    if desk.copies(opened, section.id) == desk.DATES:
        return paper.PrintedSection(section.name, tuple(_agreed(one) for one in everything if _is_dated(one)))
    return paper.PrintedSection(section.name, tuple(printed(opened, one) for one in everything))


def _is_dated(entry: Entry) -> bool:
    return kind_of(entry.document).is_attended or entry.document.get("promised_by_date") is not None


def _agreed(entry: Entry) -> paper.PrintedEntry:
    facts = tuple(paper.Answer(label, text) for name, label, text in wording.filled(entry.document) if name in _AGREED)
    return paper.PrintedEntry(wording.kind_name(entry.kind), date_in_words(timeline.day_of(entry)), facts)
