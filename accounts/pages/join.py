"""Joining the staff with a manager's code."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import emailing, invitations, registering
from accounts.current import family
from accounts.forms import CodeForm, JoinForm
from accounts.invitations import Invitation
from accounts.pages.blueprint import blueprint, made_passphrase, refused
from accounts.problems import TRIED, explain
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
    invitation = invitations.find(family(), form.code.data)
    if invitation is None:
        return _no_such_code(form)
    return _ask(JoinForm(formdata=None, code=form.code.data), invitation)


@blueprint.post("/join/passphrase")
@public
def send_join_passphrase() -> ResponseReturnValue:
    """Use the invitation up, make the account, and go on to the second factor."""
    form = JoinForm()
    invitation = invitations.find(family(), form.code.data or "")
    if invitation is None:
        return _no_such_code(CodeForm(formdata=None))
    form.known = (invitation.shown_name, invitation.email)
    if made_passphrase(form):
        return _ask(form, invitation, made=True)
    if not form.validate_on_submit():
        return _ask(form, invitation), 400
    try:
        prepared = registering.prepare(invitation.shown_name, invitation.role, invitation.email, form.passphrase.data)
    except TRIED as error:
        problem = explain(error)
        refused(form, problem)
        return _ask(form, invitation), problem.status, problem.headers
    db = family()
    with at_once(db):
        account = registering.keep(db, *prepared) if invitations.use(db, invitation) else None
    if account is None:
        return _no_such_code(CodeForm(formdata=None))
    emailing.ask(account)
    visitor().begin(account, prepared[1])
    return redirect(url_for("accounts.welcome"))


def _ask(form: JoinForm, invitation: Invitation, made: bool = False) -> str:
    return render_template("accounts/join_passphrase.html", form=form, invitation=invitation, made=made)


def _no_such_code(form: CodeForm) -> ResponseReturnValue:
    form.code.errors = [
        _("That code is not right, was used, or is older than a week. Check it, or ask your manager for a new one")
    ]
    return render_template("accounts/join.html", form=form), 400
