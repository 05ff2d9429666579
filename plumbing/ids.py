"""Names of rows that say nothing: 128 random bits, never a count, never a date."""

from __future__ import annotations

import hashlib
import re
import secrets

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter


def new_id() -> str:
    """A new id: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def once_id(sent: str, *of: str) -> str:
    """The id of what a form makes: sent twice, by a thumb or a slow connection, the form means one thing and not two.

    `sent` is a `new_id()` that was in the form; `of` is whose it is, so that nobody can aim at an id of somebody else's.
    """
    if not re.fullmatch(IdConverter.regex, sent):
        return new_id()
    return hashlib.sha256("\0".join(("once", sent, *of)).encode()).hexdigest()[:32]


class IdConverter(BaseConverter):
    """An id in an address: `<id:entry_id>`."""

    regex = "[0-9a-f]{32}"


class NumberConverter(IntegerConverter):
    """A whole number in an address, no larger than a database can hold: any other leads nowhere."""

    regex = "[0-9]{1,15}"


def init_app(app: Flask) -> None:
    """Let routes have ids and numbers in them."""
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["int"] = NumberConverter
