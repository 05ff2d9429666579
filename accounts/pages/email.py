"""An e-mail address to sign in with, and to be written to."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import emailing, store
from accounts.access import current_account, recent_passphrase, signed_in
from accounts.current import family
from accounts.forms import CodeForm, EmailForm
from accounts.pages.blueprint import blueprint
from accounts.visitor import visitor
from plumbing.db import at_once
from plumbing.limits import limiter


def _page(form: EmailForm, code: CodeForm) -> str:
    account = current_account()
    return render_template("accounts/email.html", account=account, form=form, code=code, is_asked=emailing.is_asked(account))


@blueprint.get("/settings/email")
@signed_in()
@recent_passphrase
def email() -> ResponseReturnValue:
    """The address there is, and the code where one was sent."""
    return _page(EmailForm(email=current_account().email), CodeForm(formdata=None))


@blueprint.post("/settings/email")
@signed_in()
@recent_passphrase
def send_email() -> ResponseReturnValue:
    """Claim another address, or none; or have the code sent once more."""
    form = EmailForm()
    if not form.validate_on_submit():
        return _page(form, CodeForm(formdata=None)), 400
    account = current_account()
    if store.plain_name(form.email.data) != account.email:
        with at_once(family()):
            store.claim_email(family(), account.id, form.email.data)
        visitor().refresh()
    # Or anybody's letter-box could be filled from here.
    with limiter.limit("10 per hour"):
        emailing.ask(current_account())
    return redirect(url_for("accounts.email"))


@blueprint.post("/settings/email/code")
@signed_in()
@recent_passphrase
def send_email_code() -> ResponseReturnValue:
    """Take the code from the mail."""
    code = CodeForm()
    if code.validate_on_submit():
        if emailing.answer(current_account(), code.code.data):
            return redirect(url_for("accounts.email"))
        code.code.errors = [_("That is not the code we sent, or it is too old. Check it, or have a new one sent")]
    return _page(EmailForm(formdata=None, email=current_account().email), code), 400
