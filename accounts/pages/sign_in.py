"""Signing in and out, coming back, and typing the passphrase again."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from accounts import hooks, signing_in
from accounts.access import current_account, signed_in
from accounts.account import Account
from accounts.current import family
from accounts.forms import PassphraseForm, SignInForm
from accounts.pages.blueprint import blueprint, home_url, onward, refused
from accounts.person import Person
from accounts.problems import TRIED, explain
from accounts.visitor import visitor
from plumbing.access import public


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The form; for somebody who was only away for a while, the passphrase alone."""
    here = visitor()
    is_somebody_else = "other" in request.args
    if here.is_authenticated and not is_somebody_else:
        return redirect(onward(request.args.get("next")))
    if here.is_locked and not is_somebody_else:
        form = PassphraseForm(next=request.args.get("next"))
        return render_template("accounts/come_back.html", form=form)
    return _page(SignInForm(next=request.args.get("next")))


def _page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, code_open=bool(form.code.data or form.code.errors))


@blueprint.post("/sign-in")
@public
def send_sign_in() -> ResponseReturnValue:
    """Sign somebody in."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 400
    try:
        account, person = signing_in.sign_in(form.name.data, form.passphrase.data, form.code.data or "")
    except TRIED as error:
        problem = explain(error)
        refused(form, problem)
        return _page(form), problem.status, problem.headers
    return _enter(account, person, form.next.data)


@blueprint.post("/come-back")
@public
def come_back() -> ResponseReturnValue:
    """Open a locked session again."""
    form, here = PassphraseForm(), visitor()
    if not here.is_locked or here.account is None:
        return redirect(url_for("accounts.sign_in", next=onward(form.next.data)))
    if not form.validate_on_submit():
        return render_template("accounts/come_back.html", form=form), 400
    try:
        person = signing_in.by_passphrase(here.account, form.passphrase.data)
    except TRIED as error:
        problem = explain(error, alone=True)
        refused(form, problem)
        return render_template("accounts/come_back.html", form=form), problem.status, problem.headers
    here.again(here.account, replace(person, just_us=None))
    return redirect(onward(form.next.data))


def _enter(account: Account, person: Person, path: str | None) -> ResponseReturnValue:
    visitor().begin(account, person)
    hooks.signed_in(family(), person)
    return redirect(onward(path))


@blueprint.get("/again")
@signed_in()
def again() -> ResponseReturnValue:
    """Ask for the passphrase once more, before something grave or private."""
    return render_template("accounts/again.html", form=PassphraseForm(next=request.args.get("next")))


@blueprint.post("/again")
@signed_in()
def send_again() -> ResponseReturnValue:
    """Note that the passphrase was typed, and open what only it opens."""
    form = PassphraseForm()
    if not form.validate_on_submit():
        return render_template("accounts/again.html", form=form), 400
    try:
        person = signing_in.by_passphrase(current_account(), form.passphrase.data)
    except TRIED as error:
        problem = explain(error, alone=True)
        refused(form, problem)
        return render_template("accounts/again.html", form=form), problem.status, problem.headers
    visitor().again(current_account(), person)
    return redirect(onward(form.next.data))


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session, open or locked."""
    visitor().leave()
    session.clear()
    return redirect(url_for("accounts.signed_out"))


@blueprint.get("/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """Say that it is done."""
    if visitor().is_authenticated:
        return redirect(home_url())
    return render_template("accounts/signed_out.html")
