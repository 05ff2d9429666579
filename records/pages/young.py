"""Growing up: look at sharing together, a young person's "no", and who decides what for somebody who cannot hold a key."""

from __future__ import annotations

import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from accounts.access import signed_in
from accounts.current import family, secrets
from accounts.store import get_account
from plumbing import clock
from plumbing.ids import new_id, once_id
from records import editing, supported, wording, young_people, young_wording
from records.gate import NotYours, Opened
from records.kinds import moment
from records.kinds.field import clean_text
from records.pages import given
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.entries import names_we_know
from records.supported import Supported
from records.young_people import Answer, No


def _text(typed: str | None) -> str:
    """Words over several lines, as everything typed here is kept; too many are cut after their length is sure to be refused."""
    return clean_text(typed or "", cut=True)


def _line(typed: str | None) -> str:
    return " ".join(_text(typed).split())


def holder_name(account_id: str) -> str:
    """What to call another holder of the record on its pages."""
    account = get_account(family(), secrets().server_key, account_id)
    return account.shown_name if account else _("Somebody who has left")


def _length(longest: int) -> Length:
    return Length(max=longest, message=_l("Keep this under %(max)d letters"))


# Looking at it together


@blueprint.get("/records/<id:record_id>/young/together")
@signed_in()
def young_together(record_id: str) -> ResponseReturnValue:
    """The steps by which a young person comes to hold their own record, to be read together."""
    opened = enter_as_holder(record_id)
    return render_template("records/young/together.html", opened=opened)


@blueprint.post("/records/<id:record_id>/young/answer")
@signed_in()
def young_answer(record_id: str) -> ResponseReturnValue:
    """ "We looked at it", or "ask us in a month": to the birthday that is asked about now, and to no other."""
    opened = enter_as_holder(record_id)
    asked, answer = young_people.prompt_of(opened.book, opened.today), request.form.get("answer", "")
    if asked and answer in young_people.ANSWERS and request.form.get("age") == str(asked.age):
        said, age = Answer(answer, opened.today), asked.age
        editing.change_book(opened, lambda book: young_people.with_answer(book, age, said), young_wording.ANSWERED[answer])
    return redirect(url_for("records.record", record_id=record_id))


# What they do not want shared


class NoForm(FlaskForm):
    """A no, in the young person's own words."""

    words = TextAreaField(
        _l("What did they say or show?"),
        filters=[_text],
        validators=[DataRequired(_l("Write what they said or showed")), _length(young_people.LONGEST_WORDS)],
    )
    about = RadioField(_l("What is it about?"), default="", validate_choice=False)
    person = StringField(
        _l("Is there somebody it should not be shown to?"), filters=[_line], validators=[_length(young_people.LONGEST_PERSON)]
    )
    once = HiddenField(default=new_id)

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.about.choices = [("", _("The whole record")), *((one.id, one.name) for one in opened.sections)]

    def validate_about(self, field: RadioField) -> None:
        """A section of this record, or all of it."""
        if field.data not in dict(self.about.choices):
            raise ValidationError(_("Choose what it is about"))


@blueprint.get("/records/<id:record_id>/young/noes")
@signed_in()
def young_noes(record_id: str) -> ResponseReturnValue:
    """What the young person does not want shared."""
    opened = enter_as_holder(record_id)
    return _noes_page(opened, NoForm(opened))


@blueprint.post("/records/<id:record_id>/young/noes")
@signed_in()
def keep_young_no(record_id: str) -> ResponseReturnValue:
    """Write down a no."""
    opened = enter_as_holder(record_id)
    form = NoForm(opened)
    form.validate_on_submit()
    if len(young_people.noes(opened.book)) >= young_people.MOST_NOES:
        form.words.errors = [_("That is as many as a record can keep. Take one back first")]
    if form.errors:
        return _noes_page(opened, form), 400
    no = No(
        once_id(form.once.data or "", record_id, opened.person.account_id),
        form.words.data,
        form.about.data,
        form.person.data,
        opened.person.account_id,
        opened.today,
    )
    editing.change_book(opened, lambda book: young_people.with_no(book, no), "young_no")
    return redirect(url_for("records.young_noes", record_id=record_id, kept=no.id))


def _noes_page(opened: Opened, form: NoForm) -> str:
    noes, names = young_people.noes(opened.book), names_we_know(opened)
    kept = next((one for one in noes if one.id == request.args.get("kept")), None)
    sees = given.who_sees(opened, kept) if kept else []
    return render_template("records/young/noes.html", opened=opened, noes=noes, form=form, names=names, kept=kept, sees=sees)


@blueprint.post("/records/<id:record_id>/young/noes/<id:no_id>/take-back")
@signed_in()
def take_back_young_no(record_id: str, no_id: str) -> ResponseReturnValue:
    """They think otherwise now: their words are deleted, and the log says that there were some."""
    opened = enter_as_holder(record_id)
    if no_id not in {one.id for one in young_people.noes(opened.book)}:
        raise NotYours
    editing.change_book(opened, lambda book: young_people.without_no(book, no_id), "young_no_taken_back")
    editing.truncate(opened)
    return redirect(url_for("records.young_noes", record_id=record_id))


