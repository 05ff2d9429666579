"""What a holder does about a record that does not match what they have seen of it."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from accounts.access import recent_passphrase, signed_in
from records import editing
from records.pages.blueprint import blueprint, enter_as_holder


@blueprint.post("/records/<id:record_id>/go-on")
@signed_in()
@recent_passphrase
def go_on(record_id: str) -> ResponseReturnValue:
    """They were told, and go on from here: what stands in the database now is what they have seen."""
    editing.go_on(enter_as_holder(record_id))
    return redirect(url_for("records.record", record_id=record_id))
