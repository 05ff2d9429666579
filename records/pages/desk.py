"""The desk: the families who share with somebody, what each shares, what comes next, and what is new."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import current_account, current_person, signed_in
from accounts.account import KEY_WORKER, PARENT, PRACTITIONER
from plumbing import clock
from plumbing.crypto import CannotOpen
from records import desk as desks
from records import inviting, recognising, timeline
from records.clocks.plan_reviews import PlanReview, plan_reviews
from records.gate import DoesNotMatch, NotYours, Opened
from records.pages.blueprint import blueprint, current_record_id, gate

DESK_ROLES = (KEY_WORKER, PRACTITIONER)


@dataclass(frozen=True)
class Family:
    """One family's card: what comes next and when plans are looked at again, where that is shared; what is new since `looked`."""

    opened: Opened
    coming: tuple[timeline.Moment, ...]
    reviews: tuple[PlanReview, ...]
    new: int
    looked: datetime.date | None
    ends_soon: bool


@blueprint.get("/desk")
@signed_in()
def desk() -> ResponseReturnValue:
    """Everybody who shares with whoever is signed in. A record that does not open keeps nobody from the others."""
    here = gate()
    families, waiting, damaged = [], [], 0
    for record_id in here.shared_ids():
        try:
            families.append(_family(here.enter(record_id)))
        except NotYours:
            if inviting.is_waiting(here.db, here.person, record_id):
                waiting.append(here.pinned()[record_id].get("told"))
        except (CannotOpen, DoesNotMatch):
            damaged += 1
    return render_template(
        "records/desk.html",
        families=sorted(families, key=lambda one: one.opened.book.called.casefold()),
        waiting=waiting,
        damaged=damaged,
        unknown=recognising.unknown(here.db, here.office, here.person, here.today),
        own=current_record_id(),
        account=current_account(),
    )


def _family(opened: Opened) -> Family:
    last = opened.looked[0]
    entries = opened.entries(what="desk") if opened.sections else []
    now = clock.here()
    by_kind = ([one for one in entries if one.kind == kind] for kind in ("appointment", "meeting"))
    coming = [moment for some in by_kind if (moment := timeline.next_appointment(some, now))]
    return Family(
        opened,
        tuple(sorted(coming, key=lambda one: (one.day, one.time))),
        tuple(plan_reviews(entries)),
        len(desks.new_since(opened, entries, last)),
        datetime.date.fromisoformat(last[:10]) if last else None,
        any(desks.ends_soon(one.consent, opened.today) for one in opened.terms),
    )


@blueprint.post("/desk/recognise")
@signed_in()
def recognise() -> ResponseReturnValue:
    """The six words were compared, and were the same."""
    here = gate()
    found = recognising.Unknown(request.form.get("record", ""), request.form.get("words", ""))
    recognising.recognise(here.db, here.office, current_person(), found, here.today)
    return redirect(url_for("records.record", record_id=found.record_id))


# Where the bar leads


def leads_to_desk() -> bool:
    """Whether Home is the desk: for those who work with families, and for whoever has no record and was given part of one."""
    return current_account().role in DESK_ROLES or (not gate().record_ids() and is_given_something())


def is_given_something() -> bool:
    """Whether anybody ever shared anything with whoever is signed in, or does and is not recognised yet."""
    here = gate()
    return bool(here.shared_ids() or recognising.unknown(here.db, here.office, here.person, here.today))


def has_letters_of_their_own() -> bool:
    """Whether Letters, Dates and People lead anywhere: to somebody's own records, or to beginning one."""
    return bool(gate().record_ids()) or (current_account().role == PARENT and not is_given_something())
