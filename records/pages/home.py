"""The record's front door: first steps, home with its tiles, and the way from the bar to a child's own pages."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import suppress
from dataclasses import replace

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from accounts.access import current_account, current_person, signed_in
from accounts.forms import tidy_name
from plumbing import clock
from plumbing.ids import new_id, once_id
from records import editing, keys, plan_wording, sections, sharing, timeline, wording
from records.book import LONGEST_NAME, NATIONS, Book, Section
from records.entry import Entry
from records.gate import Opened
from records.kinds import moment
from records.pages import desk, given, shared
from records.pages.blueprint import blueprint, current_record_id, enter, enter_as_holder, gate
from records.plan import plan_of

_OLDEST_YEARS = 120
NATION_WORDS = {
    "england": _l("England"),
    "wales": _l("Wales"),
    "scotland": _l("Scotland"),
    "northern_ireland": _l("Northern Ireland"),
}


class ChildForm(FlaskForm):
    """The three things a record begins with. Only the first has to be answered."""

    called = StringField(
        _l("What do they like to be called?"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write what they like to be called. A nickname or a letter will do")),
            Length(max=LONGEST_NAME, message=_l("Keep the name under 60 letters")),
        ],
    )
    born = StringField(_l("When were they born?"))
    once = HiddenField(default=new_id)
    nation = RadioField(_l("Where do you live?"), default="")

    def __init__(self, **filled: str) -> None:
        super().__init__(**filled)
        self.nation.choices = [("", _("I would rather not say")), *NATION_WORDS.items()]

    def validate_born(self, field: StringField) -> None:
        """A date in any way people write one, not in the future."""
        self.date_of_birth: datetime.date | None = None
        if not (field.data or "").strip():
            return
        try:
            born = moment.read_date(field.data, clock.today())
        except ValueError:
            raise ValidationError(_("Write the date of birth like 3 May 2019 or 3/5/2019, or leave it empty")) from None
        oldest = clock.today().year - _OLDEST_YEARS
        if born > clock.today() or born.year < oldest:
            raise ValidationError(_("Check the year: that date of birth cannot be right"))
        self.date_of_birth = born


def new_sections() -> tuple[Section, ...]:
    """The sections that a new record begins with, each with its own key from the first moment. Just us needs none."""
    slugs = [section.slug for section in sections.DEFAULT_SECTIONS if section.can_be_shared]
    return tuple(Section(new_id(), slug, wording.section_name(slug)) for slug in slugs)


@blueprint.get("/record")
@signed_in()
def home() -> ResponseReturnValue:
    """To the record that was looked at last, or to the desk; to first steps where there is none, and to one's account where one
    begins none."""
    if desk.leads_to_desk():
        return redirect(url_for("records.desk"))
    record_id = current_record_id()
    if record_id is None:
        role = current_account().role
        homes = {"parent": "records.first_steps"} | current_app.extensions.get("homes", {})
        return redirect(url_for(homes.get(role, "accounts.settings")))
    return redirect(url_for("records.record", record_id=record_id))


@blueprint.get("/records/new")
@signed_in("parent")
def first_steps() -> ResponseReturnValue:
    """Begin a child's record."""
    return render_template("records/first_steps.html", form=ChildForm(), is_first=not gate().record_ids())


@blueprint.post("/records/new")
@signed_in("parent")
def make_record() -> ResponseReturnValue:
    """Make the record, and go straight to it."""
    form = ChildForm()
    if not form.validate_on_submit():
        return render_template("records/first_steps.html", form=form, is_first=not gate().record_ids()), 400
    nation = form.nation.data if form.nation.data in NATIONS else ""
    book = Book(form.called.data.strip(), form.date_of_birth, nation, new_sections())
    here = gate()
    record_id = once_id(form.once.data or "", current_person().account_id)
    # The same form sent twice, by a thumb or a slow connection, is one child and not two: the second finds it there.
    with suppress(sqlite3.IntegrityError):
        keys.found_record(here.db, here.office, current_person(), book, here.today, record_id)
    return redirect(url_for("records.record", record_id=record_id))


@blueprint.get("/records/<id:record_id>")
@signed_in()
def record(record_id: str) -> ResponseReturnValue:
    """A record's home: what comes next, photograph a letter, and a tile for each section."""
    opened = enter(record_id)
    if not opened.is_holder:
        return shared.home(opened)
    told = given.attend(opened)
    children = [(id_, enter_name(id_)) for id_ in gate().record_ids() if id_ != record_id]
    entries = opened.entries()
    shown = {one.id for one in opened.sections}
    counts = {section_id: count for section_id, count in opened.counts().items() if section_id in shown}
    return render_template(
        "records/home.html",
        opened=opened,
        account=current_account(),
        children=children,
        counts=counts,
        coming=timeline.next_appointment(entries, clock.here()),
        late=_late(opened, entries),
        drafts=opened.drafts(),
        is_given_something=desk.is_given_something(),
        told=[*told, *given.notices(opened)],
        counted=given.counted(opened),
        is_paused=sharing.is_paused(opened.roster.given),
        second_holder=", ".join(one.name for one in given.other_holders(opened)),
    )


def _late(opened: Opened, entries: list[Entry]) -> list[tuple[Section, str]]:
    """The plans in which something is late, each with how much."""
    shown = [one for one in opened.sections if one.slug in sections.PLANS and not one.hidden]
    plans = [(one, plan_of([entry for entry in entries if entry.section_id == one.id], opened.today)) for one in shown]
    return [(section, plan_wording.late(len(found.overdue))) for section, found in plans if found.overdue]


def enter_name(record_id: str) -> str:
    """What the child of another record is called."""
    return gate().enter(record_id).book.called


@blueprint.get("/records/<id:record_id>/about")
@signed_in()
def book(record_id: str) -> ResponseReturnValue:
    """Change what they like to be called, the date of birth, the nation."""
    opened = enter_as_holder(record_id)
    born = opened.book.born
    form = ChildForm(called=opened.book.called, born=wording.date_in_words(born) if born else "", nation=opened.book.nation)
    return render_template("records/child.html", form=form, opened=opened)


@blueprint.post("/records/<id:record_id>/about")
@signed_in()
def save_book(record_id: str) -> ResponseReturnValue:
    """Save it."""
    opened = enter_as_holder(record_id)
    form = ChildForm()
    if not form.validate_on_submit():
        return render_template("records/child.html", form=form, opened=opened), 400
    called, born, nation = form.called.data.strip(), form.date_of_birth, form.nation.data or ""
    editing.change_book(opened, lambda before: replace(before, called=called, born=born, nation=nation))
    return redirect(url_for("records.record", record_id=record_id))
