"""Eight words on a holder's page: told across the table, and the page notices when they are typed; or kept for later."""

from __future__ import annotations

from contextlib import suppress

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from limits import RateLimitItemPerDay, RateLimitItemPerHour
from wtforms import StringField
from wtforms.validators import ValidationError

from accounts import square
from accounts.access import signed_in
from accounts.account import Account
from accounts.current import secrets
from accounts.forms import problem_of_email
from accounts.spoken import show_words
from accounts.store import get_account
from plumbing import mail
from plumbing.addresses import outside
from plumbing.crypto import CannotOpen
from plumbing.limits import limiter
from records import canonical, consent_wording, inviting, sharing, visits
from records.consent import TO_HOLD, Consent, Granted, Invited, day_of
from records.gate import NotYours, Opened
from records.pages.blueprint import blueprint, enter_as_holder, settings

_MAILS_A_HOLDER = RateLimitItemPerHour(10)
_MAILS_AN_ADDRESS = RateLimitItemPerDay(2)


class MailForm(FlaskForm):
    """Where the message without the words goes."""

    email = StringField(_l("Their e-mail address"))

    def validate_email(self, field: StringField) -> None:
        """An address that mail could be sent to."""
        field.data = (field.data or "").strip()
        if problem_of_email(field.data):
            raise ValidationError(_("Check the e-mail address: it should look like name@example.com"))


@blueprint.get("/records/<id:record_id>/invitations/<id:invitation_id>")
@signed_in()
def invitation(record_id: str, invitation_id: str) -> ResponseReturnValue:
    """The words, until they are taken up; then who did that, and what they can see now."""
    opened = enter_as_holder(record_id)
    visits.attend(opened)
    return _page(opened, invitation_id, MailForm(email=_known_email(opened, invitation_id)))


def _page(opened: Opened, invitation_id: str, form: MailForm) -> str:
    given = opened.roster.given
    invited = _waiting(opened, invitation_id)
    if invited and invited.to != TO_HOLD and _is_taken(opened, invited):
        visits.attend(opened)  # they typed them this very moment
        given, invited = opened.roster.given, _waiting(opened, invitation_id)
    if invited:
        return _words_page(opened, invited, form)
    stands_by = next((one for one in given.standby if one.grant_id == invitation_id), None)
    granted = given.living(invitation_id) or stands_by
    over = given.over(invitation_id)
    return render_template(
        "records/share/taken.html",
        opened=opened,
        granted=granted or (over.granted if over else None),
        is_live=granted in given.grants,
        is_over=granted is None,
        account=_account(opened, granted) if granted else None,
        until=day_of(granted.consent.last_day) if granted else None,
        sees=consent_wording.listed(consent_wording.seen(granted.consent, opened.book)) if granted else "",
    )


def _words_page(opened: Opened, invited: Invited, form: MailForm) -> str:
    words = show_words(canonical.raw(invited.code))
    # The words stand after the #, which no server is told and no log keeps.
    address = f"{outside('records.words')}#{words.replace(' ', '-')}"
    try:
        taken = inviting.accepted_by(opened, invited)
        does_not_match = False
    except CannotOpen:
        taken, does_not_match = None, True
    return render_template(
        "records/share/words.html",
        opened=opened,
        invited=invited,
        words=words.split(),
        where=outside("records.words").partition("://")[2],
        square=square.for_page(address, _("A square code for a phone’s camera")),
        until=day_of(invited.last_day),
        to_hold=invited.to == TO_HOLD,
        taken=taken and get_account(opened.db, secrets().server_key, taken.account_id),
        does_not_match=does_not_match,
        is_paused=sharing.is_paused(opened.roster.given),
        form=form,
    )


def _waiting(opened: Opened, invitation_id: str) -> Invited | None:
    return next((one for one in opened.roster.given.invitations if one.id == invitation_id), None)


