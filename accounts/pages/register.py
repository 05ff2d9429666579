"""Registering, and being welcomed. It answers the same whether or not an address is known: anybody may claim one."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import emailing, registering, throttle
from accounts.access import current_account, signed_in
from accounts.account import PARENT
from accounts.current import secrets, settings
from accounts.forms import RegisterForm
from accounts.pages.blueprint import blueprint, home_url, made_passphrase, refused
from accounts.problems import TRIED, explain
from accounts.visitor import visitor
from plumbing.access import public


@blueprint.get("/register")
@public
def register() -> ResponseReturnValue:
    """The form; where parents may not register by themselves, whom to ask."""
    if visitor().is_authenticated:
        return redirect(home_url())
    if not settings().registration:
        return render_template("accounts/no_registration.html", contact_email=settings().contact_email)
    return render_template("accounts/register.html", form=RegisterForm(), made=False)


@blueprint.post("/register")
@public
def send_registration() -> ResponseReturnValue:
    """Make an account, and sign its owner in."""
    if not settings().registration:
        return redirect(url_for("accounts.register"))
    form = RegisterForm()
    if made_passphrase(form):
        return render_template("accounts/register.html", form=form, made=True)
    if not form.validate_on_submit():
        return render_template("accounts/register.html", form=form, made=False), 400
    try:
        throttle.count_registration(secrets().server_key)
        account, person = registering.register(
            form.shown_name.data, PARENT, form.email.data, form.passphrase.data, form.once.data or ""
        )
    except TRIED as error:
        problem = explain(error)
        refused(form, problem)
        return render_template("accounts/register.html", form=form, made=False), problem.status, problem.headers
    emailing.ask(account)
    visitor().begin(account, person)
    return redirect(url_for("accounts.welcome"))


@blueprint.get("/welcome")
@signed_in(before_second_factor=True)
def welcome() -> ResponseReturnValue:
    """The name to sign in with, and what to do next."""
    return render_template("accounts/welcome.html", account=current_account(), onward=home_url())
