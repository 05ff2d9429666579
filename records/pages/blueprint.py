"""What every page of the record needs: who is asking, and which record they opened."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import current_person
from accounts.keyring import KeyringLost
from accounts.visitor import cookie_name
from plumbing import clock
from plumbing.crypto import CannotOpen
from plumbing.db import get_db
from plumbing.headers import private
from plumbing.settings import Settings
from records import device_heads, editing, inviting, log
from records.gate import DoesNotMatch, Gate, NotShared, NotYours, Opened

blueprint = Blueprint("records", __name__)
blueprint.after_request(private)
# Which child's record the bar under the thumb leads to. An id says nothing of whose it is.
CURRENT = "record"
_A_YEAR = 365 * 24 * 60 * 60


def settings() -> Settings:
    """How this Linkbook runs."""
    return current_app.extensions["settings"]


def gate() -> Gate:
    """This request's gate."""
    if "gate" not in g:
        db = get_db(settings().family_db, secure_delete=True)
        g.gate = Gate(db, current_app.extensions["office"], current_person(), clock.today())
    return g.gate


def enter(record_id: str) -> Opened:
    """The record that a page is about, opened once a request; templates know it as `record`."""
    opened: dict[str, Opened] = g.setdefault("opened", {})
    if record_id not in opened:
        opened[record_id] = gate().enter(record_id)
        _ask_the_device(opened[record_id])
        g.record = opened[record_id]
        if opened[record_id].is_holder and session.get(CURRENT) != record_id:
            session[CURRENT] = record_id
    return opened[record_id]


def _heads_cookie() -> str:
    return cookie_name(device_heads.cookie_name(current_person().account_id))


def _remembered() -> dict[str, log.Head]:
    key = current_app.extensions["server_secrets"].server_key
    return device_heads.read(request.cookies.get(_heads_cookie(), ""), key, current_person().account_id)


def _ask_the_device(opened: Opened) -> None:
    remembered = _remembered().get(opened.record_id)
    if remembered and opened.is_holder:
        now = log.head_at(opened.db, opened.record_id, remembered.number)
        if not device_heads.matches(remembered, now):
            opened.alarms = (*opened.alarms, "device")


@blueprint.after_request
def _let_the_device_remember(response: Response) -> Response:
    """What does not match stays remembered as it was, until the holder goes on."""
    seen = [one for one in g.get("opened", {}).values() if one.is_holder and not one.alarms]
    if not seen:
        return response
    person, key = current_person(), current_app.extensions["server_secrets"].server_key
    heads = {**_remembered(), **{one.record_id: log.newest(one.db, one.record_id) for one in seen}}
    response.set_cookie(
        _heads_cookie(),
        device_heads.written(heads, key, person.account_id),
        max_age=_A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings().https_only,
    )
    return response


def enter_as_holder(record_id: str) -> Opened:
    """The record, for a page that is the family's alone. Raises NotYours for whoever only sees a part of it."""
    opened = enter(record_id)
    if not opened.is_holder:
        raise NotYours
    return opened


def current_record_id() -> str | None:
    """The record the bar leads to: the one that was looked at last, else the first."""
    known = gate().record_ids()
    return session[CURRENT] if session.get(CURRENT) in known else next(iter(known), None)


@blueprint.context_processor
def _the_record() -> dict[str, Any]:
    """The record a page is about; over every page of one that somebody only sees a part of stands how much that is."""
    opened = g.get("record")
    return {"record": opened, "standing": "records/shared/_standing.html" if opened and not opened.is_holder else ""}


@blueprint.errorhandler(NotShared)
def _not_shared(_error: NotShared) -> ResponseReturnValue:
    here, record_id = gate(), (request.view_args or {}).get("record_id", "")
    is_waiting = inviting.is_waiting(here.db, here.person, record_id)
    told = here.pinned().get(record_id, {}).get("told")
    return render_template("records/shared/not_shared.html", is_waiting=is_waiting, told=told), 403


@blueprint.errorhandler(NotYours)
def _not_yours(_error: NotYours) -> ResponseReturnValue:
    return current_app.handle_http_exception(NotFound())


@blueprint.errorhandler(editing.InTheBin)
def _in_the_bin(_error: editing.InTheBin) -> ResponseReturnValue:
    title, words = _("This is in the bin"), _("Nothing was changed. Take it out of the bin first, and then change it.")
    return render_template("errors/error.html", status=409, title=title, words=words), 409


@blueprint.errorhandler(CannotOpen)
@blueprint.errorhandler(DoesNotMatch)
@blueprint.errorhandler(KeyringLost)
def _does_not_match(_error: Exception) -> ResponseReturnValue:
    current_app.logger.error("A record does not match what its holder has seen: nothing of it was shown.")
    return render_template("records/does_not_match.html"), 409
