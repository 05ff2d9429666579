"""Addresses that leave the house: in a mail, in a square code, on paper. A request's own headers have no say in them.

Whoever asks for a page chooses its Host header. Where the public address is set, a request that names another is refused, and
no link is made of anything else.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request, url_for

from plumbing.settings import Settings

_PORTS = {"http": 80, "https": 443}


def outside(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for somebody who is not on one of ours: behind the public address, where that is set."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.address:
        return url_for(endpoint, **values, _external=True)
    return settings.address.rstrip("/") + url_for(endpoint, **values, _external=False)


def _place(scheme: str, host: str) -> tuple[str, int | None]:
    """A host and its port; one that is left out is the scheme's. Raises ValueError where it is neither."""
    parts = urlsplit(f"//{host}")
    return (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(scheme)


def _own_place(settings: Settings) -> tuple[str, int | None]:
    parts = urlsplit(settings.address)
    is_whole = parts.scheme in _PORTS and parts.hostname and parts.path in {"", "/"}
    if not is_whole or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"LINKBOOK_ADDRESS should look like https://linkbook.example.org, not {settings.address!r}.")
    return _place(parts.scheme, parts.netloc)


def where(settings: Settings) -> str | None:
    """What to say at the start where links are made of whatever address a request names."""
    if settings.address or settings.development:
        return None
    return (
        "LINKBOOK_ADDRESS is not set: links in mail and on paper name whatever host a request names. Set it before families come."
    )


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse requests for another host, before anything is done with them. Raises ValueError where the setting is unclear."""
    if not settings.address:
        return
    own, scheme = _own_place(settings), urlsplit(settings.address).scheme

    @app.before_request
    def _refuse_other_hosts() -> None:
        try:
            asked = _place(scheme, request.host)
        except ValueError:
            asked = ("", None)
        if asked != own:
            g.for_anybody = True
            abort(400)
