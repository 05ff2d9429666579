"""Checks: what has to be confirmed today, and one tap that says it was."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import StringField

from accounts.access import current_account
from accounts.current import secrets
from directory import store
from directory.checking import TRIES, Due, Standing, due
from directory.desk import Waiting
from directory.keeping import checking, provider_links
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.service import Service
from directory.store import asks
from directory.store import checks as rows
from plumbing import clock
from plumbing.mail import as_sent
from plumbing.paging import Paging

_ON_A_PAGE = 10
LATE, NEVER = "late", "never"


class ProviderForm(FlaskForm):
    """Where this listing's provider is asked. Families never see it."""

    address = StringField(_l("Their e-mail address for us"))


def how_words() -> dict[str, str]:
    """The ways to check, as buttons say them."""
    return {
        "phoned": _("By phone"),
        "emailed": _("By e-mail"),
        "website": _("On their website"),
        "visited": _("By a visit"),
    }


def due_today(db: Database, today: datetime.date) -> tuple[list[Due], list[Due]]:
    """What is due and late, and what was never checked."""
    known = _known(db, today)
    return known.late, known.never


@dataclass(frozen=True)
class _Known:
    """Every listing as the clocks know it on a day, at a revision of the directory."""

    revision: int
    day: datetime.date
    every: list[Standing]
    late: list[Due]
    never: list[Due]


def _known(db: Database, today: datetime.date) -> _Known:
    """Every listing as the clocks know it. Kept while nothing changes: the desk is looked at more often than that."""
    revision = store.revision(db)
    known: _Known | None = current_app.extensions.get("standings")
    if known is None or (known.revision, known.day) != (revision, today):
        every = rows.standings(db, today)
        found = due(every, checking.clocks(), today)
        late, never = [one for one in found if not one.never], [one for one in found if one.never]
        # Two at once both read: what they keep is the same.
        known = current_app.extensions["standings"] = _Known(revision, today, every, late, never)
    return known


def _in_time(db: Database, today: datetime.date) -> tuple[int, int]:
    """How many listings are checked in time, and how many there are."""
    every = _known(db, today).every
    return sum(one.in_time(checking.clocks(), today) for one in every), len(every)


def late_waiting(db: Database, today: datetime.date) -> Waiting | None:
    """The desk's card for checks that are due."""
    late, _never = due_today(db, today)
    if not late:
        return None
    in_time, every = _in_time(db, today)
    words = _("Checked in time: %(some)s of %(all)s.", some=in_time, all=every)
    overdue = sum(one.is_late for one in late)
    return Waiting(_("Checks due"), len(late), "directory.desk_checks", "check", 10, overdue, words)


def never_waiting(db: Database, today: datetime.date) -> Waiting | None:
    """The desk's card for listings that nobody has checked yet."""
    _late, never = due_today(db, today)
    words = _("Helplines come first.")
    return Waiting(_("Never checked"), len(never), "directory.desk_never_checked", "eye", 11, 0, words) if never else None


@blueprint.get("/directory/checks")
@officers_only
def desk_checks() -> ResponseReturnValue:
    """What is due, one card each."""
    return _list(LATE)


@blueprint.get("/directory/checks/never")
@officers_only
def desk_never_checked() -> ResponseReturnValue:
    """What nobody has checked yet."""
    return _list(NEVER)


def _list(which: str) -> str:
    db, today = database(), clock.today()
    late, never = due_today(db, today)
    chosen = never if which == NEVER else late
    paging = Paging.of(len(chosen), _ON_A_PAGE, request.args.get("page", 1, type=int))
    shown = chosen[max(0, paging.first_shown - 1) : paging.last_shown]
    services = {one.id: one for one in store.get_services(db, [one.standing.service_id for one in shown])}
    in_time, every = _in_time(db, today)
    return render_template(
        "directory/desk/checks.html",
        which=which,
        cards=[(one, services[one.standing.service_id]) for one in shown],
        late=len(late),
        never=len(never),
        in_time=in_time,
        every=every,
        months=[(format_date(datetime.date.fromisoformat(f"{row['month']}-01"), "MMMM y"), row) for row in rows.months(db)],
        paging=paging,
        hows=how_words(),
        tries=TRIES,
        done=_just_done(db),
        said=_just_said(request.args.get("said", "")),
        asked=_asked_on(db, list(services)),
        addresses={one.id: provider_links.address_for(db, one) for one in services.values()},
    )


def _just_done(db: Database) -> dict[str, str] | None:
    """The check that was written a moment ago, where it can still be taken back."""
    row = rows.check_of_job(db, request.args.get("done", ""))
    if row is None or not checking.can_take_back(row["made_at"], row["checked_by"], current_account().shown_name):
        return None
    return {"job": row["job"], "name": row["name"], "how": how_words()[row["how"]]}


