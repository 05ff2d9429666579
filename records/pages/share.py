"""Sharing: a family says what it gives, hears in plain words what that means, and agrees. Then there are eight words to tell."""

from __future__ import annotations

import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import current_account, recent_passphrase, signed_in
from plumbing.dates import date_in_words
from plumbing.ids import once_id
from records import consent_wording, inviting, sharing, supported, young_people
from records.consent import CODE_DAYS, TO_COVER, TO_SEE, Consent, Granted, Invited, day_number, latest_last_day
from records.gate import NotYours, Opened
from records.pages import given
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.share_form import ShareForm

# A new grant


@blueprint.get("/records/<id:record_id>/share")
@signed_in()
def share(record_id: str) -> ResponseReturnValue:
    """Choose who is given what. `section` in the address is ticked already, and nothing else is.

    `after` is a grant that ended because its owner left: it fills the form for whoever takes over.
    """
    opened = enter_as_holder(record_id)
    before = given.taking_over(opened, request.args.get("after", ""))
    if before:
        return _form_page(opened, ShareForm.taking_over(opened, before))
    to = TO_COVER if request.args.get("to") == TO_COVER else TO_SEE
    return _form_page(opened, ShareForm(opened, sections=request.args.getlist("section"), invite_to=to))


@blueprint.post("/records/<id:record_id>/share")
@signed_in()
def read_share(record_id: str) -> ResponseReturnValue:
    """Say in plain words what was chosen; or back to the form, where something is missing or is to be changed."""
    opened = enter_as_holder(record_id)
    return _terms_page(opened, ShareForm(opened))


@blueprint.post("/records/<id:record_id>/share/agree")
@signed_in()
@recent_passphrase
def agree_share(record_id: str) -> ResponseReturnValue:
    """They agreed: make the words."""
    opened = enter_as_holder(record_id)
    form = ShareForm(opened)
    if not form.validate_on_submit():
        return _form_page(opened, form), 400
    if form.invite_to.data == TO_SEE:
        sharing.refuse_while_paused(opened)
    invited = _invited(opened, form, form.consent())
    return redirect(url_for("records.invitation", record_id=record_id, invitation_id=invited.id))


def _invited(opened: Opened, form: ShareForm, consent: Consent) -> Invited:
    """The invitation; the same form sent twice, by a thumb or a slow connection, is one and not two."""
    last_day = min(day_number(opened.today + datetime.timedelta(days=CODE_DAYS)), consent.last_day)
    once = once_id(form.once.data or "", opened.record_id, current_account().id)
    return inviting.invite(opened, form.invite_to.data, consent, last_day, current_account().shown_name, once=once)


# A grant on other terms


@blueprint.get("/records/<id:record_id>/grants/<id:grant_id>/change")
@signed_in()
def change_grant(record_id: str, grant_id: str) -> ResponseReturnValue:
    """The form over what was agreed before."""
    opened = enter_as_holder(record_id)
    granted = _granted(opened, grant_id)
    return _form_page(opened, ShareForm.over(opened, granted.consent), granted)


@blueprint.post("/records/<id:record_id>/grants/<id:grant_id>/change")
@signed_in()
def read_change(record_id: str, grant_id: str) -> ResponseReturnValue:
    """Say in plain words what it will be."""
    opened = enter_as_holder(record_id)
    granted = _granted(opened, grant_id)
    return _terms_page(opened, ShareForm(opened, granted.consent), granted)


@blueprint.post("/records/<id:record_id>/grants/<id:grant_id>/change/agree")
@signed_in()
@recent_passphrase
def agree_change(record_id: str, grant_id: str) -> ResponseReturnValue:
    """They agreed: it is so from now on. Whoever it was given to needs no new words."""
    opened = enter_as_holder(record_id)
    granted = _granted(opened, grant_id)
    form = ShareForm(opened, granted.consent)
    if not form.validate_on_submit():
        return _form_page(opened, form, granted), 400
    try:
        sharing.change(opened, grant_id, form.consent())
    except sharing.OtherKeys:
        words = _("%(name)s has new keys by now. Share it with them anew, with new words", name=granted.consent.name)
        form.form_errors.append(words)
        return _form_page(opened, form, granted), 409
    return redirect(url_for("records.who_can_see", record_id=record_id))


def _granted(opened: Opened, grant_id: str) -> Granted:
    granted = opened.roster.given.granted(grant_id)
    if granted is None:
        sharing.refuse_while_paused(opened)
        raise NotYours
    return granted


# Both


def _form_page(opened: Opened, form: ShareForm, granted: Granted | None = None) -> str:
    return render_template(
        "records/share/form.html",
        opened=opened,
        form=form,
        granted=granted,
        choices=consent_wording,
        icons=consent_wording.ICONS,
        latest=date_in_words(latest_last_day(opened.today)),
        is_paused=sharing.is_paused(opened.roster.given) and form.invite_to.data != TO_COVER,
    )


def _terms_page(opened: Opened, form: ShareForm, granted: Granted | None = None) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _form_page(opened, form, granted), 400
    if "change" in request.form:
        return _form_page(opened, form, granted)
    consent = form.consent()
    return render_template(
        "records/share/terms.html",
        opened=opened,
        form=form,
        granted=granted,
        consent=consent,
        said=consent_wording.read_aloud(consent, opened.book, form.invite_to.data),
        noes=young_people.noes_for(opened.book, consent.sections),
        notes=supported.supported(opened.book),
        icons=consent_wording.ICONS,
        inside=_inside(opened, consent) if consent.may_read else [],
    )


def _inside(opened: Opened, consent: Consent) -> list[tuple[str, str]]:
    """How many things there are today in each section that is shared: "Health letters" is a name, 13 letters are a thought."""
    counts = opened.counts()
    return [
        (one.name, consent_wording.counted(counts.get(one.id, 0), is_letters=one.slug.endswith("_letters")))
        for one in opened.sections
        if one.id in consent.sections
    ]
