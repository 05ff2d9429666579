"""What the request or command at hand stands on: settings, secrets, databases."""

from __future__ import annotations

from flask import current_app
from sqlite_utils import Database

from plumbing.crypto.passphrase import Cost
from plumbing.db import get_db
from plumbing.secrets_file import ServerSecrets
from plumbing.settings import Settings


def settings() -> Settings:
    """How this Linkbook runs."""
    return current_app.extensions["settings"]


def secrets() -> ServerSecrets:
    """The server's own secrets."""
    return current_app.extensions["server_secrets"]


def family() -> Database:
    """This request's connection to accounts and sealed records."""
    return get_db(settings().family_db, secure_delete=True)


def session_rows() -> Database:
    """This request's connection to the sessions."""
    return get_db(settings().sessions_db, secure_delete=True)


def cost() -> Cost:
    """What one guess at a passphrase costs."""
    return Cost.parse(settings().argon2)