def _just_said(code: str) -> str:
    """What was done a moment ago, in a sentence. Only these can be said."""
    return {
        "back": _("Taken back. It is as it was."),
        "too-late": _("That can no longer be taken back. Check it again if it was wrong."),
        "tried": _("Noted: nobody could be reached. It comes back in a week."),
        "asked": _("We wrote to them. Their answer comes here by itself."),
        "no-address": _("There is no e-mail address to write to. Add one first."),
        "refused": _("Somebody at that address asked us not to write. Ring them, or find another address."),
        "not-posted": _("The mail could not be written. Try again, or look at the address."),
        "kept": _("The address is kept. Families never see it."),
    }.get(code, "")


def _asked_on(db: Database, ids: list[str]) -> dict[str, datetime.date]:
    """When each of these was asked by e-mail and has not answered."""
    found = {one: asks.open_ask(db, one, clock.today()) for one in ids}
    return {one: datetime.date.fromisoformat(row["asked_on"]) for one, row in found.items() if row}


def _service(service_id: object) -> Service:
    found = store.get_services(database(), [str(service_id)])
    if not found:
        abort(404)
    return found[0]


@blueprint.get("/directory/checks/<uuid:service_id>")
@officers_only
def desk_check(service_id: object) -> ResponseReturnValue:
    """One listing: all that has to be confirmed, who checked it before, and where its provider is asked."""
    return _one(_service(service_id), ProviderForm())


def _one(service: Service, form: ProviderForm) -> str:
    db, today = database(), clock.today()
    if not form.is_submitted():
        form.address.data = asks.provider_address(db, service.id)
    known = rows.standings(db, today, [service.id])
    return render_template(
        "directory/desk/check.html",
        service=service,
        known=known[0] if known else None,
        hows=how_words(),
        tries=TRIES,
        form=form,
        before=[(datetime.date.fromisoformat(row["checked_on"]), row) for row in rows.list_checks(db, service.id)],
        said=_just_said(request.args.get("said", "")),
        asked=_asked_on(db, [service.id]),
        address=provider_links.address_for(db, service),
    )


def _back(**values: Any) -> ResponseReturnValue:
    """To where the button stood."""
    if request.form.get("from") == NEVER:
        return redirect(url_for("directory.desk_never_checked", **values))
    if request.form.get("from") == "one" and "service_id" in (request.view_args or {}) and "done" not in values:
        service_id = (request.view_args or {})["service_id"]
        return redirect(url_for("directory.desk_check", service_id=service_id, **values))
    return redirect(url_for("directory.desk_checks", **values))


@blueprint.post("/directory/checks/<uuid:service_id>")
@officers_only
def desk_send_check(service_id: object) -> ResponseReturnValue:
    """Still true. Pressed twice it is written once."""
    service = _service(service_id)
    how = request.form.get("how", "")
    if how not in how_words():
        abort(400)
    # Only a number that was rung is trusted from now on.
    right = request.form.getlist("right") if how == "phoned" else []
    by, today = current_account().shown_name, clock.today()
    written = checking.check_with_numbers(database(), service.id, how, by, today, right=right)
    return _back(done=written.job)


@blueprint.post("/directory/checks/take-back")
@officers_only
def desk_take_back_check() -> ResponseReturnValue:
    """It was pressed by mistake."""
    taken = checking.take_back(database(), request.form.get("job", ""), current_account().shown_name)
    return _back(said="back" if taken else "too-late")


@blueprint.post("/directory/checks/<uuid:service_id>/not-reached")
@officers_only
def desk_not_reached(service_id: object) -> ResponseReturnValue:
    """Nobody answered."""
    checking.not_reached(database(), _service(service_id).id, current_account().shown_name, clock.today())
    return _back(said="tried")


@blueprint.post("/directory/checks/<uuid:service_id>/ask")
@officers_only
def desk_ask_provider(service_id: object) -> ResponseReturnValue:
    """Send the provider a link."""
    service = _service(service_id)
    try:
        provider_links.ask(database(), settings(), secrets().server_key, service.id, current_account().shown_name, clock.today())
    except provider_links.NotAskedError as problem:
        return _back(said=problem.reason.replace(" ", "-"))
    return _back(said="asked")


@blueprint.post("/directory/checks/<uuid:service_id>/address")
@officers_only
def desk_provider_address(service_id: object) -> ResponseReturnValue:
    """Keep, or forget, the address at which a listing's provider is asked."""
    service, form = _service(service_id), ProviderForm()
    address = (form.address.data or "").strip()
    if address:
        try:
            address = as_sent(validate_email(address, check_deliverability=False).normalized)
        except (EmailNotValidError, ValueError):
            form.address.errors = [_("Check the e-mail address: it should look like name@example.com")]
            return _one(service, form), 400
    asks.keep_provider_address(database(), service.id, address)
    return redirect(url_for("directory.desk_check", service_id=service.id, said="kept"))


def lateness(one: Due) -> str:
    """How late a check is, in words.

    > 12 days late
    """
    if one.never:
        return _("Nobody has checked it yet")
    if not one.is_late:
        return _("Due now")
    return ngettext("%(num)d day late", "%(num)d days late", one.late_days)
