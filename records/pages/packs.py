"""A part of the record for somebody without an account: a holder makes a pack, shows its square code, and ends it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from accounts import square
from accounts.access import current_account, recent_passphrase, signed_in
from accounts.current import cost
from accounts.forms import tidy_name
from accounts.problems import explain
from plumbing.addresses import outside
from plumbing.crypto.code import show_code
from plumbing.crypto.passphrase import Busy
from plumbing.dates import date_in_words, weekday_in_words
from records import canonical, packs, timeline, wording
from records.book import Section
from records.consent import GivenPack, day_of
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import moment
from records.log import Line
from records.looks import since
from records.pages.blueprint import blueprint, enter_as_holder

ALL, SOME = "all", "some"
_LONGEST_NAME, _LONGEST_PURPOSE = 60, 200


class GuestForm(FlaskForm):
    """For whom, what for, and until when."""

    name = StringField(
        _l("Who is it for?"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write who it is for, so that you know later whose it was")),
            Length(max=_LONGEST_NAME, message=_l("Keep the name under 60 letters")),
        ],
    )
    purpose = StringField(
        _l("What is it for?"),
        filters=[tidy_name],
        validators=[Length(max=_LONGEST_PURPOSE, message=_l("Keep what it is for under 200 letters"))],
    )
    last_day = StringField(_l("Until which day can it be opened?"))

    def __init__(self, today: datetime.date, entries: list[Entry], ticked: list[str], **filled: str) -> None:
        usual = today + datetime.timedelta(days=packs.USUAL_DAYS)
        super().__init__(last_day=date_in_words(usual), **filled)
        self.today, self.day, self.ticked = today, usual, [one.id for one in entries if one.id in ticked]

    def validate_last_day(self, field: StringField) -> None:
        """A day of the next thirty, in any way people write one."""
        latest = packs.last_possible_day(self.today)
        try:
            self.day = moment.read_date(field.data or "", self.today)
        except ValueError:
            raise ValidationError(_("Write the last day like 3 May 2027 or 3/5/2027")) from None
        if not self.today <= self.day <= latest:
            raise ValidationError(_("Choose a day from today to %(latest)s", latest=date_in_words(latest)))

    def order(self, section_id: str = "", entries: tuple[str, ...] = (), without: frozenset[str] = frozenset()) -> packs.Order:
        """What is to be given, after the form was found whole."""
        name, purpose = str(self.name.data).strip(), (self.purpose.data or "").strip()
        return packs.Order(name, purpose, self.day, section_id, entries, without)


class PackForm(GuestForm):
    """The same, and how much of a section."""

    how_much = RadioField(_l("How much of it?"), default=ALL)

    def __init__(self, today: datetime.date, entries: list[Entry], ticked: list[str]) -> None:
        super().__init__(today, entries, ticked, how_much=SOME if ticked else ALL)
        self.how_much.choices = [(ALL, _("All of this section, as it is now")), (SOME, _("Only what I tick below"))]

    def validate_how_much(self, field: RadioField) -> None:
        """Something has to be in it."""
        if field.data == SOME and not self.ticked:
            raise ValidationError(_("Tick at least one thing to show, or choose all of this section"))


@dataclass(frozen=True)
class ShownPack:
    """A pack as its family sees it: what was given, whether it can still be opened, how often it was, and on which day last."""

    given: GivenPack
    is_live: bool
    times: int
    last: datetime.date | None

    @property
    def until(self) -> datetime.date:
        """Its last day."""
        return day_of(self.given.last_day)

    @property
    def made_on(self) -> datetime.date:
        """The day it is of."""
        return day_of(self.given.made_on)


def _since_the_oldest(opened: Opened) -> Iterable[Line]:
    """The log's lines, no older than the oldest pack that could be live: a long log need not be opened whole for it."""
    return since(opened.newest_lines(), opened.today - datetime.timedelta(days=packs.MOST_DAYS))


def shown_packs(opened: Opened, lines: Iterable[Line] | None = None) -> list[ShownPack]:
    """The packs of a record whose last day has not passed, the newest first; `lines` are the log's, if they are open already."""
    live, looks = packs.live_ids(opened), packs.looks(_since_the_oldest(opened) if lines is None else lines)
    given = packs.not_over(opened.roster.given, opened.today)
    return [ShownPack(one, one.id in live, *looks.get(one.id, (0, None))) for one in reversed(given)]


