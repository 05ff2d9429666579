"""Deleting a record for good, keys first: by its holder, or because the account that alone holds it ends."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, after_this_request, has_request_context
from flask_babel import gettext as _
from sqlite_utils import Database

from accounts import keyring
from accounts.hooks import NotYet
from plumbing.db import at_once
from records import attachments, editing, store
from records.gate import DoesNotMatch, Gate, NotYours, Opened
from records.office import Office

# Wraps first: with them every key of the record is gone. Then what points to something, before what it points to.
_TABLES = (
    *("wrap", "consent", "invitation", "pack", "letterbox_link", "letterbox_file", "letterbox_item"),
    *("letterbox", "feed", "reminder", "roster", "book", "attachment", "entry", "section_epoch", "section"),
    *("log_line", "statement"),
)


class NotAlone(Exception):
    """Somebody else holds this record too, or may see a part of it."""


def erase_record(db: Database, record_id: str) -> list[str]:
    """Delete all of a record in the transaction the caller has open; returns the attachments to unlink after the commit."""
    files = store.attachment_ids(db, record_id)
    for table in _TABLES:
        # An entry takes its versions along.
        db.execute(f"DELETE FROM {table} WHERE record_id = ?", [record_id])  # noqa: S608 - names of our own
    db.execute("DELETE FROM record WHERE id = ?", [record_id])
    return files


def delete_record(opened: Opened) -> None:
    """Delete a record of a sole holder: its tombstone, its keys, then everything. Raises NotAlone; NotYours where it is gone."""
    db, office = opened.db, opened.office
    with at_once(db):
        # As it is now, not as it was when the page was opened: somebody may have been let in since.
        gate = Gate(db, office, opened.person, opened.today)
        pins = gate.pinned()
        if opened.record_id not in pins:
            raise NotYours
        if not gate.enter_pinned(opened.record_id, pins[opened.record_id]).is_sole_holder():
            raise NotAlone
        office.witness.bury(opened.record_id)
        files = erase_record(db, opened.record_id)
        del pins[opened.record_id]
        keyring.write(db, opened.person, pins)
    attachments.unlink(office.attachments, files)
    editing.truncate(opened)


def end_with_account(gate: Gate) -> None:
    """Delete every record whose only holder's account ends, in the transaction the caller has open.

    Raises NotYet where somebody else holds one too, or may see a part of it. What others share with them just ends.
    """
    files: list[str] = []
    for record_id, pinned in gate.pinned().items():
        if pinned.get("reads"):
            continue
        try:
            is_sole = gate.enter_pinned(record_id, pinned).is_sole_holder()
        except DoesNotMatch:
            # What does not open even for its holder can go with them, if nobody else has a key to it.
            is_sole = not _have_others_keys(gate.db, record_id, gate.person.account_id)
        if not is_sole:
            raise NotYet(_("You share a record with somebody. Stop sharing it, or leave it to them, then delete your account"))
        gate.office.witness.bury(record_id)
        files += erase_record(gate.db, record_id)
    if files:
        _unlink_after_commit(gate.db, gate.office, files)


def _have_others_keys(db: Database, record_id: str, account_id: str) -> bool:
    others = db.execute("SELECT 1 FROM wrap WHERE record_id = ? AND account_id != ? LIMIT 1", [record_id, account_id])
    return others.fetchone() is not None


def _unlink_after_commit(db: Database, office: Office, files: Iterable[str]) -> None:
    """Take sealed files away once their rows are gone for good. Without a request `flask tidy` finds them."""
    if not has_request_context():
        return

    @after_this_request
    def unlink(response: Response) -> Response:
        attachments.unlink(office.attachments, set(files) - store.all_attachment_ids(db))
        return response
