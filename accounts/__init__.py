"""Who can sign in, with which keys, and how they are asked."""

from __future__ import annotations

from flask import Flask

from accounts import cli, invitations, pages, quick_unlock, sessions, starting_again, visitor
from accounts.current import family, session_rows
from accounts.migrations import migrations, session_migrations
from plumbing import tidy
from plumbing.crypto.passphrase import Cost
from plumbing.db import apply_migrations, open_db
from plumbing.secrets_file import server_secrets
from plumbing.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Bring the databases up to date, read the server's secrets, and add pages and commands.

    Raises ValueError where the setting of what a guess costs cannot be read.
    """
    Cost.parse(settings.argon2)
    apply_migrations(settings.family_db, migrations, secure_delete=True)
    apply_migrations(settings.sessions_db, session_migrations, secure_delete=True)
    apply_migrations(settings.unlock_db, quick_unlock.migrations, secure_delete=True)
    for path in (settings.family_db, settings.sessions_db, settings.unlock_db):
        path.chmod(0o600)
    app.extensions["server_secrets"] = server_secrets(settings.private, may_make=not _has_accounts(settings))
    visitor.init_app(app)
    pages.init_app(app, settings)
    cli.init_app(app, settings)
    tidy.register(app, "accounts", _sweep)


def _has_accounts(settings: Settings) -> bool:
    db = open_db(settings.family_db, secure_delete=True)
    try:
        return db.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None
    finally:
        db.close()


def _sweep() -> None:
    sessions.sweep(session_rows())
    invitations.sweep(family())
    starting_again.sweep(family())
