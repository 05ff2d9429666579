"""What every route of the feed needs."""

from __future__ import annotations

from flask import Blueprint, current_app

from directory.feed.reading import Feed, Index
from directory.pages.blueprint import database

PREFIX = "/api"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


def index() -> Index:
    """The ids of the feed as they are now."""
    feed: Feed = current_app.extensions["feed"]
    return feed.index(database())
