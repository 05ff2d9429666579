"""The open feed at `/api`: Open Referral UK 3.0, as the official validator reads it. Anybody may ask, from any website."""

from __future__ import annotations

from flask import Flask

from directory.feed.reading import Feed
from directory.pages.api import about, answers, downloads, organizations, services, sites, taxonomies
from directory.pages.api.blueprint import PREFIX, blueprint
from plumbing import errors

__all__ = ["about", "downloads", "init_app", "organizations", "services", "sites", "taxonomies"]


def init_app(app: Flask) -> None:
    """Add the feed. Whatever goes wrong under its address is said in JSON, and to programs on other websites too."""
    app.extensions["feed"] = Feed()
    app.register_blueprint(blueprint)
    errors.answer_under(app, PREFIX, answers.problem)
    app.after_request(answers.open_to_all)
