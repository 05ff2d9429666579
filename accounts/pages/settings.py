"""My account: what there is to set, and where somebody is signed in."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import sessions, store
from accounts.access import current_account, current_person, signed_in
from accounts.current import family, secrets, session_rows
from accounts.forms import NameForm
from accounts.pages.blueprint import blueprint
from accounts.spoken import key_words
from accounts.visitor import visitor


@blueprint.get("/settings", endpoint="settings")
@signed_in(before_second_factor=True)
def settings_page() -> ResponseReturnValue:
    """Everything about one's own account."""
    keys = current_person()
    # Of the keys that are open now, and not of those that the database shows: they are read out to be compared with those.
    words = key_words(keys.sealing.public, keys.signing.public)
    return render_template("accounts/settings.html", account=current_account(), words=words)


@blueprint.get("/settings/name")
@signed_in()
def name() -> ResponseReturnValue:
    """What somebody is called here."""
    return render_template("accounts/name.html", form=NameForm(shown_name=current_account().shown_name))


@blueprint.post("/settings/name")
@signed_in()
def send_name() -> ResponseReturnValue:
    """Call somebody by another name. Their sign-in name stays."""
    form = NameForm()
    if not form.validate_on_submit():
        return render_template("accounts/name.html", form=form), 400
    store.rename(family(), secrets().server_key, current_account(), form.shown_name.data)
    return redirect(url_for("accounts.settings"))


@blueprint.get("/settings/sessions", endpoint="sessions")
@signed_in()
def sessions_page() -> ResponseReturnValue:
    """Where somebody is signed in."""
    here = visitor().session
    found = sessions.list_sessions(session_rows(), current_account().id)
    return render_template("accounts/sessions.html", sessions=found, here=here.id if here else b"")


@blueprint.post("/settings/sessions")
@signed_in()
def end_sessions() -> ResponseReturnValue:
    """End one session, or all but this one."""
    account, here = current_account(), visitor().session
    asked = request.form.get("session", "")
    if asked == "others" and here:
        sessions.end_all(session_rows(), account.id, but=here.id)
    elif len(asked) == 64 and set(asked) <= set("0123456789abcdef"):
        sessions.end_one_of(session_rows(), account.id, bytes.fromhex(asked))
    return redirect(url_for("accounts.sessions"))
