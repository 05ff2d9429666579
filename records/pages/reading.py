"""Reading letters while their holder is here: a script asks for one after another, a button does it where there is no script."""

from __future__ import annotations

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from plumbing.reading import is_there
from records import reading
from records.entry import Entry
from records.gate import Opened
from records.pages.blueprint import blueprint, enter_as_holder, settings
from records.pages.letters import offered
from records.pages.uploads import is_fetch


def letters_to_read(opened: Opened, draft: Entry | None = None) -> int:
    """How many letters wait to be read, or whether this draft does; always none without the extra, and for readers."""
    if not opened.is_holder:
        return 0
    return len(reading.unread([draft])) if draft else len(_waiting(opened, "")) if is_there() else 0


@blueprint.post("/records/<id:record_id>/letters/read")
@signed_in()
def read_next(record_id: str) -> ResponseReturnValue:
    """Read some of the next letter: the draft that the form names, else the newest that nobody read."""
    opened = enter_as_holder(record_id)
    entry_id, is_busy = request.form.get("entry", ""), False
    waiting = _waiting(opened, entry_id)
    if waiting:
        try:
            reading.read_some(opened, waiting[0], settings().private / "reading.lock")
        except reading.Busy:
            is_busy = True
    if not is_fetch():
        return redirect(url_for("records.letters", record_id=record_id))
    answer: dict[str, object] = {"left": len(_waiting(opened, entry_id)), "busy": is_busy}
    if entry_id and _drafts(opened, entry_id):
        likely = offered(opened, opened.entry(entry_id))
        answer |= {"words": likely.words, "section": likely.section_id}
    return jsonify(answer)


def _drafts(opened: Opened, entry_id: str) -> list[Entry]:
    return [draft for draft in opened.drafts() if draft.id == entry_id]


def _waiting(opened: Opened, entry_id: str) -> list[Entry]:
    entries = _drafts(opened, entry_id) if entry_id else opened.entries()
    return sorted(reading.unread(entries), key=lambda entry: entry.saved_at, reverse=True)
