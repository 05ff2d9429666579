"""Linkbook: `create_app()` lists the features. Imported by nobody but the server, the command line and the tests."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts
import directory
import records
from plumbing import addresses, assets, db, errors, headers, ids, language, limits, mail, navigation, spill, tidy
from plumbing.process import keep_to_ourselves
from plumbing.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application with everything in it; `settings` come from the environment unless a test gives its own."""
    keep_to_ourselves()
    settings = settings or Settings.from_environment()
    app = Flask(__name__)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key(),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.https_only,
        MAX_CONTENT_LENGTH=64 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        # Bundles of our own are squeezed once, by assets.py; pages as they go.
        COMPRESS_ALGORITHM="gzip",
        COMPRESS_STREAMS=False,
        COMPRESS_MIMETYPES=["text/html", "application/json"],
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["demonstration_family"] = settings.demonstration_family
    addresses.init_app(app, settings)
    Compress(app)
    CSRFProtect(app)
    for part in (ids, db, language, headers, errors, assets, navigation, spill, tidy):
        part.init_app(app)
    limits.init_app(app, settings.limits_db)
    mail.init_app(app, settings)
    for feature in (accounts, directory, records):
        feature.init_app(app, settings)
    limits.mark_with(app.extensions["server_secrets"].server_key)
    return app
