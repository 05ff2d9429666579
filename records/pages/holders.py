"""Holding a record together: inviting somebody, confirming them, what whoever steps back goes on seeing, and leaving."""

from __future__ import annotations

import datetime
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from accounts.access import current_account, just_us_open, recent_passphrase, signed_in
from accounts.forms import tidy_name
from accounts.spoken import key_words
from plumbing.crypto import CannotOpen
from plumbing.dates import date_in_words
from plumbing.ids import new_id
from records import consent_wording, editing, holding, inviting, sharing
from records.consent import (
    ADD,
    CODE_DAYS,
    READ,
    TO_HOLD,
    Consent,
    Granted,
    Invited,
    day_number,
    day_of,
    latest_last_day,
    usual_last_day,
)
from records.gate import NotYours, Opened
from records.kinds import moment
from records.pages import given
from records.pages.blueprint import blueprint, enter_as_holder
from records.roster import fingerprint
from records.statement import Holder

_LONGEST_NAME = 60


# Inviting


class HolderForm(FlaskForm):
    """Whom, as the family calls them."""

    name = StringField(
        _l("What do you call them?"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write what you call them")),
            Length(max=_LONGEST_NAME, message=_l("Keep the name under 60 letters")),
        ],
    )


@blueprint.get("/records/<id:record_id>/holders/invite")
@signed_in()
def invite_holder(record_id: str) -> ResponseReturnValue:
    """Say what holding it together means, and what else there is."""
    return render_template("records/holders/invite.html", opened=enter_as_holder(record_id), form=HolderForm())


@blueprint.post("/records/<id:record_id>/holders/invite")
@signed_in()
@recent_passphrase
def make_holder_words(record_id: str) -> ResponseReturnValue:
    """Make the words, and show them."""
    opened, form = enter_as_holder(record_id), HolderForm()
    if not form.validate_on_submit():
        return render_template("records/holders/invite.html", opened=opened, form=form), 400
    last_day, today = day_number(opened.today + datetime.timedelta(days=CODE_DAYS)), day_number(opened.today)
    consent = Consent(form.name.data, "", (), READ, "", last_day, today)
    # The same form sent twice, by a thumb or a slow connection, is one invitation.
    same = next((one for one in opened.roster.given.invitations if (one.to, one.consent) == (TO_HOLD, consent)), None)
    invited = same or _invite(opened, consent, last_day)
    return redirect(url_for("records.invitation", record_id=record_id, invitation_id=invited.id))


def _invite(opened: Opened, consent: Consent, last_day: int) -> Invited:
    by = current_account().shown_name
    holders = (by, *(one.name for one in given.other_holders(opened)))
    return inviting.invite(opened, TO_HOLD, consent, last_day, by, holders)


# Confirming


def _taken(opened: Opened, invitation_id: str) -> tuple[Invited, Holder]:
    """An invitation to hold that somebody took up, and whose keys they are. Raises NotYours where there is none to confirm."""
    wanted = (one for one in opened.roster.given.invitations if one.id == invitation_id and one.to == TO_HOLD)
    invited = next(wanted, None)
    try:
        holder = inviting.accepted_by(opened, invited) if invited else None
    except CannotOpen:
        holder = None  # "Who can see" says so
    if invited is None or holder is None:
        raise NotYours
    return invited, holder


@blueprint.get("/records/<id:record_id>/holders/<id:invitation_id>")
@signed_in()
def confirm_holder(record_id: str, invitation_id: str) -> ResponseReturnValue:
    """Whose account took the words up, and what becomes of it if they hold the record."""
    opened = enter_as_holder(record_id)
    invited, holder = _taken(opened, invitation_id)
    return render_template(
        "records/holders/confirm.html",
        opened=opened,
        invited=invited,
        name=given.shown_name(holder.account_id),
        words=key_words(holder.sealing, holder.signing).split(),
        shown=fingerprint(holder),
    )


@blueprint.post("/records/<id:record_id>/holders/<id:invitation_id>")
@signed_in()
@recent_passphrase
def make_holder(record_id: str, invitation_id: str) -> ResponseReturnValue:
    """From now on they hold it too. It counts for the keys whose words were shown, and no others."""
    opened = enter_as_holder(record_id)
    _invited, holder = _taken(opened, invitation_id)
    if fingerprint(holder) != request.form.get("shown"):
        return redirect(url_for("records.confirm_holder", record_id=record_id, invitation_id=invitation_id))
    holding.confirm(opened, invitation_id)
    return redirect(url_for("records.who_can_see", record_id=record_id))


# What somebody goes on seeing who steps back


class KeepSeeingForm(FlaskForm):
    """Which sections, whether they may add, and until when."""

    sections = SelectMultipleField(_l("Which sections?"), validate_choice=False)
    verb = RadioField(_l("What may they do?"))
    last_day = StringField(_l("Until which day?"))

    def __init__(self, opened: Opened, before: Consent | None = None) -> None:
        self.opened, self.day = opened, day_of(before.last_day) if before else usual_last_day(opened.today)
        sections, verb = (list(before.sections), before.verb) if before else ([], READ)
        super().__init__(last_day=date_in_words(self.day), sections=sections, verb=verb)
        self.sections.choices = [(one.id, one.name) for one in opened.sections]
        self.verb.choices = [(verb, choice.label) for verb, choice in consent_wording.VERBS.items() if verb != ADD]

    def validate_sections(self, field: SelectMultipleField) -> None:
        """At least one of this record's."""
        field.data = [one.id for one in self.opened.sections if one.id in (field.data or [])]
        if not field.data:
            raise ValidationError(_("Tick at least one section"))

    def validate_last_day(self, field: StringField) -> None:
        """A day from today to a year from now."""
        latest = latest_last_day(self.opened.today)
        try:
            self.day = moment.read_date(field.data or "", self.opened.today)
        except ValueError:
            raise ValidationError(_("Write the last day like 3 May 2027 or 3/5/2027")) from None
        if not self.opened.today <= self.day <= latest:
            raise ValidationError(_("Choose a day from today to %(latest)s", latest=date_in_words(latest)))


