"""What a page says when something is not there, or went wrong. Never what was asked for: it may be personal."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)


# Makes the answer that says a status, a title, and what is the matter.
Make = Callable[[int, str, str], Response]


def answer_under(app: Flask, prefix: str, make: Make) -> None:
    """Have `make` say what goes wrong at addresses under `prefix`: programs ask there, and want no page."""
    app.extensions.setdefault("error_answers", {})[prefix] = make


def _page(status: int, title: str, words: str) -> Response:
    for prefix, make in current_app.extensions.get("error_answers", {}).items():
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            return make(status, title, words)
    return make_response(render_template("errors/error.html", status=status, title=title, words=words), status)


def _expected(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    texts = {
        400: (
            _("That did not work"),
            _("Something in the address or the form was not as we expected it. Go back and try again."),
        ),
        403: (
            _("This page is not for you"),
            _("It is for people who do another job here. Ask your manager if it should be yours."),
        ),
        404: (_("We cannot find that page"), _("It may have moved, or the address may have a slip in it.")),
        405: (_("That did not work"), _("This page cannot be used in that way.")),
        413: (_("That is too much"), _("What you sent is larger than this page takes. Shorten it and try again.")),
        429: (_("Please wait a little"), _("This was sent many times in a short while. Try again in an hour.")),
    }
    if status < 400:
        return error
    response = _page(status, *texts.get(status, texts[400]))
    # RFC 9110, 15.5.6: whoever is refused a method is told which ones there are.
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def _form_token(_error: CSRFError) -> Response:
    return _page(400, _("That form was open for too long"), _("Go back, load the page again, and send it once more."))


def place_of(error: BaseException) -> str:
    """The file and line where `error` was raised."""
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    return f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"


def _unexpected(error: Exception) -> Response:
    # The exception's own text may hold what somebody typed: its kind and its place must do.
    log.error("Unexpected %s at %s", type(error).__name__, place_of(error))
    title, words = _("Something went wrong on our side"), _("It is not your fault. Try again in a few minutes.")
    try:
        return _page(500, title, words)
    except Exception as again:
        # What is broken may be what the page's frame is drawn with: its bar asks who is signed in.
        log.error("Unexpected %s at %s", type(again).__name__, place_of(again))
        g.for_anybody = True
        return _page(500, title, words)


def init_app(app: Flask) -> None:
    """Answer errors with pages in words."""
    app.register_error_handler(CSRFError, _form_token)
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(Exception, _unexpected)
