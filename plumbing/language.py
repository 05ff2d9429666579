"""Which language a page is in. English for now; every text already goes through gettext."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel, get_locale

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


def text_direction() -> str:
    """`rtl` where the page's language runs from right to left, else `ltr`."""
    return "rtl" if get_locale().language in RIGHT_TO_LEFT else "ltr"


def init_app(app: Flask) -> None:
    """Give templates `_()`, `ngettext` and the page's language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en_GB")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/London")
    Babel(app, locale_selector=lambda: app.config["BABEL_DEFAULT_LOCALE"])
    app.jinja_env.globals.update(text_direction=text_direction, page_language=lambda: get_locale().language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
