"""Reminders by e-mail, the day before, in words that tell nothing. Nobody gets one who did not ask.

Mail goes while nobody is signed in. So the days, and nothing but the days, stand in the clear: the page says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _
from sqlite_utils import Database

from plumbing import clock, mail
from plumbing.db import at_once
from plumbing.settings import Settings
from records import year
from records.book import Book
from records.clocks import running
from records.entry import Entry
from records.gate import Opened

SETTING = "reminders"
# Nobody's telephone is to ring at midnight.
_FIRST_HOUR = 8


def reminded(book: Book) -> frozenset[str]:
    """The accounts that asked to be reminded of a record's dates."""
    return frozenset((book.settings or {}).get(SETTING, []))


def with_reminders(book: Book, account_id: str, wanted: bool) -> Book:
    """The book after somebody asked for reminders, or had enough of them."""
    accounts = reminded(book) | {account_id} if wanted else reminded(book) - {account_id}
    settings = {name: value for name, value in (book.settings or {}).items() if name != SETTING}
    return replace(book, settings=settings | ({SETTING: sorted(accounts)} if accounts else {}))


def refresh(opened: Opened, book: Book, entries: Iterable[Entry]) -> None:
    """Write the days anew, in the transaction the caller has open. A day that mail went for stays marked until it is over."""
    wanted = sorted(day.isoformat() for day in _days_of(list(entries), opened.today) if day > opened.today)
    opened.db.execute("DELETE FROM reminder WHERE record_id = ? AND sent = 0", [opened.record_id])
    for account_id in reminded(book):
        for on in wanted:
            opened.db.execute(
                "INSERT INTO reminder (account_id, record_id, day, sent) SELECT id, ?, ?, 0 FROM account "
                "WHERE id = ? AND ended_on IS NULL ON CONFLICT DO NOTHING",
                [opened.record_id, on, account_id],
            )


def _days_of(entries: list[Entry], today: datetime.date) -> set[datetime.date]:
    """The days somebody has to be there, those of reviews, and the last ones for what the family has to send."""
    events = year.events(entries, running.clocks(entries, today), today)
    there = {event.day for event in events if event.sort == year.APPOINTMENT or event.is_met_for}
    return there.union(*(running.days_for_us(entry, today) for entry in entries))


def send(db: Database, settings: Settings) -> str | None:
    """Send what is due: one mail to each person who has something tomorrow, from eight in the morning. Returns how many went."""
    here = clock.here()
    tomorrow = (here.date() + datetime.timedelta(days=1)).isoformat()
    with at_once(db):
        db.execute("DELETE FROM reminder WHERE day < ?", [tomorrow])
    if here.hour < _FIRST_HOUR:
        return None
    rows = db.execute(
        "SELECT DISTINCT account.id, account.email FROM reminder JOIN account ON account.id = reminder.account_id "
        "WHERE day = ? AND sent = 0 AND ended_on IS NULL AND email != '' AND email_confirmed = 1",
        [tomorrow],
    ).fetchall()
    sent = sum(_remind(db, settings, account_id, email, tomorrow) for account_id, email in rows)
    return f"{sent} sent" if sent else None


class _NotSent(Exception):
    """A mail that did not go: it was sent meanwhile, or could not be posted and is tried again the next time."""


def _remind(db: Database, settings: Settings, account_id: str, email: str, day: str) -> bool:
    try:
        with at_once(db):
            due = "UPDATE reminder SET sent = 1 WHERE account_id = ? AND day = ? AND sent = 0"
            if not db.execute(due, [account_id, day]).rowcount or not mail.post(settings, email, *_words()):
                raise _NotSent
    except _NotSent:
        return False
    return True


def _words() -> tuple[str, str]:
    return _("Tomorrow"), _("You have something tomorrow. Look in Linkbook.")
