"""People who help us: now and before, by agency; and saved from the directory in one tap."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from plumbing.crypto import CannotOpen
from plumbing.ids import once_id
from records import editing, wording
from records.entry import Entry
from records.gate import DoesNotMatch, NotYours, Opened
from records.kinds import clean, is_former
from records.kinds.person import AGENCIES
from records.pages.blueprint import blueprint, current_record_id, enter, gate


@blueprint.get("/people")
@signed_in()
def people_of_current() -> ResponseReturnValue:
    """From the bar to the people of the child looked at last."""
    record_id = current_record_id()
    return redirect(url_for("records.people", record_id=record_id) if record_id else url_for("records.home"))


@blueprint.get("/records/<id:record_id>/people")
@signed_in()
def people(record_id: str) -> ResponseReturnValue:
    """Everybody who helps, with a number to tap; those of before under them."""
    opened = enter(record_id)
    everybody = [one for one in opened.entries() if one.kind == "person"]
    everybody.sort(key=lambda one: wording.title(one.document).casefold())
    former = [one for one in everybody if is_former(one.document, opened.today)]
    now = [one for one in everybody if one not in former]
    return render_template(
        "records/people.html", opened=opened, groups=_by_agency(now), former=former, section_=opened.book.by_slug("people")
    )


def _by_agency(everybody: list[Entry]) -> list[tuple[str, list[Entry]]]:
    groups = [
        (wording.choice("agency", name), [one for one in everybody if one.document.get("agency") == name]) for name in AGENCIES
    ]
    unsaid = [one for one in everybody if one.document.get("agency") not in AGENCIES]
    return [group for group in [*groups, ("", unsaid)] if group[1]]


@blueprint.post("/people/from-the-directory")
@signed_in()
def keep_service() -> ResponseReturnValue:
    """Save a service of the directory among the people who help us, with its title and numbers as they are today."""
    record_id = current_record_id()
    if record_id is None:
        return redirect(url_for("records.home"))
    opened = enter(record_id)
    section = opened.book.by_slug("people")
    typed = {name: request.form.get(name, "") for name in ("service_id", "service_title", "name", "phone", "email")}
    document, problems = clean("person", typed | {"saved_on": opened.today.isoformat()})
    if section is None or problems or not document.get("service_id") or not document.get("service_title"):
        abort(400)
    kept = _already_saved(opened, document["service_id"]) or editing.add(opened, section.id, document)
    return redirect(url_for("records.entry", record_id=record_id, entry_id=kept.id))


def _already_saved(opened: Opened, service_id: str) -> Entry | None:
    return next((one for one in opened.entries() if one.document.get("service_id") == service_id), None)


def places_for_people() -> list[tuple[str, str]]:
    """The records in which whoever is signed in may add to the people who help: what each is called, and where to send one."""
    here, found = gate(), []
    for record_id in [*here.record_ids(), *here.shared_ids()]:
        with suppress(NotYours, CannotOpen, DoesNotMatch):
            opened = here.enter(record_id)
            section = opened.book.by_slug("people")
            if section and opened.may_add(section.id):
                found.append((opened.book.called, url_for("records.keep_contact", record_id=record_id)))
    return found


@blueprint.post("/records/<id:record_id>/people/from-a-contact")
@signed_in()
def keep_contact(record_id: str) -> ResponseReturnValue:
    """Keep somebody whom staff may give to families, and where they were copied from, in words."""
    opened = enter(record_id)
    section = opened.book.by_slug("people")
    if section is None or not opened.may_add(section.id):
        raise NotYours
    names = ("name", "role", "agency", "phone", "email", "best_times", "copied_from")
    document, problems = clean("person", {name: request.form.get(name, "") for name in names})
    if problems or not document.get("name"):
        abort(400)
    entry_id = once_id(request.form.get("once", ""), record_id, section.id, opened.person.account_id)
    # Sent twice, by a thumb or a slow connection, it is one person: the second finds them there.
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, section.id, document, entry_id=entry_id)
    return redirect(url_for("records.entry", record_id=record_id, entry_id=entry_id))
