"""What every page of accounts needs."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, url_for
from flask_wtf import FlaskForm

from accounts import passphrases
from accounts.problems import Problem

blueprint = Blueprint("accounts", __name__)


@blueprint.after_request
def _private(response: Response) -> Response:
    # Open pages too: the one for signing in says whether somebody was here before.
    response.headers["Cache-Control"] = "no-store"
    return response


def home_url() -> str:
    """Where somebody goes who has signed in: the records' home where there are records."""
    return url_for(current_app.extensions.get("home_endpoint", "accounts.settings"))


def onward(path: str | None) -> str:
    """A path on this site to go on to, or home: an address that leads elsewhere is never followed."""
    path = path or ""
    is_ours = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if is_ours else home_url()


def refused(form: FlaskForm, problem: Problem) -> None:
    """Put what went wrong beside the field it is about."""
    field = form[problem.field] if problem.field in form else form["passphrase"]
    field.errors = [*field.errors, problem.words]


def made_passphrase(form: FlaskForm) -> bool:
    """Fill in a passphrase made of words where one was asked for; the page shows it in the clear, to be written down."""
    if "make" not in request.form:
        return False
    form["passphrase"].data = passphrases.make_passphrase()
    return True
