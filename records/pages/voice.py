"""Voice notes and short films: for those who do not write, and for a child who does not speak."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from plumbing.spill import uploads
from records.pages.blueprint import blueprint, enter
from records.pages.letters import begin, begin_page
from records.pages.uploads import most_bytes


@blueprint.get("/records/<id:record_id>/voice/new")
@signed_in()
def new_voice(record_id: str) -> ResponseReturnValue:
    """Record here, or choose a recording."""
    return begin_page(enter(record_id), "voice")


@blueprint.post("/records/<id:record_id>/voice/new")
@uploads(most_bytes)
@signed_in()
def begin_voice(record_id: str) -> ResponseReturnValue:
    """Take the recording into a draft; it is heard and named on the next page."""
    return begin(enter(record_id), "voice")
