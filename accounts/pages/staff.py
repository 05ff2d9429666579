"""The staff: who is in it, who is invited, whose access ends. Managers only; nothing of any record is here."""

from __future__ import annotations

import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import hooks, invitations, sessions, starting_again, store, wording
from accounts.access import current_account, recent_passphrase, signed_in
from accounts.account import KEY_WORKER, SERVICE_MANAGER, STAFF, Account
from accounts.current import family, secrets, session_rows, settings
from accounts.forms import EndForm, InviteForm
from accounts.pages.blueprint import blueprint
from plumbing import clock, mail
from plumbing.addresses import outside
from plumbing.db import at_once

_NOBODY = "nobody"
_NAMED_DAYS = 90  # how long after somebody left it can be said who takes over: so long families are told that they have left


def _form() -> InviteForm:
    form = InviteForm()
    form.role.choices = [(role, wording.role(role)) for role in STAFF]
    return form


def _page(form: InviteForm) -> str:
    return render_template(
        "accounts/staff.html",
        form=form,
        staff=store.list_invited(family(), secrets().server_key),
        invitations=invitations.list_open(family()),
        starting_again=starting_again.waiting(family()),
        me=current_account(),
        successors={one.id: store.successor_of(family(), secrets().server_key, one.id) for one in _left()},
    )


def _left() -> list[Account]:
    """The key workers whose access ended lately: families they worked with may wait to hear who takes over."""
    since = clock.today() - datetime.timedelta(days=_NAMED_DAYS)
    everybody = store.list_invited(family(), secrets().server_key)
    return [one for one in everybody if one.role == KEY_WORKER and one.ended_on is not None and one.ended_on >= since]


@blueprint.get("/staff")
@signed_in(SERVICE_MANAGER)
def staff() -> ResponseReturnValue:
    """Everybody on the staff, and the form to invite somebody."""
    return _page(_form())


@blueprint.post("/staff")
@signed_in(SERVICE_MANAGER)
@recent_passphrase
def invite() -> ResponseReturnValue:
    """Invite somebody; the code is shown this once. The mail tells where to type it, and not the code."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 400
    code = invitations.invite(form.role.data, form.shown_name.data, form.email.data)
    address = outside("accounts.join")
    if form.email.data:
        words = _("You are invited to join. Your manager has a code for you. Open this page and type it:\n\n%(url)s", url=address)
        mail.post(settings(), form.email.data, _("An invitation"), words)
    return render_template("accounts/invited.html", name=form.shown_name.data, email=form.email.data, code=code, address=address)


@blueprint.post("/staff/invitations/end")
@signed_in(SERVICE_MANAGER)
def end_invitation() -> ResponseReturnValue:
    """Make an invitation void."""
    invitations.take_back(family(), request.form.get("invitation", ""))
    return redirect(url_for("accounts.staff"))


@blueprint.get("/staff/<id:account_id>/end")
@signed_in(SERVICE_MANAGER)
def end_staff(account_id: str) -> ResponseReturnValue:
    """Ask before somebody's access ends, and who takes over."""
    account = _colleague(account_id)
    return _end_page(_end_form(account), account)


@blueprint.post("/staff/<id:account_id>/end")
@signed_in(SERVICE_MANAGER)
@recent_passphrase
def send_end_staff(account_id: str) -> ResponseReturnValue:
    """End somebody's access at once: their keys are destroyed and their sessions end. Families are offered who takes over."""
    account, db, key = _colleague(account_id), family(), secrets().server_key
    form = _end_form(account)
    if not form.validate_on_submit():
        return _end_page(form, account), 400
    with at_once(db):
        # Of two managers who end each other at one moment, one stays.
        if store.is_last_manager(db, key, account) or store.get_account(db, key, current_account().id) is None:
            abort(409)
        if form.successor.data != _NOBODY:
            store.name_successor(db, key, account.id, form.successor.data)
        hooks.end(db, account.id, None)
        store.end_account(db, account.id, clock.today())
    sessions.end_all(session_rows(), account.id)
    return redirect(url_for("accounts.staff"))


def _end_form(account: Account) -> EndForm:
    form = EndForm()
    workers = store.list_staff(family(), secrets().server_key, KEY_WORKER)
    form.successor.choices = [(_NOBODY, _("Nobody yet"))]
    form.successor.choices += [(worker.id, worker.shown_name) for worker in workers if worker.id != account.id]
    return form


def _end_page(form: EndForm, account: Account) -> str:
    return render_template("accounts/end_staff.html", form=form, account=account)


@blueprint.get("/staff/<id:account_id>/successor")
@signed_in(SERVICE_MANAGER)
def successor(account_id: str) -> ResponseReturnValue:
    """Ask who takes over from somebody who has left, where nobody was known on that day."""
    account = _who_left(account_id)
    return _successor_page(_end_form(account), account)


@blueprint.post("/staff/<id:account_id>/successor")
@signed_in(SERVICE_MANAGER)
@recent_passphrase
def name_successor(account_id: str) -> ResponseReturnValue:
    """Say who it is; families who have not answered yet are offered them."""
    account = _who_left(account_id)
    form = _end_form(account)
    if not form.validate_on_submit():
        return _successor_page(form, account), 400
    if form.successor.data != _NOBODY:
        with at_once(family()):
            store.name_successor(family(), secrets().server_key, account.id, form.successor.data)
    return redirect(url_for("accounts.staff"))


def _successor_page(form: EndForm, account: Account) -> str:
    return render_template("accounts/successor.html", form=form, account=account)


def _who_left(account_id: str) -> Account:
    return next((one for one in _left() if one.id == account_id), None) or abort(404)


@blueprint.get("/staff/<id:account_id>/start-again")
@signed_in(SERVICE_MANAGER)
def start_again(account_id: str) -> ResponseReturnValue:
    """Say what it means for somebody to start again, and ask."""
    return render_template("accounts/start_again.html", account=_colleague(account_id))


@blueprint.post("/staff/<id:account_id>/start-again")
@signed_in(SERVICE_MANAGER)
@recent_passphrase
def send_start_again(account_id: str) -> ResponseReturnValue:
    """Sign somebody out who lost everything, and show the code with which they start again: this once, and to be handed over."""
    account = _colleague(account_id)
    code = starting_again.offer(account)
    sessions.end_all(session_rows(), account.id)
    address = outside("accounts.join")
    return render_template("accounts/start_again_code.html", account=account, code=code, address=address)


@blueprint.post("/staff/<id:account_id>/start-again/end")
@signed_in(SERVICE_MANAGER)
def end_start_again(account_id: str) -> ResponseReturnValue:
    """Make such a code void."""
    starting_again.take_back(family(), _colleague(account_id).id)
    return redirect(url_for("accounts.staff"))


def _colleague(account_id: str) -> Account:
    account = store.get_account(family(), secrets().server_key, account_id)
    # Families are nobody's to end; and a manager who ended themselves might leave a service without one.
    if account is None or not account.is_staff or account.id == current_account().id:
        abort(404)
    return account