def _other(opened: Opened, account_id: str) -> given.OtherHolder:
    found = next((one for one in given.other_holders(opened) if one.account_id == account_id), None)
    if found is None:
        raise NotYours
    return found


@blueprint.get("/records/<id:record_id>/holders/<id:account_id>/keeps")
@signed_in()
def keep_seeing(record_id: str, account_id: str) -> ResponseReturnValue:
    """What should Mum go on seeing, if she stops holding the record?"""
    opened = enter_as_holder(record_id)
    other = _other(opened, account_id)
    return _keeps_page(opened, other, KeepSeeingForm(opened, other.keeps.consent if other.keeps else None))


def _keeps_page(opened: Opened, other: given.OtherHolder, form: KeepSeeingForm) -> str:
    latest = date_in_words(latest_last_day(opened.today))
    return render_template("records/holders/keeps.html", opened=opened, other=other, form=form, latest=latest)


@blueprint.post("/records/<id:record_id>/holders/<id:account_id>/keeps")
@signed_in()
@recent_passphrase
def agree_keep_seeing(record_id: str, account_id: str) -> ResponseReturnValue:
    """Agree it. It opens nothing, and takes nothing away: only they can step back, when they want to."""
    opened = enter_as_holder(record_id)
    other, form = _other(opened, account_id), KeepSeeingForm(opened)
    if not form.validate_on_submit():
        return _keeps_page(opened, other, form), 400
    today = opened.today
    consent = Consent(other.name, "", tuple(form.sections.data), form.verb.data, "", day_number(form.day), day_number(today))

    def make(opened: Opened) -> None:
        holder = max((one for one in opened.holders.values() if one.account_id == account_id), key=lambda one: one.generation)
        granted = Granted(new_id(), account_id, holder.generation, fingerprint(holder), consent)
        with editing.change(opened) as pen:
            pen.give(lambda before: replace(before, standby=(*_without(before.standby, account_id), granted)))
            pen.note("step_back_agreed", grant=granted.grant_id, name=consent.name)

    editing.again(make, opened)
    return redirect(url_for("records.who_can_see", record_id=record_id))


def _without(standby: tuple[Granted, ...], account_id: str) -> tuple[Granted, ...]:
    return tuple(one for one in standby if one.account_id != account_id)


@blueprint.post("/records/<id:record_id>/holders/<id:account_id>/keeps/drop")
@signed_in()
def drop_keep_seeing(record_id: str, account_id: str) -> ResponseReturnValue:
    """It is agreed no longer."""
    opened = enter_as_holder(record_id)
    other = _other(opened, account_id)
    if other.keeps:
        sharing.drop_cover(opened, other.keeps.grant_id)
    return redirect(url_for("records.who_can_see", record_id=record_id))


# Leaving


class LeaveHoldingForm(FlaskForm):
    """The child's name, typed by somebody who means it."""

    called = StringField(_l("What are they called in this record?"))


@blueprint.get("/records/<id:record_id>/holders/leave")
@signed_in()
@just_us_open
@recent_passphrase
def leave_holding(record_id: str) -> ResponseReturnValue:
    """Say what happens, and what stays."""
    return _leave_page(enter_as_holder(record_id), LeaveHoldingForm())


def _leave_page(opened: Opened, form: LeaveHoldingForm) -> str:
    keeps = _kept_for_me(opened)
    return render_template(
        "records/holders/leave.html",
        opened=opened,
        form=form,
        others=given.other_holders(opened),
        keeps=keeps,
        sees=consent_wording.listed(consent_wording.seen(keeps.consent, opened.book)) if keeps else "",
        day_of=day_of,
    )


def _kept_for_me(opened: Opened) -> Granted | None:
    """What another holder agreed that this one goes on seeing."""
    me = fingerprint(Holder.of(opened.person))
    return next((one for one in opened.roster.given.standby if one.fingerprint == me), None)


@blueprint.post("/records/<id:record_id>/holders/leave")
@signed_in()
@just_us_open
@recent_passphrase
def send_leave_holding(record_id: str) -> ResponseReturnValue:
    """Do it. With "keeps", and what was agreed, they go on seeing that."""
    opened, form = enter_as_holder(record_id), LeaveHoldingForm()
    typed = " ".join((form.called.data or "").split()).casefold()
    if not form.validate_on_submit() or typed != " ".join(opened.book.called.split()).casefold():
        form.called.errors = [_("Type the name just as it stands above, if you are sure")]
        return _leave_page(opened, form), 400
    keeps = _kept_for_me(opened) if request.form.get("keeps") else None
    try:
        holding.leave(opened, keeps)
    except holding.LastHolder:
        return _leave_page(opened, form), 409  # the page says what the last one can do instead
    return redirect(url_for("records.record", record_id=record_id) if keeps else url_for("records.left_holding"))


@blueprint.get("/records/left-holding")
@signed_in()
def left_holding() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("records/holders/left.html")