@blueprint.get("/records/<id:record_id>/packs", endpoint="packs")
@signed_in()
def packs_(record_id: str) -> ResponseReturnValue:
    """The packs that can be opened now, and where to make one."""
    opened = enter_as_holder(record_id)
    counts = opened.counts()
    sections = [one for one in opened.sections if counts.get(one.id)]
    return render_template(
        "records/packs/list.html",
        opened=opened,
        packs=shown_packs(opened),
        sections=sections,
        counts=counts,
        is_ended=request.args.get("done") == "ended",
    )


@blueprint.get("/records/<id:record_id>/sections/<id:section_id>/pack")
@signed_in()
def new_pack(record_id: str, section_id: str) -> ResponseReturnValue:
    """Choose what somebody is to see; `entry` in the address is ticked already."""
    opened = enter_as_holder(record_id)
    section, entries = _section(opened, section_id)
    return _form_page(opened, section, entries, PackForm(opened.today, entries, request.args.getlist("entry")))


@blueprint.post("/records/<id:record_id>/sections/<id:section_id>/pack")
@signed_in()
@recent_passphrase
def make_pack(record_id: str, section_id: str) -> ResponseReturnValue:
    """Make the pack, and show what to pass on."""
    opened = enter_as_holder(record_id)
    section, entries = _section(opened, section_id)
    form = PackForm(opened.today, entries, request.form.getlist("entries"))
    if not form.validate_on_submit():
        return _form_page(opened, section, entries, form), 400
    only = tuple(form.ticked) if form.how_much.data == SOME else ()
    try:
        given = packs.give(opened, form.order("" if only else section.id, only), current_account().shown_name, cost())
    except Busy as busy:
        problem = explain(busy)
        form.form_errors.append(problem.words)
        return _form_page(opened, section, entries, form), problem.status, problem.headers
    return redirect(url_for("records.pack", record_id=record_id, pack_id=given.id))


def _section(opened: Opened, section_id: str) -> tuple[Section, list[Entry]]:
    """A section that can be shown to others, and what is in it, newest first. Just us is not in the book, so it never is one."""
    section = opened.book.section(section_id)
    if section is None:
        raise NotYours
    entries = opened.entries([section_id])
    return section, sorted(entries, key=lambda one: (timeline.day_of(one), one.saved_at), reverse=True)


def _form_page(opened: Opened, section: Section, entries: list[Entry], form: PackForm) -> str:
    latest = packs.last_possible_day(opened.today)
    return render_template(
        "records/packs/new.html", opened=opened, section_=section, entries=entries, form=form, latest=weekday_in_words(latest)
    )


@blueprint.get("/records/<id:record_id>/packs/<id:pack_id>")
@signed_in()
def pack(record_id: str, pack_id: str) -> ResponseReturnValue:
    """What to pass on: the link or the square code, and apart from it the PIN; what it shows, and the button that ends it."""
    opened = enter_as_holder(record_id)
    shown = next((one for one in shown_packs(opened) if one.given.id == pack_id), None)
    if shown is None:
        raise NotYours
    code = show_code(canonical.raw(shown.given.token))
    # The code stands after the #, which no server is told and no log keeps.
    address = f"{outside('records.enter_pack')}#{code}"
    return render_template(
        "records/packs/given.html",
        opened=opened,
        pack=shown,
        address=address,
        square=square.for_page(address, _("A square code for a phone’s camera")),
        section_=opened.book.section(shown.given.section_id),
        titles=_titles(opened, shown.given),
    )


def _titles(opened: Opened, given: GivenPack) -> list[str]:
    """What the chosen entries are called now; those that were deleted since have no title any more."""
    known = {one.id: one for one in opened.entries()} if given.entries else {}
    return [wording.title(known[id_].document) for id_ in given.entries if id_ in known]


@blueprint.post("/records/<id:record_id>/packs/<id:pack_id>/end")
@signed_in()
def end_pack(record_id: str, pack_id: str) -> ResponseReturnValue:
    """End a pack, at once."""
    packs.end(enter_as_holder(record_id), pack_id)
    return redirect(url_for("records.packs", record_id=record_id, done="ended"))