def _is_taken(opened: Opened, invited: Invited) -> bool:
    with suppress(CannotOpen):
        return inviting.accepted_by(opened, invited) is not None
    return False


def _account(opened: Opened, granted: Granted) -> Account | None:
    return get_account(opened.db, secrets().server_key, granted.account_id)


def _known_email(opened: Opened, invitation_id: str) -> str:
    """The address that the family has written down for them."""
    invited = _waiting(opened, invitation_id)
    consent: Consent | None = invited.consent if invited else None
    if consent is None or not consent.person_id:
        return ""
    people = (one for one in opened.entries() if one.id == consent.person_id)
    return next((str(one.document.get("email") or "") for one in people), "")


@blueprint.post("/records/<id:record_id>/invitations/<id:invitation_id>/waiting")
@signed_in()
def invitation_waiting(record_id: str, invitation_id: str) -> ResponseReturnValue:
    """Have the words been taken up? What was agreed is in force with this answer; the page is loaded again to say so."""
    opened = enter_as_holder(record_id)
    visits.attend(opened)
    if request.headers.get("X-Linkbook") != "fetch":
        return redirect(url_for("records.invitation", record_id=record_id, invitation_id=invitation_id))
    invited = _waiting(opened, invitation_id)
    try:
        done = invited is None or inviting.accepted_by(opened, invited) is not None
    except CannotOpen:
        done = True  # the page says what is wrong
    return jsonify(done=done)


@blueprint.post("/records/<id:record_id>/invitations/<id:invitation_id>/mail")
@signed_in()
def mail_invitation(record_id: str, invitation_id: str) -> ResponseReturnValue:
    """Send the message without the words. It is the same for every address, and so is what this page says afterwards."""
    opened = enter_as_holder(record_id)
    form = MailForm()
    if _waiting(opened, invitation_id) is None:
        raise NotYours
    if not form.validate_on_submit():
        return _page(opened, invitation_id, form), 400
    if not limiter.limiter.hit(_MAILS_A_HOLDER, "share mail", opened.person.account_id):
        form.email.errors = [_("That is enough messages for now. Try again in an hour, or just tell them the words")]
        return _page(opened, invitation_id, form), 429
    # Nobody's inbox is filled by a family who means well: what is over the measure is not sent, and nobody is told which.
    measured = limiter.limiter.hit(_MAILS_AN_ADDRESS, "mail to", mail.mark_of(form.email.data, secrets().server_key))
    words = _(
        "Somebody would like to share something with you. Ask them for the words: eight words, that they tell you themselves."
        " Then type them here:\n\n%(address)s\n\nIf you do not know who that could be, you need do nothing.",
        address=outside("records.words"),
    )
    subject = _("Somebody would like to share something with you")
    mail.post(settings(), form.email.data if measured else None, subject, words)
    return redirect(url_for("records.invitation", record_id=record_id, invitation_id=invitation_id, mail="sent"))


@blueprint.post("/records/<id:record_id>/invitations/<id:invitation_id>/take-back")
@signed_in()
def take_words_back(record_id: str, invitation_id: str) -> ResponseReturnValue:
    """The words are void at once; where they were taken up already, the page says so."""
    opened = enter_as_holder(record_id)
    if _waiting(opened, invitation_id):
        inviting.take_back(opened, invitation_id)
    return redirect(url_for("records.invitation", record_id=record_id, invitation_id=invitation_id))


@blueprint.post("/records/<id:record_id>/invitations/<id:invitation_id>/stop")
@signed_in()
def stop_taken(record_id: str, invitation_id: str) -> ResponseReturnValue:
    """It was not who they meant: what the words gave ends at once."""
    opened = enter_as_holder(record_id)
    if any(one.grant_id == invitation_id for one in opened.roster.given.standby):
        sharing.drop_cover(opened, invitation_id)
    sharing.withdraw(opened, invitation_id)
    return redirect(url_for("records.invitation", record_id=record_id, invitation_id=invitation_id))
