"""Pages that somebody answers by, without an account, through a link we sent: kept out of caches, and refused in words."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.keeping.link_marks import ANSWERED, CHANGED, EXPIRED, FORGED, GONE
from plumbing.headers import private


def kept_private(page: str, status: int = 200) -> Response:
    """The link is in this page's address: it stays out of caches, and out of the list of pages that search engines know."""
    response = private(Response(page, status))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def refused(reason: str, *, expired: str, changed: str, gone: str) -> ResponseReturnValue:
    """Why a link does not open, in words; those about what it was sent for are the caller's."""
    sentence = {
        FORGED: _("This link is not one of ours. If you copied it, copy the whole of it."),
        ANSWERED: _("You have answered already. Thank you."),
        EXPIRED: expired,
        CHANGED: changed,
        GONE: gone,
    }[reason]
    status = 404 if reason == FORGED else 410
    return kept_private(render_template("directory/provider_refused.html", sentence=sentence), status)
