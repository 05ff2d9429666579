"""The sealed record: the family's own book, held by its keys. Works with the directory switched off."""

from __future__ import annotations

from flask import Flask

from plumbing.db import apply_migrations, open_db
from plumbing.settings import Settings
from records import cli, demonstration, guests, pages, upkeep
from records.migrations import migrations, refuse_strangers
from records.office import Office
from records.witness import Witness

MEGABYTE = 1_000_000


def init_app(app: Flask, settings: Settings) -> None:
    """Bring the records' tables up to date, ask the witness, and add pages, timed work and commands."""
    apply_migrations(settings.family_db, migrations, secure_delete=True)
    apply_migrations(settings.sessions_db, guests.migrations, secure_delete=True)
    quota = settings.record_megabytes * MEGABYTE
    office = Office(app.extensions["server_secrets"], Witness(settings.witness), settings.attachments, quota)
    app.extensions["office"] = office
    db = open_db(settings.family_db, secure_delete=True)
    try:
        refuse_strangers(db)
        upkeep.bury_again(db, office)
    finally:
        db.close()
    upkeep.init_app(app)
    pages.init_app(app, settings)
    demonstration.init_app(app)
    cli.init_app(app)
