"""Whoever was told eight words types them here, reads what they would take on, and says yes or no.

Nothing that is shared is seen before a holder's page has noticed: that is the moment in which keys are wrapped.
"""

from __future__ import annotations

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from accounts import slot
from accounts.access import current_account, current_person, signed_in
from accounts.account import INFORMATION_OFFICER, PARENT, PRACTITIONER, SERVICE_MANAGER
from accounts.current import family
from accounts.spoken import read_words
from accounts.visitor import visitor
from plumbing import clock
from plumbing.access import public
from plumbing.crypto import CannotOpen
from plumbing.limits import limiter
from records import consent_wording, inviting
from records.consent import TO_COVER, TO_HOLD, day_number
from records.gate import NotShared, NotYours
from records.inviting import Invitation, Unknown
from records.pages.blueprint import blueprint, gate

_GIVEN_BY = "given by"
_wrong_tries = limiter.shared_limit(
    "60 per hour", scope="words", deduct_when=lambda answer: answer.status_code not in (200, 302, 303)
)


class WordsForm(FlaskForm):
    """Eight words, as they were heard."""

    words = StringField(_l("The eight words"))


class NotForThem(Exception):
    """The words are good, and not for this person; the text says why."""


def _typed() -> WordsForm:
    form = WordsForm()
    form.words.data = (form.words.data or "")[:500]
    return form


def _found(typed: str) -> Invitation:
    """What words are for. Raises CannotOpen for a slip, Unknown, NotForThem."""
    found = inviting.find(family(), current_app.extensions["office"], read_words(typed), day_number(clock.today()))
    here = visitor()
    if here.account is None or here.person is None:
        return found
    if found.taken_by not in ("", here.account.id):
        raise Unknown
    if found.record_id in gate().record_ids():
        raise NotForThem(_("You hold this record already. Tell the words to the person they are for."))
    if here.account.role in (SERVICE_MANAGER, INFORMATION_OFFICER):
        raise NotForThem(_("The account you work with cannot be given a part of a family’s record. Use one of your own."))
    if found.to == TO_HOLD and here.account.is_staff:
        raise NotForThem(_("Nobody holds a record with the account they work with. Use one of your own."))
    return found


def _refused(form: WordsForm, error: Exception) -> ResponseReturnValue:
    """The page again, with a sentence on what to do. Used, taken back, too old or never there: it does not say which."""
    if isinstance(error, CannotOpen):
        words = _("One of the words is not right, or one is missing. There are eight. Listen to them once more")
    elif isinstance(error, NotForThem):
        words = str(error)
    else:
        words = _("These words open nothing, or not any more. Ask whoever told you for new ones")
    form.words.errors = [words]
    return render_template("records/words/enter.html", form=form), 400


REFUSED = (CannotOpen, Unknown, NotForThem)


def may_register_as(typed: str) -> str:
    """The role in which whoever typed these words may make an account: they need not have been known here before."""
    try:
        found = inviting.find(family(), current_app.extensions["office"], read_words(typed), day_number(clock.today()))
    except (CannotOpen, Unknown):
        return ""
    if found.taken_by:
        return ""
    return PARENT if found.to == TO_HOLD else PRACTITIONER


# Typing them


@blueprint.get("/words")
@public
def words() -> ResponseReturnValue:
    """Where the words are typed; in a link they stand after the #. For somebody who typed them already: what they are for."""
    kept = slot.get(slot.WORDS) if visitor().is_authenticated else ""
    if not kept:
        return render_template("records/words/enter.html", form=WordsForm(formdata=None))
    form = WordsForm(formdata=None, words=kept)
    try:
        found = _found(kept)
    except REFUSED as error:
        slot.put(slot.WORDS, "")
        return _refused(form, error)
    return render_template(
        "records/words/offer.html", form=form, found=found, said=consent_wording.asked_of(found), icons=consent_wording.ICONS
    )


@blueprint.post("/words")
@public
@_wrong_tries
def send_words() -> ResponseReturnValue:
    """To what they are for; somebody who is not signed in chooses how to come in, and keeps the words."""
    form = _typed()
    try:
        _found(form.words.data or "")
    except REFUSED as error:
        return _refused(form, error)
    if visitor().is_authenticated:
        return _keep(form)
    return render_template("records/words/who.html", form=form)


@blueprint.post("/words/signed-in")
@signed_in(before_second_factor=True, title=_l("Sign in to go on"))
@_wrong_tries
def words_signed_in() -> ResponseReturnValue:
    """Here with a sign-in of their own: the words came along."""
    form = _typed()
    try:
        _found(form.words.data or "")
    except REFUSED as error:
        return _refused(form, error)
    return _keep(form)


def _keep(form: WordsForm) -> ResponseReturnValue:
    slot.put(slot.WORDS, form.words.data or "")
    return redirect(url_for("records.words"), 303)


# Yes or no


@blueprint.post("/words/accept")
@signed_in()
@_wrong_tries
def accept_words() -> ResponseReturnValue:
    """Yes: the family's page is told with whose keys."""
    form = _typed()
    try:
        found = _found(form.words.data or "")
        here = gate()
        inviting.accept(here.db, here.office, current_person(), read_words(form.words.data or ""), day_number(here.today))
    except NotYours:
        return _refused(form, NotForThem(_("You hold this record already. Tell the words to the person they are for.")))
    except REFUSED as error:
        return _refused(form, error)
    slot.put(slot.WORDS, "")
    slot.put(_GIVEN_BY, found.given_by)
    if found.to == TO_COVER:
        return redirect(url_for("records.agreed_to_cover"))
    return redirect(url_for("records.taken_up", record_id=found.record_id))


@blueprint.post("/words/decline")
@signed_in()
def decline_words() -> ResponseReturnValue:
    """No: nothing happens, and nothing is kept of it."""
    slot.put(slot.WORDS, "")
    return render_template("records/words/declined.html")


@blueprint.get("/words/agreed")
@signed_in()
def agreed_to_cover() -> ResponseReturnValue:
    """They will stand in when the family switches it on."""
    return render_template("records/words/agreed.html", by=slot.get(_GIVEN_BY))


# Until a holder's page has noticed


def _is_in_force(record_id: str) -> bool:
    """Whether a holder's page has noticed. Raises NotYours where these people have nothing to do with each other."""
    if inviting.is_waiting(gate().db, current_person(), record_id):
        return False
    try:
        gate().enter(record_id)
    except NotShared:
        return False
    return True


@blueprint.get("/records/<id:record_id>/taken-up")
@signed_in()
def taken_up(record_id: str) -> ResponseReturnValue:
    """It opens as soon as the family's page has noticed: at one table, in a moment."""
    if _is_in_force(record_id):
        return redirect(url_for("records.record", record_id=record_id))
    is_waiting = inviting.is_waiting(gate().db, current_person(), record_id)
    by = slot.get(_GIVEN_BY)
    return render_template(
        "records/words/waiting.html", record_id=record_id, by=by, is_waiting=is_waiting, account=current_account()
    )


@blueprint.post("/records/<id:record_id>/taken-up/waiting")
@signed_in()
def taken_up_waiting(record_id: str) -> ResponseReturnValue:
    """Is it open by now?"""
    is_in_force = _is_in_force(record_id)
    if request.headers.get("X-Linkbook") == "fetch":
        # Where the family took the words back there is nothing to wait for either: the page says so.
        return jsonify(done=is_in_force or not inviting.is_waiting(gate().db, current_person(), record_id))
    return redirect(url_for("records.taken_up", record_id=record_id))
