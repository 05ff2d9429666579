"""What the desk does by itself, at each `flask tidy`: clocks, mail to providers, forgetting addresses, looking at links."""

from __future__ import annotations

from flask import Flask, current_app
from sqlite_utils import Database

from accounts.current import secrets
from directory.keeping import checking, contact_links, designated_contacts, provider_links, reports, web_links
from directory.store import asks
from plumbing import clock, tidy
from plumbing.db import erasing, get_db
from plumbing.settings import Settings


def _settings() -> Settings:
    return current_app.extensions["settings"]


def _database() -> Database:
    return get_db(_settings().directory_db)


def _clocks() -> str | None:
    return checking.run_clocks(_database(), checking.clocks(), clock.today())


def _providers() -> str | None:
    db, settings, today = _database(), _settings(), clock.today()
    with erasing(db):
        asks.forget_expired(db, today)
    # Without the public address a link in a mail would lead nowhere: a timer has no request to take one from.
    if not settings.address or not provider_links.is_hour_for_mail():
        return None
    with current_app.test_request_context(base_url=settings.address):
        asked = 0
        if settings.ask_providers:
            due = checking.due(db, today)
            asked = provider_links.ask_by_itself(db, settings, secrets().server_key, due, today)
        reminded = provider_links.remind(db, settings, secrets().server_key, today)
    return f"{asked} asked, {reminded} reminded" if asked or reminded else None


def _reports() -> str | None:
    forgotten = reports.forget(_database(), _settings())
    return f"{forgotten} addresses forgotten" if forgotten else None


def _links() -> str | None:
    return web_links.look_at_some(_database(), _settings().links_a_minute)


def _contacts() -> str | None:
    db, settings, today = _database(), _settings(), clock.today()
    erased = designated_contacts.erase_due(db, settings, today)
    asked = reminded = 0
    if settings.address and provider_links.is_hour_for_mail():
        with current_app.test_request_context(base_url=settings.address):
            if settings.ask_contacts:
                asked = contact_links.ask_by_itself(db, settings, secrets().server_key, today)
            reminded = contact_links.remind(db, settings, secrets().server_key, today)
    return f"{erased} erased, {asked} asked, {reminded} reminded" if erased or asked or reminded else None


def init_app(app: Flask) -> None:
    """Have all this done at every tidying."""
    tidy.register(app, "clocks", _clocks)
    tidy.register(app, "providers", _providers)
    tidy.register(app, "reports", _reports)
    tidy.register(app, "links", _links)
    tidy.register(app, "contacts", _contacts)
