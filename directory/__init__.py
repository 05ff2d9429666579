"""The directory: what help there is, and how to get it. Open to everybody; works with nothing else of Linkbook switched on."""

from __future__ import annotations

from flask import Flask

from directory import cli, pages
from directory.keeping import upkeep
from directory.migrations import migrations
from directory.search import Finder
from directory.setup import crisis_words
from plumbing.db import apply_migrations
from plumbing.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Bring the database up to date, make this process's Finder, and add pages and commands."""
    apply_migrations(settings.directory_db, migrations)
    app.extensions["finder"] = Finder(settings.search_index, crisis_words())
    pages.init_app(app, settings)
    cli.init_app(app, settings)
    upkeep.init_app(app)