# Who decides what


class DecidesForm(FlaskForm):
    """Who decides what, on what footing, since when, and what paper says so."""

    who = StringField(
        _l("Who decides?"),
        filters=[_line],
        validators=[DataRequired(_l("Write who decides")), _length(supported.LONGEST_WHO)],
    )
    what = TextAreaField(
        _l("What do they decide?"),
        filters=[_text],
        validators=[DataRequired(_l("Write what they decide")), _length(supported.LONGEST_WHAT)],
    )
    footing = RadioField(
        _l("Why may they decide it?"),
        validate_choice=False,
        validators=[AnyOf(supported.FOOTINGS, message=_l("Choose why they may decide it"))],
    )
    since = StringField(_l("Since when?"))
    paper = StringField(_l("Is there a paper that says so?"), filters=[_line], validators=[_length(supported.LONGEST_PAPER)])
    once = HiddenField(default=new_id)

    def __init__(self, **filled: str) -> None:
        super().__init__(**filled)
        self.footing.choices = [
            (one, f"{young_wording.footing(one)}. {young_wording.footing_meaning(one)}") for one in supported.FOOTINGS
        ]

    def validate_since(self, field: StringField) -> None:
        """A date in any way people write one, not in the future."""
        self.day: datetime.date | None = None
        if not (field.data or "").strip():
            return
        try:
            self.day = moment.read_date(field.data, clock.today())
        except ValueError:
            raise ValidationError(_("Write the day like 3 May 2026 or 3/5/2026, or leave it empty")) from None
        if self.day > clock.today():
            raise ValidationError(_("Check the year: that day is still to come"))

    def note(self, note_id: str) -> Supported:
        """What was typed."""
        return Supported(note_id, self.who.data, self.what.data, self.footing.data, self.day, self.paper.data)


def _note_of(opened: Opened, note_id: str) -> Supported:
    found = next((one for one in supported.supported(opened.book) if one.id == note_id), None)
    if found is None:
        raise NotYours
    return found


@blueprint.get("/records/<id:record_id>/young/decides")
@signed_in()
def decides(record_id: str) -> ResponseReturnValue:
    """Who decides what."""
    opened = enter_as_holder(record_id)
    is_full = len(supported.supported(opened.book)) >= supported.MOST_NOTES
    return render_template("records/young/decides.html", opened=opened, is_full=is_full)


@blueprint.get("/records/<id:record_id>/young/decides/new")
@signed_in()
def new_decides(record_id: str) -> ResponseReturnValue:
    """An empty note."""
    return _decides_page(enter_as_holder(record_id), DecidesForm())


@blueprint.post("/records/<id:record_id>/young/decides/new")
@signed_in()
def keep_decides(record_id: str) -> ResponseReturnValue:
    """Keep it."""
    opened = enter_as_holder(record_id)
    form = DecidesForm()
    form.validate_on_submit()
    if len(supported.supported(opened.book)) >= supported.MOST_NOTES:
        form.who.errors = [_("That is as many notes as a record can keep. Take one away first")]
    if form.errors:
        return _decides_page(opened, form), 400
    return _kept(opened, form.note(once_id(form.once.data or "", record_id, opened.person.account_id)))


@blueprint.get("/records/<id:record_id>/young/decides/<id:note_id>")
@signed_in()
def edit_decides(record_id: str, note_id: str) -> ResponseReturnValue:
    """Change a note."""
    opened = enter_as_holder(record_id)
    note = _note_of(opened, note_id)
    since = wording.date_in_words(note.since) if note.since else ""
    form = DecidesForm(who=note.who, what=note.what, footing=note.footing, since=since, paper=note.paper)
    return _decides_page(opened, form, note)


@blueprint.post("/records/<id:record_id>/young/decides/<id:note_id>")
@signed_in()
def save_decides(record_id: str, note_id: str) -> ResponseReturnValue:
    """Save it."""
    opened = enter_as_holder(record_id)
    note, form = _note_of(opened, note_id), DecidesForm()
    if not form.validate_on_submit():
        return _decides_page(opened, form, note), 400
    return _kept(opened, form.note(note.id))


def _kept(opened: Opened, note: Supported) -> ResponseReturnValue:
    editing.change_book(opened, lambda book: supported.with_note(book, note), "supported")
    return redirect(url_for("records.decides", record_id=opened.record_id))


@blueprint.post("/records/<id:record_id>/young/decides/<id:note_id>/remove")
@signed_in()
def remove_decides(record_id: str, note_id: str) -> ResponseReturnValue:
    """Take a note away."""
    opened = enter_as_holder(record_id)
    _note_of(opened, note_id)
    editing.change_book(opened, lambda book: supported.without_note(book, note_id), "supported_removed")
    editing.truncate(opened)
    return redirect(url_for("records.decides", record_id=record_id))


def _decides_page(opened: Opened, form: DecidesForm, note: Supported | None = None) -> str:
    names = names_we_know(opened)
    return render_template("records/young/decides_form.html", opened=opened, form=form, note=note, names=names)
