"""A PIN on a parent's own phone: turning it on and off, and coming in by it."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts import hooks, quick_unlock
from accounts.access import current_account, current_person, recent_passphrase, signed_in
from accounts.account import PARENT, Account
from accounts.current import family
from accounts.key_forms import NewPinForm, PinForm
from accounts.pages.blueprint import blueprint, onward
from accounts.person import Person
from accounts.problems import Problem, explain
from accounts.visitor import phone_secret, visitor
from plumbing.access import public
from plumbing.crypto.passphrase import Busy


def _page(form: NewPinForm) -> str:
    account = current_account()
    is_on = quick_unlock.is_on_for(phone_secret(), account)
    others = quick_unlock.count(account.id) - is_on
    return render_template("accounts/quick_unlock.html", form=form, is_on=is_on, others=others)


@blueprint.get("/quick-unlock", endpoint="quick_unlock")
@signed_in(PARENT)
def quick_unlock_page() -> ResponseReturnValue:
    """What it is, and whether it is on here."""
    return _page(NewPinForm())


@blueprint.post("/quick-unlock")
@signed_in(PARENT)
@recent_passphrase
def turn_on_quick_unlock() -> ResponseReturnValue:
    """Turn it on for this phone."""
    form = NewPinForm()
    if not form.validate_on_submit():
        return _page(form), 400
    try:
        g.phone_secret = quick_unlock.turn_on(current_account(), current_person(), form.pin.data, before=phone_secret())
    except Busy as error:
        problem = explain(error)
        form.pin.errors = [problem.words]
        return _page(form), problem.status, problem.headers
    return redirect(url_for("accounts.quick_unlock"))


@blueprint.post("/quick-unlock/off")
@signed_in(PARENT)
def turn_off_quick_unlock() -> ResponseReturnValue:
    """Turn it off on this phone."""
    quick_unlock.turn_off(phone_secret())
    g.phone_secret = b""
    return redirect(url_for("accounts.quick_unlock"))


@blueprint.post("/quick-unlock/off-everywhere")
@signed_in(PARENT)
def turn_off_quick_unlock_everywhere() -> ResponseReturnValue:
    """Turn it off on every phone, one that is lost among them."""
    quick_unlock.end_all(current_account().id)
    g.phone_secret = b""
    return redirect(url_for("accounts.quick_unlock"))


@blueprint.get("/sign-in/pin")
@public
def pin() -> ResponseReturnValue:
    """Ask for the PIN of this phone; without one, for the passphrase."""
    if quick_unlock.find(phone_secret()) is None:
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/pin.html", form=PinForm())


@blueprint.post("/sign-in/pin")
@public
def send_pin() -> ResponseReturnValue:
    """Sign in, or come back, by the PIN."""
    form = PinForm()
    if not form.validate_on_submit():
        return render_template("accounts/pin.html", form=form), 400
    try:
        account, person = quick_unlock.open_by_pin(phone_secret(), form.pin.data)
    except PIN_TRIED as error:
        problem = explain_pin(error)
        form.pin.errors = [problem.words]
        return render_template("accounts/pin.html", form=form), problem.status, problem.headers
    enter_by_pin(account, person)
    return redirect(onward(form.next.data))


PIN_TRIED = (quick_unlock.WrongPin, quick_unlock.NoUnlock, Busy)


def explain_pin(error: Exception) -> Problem:
    """What to say where a PIN did not open anything."""
    if isinstance(error, quick_unlock.WrongPin) and error.left:
        words = ngettext(
            "That is not your PIN. You have %(num)d more try.", "That is not your PIN. You have %(num)d more tries.", error.left
        )
        return Problem(words, 400, "pin")
    if isinstance(error, Busy):
        return explain(error)
    return Problem(_("Your PIN does not open this phone any more. Use your passphrase."), 400, "pin_gone")


def enter_by_pin(account: Account, person: Person) -> None:
    """Open this browser's locked session again, or begin one. What is grave still asks for the passphrase."""
    g.phone_secret = phone_secret()  # for one more year
    here = visitor()
    if here.is_locked and here.account and here.account.id == account.id:
        here.again(account, person, by_passphrase=False)
    else:
        here.begin(account, person, by_passphrase=False)
    hooks.signed_in(family(), person)
