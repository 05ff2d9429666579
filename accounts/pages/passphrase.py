"""Changing the passphrase."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import generation, sessions
from accounts.access import current_account, current_person, just_us_open, signed_in
from accounts.current import session_rows
from accounts.forms import ChangeForm
from accounts.pages.blueprint import blueprint, made_passphrase, refused
from accounts.problems import TRIED, explain
from accounts.visitor import visitor


@blueprint.get("/settings/passphrase")
@signed_in()
@just_us_open
def passphrase() -> ResponseReturnValue:
    """The form."""
    return render_template("accounts/passphrase.html", form=ChangeForm(), made=False)


@blueprint.post("/settings/passphrase")
@signed_in()
@just_us_open
def send_passphrase() -> ResponseReturnValue:
    """Seal the keys under a new passphrase; where somebody may know the old one, make new keys. Other sessions end."""
    form, account, person = ChangeForm(), current_account(), current_person()
    form.known = (account.shown_name, account.sign_in_name, account.email)
    if made_passphrase(form):
        return render_template("accounts/passphrase.html", form=form, made=True)
    if not form.validate_on_submit():
        return render_template("accounts/passphrase.html", form=form, made=False), 400
    try:
        if form.is_known.data:
            visitor().begin(*generation.renew(account, person, form.passphrase.data))
        else:
            generation.reseal(person, form.passphrase.data)
            visitor().again(account, person)
    except TRIED as error:
        problem = explain(error)
        refused(form, problem)
        return render_template("accounts/passphrase.html", form=form, made=False), problem.status, problem.headers
    here = visitor().session
    sessions.end_all(session_rows(), account.id, but=here.id if here else b"")
    return redirect(url_for("accounts.passphrase_changed"))


@blueprint.get("/settings/passphrase/changed")
@signed_in()
def passphrase_changed() -> ResponseReturnValue:
    """Say that it is done, and that the old kit is void where new keys were made."""
    return render_template("accounts/passphrase_changed.html", account=current_account())
