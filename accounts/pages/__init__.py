"""The pages of accounts. One blueprint; a file for each part of it."""

from __future__ import annotations

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import locking, wording
from accounts.pages import (
    email,
    join,
    kit,
    leave,
    lock,
    passphrase,
    quick_unlock,
    register,
    second_factor,
    settings,
    sign_in,
    staff,
    start,
)
from accounts.pages.blueprint import blueprint
from accounts.store import Superseded
from accounts.visitor import visitor
from plumbing import navigation
from plumbing.dates import date_in_words
from plumbing.settings import Settings

__all__ = [
    "email",
    "init_app",
    "join",
    "kit",
    "leave",
    "lock",
    "passphrase",
    "quick_unlock",
    "register",
    "second_factor",
    "settings",
    "sign_in",
    "staff",
    "start",
]


def init_app(app: Flask, _settings: Settings) -> None:
    """Add the pages, their words, and the corner of the header."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(role=wording.role, day=date_in_words)
    app.jinja_env.globals.update(
        page_locks=locking.page_locks,
        session_standing=locking.standing_now,
        session_has_pin=locking.has_pin,
        phone_has_pin=locking.phone_has_pin,
    )
    app.register_error_handler(Superseded, _superseded)
    navigation.set_corner(app, _corner)


def _superseded(_error: Superseded) -> ResponseReturnValue:
    # Somebody made new keys in another browser while this page was open: that has ended every session.
    return redirect(url_for("accounts.sign_in"))


def _corner() -> tuple[str, str]:
    # No name: pages of the directory may stay in a browser's memory.
    return ("accounts.settings", _("My account")) if visitor().is_authenticated else ("accounts.sign_in", _("Sign in"))
