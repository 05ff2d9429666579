"""Just us: what one holder keeps for themselves. Opened by the passphrase, for ten minutes; never shared, never counted."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import just_us_open, signed_in
from accounts.visitor import visitor
from records import sections, timeline
from records.pages.blueprint import blueprint, enter_as_holder


@blueprint.get("/records/<id:record_id>/just-us")
@signed_in()
@just_us_open
def just_us(record_id: str) -> ResponseReturnValue:
    """What is in it."""
    opened = enter_as_holder(record_id)
    section_id = opened.just_us_id
    entries = sorted(opened.entries([section_id]), key=lambda one: (timeline.day_of(one), one.saved_at), reverse=True)
    kinds = [kind for kind in sections.kinds_for(sections.JUST_US) if kind not in {"letter", "voice"}]
    return render_template("records/just_us.html", opened=opened, section_id=section_id, entries=entries, kinds=kinds)


@blueprint.post("/records/<id:record_id>/just-us/close")
@signed_in()
def close_just_us(record_id: str) -> ResponseReturnValue:
    """Close it before its ten minutes are over."""
    visitor().close_just_us()
    return redirect(url_for("records.record", record_id=record_id))
