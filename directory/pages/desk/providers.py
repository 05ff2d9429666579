"""Provider accounts: somebody at an organisation who suggests changes to its own listings. Invited and ended by officers."""

from __future__ import annotations

from flask import Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlite_utils import Database

from accounts import hooks, invitations, sessions
from accounts import store as accounts
from accounts.access import recent_passphrase
from accounts.account import PROVIDER, Account
from accounts.current import family, secrets, session_rows
from accounts.person import Person
from directory import differences, store
from directory.pages.access import officers_only, providers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.form_rows import Needed, is_email, line, lines_of, problems, text
from directory.pages.desk.writer import writer
from directory.store import drafts, providers
from plumbing import clock, mail
from plumbing.addresses import outside
from plumbing.db import at_once
from plumbing.ids import new_id


class InviteForm(FlaskForm):
    """Who, and for which organisations."""

    shown_name = line(_l("Their name"), Needed(_l("Write their name")))
    organizations = text(_l("Their organisation; if there are several, one on each line"))
    email = line(_l("Their e-mail address, if they want the way by mail"), is_email)

    def ids(self) -> list[str]:
        """Ids of the organisations that were named; says on the form which we do not know."""
        named = {name: store.organization_named(database(), name) for name in lines_of(self.organizations.data or "")}
        if not named:
            self.organizations.errors = [_("Write the name of their organisation")]
        elif unknown := [name for name, id_ in named.items() if not id_]:
            self.organizations.errors = [_("We have no organisation called “%(name)s”", name=unknown[0])]
        return [] if self.organizations.errors else list(named.values())


@blueprint.get("/directory/mine")
@providers_only
def desk_mine() -> ResponseReturnValue:
    """A provider's own listings, whatever state they are in, and nothing else."""
    db, me = database(), writer()
    ids = [id_ for organization in me.organizations for id_ in store.services_run_by(db, organization)]
    services = sorted(store.get_services(db, ids), key=lambda one: one.name.casefold())
    states = {one.id: differences.hidden(one.hidden) if one.hidden else differences.status(one.status) for one in services}
    return render_template(
        "directory/desk/mine.html",
        services=services,
        states=states,
        organizations=store.get_organizations(db, me.organizations).values(),
        drafts={draft.service.id: draft for draft in drafts.drafts_of(db, me.id)},
    )


@blueprint.get("/directory/providers")
@officers_only
def desk_providers() -> ResponseReturnValue:
    """Who writes for which organisation, who is invited, and the form to invite somebody."""
    return _page(InviteForm(formdata=None))


def _page(form: InviteForm) -> str:
    db = database()
    people = accounts.list_providers(family(), secrets().server_key)
    invited = [one for one in invitations.list_open(family()) if one.role == PROVIDER]
    return render_template(
        "directory/desk/providers.html",
        form=form,
        wrong=list(problems(form)),
        people=[(one, _names(db, providers.organizations_of(db, one.id))) for one in people],
        invited=[(one, _names(db, providers.invited_for(db, one.id))) for one in invited],
    )


def _names(db: Database, ids: tuple[str, ...]) -> list[str]:
    return sorted(one.name for one in store.get_organizations(db, ids).values())


@blueprint.post("/directory/providers")
@officers_only
@recent_passphrase
def desk_invite_provider() -> ResponseReturnValue:
    """Invite somebody; the code is shown this once. The mail tells where to type it, and not the code."""
    form = InviteForm()
    sound = form.validate_on_submit()
    ids = form.ids()
    if not sound or not ids:
        return _page(form), 400
    invitation_id = new_id()
    with at_once(database()):
        providers.note_invitation(database(), invitation_id, ids)
    code = invitations.invite(PROVIDER, form.shown_name.data, form.email.data or "", invitation_id)
    address = outside("accounts.join")
    if form.email.data:
        words = _(
            "You are invited to keep your listings up to date. We give you a code. Open this page and type it:\n\n%(url)s",
            url=address,
        )
        mail.post(settings(), form.email.data, _("An invitation"), words)
    return render_template("directory/desk/provider_invited.html", name=form.shown_name.data, code=code, address=address)


@blueprint.post("/directory/providers/invitations/end")
@officers_only
def desk_end_invitation() -> ResponseReturnValue:
    """Make an invitation void."""
    id_ = request.form.get("invitation", "")
    # Only a provider's: whom managers invite to the staff is theirs to say.
    if id_ in {one.id for one in invitations.list_open(family()) if one.role == PROVIDER}:
        invitations.take_back(family(), id_)
        providers.forget_invitation(database(), id_)
    return redirect(url_for("directory.desk_providers"))


@blueprint.get("/directory/providers/<id:account_id>/end")
@officers_only
def desk_end_provider(account_id: str) -> ResponseReturnValue:
    """Ask before an account ends."""
    return render_template("directory/desk/end_provider.html", account=_provider(account_id))


@blueprint.post("/directory/providers/<id:account_id>/end")
@officers_only
@recent_passphrase
def desk_send_end_provider(account_id: str) -> ResponseReturnValue:
    """End it at once: keys destroyed, sessions ended, drafts thrown away. What waits for approval still waits."""
    account, db = _provider(account_id), family()
    with at_once(db):
        hooks.end(db, account.id, None)
        accounts.end_account(db, account.id, clock.today())
    sessions.end_all(session_rows(), account.id)
    return redirect(url_for("directory.desk_providers"))


def _provider(account_id: str) -> Account:
    account = accounts.get_account(family(), secrets().server_key, account_id)
    if account is None or account.role != PROVIDER:
        abort(404)
    return account


def _joined(invitation_id: str, account_id: str) -> None:
    ids = providers.invited_for(database(), invitation_id)
    if ids:
        with at_once(database()):
            providers.let_write(database(), account_id, ids)
            providers.forget_invitation(database(), invitation_id)


def _ended(_db: Database, account_id: str, _person: Person | None) -> None:
    with at_once(database()):
        providers.forget(database(), account_id)


def init_app(app: Flask) -> None:
    """Have accounts tell us who came, and who went."""
    hooks.on_join(app, _joined)
    hooks.on_end(app, _ended)
