"""Joining the staff with a manager's code; and beginning anew with one, after everything else was lost."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import emailing, hooks, invitations, registering, spoken, starting_again
from accounts.access import current_account, signed_in
from accounts.account import Account
from accounts.current import family
from accounts.forms import CodeForm, JoinForm
from accounts.invitations import Invitation
from accounts.pages.blueprint import blueprint, made_passphrase, refused
from accounts.person import Person
from accounts.problems import TRIED, explain
from accounts.starting_again import FreshStart, UsedUp
from accounts.store import Superseded
from accounts.visitor import visitor
from plumbing.access import public
from plumbing.db import at_once


@blueprint.get("/join")
@public
def join() -> ResponseReturnValue:
    """Ask for the code. In a link it stands after the #, where no server sees it; a script puts it into the form."""
    return render_template("accounts/join.html", form=CodeForm())


@blueprint.post("/join")
@public
def send_join() -> ResponseReturnValue:
    """Show who is invited, and ask for a passphrase."""
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("accounts/join.html", form=form), 400
    coming = _find(form.code.data)
    if coming is None:
        return _no_such_code(form)
    return _ask(JoinForm(formdata=None, code=form.code.data), coming)


@blueprint.post("/join/passphrase")
@public
def send_join_passphrase() -> ResponseReturnValue:
    """Use the code up, make the account or its new keys, and go on to the second factor."""
    form = JoinForm()
    coming = _find(form.code.data or "")
    if coming is None:
        return _no_such_code(CodeForm(formdata=None))
    form.known = (coming.shown_name, coming.email)
    if made_passphrase(form):
        return _ask(form, coming, made=True)
    if not form.validate_on_submit():
        return _ask(form, coming), 400
    try:
        account, person = _let_in(coming, form.passphrase.data)
    except (UsedUp, Superseded):
        return _no_such_code(CodeForm(formdata=None))
    except TRIED as error:
        problem = explain(error)
        refused(form, problem)
        return _ask(form, coming), problem.status, problem.headers
    visitor().begin(account, person)
    if isinstance(coming, FreshStart):
        hooks.signed_in(family(), person)
        return redirect(url_for("accounts.welcome_back"))
    emailing.ask(account)
    return redirect(url_for("accounts.welcome"))


@blueprint.get("/welcome-back")
@signed_in(before_second_factor=True)
def welcome_back() -> ResponseReturnValue:
    """What somebody who began anew has to know: their name, and the words by which families know them again."""
    account = current_account()
    words = spoken.key_words(account.sealing_public, account.signing_public)
    return render_template("accounts/welcome_back.html", account=account, words=words)


def _find(typed: str) -> Invitation | FreshStart | None:
    return invitations.find(family(), typed) or starting_again.find(family(), typed)


def _let_in(coming: Invitation | FreshStart, passphrase: str) -> tuple[Account, Person]:
    """Raises UsedUp, Superseded or Busy."""
    if isinstance(coming, FreshStart):
        return starting_again.use(coming, passphrase)
    prepared = registering.prepare(coming.shown_name, coming.role, coming.email, passphrase)
    db = family()
    with at_once(db):
        if not invitations.use(db, coming):
            raise UsedUp
        account = registering.keep(db, *prepared)
        hooks.join(coming.id, account.id)
        return account, prepared[1]


def _ask(form: JoinForm, coming: Invitation | FreshStart, made: bool = False) -> str:
    again = isinstance(coming, FreshStart)
    return render_template("accounts/join_passphrase.html", form=form, coming=coming, again=again, made=made)


def _no_such_code(form: CodeForm) -> ResponseReturnValue:
    form.code.errors = [
        _("That code is not right, was used, or is older than a week. Check it, or ask your manager for a new one")
    ]
    return render_template("accounts/join.html", form=form), 400
