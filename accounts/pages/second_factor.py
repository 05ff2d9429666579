"""Setting up an authenticator app, its codes on paper, and taking it away again. Staff get no further without one."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import second_factor as factor
from accounts import signing_in, slot, square
from accounts.access import current_account, current_person, recent_passphrase, signed_in
from accounts.key_forms import OwnPassphraseForm, SecondFactorForm
from accounts.pages.blueprint import blueprint, home_url, refused
from accounts.problems import TRIED, explain
from accounts.visitor import visitor


def _page(form: SecondFactorForm, off: OwnPassphraseForm) -> str:
    account, secret = current_account(), slot.get(slot.SECOND_FACTOR)
    if current_person().second_factor_secret and not secret:
        left = factor.backup_codes_left(account)
        return render_template("accounts/second_factor_on.html", account=account, form=off, left=left)
    if not secret:
        return render_template("accounts/second_factor.html", account=account)
    drawing = square.for_page(factor.address(secret, account), _("A square code for your app"))
    by_hand = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("accounts/second_factor_start.html", form=form, square=drawing, by_hand=by_hand)


def _codes(codes: list[str]) -> str:
    return render_template("accounts/backup_codes.html", codes=codes, onward=home_url())


@blueprint.get("/second-factor")
@signed_in(before_second_factor=True)
def second_factor() -> ResponseReturnValue:
    """What it is; while it is being set up, the code to scan; afterwards, what is left of the codes on paper."""
    return _page(SecondFactorForm(), OwnPassphraseForm())


@blueprint.post("/second-factor/start")
@signed_in(before_second_factor=True)
def start_second_factor() -> ResponseReturnValue:
    """Make a secret for the app, or for the app on a new phone. It counts once a code has shown that the app has it."""
    slot.put(slot.SECOND_FACTOR, factor.new_secret())
    return redirect(url_for("accounts.second_factor"))


@blueprint.post("/second-factor")
@signed_in(before_second_factor=True)
def turn_on_second_factor() -> ResponseReturnValue:
    """Turn it on, and show the codes for paper this once."""
    form, account, secret = SecondFactorForm(), current_account(), slot.get(slot.SECOND_FACTOR)
    if not secret:
        return redirect(url_for("accounts.second_factor"))
    if not form.validate_on_submit():
        return _page(form, OwnPassphraseForm(formdata=None)), 400
    step = factor.step_of(secret, form.code.data)
    if step is None:
        form.code.errors = [
            _("That code is not right. Wait for the next one in your app, and check that your phone’s clock is right")
        ]
        return _page(form, OwnPassphraseForm(formdata=None)), 400
    try:
        person, codes = factor.turn_on(
            signing_in.by_passphrase(account, form.passphrase.data), form.passphrase.data, secret, step
        )
    except TRIED as error:
        problem = explain(error, alone=True)
        refused(form, problem)
        return _page(form, OwnPassphraseForm(formdata=None)), problem.status, problem.headers
    visitor().begin(account, person)
    return _codes(codes)


@blueprint.post("/second-factor/codes")
@signed_in()
@recent_passphrase
def renew_backup_codes() -> ResponseReturnValue:
    """Ten new codes in place of the old."""
    if not current_person().second_factor_secret:
        return redirect(url_for("accounts.second_factor"))
    return _codes(factor.renew_backup_codes(current_person()))


@blueprint.post("/second-factor/off")
@signed_in()
def turn_off_second_factor() -> ResponseReturnValue:
    """Do without it. Staff cannot."""
    form, account = OwnPassphraseForm(), current_account()
    if account.is_staff:
        abort(403)
    if not form.validate_on_submit():
        return _page(SecondFactorForm(formdata=None), form), 400
    try:
        person = factor.turn_off(signing_in.by_passphrase(account, form.passphrase.data), form.passphrase.data)
    except TRIED as error:
        problem = explain(error, alone=True)
        refused(form, problem)
        return _page(SecondFactorForm(formdata=None), form), problem.status, problem.headers
    visitor().begin(account, person)
    return redirect(url_for("accounts.second_factor"))
