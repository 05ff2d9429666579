"""Leaving: an account and everything of it goes, keys first."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import hooks, quick_unlock, sessions, store
from accounts.access import current_account, current_person, recent_passphrase, signed_in
from accounts.account import Account
from accounts.current import family, secrets, session_rows
from accounts.forms import LeaveForm
from accounts.pages.blueprint import blueprint
from accounts.visitor import visitor
from plumbing.access import public
from plumbing.db import at_once


@blueprint.get("/leave")
@signed_in(before_second_factor=True)
@recent_passphrase
def leave() -> ResponseReturnValue:
    """Say what happens."""
    return _page(LeaveForm(), current_account())


@blueprint.post("/leave")
@signed_in(before_second_factor=True)
@recent_passphrase
def send_leave() -> ResponseReturnValue:
    """Do it: what others registered first, then the row with its keys, then what is left of it in the file."""
    form, account, db = LeaveForm(), current_account(), family()
    form.own = account.sign_in_name
    if not form.validate_on_submit():
        return _page(form, account), 400
    try:
        with at_once(db):
            if _is_last(account):
                raise hooks.NotYet(_("You are the only service manager. Invite another one, and leave when they have joined"))
            hooks.end(db, account.id, current_person())
            store.delete_account(db, account.id)
    except hooks.NotYet as not_yet:
        form.name.errors = [not_yet.words]
        return _page(form, account), 409
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    sessions.end_all(session_rows(), account.id)
    quick_unlock.end_all(account.id)
    visitor().leave()
    session.clear()
    return redirect(url_for("accounts.left"))


def _page(form: LeaveForm, account: Account) -> str:
    return render_template("accounts/leave.html", form=form, account=account, is_last=_is_last(account))


def _is_last(account: Account) -> bool:
    return store.is_last_manager(family(), secrets().server_key, account)


@blueprint.get("/left")
@public
def left() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("accounts/left.html")
