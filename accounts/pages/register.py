"""Registering, by oneself or invited, and being welcomed. It answers the same whether or not an address is known."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import emailing, hooks, registering, slot, throttle
from accounts.access import current_account, signed_in
from accounts.account import PARENT
from accounts.current import secrets, settings
from accounts.forms import InvitedForm, RegisterForm
from accounts.pages.blueprint import blueprint, home_url, made_passphrase, onward, refused
from accounts.problems import TRIED, Problem, explain
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
    if problem := _enter(form, PARENT):
        return render_template("accounts/register.html", form=form, made=False), problem.status, problem.headers
    return redirect(url_for("accounts.welcome"))


def _enter(form: RegisterForm, role: str) -> Problem | None:
    """Make the account that a form asks for, and sign its owner in; what is wrong, if anything, stands beside its field."""
    try:
        throttle.count_registration(secrets().server_key)
        account, person = registering.register(
            form.shown_name.data, role, form.email.data, form.passphrase.data, form.once.data or ""
        )
    except TRIED as error:
        problem = explain(error)
        refused(form, problem)
        return problem
    emailing.ask(account)
    visitor().begin(account, person)
    return None


@blueprint.get("/register/invited")
@public
def register_invited() -> ResponseReturnValue:
    """The form for somebody whom a family gave eight words: it is there even where parents may not register by themselves."""
    if visitor().is_authenticated:
        return redirect(onward(request.args.get("next")))
    return _invited(InvitedForm(next=request.args.get("next")))


@blueprint.post("/register/invited")
@public
def send_register_invited() -> ResponseReturnValue:
    """Make an account for whoever has the words. A page that has them already sends them with `begin`, and is shown the form."""
    if "begin" in request.form:
        return _invited(InvitedForm(formdata=None, code=request.form.get("code"), next=request.form.get("next")))
    form = InvitedForm()
    if made_passphrase(form):
        return _invited(form, made=True)
    if not form.validate_on_submit():
        return _invited(form), 400
    role = hooks.may_join(form.code.data)
    if not role:
        form.code.errors = [_("Those words are not right, were taken back, or are too old. Ask whoever gave them to you")]
        return _invited(form), 400
    if problem := _enter(form, role):
        return _invited(form), problem.status, problem.headers
    # The page they go on to takes the words up: nobody types them twice.
    slot.put(slot.WORDS, form.code.data)
    return redirect(url_for("accounts.welcome", next=onward(form.next.data)))


def _invited(form: InvitedForm, made: bool = False) -> str:
    return render_template("accounts/register_invited.html", form=form, made=made)


@blueprint.get("/welcome")
@signed_in(before_second_factor=True)
def welcome() -> ResponseReturnValue:
    """The name to sign in with, and what to do next."""
    return render_template("accounts/welcome.html", account=current_account(), onward=onward(request.args.get("next")))
