"""Start together: a key worker's screen with a code that opens registration on the parent's own phone.

Nothing is counted or kept: the worker sees nothing of what happens on that phone.
"""

from __future__ import annotations

import io

import segno
from flask import Response, render_template
from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from accounts.account import STAFF
from accounts.pages.blueprint import blueprint
from plumbing.addresses import outside


def _address() -> str:
    return outside("accounts.register")


@blueprint.get("/start-together")
@signed_in(*STAFF)
def start_together() -> ResponseReturnValue:
    """A screen to hold out, and a leaflet to print."""
    return render_template("accounts/start_together.html", address=_address())


@blueprint.get("/start-together/code.svg")
@signed_in(*STAFF)
def start_together_code() -> ResponseReturnValue:
    """The code as a picture."""
    picture = io.BytesIO()
    segno.make(_address(), error="m").save(picture, kind="svg", scale=8, border=4, xmldecl=False, dark="#1d2a2f")
    return Response(picture.getvalue(), mimetype="image/svg+xml")
