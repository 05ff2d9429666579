"""What the script of an open page asks: how its session stands, to keep it open, to open it again. Answered in JSON."""

from __future__ import annotations

from dataclasses import replace

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from accounts import quick_unlock, signing_in
from accounts.access import signed_in
from accounts.locking import has_pin, standing, standing_now
from accounts.pages.blueprint import blueprint
from accounts.pages.quick_unlock import PIN_TRIED, enter_by_pin, explain_pin
from accounts.problems import TRIED, Problem, explain
from accounts.visitor import phone_secret, visitor
from plumbing.access import public


@blueprint.get("/session/state")
@public
def session_state() -> ResponseReturnValue:
    """How the session stands; to ask keeps nothing open."""
    return jsonify(standing().as_json())


@blueprint.post("/session/stay")
@signed_in(before_second_factor=True)
def stay() -> ResponseReturnValue:
    """Somebody is still there: every request of theirs says so, and this one says nothing else."""
    return jsonify(standing_now().as_json())


@blueprint.post("/session/unlock")
@public
def unlock() -> ResponseReturnValue:
    """Open a locked session again by the passphrase, or by the PIN of this phone."""
    here, form = visitor(), request.form
    if here.account is None or here.is_authenticated:
        return jsonify(standing_now().as_json()), 200 if here.is_authenticated else 401
    try:
        if form.get("pin") and has_pin():
            enter_by_pin(*quick_unlock.open_by_pin(phone_secret(), form["pin"]))
        else:
            here.again(here.account, replace(signing_in.by_passphrase(here.account, form.get("passphrase", "")), just_us=None))
    except PIN_TRIED as error:
        return _refused(explain_pin(error))
    except TRIED as error:
        return _refused(explain(error, alone=True))
    return jsonify(standing_now().as_json())


def _refused(problem: Problem) -> ResponseReturnValue:
    return jsonify(words=problem.words, field=problem.field), problem.status, problem.headers
