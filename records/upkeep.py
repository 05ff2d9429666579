"""What is done to records without anybody's keys: following a person's new keys, and taking away what is over."""

from __future__ import annotations

import datetime
import time

from flask import Flask, current_app
from sqlite_utils import Database

from accounts import hooks
from accounts.current import session_rows
from accounts.person import Person
from plumbing import clock, tidy
from plumbing.db import at_once, get_db
from plumbing.settings import Settings
from records import attachments, editing, guests, keys, leaving, log, packs, reminders, store, visits
from records.consent import day_number
from records.gate import Gate
from records.office import Office
from records.wrap import HOLD

# The bin; and what a reader began and never kept: nobody else sees it, so nobody else would put it away.
_OVER = """
SELECT id FROM entry WHERE (state = 'binned' AND binned_on < :before) OR (
    state = 'draft' AND section_id NOT IN (SELECT root_id FROM record)
    AND NOT EXISTS (SELECT 1 FROM entry_version WHERE entry_id = entry.id AND saved_on >= :before)
)
"""
# A save puts its files on the disk first; one that is a day old and in no row belongs to no save any more.
_ORPHAN_SECONDS = 24 * 60 * 60


def office() -> Office:
    """What the server brings to every opening."""
    return current_app.extensions["office"]


def _database() -> Database:
    settings: Settings = current_app.extensions["settings"]
    return get_db(settings.family_db, secure_delete=True)


def _new_keys(db: Database, old: Person, new: Person) -> None:
    keys.renew(db, office(), old, new, clock.today())


def _ended(db: Database, account_id: str, person: Person | None) -> None:
    if person is not None:
        leaving.end_with_account(Gate(db, office(), person, clock.today()))
    _end_grants(db, account_id)


def _lost_keys(db: Database, account_id: str, _generation: int) -> None:
    """Nobody signed the new keys: every grant is void until each family has said that it is still them."""
    _end_grants(db, account_id)


def _end_grants(db: Database, account_id: str) -> None:
    """Take away what somebody was given. No key is needed for that; the families rotate at a holder's next visit."""
    rows = db.execute("SELECT id FROM consent WHERE account_id = ?", [account_id]).fetchall()
    db.execute("DELETE FROM wrap WHERE account_id = ? AND verb != ?", [account_id, HOLD])
    db.execute("DELETE FROM consent WHERE account_id = ?", [account_id])
    office().witness.end(*(row[0] for row in rows))


def _signed_in(db: Database, person: Person) -> None:
    gate = Gate(db, office(), person, clock.today())
    for record_id in gate.record_ids():
        opened = gate.enter(record_id)
        editing.note_only(opened, "signed_in")
        visits.attend(opened)


def bury_again(db: Database, office: Office) -> int:
    """Delete what a restored backup brought back although it was deleted or ended for good. Returns how many records."""
    store.delete_ended(db, office.witness.ended())
    gone = office.witness.buried()
    back = [row[0] for row in db.execute("SELECT id FROM record").fetchall() if row[0] in gone]
    for record_id in back:
        with at_once(db):
            files = leaving.erase_record(db, record_id)
        attachments.unlink(office.attachments, files)
    return len(back)


def _expiry() -> str | None:
    ended = store.delete_overdue(_database(), day_number(clock.today()))
    return f"{ended} wraps had come to their last day" if ended else None


def _retention() -> str | None:
    """Earlier versions, the bin, readers' drafts and dropped attachments, after 30 days; no key is needed to delete."""
    db = _database()
    before = (clock.today() - datetime.timedelta(days=editing.KEPT_DAYS)).isoformat()
    with at_once(db):
        last = {"before": before}
        files = db.execute(f"SELECT id FROM attachment WHERE dropped_on < :before OR entry_id IN ({_OVER})", last).fetchall()  # noqa: S608
        db.execute("DELETE FROM attachment WHERE dropped_on < ?", [before])
        entries = db.execute(f"DELETE FROM entry WHERE id IN ({_OVER})", last).rowcount  # noqa: S608
        # An earlier version is kept for 30 days from the day it was no longer the newest.
        versions = db.execute(
            "DELETE FROM entry_version WHERE EXISTS (SELECT 1 FROM entry_version AS next"
            " WHERE next.entry_id = entry_version.entry_id AND next.version > entry_version.version AND next.saved_on < ?)",
            [before],
        ).rowcount
    attachments.unlink(office().attachments, (row[0] for row in files))
    if not (entries or versions or files):
        return None
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return f"{entries} entries, {versions} versions and {len(files)} attachments were over 30 days old"


def _orphans() -> str | None:
    db = _database()
    older_than = time.time() - _ORPHAN_SECONDS
    swept = attachments.sweep(office().attachments, store.all_attachment_ids(db), older_than)
    return f"{swept} files belonged to nothing" if swept else None


def _guests() -> str | None:
    """Visits to packs that are over, and packs that no try is left to."""
    over = guests.sweep(session_rows()) + packs.sweep(_database(), office())
    return f"{over} visits or packs were over" if over else None


def _chains() -> str | None:
    """Verify every log's chain; a broken one fails the job, so that whoever runs the server hears of it."""
    db, broken = _database(), 0
    for record_id, stamp in db.execute("SELECT id, stamp FROM record").fetchall():
        try:
            log.verify(db, office().secrets.log_key, record_id, stamp)
        except Exception:
            broken += 1
    if broken:
        raise RuntimeError(f"{broken} logs do not verify")
    return None


def _reminders() -> str | None:
    settings: Settings = current_app.extensions["settings"]
    return reminders.send(_database(), settings)


def init_app(app: Flask) -> None:
    """Follow what happens to people, and do the timed work."""
    hooks.on_new_keys(app, _new_keys)
    hooks.on_end(app, _ended)
    hooks.on_lost_keys(app, _lost_keys)
    hooks.on_sign_in(app, _signed_in)
    tidy.register(app, "expiry", _expiry)
    tidy.register(app, "retention", _retention)
    tidy.register(app, "orphans", _orphans)
    tidy.register(app, "guests", _guests)
    tidy.register(app, "log chains", _chains)
    tidy.register(app, "reminders", _reminders)
