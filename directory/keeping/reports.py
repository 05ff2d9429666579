"""Answering what the public reports: within two days, with a word to whoever left an address."""

from __future__ import annotations

import datetime

from flask_babel import gettext as _
from sqlite_utils import Database

from directory.report import CLOSED, LOOKING, NEW, is_late
from directory.store import reports as rows
from directory.store.rows import Row
from plumbing import clock, mail
from plumbing.addresses import outside
from plumbing.db import at_once, erasing
from plumbing.settings import Settings


def counts(db: Database, now: datetime.datetime, hours: int) -> tuple[int, int]:
    """How many reports wait, and how many of them longer than we promise."""
    waiting = rows.open_reports(db)
    return len(waiting), sum(late(row, now, hours) for row in waiting)


def late(row: Row, now: datetime.datetime, hours: int) -> bool:
    """Whether an open report has waited too long."""
    return is_late(datetime.datetime.fromisoformat(row["received_at"]), now, hours)


def look(db: Database, report_id: int, by: str) -> None:
    """Somebody looks at it now: the reporter sees that."""
    with at_once(db):
        row = rows.get_report(db, report_id)
        if row and row["status"] == NEW:
            rows.set_report_status(db, report_id, LOOKING, by, clock.now())


def close(db: Database, settings: Settings, report_id: int, outcome: str, words: str, by: str) -> bool:
    """Close a report, and write to whoever left an address; False where somebody else has closed it already."""
    if outcome not in CLOSED:
        raise ValueError("that is no way to close a report")
    with at_once(db):
        row = rows.get_report(db, report_id)
        if row is None or not rows.set_report_status(db, report_id, outcome, by, clock.now(), words):
            return False
    # A program that left an address is not written to, nor is anybody whose address it typed.
    if row["reply_to"] and row["reference"] and outcome != "spam":
        mail.post(settings, row["reply_to"], *_words(row["reference"]))
    return True


def _words(reference: str) -> tuple[str, str]:
    text = _(
        "Hello,\n\n"
        "You told us that something was wrong, and asked for an answer. Thank you. The answer is here:\n\n%(link)s\n\n"
        "We will not write to you again about it, and soon forget your address.",
        link=outside("directory.followed_report", reference=reference),
    )
    return _("The answer to what you told us"), text


def forget(db: Database, settings: Settings) -> int:
    """Forget the addresses of reporters whose report was closed long enough ago; returns how many."""
    with erasing(db):
        return rows.forget_reporters(db, clock.now() - datetime.timedelta(days=settings.report_address_days))
