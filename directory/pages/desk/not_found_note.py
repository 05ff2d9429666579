"""A note to those who plan services: what was missed, in numbers and words, and what was done about it; to read and to print."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from directory import not_found
from directory import not_found_wording as wording
from directory.chart import bars
from directory.not_found import FEWEST
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database
from directory.pages.desk.not_found import Numbers, chart, numbers
from directory.pages.leaflets import pdf_answer
from directory.paper.unmet import Table, unmet
from directory.store import publications
from plumbing import clock
from plumbing.dates import date_in_words

_LONGEST = 4000
_CHOSEN = ("subject", "sign", "council", "age_band", "since", "until")
_TOO_LONG = _l("Keep it under 4,000 letters")


class NoteForm(FlaskForm):
    """The words of a note, and of what numbers it is."""

    title = StringField(_l("Title"), validators=[DataRequired(_l("Write a title")), Length(max=90, message=_l("Keep it short"))])
    missing = TextAreaField(_l("What families said was missing"), validators=[Length(max=_LONGEST, message=_TOO_LONG)])
    did = TextAreaField(_l("What was done"), validators=[Length(max=_LONGEST, message=_TOO_LONG)])
    sender = StringField(_l("From whom"), validators=[Length(max=200, message=_l("Keep it short"))])
    subject, sign, council, age_band, since, until = (HiddenField() for _name in _CHOSEN)


@blueprint.get("/directory/not-found/note")
@officers_only
def desk_commissioners_note() -> ResponseReturnValue:
    """The note with its words filled in from the numbers; whoever sends it puts them right."""
    found = numbers(request.args)
    form = NoteForm(formdata=None, title=_title(found), missing=_missing(found), did=_done(found), **found.asked)
    return _page(form, found)


@blueprint.post("/directory/not-found/note")
@officers_only
def desk_print_commissioners_note() -> ResponseReturnValue:
    """The note as a PDF. Nothing of it is kept."""
    form = NoteForm()
    found = numbers({name: form[name].data or "" for name in _CHOSEN})
    if not form.validate_on_submit():
        return _page(form, found), 400
    return pdf_answer(_paper(form, found), "not-found")


def _page(form: NoteForm, found: Numbers) -> str:
    by_subject = [(words, number) for _subject, words, number in found.subjects]
    return render_template(
        "directory/desk/not_found_note.html",
        form=form,
        found=found,
        about=_about(found),
        hidden=_hidden(),
        charts=[
            (_("What it was about"), by_subject, chart(by_subject)),
            (_("What happened"), found.signs, chart(found.signs)),
        ],
        asked=found.asked,
    )


def _title(found: Numbers) -> str:
    subject = found.choice.subject
    return _("Not found: %(what)s", what=found.names.subject(subject)) if subject else _("What families could not find")


def _about(found: Numbers) -> list[tuple[str, str]]:
    """Of where and when the numbers are."""
    choice = found.choice
    where = found.names.councils.get(choice.council) or _("All areas")
    about = [(_("Area"), where), (_("Time"), wording.span(choice.since, choice.until, clock.today()))]
    if choice.age_band:
        about.append((_("Age"), wording.band(choice.age_band)))
    if choice.sign:
        about.append((_("What happened"), wording.sign(choice.sign)))
    return about


def _missing(found: Numbers) -> str:
    """A sentence for each of the largest, to be put into better words by whoever knows."""
    lines = []
    for subject, words, number in found.subjects[:5]:
        why = next(iter(not_found.sums(dict(found.rows_of(subject)), lambda cell: cell.sign)))[0]
        times = ngettext("at least %(num)d time", "at least %(num)d times", number)
        lines.append(_("%(what)s: %(times)s. Mostly: %(why)s.", what=words, times=times, why=wording.sign(why)))
    return "\n".join(lines)


def _done(found: Numbers) -> str:
    """What was published as done, of the same time."""
    choice = found.choice
    said = [
        one
        for one in publications.list_you_said(database(), published_only=True)
        if (not choice.since or one.month >= choice.since) and (not choice.until or one.month <= choice.until)
    ]
    return "\n".join(_("You said: %(said)s We did: %(did)s", said=one.said, did=one.did) for one in said[:6])[:_LONGEST]


def _hidden() -> str:
    return _(
        "Each search, question and answer is counted in one place only. Numbers below %(fewest)d are left out, or put together "
        "with their neighbours, so that nobody can be found in them. The true numbers are higher. Nobody’s name was asked.",
        fewest=FEWEST,
    )


def _paper(form: NoteForm, found: Numbers) -> bytes:
    heads = (_("What it was about"), _("At least"))
    by_subject = Table(_("What it was about"), heads, tuple((words, number) for _one, words, number in found.subjects))
    by_sign = Table(_("What happened"), (_("What happened"), _("At least")), tuple(found.signs))
    words = {
        "title": (form.title.data or "").strip(),
        "sender": (form.sender.data or "").strip(),
        "made": _("Made on %(day)s", day=date_in_words(clock.today())),
        "missing_title": _("What families said was missing"),
        "missing": (form.missing.data or "").strip(),
        "did_title": _("You said, we did"),
        "did": (form.did.data or "").strip(),
        "hidden_title": _("How this was counted"),
        "hidden": _hidden(),
        "empty": _("Nothing that can be shown."),
        "chart": _("A chart of the numbers in the table below it."),
    }
    return unmet(words, _about(found), [by_subject, by_sign], bars, get_locale().language)
