"""Headers that tell a browser what our pages may do: nothing but what they need."""

from __future__ import annotations

import re

from flask import Flask, Response

from plumbing.access import needs_sign_in
from plumbing.settings import Settings

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # blob: is what a page's own script has made, such as a picture before it is sent.
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        # A worker would otherwise be allowed wherever a script is.
        "worker-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS = "geolocation=(self), camera=(self), microphone=(self), interest-cohort=()"
SANDBOX = "sandbox; default-src 'none'"
_A_YEAR = 365 * 24 * 60 * 60


def private(response: Response) -> Response:
    """Keep an answer out of every cache, the browser's own too.

    Done to every answer of a route that needs signing in; others that say something of somebody use `blueprint.after_request`.
    """
    response.headers["Cache-Control"] = "no-store"
    return response


def sandboxed(response: Response, filename: str, mimetype: str) -> Response:
    """Hand out what somebody sent us so that it can do nothing here, whatever is in it: to save, or to show as a picture.

    Raises ValueError for a name that is not plain (`letter-2.pdf`): names that people gave their files are theirs.
    """
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+", filename):
        raise ValueError("A file is handed out under a plain name of ours.")
    response.headers["Content-Type"] = mimetype
    response.headers["Content-Disposition"] = f"attachment; filename={filename}"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return private(response)


def init_app(app: Flask) -> None:
    """Send the headers with every answer."""
    settings: Settings = app.extensions["settings"]

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Content-Security-Policy", POLICY)
        # What a parent searched for stands in the address of the results page: no other site may be told it. Our own forms must
        # be: over https the check of a form's token wants to see that it came from us.
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.https_only:
            # Not for subdomains: they may be other people's.
            headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")
        if needs_sign_in():
            private(response)
        elif response.mimetype == "text/html":
            headers.setdefault("Cache-Control", "private, no-cache")
        return response
