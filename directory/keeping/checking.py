"""Checking: writing down that somebody found a listing true, taking that back, and what the clocks do when nobody checks."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import current_app
from sqlite_utils import Database

from directory import checking, store
from directory.check import HOW, Check
from directory.checking import LAST, RETIRED, Clocks, Due, Standing
from directory.contact import Phone
from directory.keeping import editing, history
from directory.service import Service
from directory.store import checks as rows
from plumbing import clock
from plumbing.db import at_once
from plumbing.ids import new_id
from plumbing.settings import Settings

CLOCK = "clock"
# How long a check can be taken back with a tap. Later it is an honest record that somebody looked: check again instead.
_TAKE_BACK = datetime.timedelta(minutes=30)
# A clock's steps at one tidying: whoever saves a listing meanwhile must not wait long.
_MOST_STEPS = 200


@dataclass(frozen=True)
class Written:
    """A check as it was written down, and the job by which it can be taken back."""

    check: Check
    job: str


def clocks() -> Clocks:
    """The clocks, as this Linkbook's settings have them."""
    settings: Settings = current_app.extensions["settings"]
    return Clocks(settings.check_days, settings.check_safety_days, settings.unchecked_last_days, settings.unchecked_retire_days)


def due(db: Database, today: datetime.date) -> list[Due]:
    """What to check today, what does most harm first."""
    return checking.due(rows.standings(db, today), clocks(), today)


def check(db: Database, service_id: str, how: str, by: str, on: datetime.date, note: str = "") -> Check:
    """Write down that a listing was found true. What was hidden for want of a check is shown again.

    Raises LookupError where there is no such listing, ValueError for a way of checking that is not ours.
    """
    return check_with_numbers(db, service_id, how, by, on, note).check


def check_with_numbers(
    db: Database,
    service_id: str,
    how: str,
    by: str,
    on: datetime.date,
    note: str = "",
    right: Collection[str] = (),
) -> Written:
    """Like `check`; numbers that are `right` (as `Phone.same_as` has them) were rung, and are shown from now on."""
    if how not in HOW or how == "publisher":
        raise ValueError("that is no way of checking")
    with _together(db):
        found = store.get_services(db, [service_id])
        if not found:
            raise LookupError("there is no such listing")
        before = found[0]
        standing = rows.standings(db, on, [service_id])
        is_safety = bool(standing and standing[0].is_safety) or _is_safety(before)
        made = Check(on, how, by, "true", clocks().next_due(on, is_safety))
        job = rows.write_check(db, service_id, made, job=new_id(), made_at=clock.now(), note=note)
        after = _found_true(before, right, comes_back=before.hidden == LAST or _was_retired_by_clock(db, before))
        if after != before:
            editing.save(db, after, by, "checked", job)
        store.tell_search(db, service_id)
    return Written(made, job)


def _is_safety(service: Service) -> bool:
    words = [service.name, *(phone.description for phone in service.all_phones)]
    return checking.is_safety(",".join(service.categories), " ".join(words))


def _was_retired_by_clock(db: Database, service: Service) -> bool:
    """Whether a listing was retired only for being unchecked: what a person retired, or merged, no check brings back."""
    if service.hidden != RETIRED:
        return False
    who = ""
    for revision in store.revisions(db, service.id):
        if revision.service is None or revision.service.hidden != RETIRED:
            break
        who = revision.who
    return who == CLOCK


def _found_true(service: Service, right: Collection[str], *, comes_back: bool) -> Service:
    """A listing after it was found true: shown where it was hidden for being unchecked, numbers that were rung trusted."""

    def rung(phones: tuple[Phone, ...]) -> tuple[Phone, ...]:
        # A publisher's own number stands without a word already; ours is shown as checked from now on.
        return tuple(
            replace(phone, confidence="checked") if phone.confidence and phone.same_as in right else phone for phone in phones
        )

    return replace(
        service,
        hidden="" if comes_back else service.hidden,
        phones=rung(service.phones),
        contacts=tuple(replace(contact, phones=rung(contact.phones)) for contact in service.contacts),
    )


@contextmanager
def _together(db: Database) -> Iterator[None]:
    """One step with whatever the caller has open, or by itself."""
    if db.conn.in_transaction:
        yield
        return
    with editing.as_one(db):
        yield


def can_take_back(made_at: str, checked_by: str, by: str) -> bool:
    """Whether `by` may take this check back: only their own, and only for a moment."""
    if not made_at or checked_by != by:
        return False
    return clock.now() - datetime.datetime.fromisoformat(made_at) <= _TAKE_BACK


def take_back(db: Database, job: str, by: str) -> str | None:
    """Take back a check that was pressed by mistake, with what it changed; the listing's id, or None where it is too late."""
    with at_once(db):
        row = rows.check_of_job(db, job)
        if row is None or not can_take_back(row["made_at"], row["checked_by"], by):
            return None
        rows.remove_check(db, job)
        store.tell_search(db, row["service_id"])
        store.bump(db)
    if store.revisions_of_job(db, job):
        history.undo(db, job, by, "check taken back")
    return str(row["service_id"])


def not_reached(db: Database, service_id: str, by: str, on: datetime.date) -> int:
    """Note that nobody could be reached today; returns how often by now. The listing comes back in a week."""
    with at_once(db):
        # The desk keeps what is due by the directory's number.
        store.bump(db)
        return rows.add_try(db, service_id, by, on)


def run_clocks(db: Database, clocks: Clocks, today: datetime.date) -> str | None:
    """Take the steps that are due: last in results, retired, and back where a setting was changed. Says what was done.

    Safe for two at once: each looks again inside its own transaction.
    """
    with at_once(db):
        rows.note_first_seen(db, today)
    every, done = rows.standings(db, today), 0
    if _moves(every, clocks, today):
        job = new_id()
        with editing.as_one(db):
            moves = _moves(rows.standings(db, today), clocks, today)
            for service in store.get_services(db, list(moves)[:_MOST_STEPS]):
                editing.save(db, replace(service, hidden=moves[service.id]), CLOCK, _why(moves[service.id]), job)
                done += 1
        every = rows.standings(db, today)
    with at_once(db):
        rows.keep_month(db, f"{today:%Y-%m}", sum(one.in_time(clocks, today) for one in every), len(every))
    return f"{done} moved" if done else None


def _moves(every: list[Standing], clocks: Clocks, today: datetime.date) -> dict[str, str]:
    """What `service.hidden` should say, for each listing where it says something else."""
    wanted = {one.service_id: (one, _wanted(one, clocks, today)) for one in every}
    return {service_id: hidden for service_id, (one, hidden) in wanted.items() if hidden != one.hidden}


def _wanted(one: Standing, clocks: Clocks, today: datetime.date) -> str:
    step = checking.step(one, clocks, today)
    return step if step in {LAST, RETIRED} else ""


def _why(hidden: str) -> str:
    return {
        "": "in time again",
        LAST: "not checked for too long: last in results",
        RETIRED: "not checked for too long: retired",
    }[hidden]
