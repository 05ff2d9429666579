"""Names of rows that say nothing: 128 random bits, never a count, never a date."""

from __future__ import annotations

import secrets

from flask import Flask
from werkzeug.routing import BaseConverter


def new_id() -> str:
    """A new id: 32 hexadecimal digits."""
    return secrets.token_hex(16)


class IdConverter(BaseConverter):
    """An id in an address: `<id:entry_id>`."""

    regex = "[0-9a-f]{32}"


def init_app(app: Flask) -> None:
    """Let routes have ids in them."""
    app.url_map.converters["id"] = IdConverter
