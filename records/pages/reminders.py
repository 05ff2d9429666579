"""Reminders by e-mail: asked for, or not, by each person for each record."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import current_account, signed_in
from records import editing
from records import reminders as reminding
from records.pages.blueprint import blueprint, enter_as_holder


@blueprint.get("/records/<id:record_id>/reminders")
@signed_in()
def reminders(record_id: str) -> ResponseReturnValue:
    """Say what is stored in the clear for it, and whether it is on."""
    opened, account = enter_as_holder(record_id), current_account()
    return render_template(
        "records/reminders.html",
        opened=opened,
        is_on=account.id in reminding.reminded(opened.book),
        has_address=bool(account.email) and account.email_confirmed,
    )


@blueprint.post("/records/<id:record_id>/reminders")
@signed_in()
def save_reminders(record_id: str) -> ResponseReturnValue:
    """Turn them on or off. Without an address that is confirmed there is nothing to turn on."""
    opened, account = enter_as_holder(record_id), current_account()
    is_wanted = request.form.get("wanted") == "yes" and bool(account.email) and account.email_confirmed
    editing.change_book(opened, lambda book: reminding.with_reminders(book, account.id, is_wanted), "reminders")
    if not is_wanted:
        editing.truncate(opened)
    return redirect(url_for("records.reminders", record_id=record_id))
