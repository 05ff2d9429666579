"""A slip: what a guest who opened a pack answers goes into the family's letter-box, and into nothing else."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerHour

from accounts.current import family, secrets
from plumbing import clock
from plumbing.access import public
from plumbing.ids import once_id
from plumbing.limits import limiter
from records import items, letterbox, packs
from records.item import PACK, Sender
from records.items import Letter
from records.kinds import Document
from records.links import Door
from records.packs import Pack
from records.pages import form as forms
from records.pages.blueprint import blueprint
from records.pages.guest import of_a_guest, office
from records.pages.put_in import said
from records.taking_in import NotTaken

_AN_HOUR = RateLimitItemPerHour(60)


def put_slip(pack: Pack, document: Document) -> tuple[str, int]:
    """Put it in; what to say where it was not taken, and the status of that. Nothing where it lies in the letter-box."""
    if not limiter.limiter.hit(_AN_HOUR, "slip", pack.id):
        return said("wait"), 429
    today = clock.today()
    door = Door(pack.record_id, pack.stamp, letterbox.newest(family(), secrets().server_key, pack.record_id))
    letter = Letter(document | {"at": clock.second()}, once=once_id(request.form.get("once", ""), *forms.as_sent(request.form)))
    try:
        sender = Sender(PACK, pack.id, pack.name)
        items.put_in(
            family(), office(), door, sender, letter, today, lambda: packs.check_live(family(), office(), pack.id, today)
        )
    except NotTaken as not_taken:
        return said("too_many_answers" if not_taken.reason == "too_many_of_yours" else not_taken.reason), 400
    return "", 200


def sent() -> ResponseReturnValue:
    """On to the page that says so."""
    return redirect(url_for("records.slip_sent"))


@blueprint.get("/pack/sent")
@public
@of_a_guest
def slip_sent(pack: Pack) -> ResponseReturnValue:
    """It has arrived; the next one."""
    return render_template("records/packs/sent.html", pack=pack)
