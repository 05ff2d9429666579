"""What every page of the directory needs."""

from __future__ import annotations

import sqlite3

from flask import Blueprint, current_app
from sqlite_utils import Database

from directory import store
from directory.search import Finder
from directory.service import DEMONSTRATION
from plumbing.db import get_db
from plumbing.settings import Settings

blueprint = Blueprint("directory", __name__)


def settings() -> Settings:
    """How this Linkbook runs."""
    return current_app.extensions["settings"]


def database() -> Database:
    """This request's connection to the directory."""
    return get_db(settings().directory_db)


def finder() -> Finder:
    """This process's search."""
    return current_app.extensions["finder"]


def has_demonstration() -> bool:
    """Whether any invented listing is loaded: then every page says so."""
    try:
        return store.has_source(database(), DEMONSTRATION)
    except (sqlite3.Error, OSError):
        # Every page asks this, the one that says that something broke among them.
        return False
