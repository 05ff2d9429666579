"""Asking designated contacts whether what staff read about them is still right: one link, no account, one answer.

As with providers (`provider_links`, whose rules and reminders these are): signed, for some weeks, void when the entry
has changed or a newer link went out. Opening it changes nothing.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlite_utils import Database

from directory.designated_contact import DesignatedContact
from directory.keeping import designated_contacts as contacts
from directory.keeping import link_marks
from directory.keeping.checking import CLOCK
from directory.keeping.link_marks import CHANGED, GONE, MOST_AT_ONCE, NotAskedError, RefusedError
from directory.store import asks as refusals
from directory.store import contact_asks as asks
from directory.store import designated_contacts as rows
from directory.store.rows import Row
from plumbing import clock, mail
from plumbing.addresses import outside
from plumbing.dates import date_in_words
from plumbing.db import at_once
from plumbing.ids import new_id
from plumbing.settings import Settings

# The officers' own notes are not shown to the person, so they are no part of what is said yes to.
_OURS = ("notes", "for_families")


@dataclass(frozen=True)
class Asked:
    """A link that opens: the question, and whom it is about."""

    id: str
    contact: DesignatedContact


def fingerprint(contact: DesignatedContact) -> str:
    """What somebody says yes to, in one number."""
    said = {name: words for name, words in contact.written.items() if name not in _OURS}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _said(ask: Row) -> tuple[str, ...]:
    return "contact link", ask["id"], ask["contact_id"], ask["fingerprint"], ask["expires_on"]


def token_of(key: bytes, ask: Row) -> str:
    """What stands in the link."""
    return link_marks.token(key, ask["id"], *_said(ask))


def open_link(db: Database, key: bytes, token: str, today: datetime.date) -> Asked:
    """The question behind a link. Raises RefusedError with the reason where it is not good (any more)."""
    ask = link_marks.still_open(asks.get(db, link_marks.ask_id(token)), token, key, _said, today)
    contact = rows.get(db, ask["contact_id"])
    if contact is None or not contact.is_at_work(today):
        raise RefusedError(GONE)
    if fingerprint(contact) != ask["fingerprint"]:
        raise RefusedError(CHANGED)
    return Asked(ask["id"], contact)


# -- asking


def ask(db: Database, settings: Settings, key: bytes, contact_id: str, by: str, today: datetime.date) -> None:
    """Send somebody their link. Raises NotAskedError where none went."""
    with at_once(db):
        contact = rows.get(db, contact_id)
        if contact is None or not contact.email or not contact.is_at_work(today):
            raise NotAskedError("no address")
        if refusals.has_refused(db, mail.mark_of(contact.email, key)):
            raise NotAskedError("refused")
        row: Row = {
            "id": new_id(),
            "contact_id": contact.id,
            "address": contact.email,
            "fingerprint": fingerprint(contact),
            "asked_on": today.isoformat(),
            "asked_by": by,
            "expires_on": (today + datetime.timedelta(days=settings.provider_link_days)).isoformat(),
        }
        asks.add(db, row)
        if not mail.post(settings, contact.email, *_words(key, row)):
            raise NotAskedError("not posted")


def _words(key: bytes, row: Row) -> tuple[str, str]:
    """The mail. It says nothing of the entry: a mail lies open on many screens."""
    text = _(
        "Hello,\n\n"
        "Staff who support families find you in our list of people to ring. We want it to be right.\n\n"
        "Please look at it here. You need no account, and it takes a minute:\n\n%(link)s\n\n"
        "There you can say that it is still you, tell us what to put right, or say that you have left.\n\n"
        "The link works until %(day)s, for one answer. If this is not for you, say so on that page and we will not write to "
        "you again.",
        link=outside("directory.contact_link", token=token_of(key, row)),
        day=date_in_words(datetime.date.fromisoformat(row["expires_on"])),
    )
    return _("Are you still the person to ring?"), text


def remind(db: Database, settings: Settings, key: bytes, today: datetime.date) -> int:
    """Remind those who have not answered, as often as providers; returns how many mails went."""
    steps = [days for days in (settings.provider_reminder_days, settings.provider_last_reminder_days) if days]
    sent = 0
    for row in asks.open_ones(db, today):
        waited = (today - datetime.date.fromisoformat(row["asked_on"])).days
        wanted = sum(waited >= days for days in steps)
        if wanted > row["reminders"] and sent < MOST_AT_ONCE:
            sent += _remind(db, settings, key, row["id"], wanted, today)
    return sent


def _remind(db: Database, settings: Settings, key: bytes, ask_id: str, wanted: int, today: datetime.date) -> bool:
    with at_once(db):
        row = asks.get(db, ask_id)
        if row is None or row["answer"] or row["reminders"] >= wanted:
            return False
        try:
            open_link(db, key, token_of(key, row), today)
        except RefusedError:
            return False
        if not mail.post(settings, row["address"], *_words(key, row)):
            return False
        asks.note_reminder(db, ask_id, wanted)
    return True


def ask_by_itself(db: Database, settings: Settings, key: bytes, today: datetime.date) -> int:
    """Ask those who are due, some at a time, each once a round; returns how many were asked."""
    sent, since = 0, today - datetime.timedelta(days=settings.contact_days)
    for one in contacts.due(db, settings, today):
        contact_id = one.standing.service_id
        if sent >= MOST_AT_ONCE:
            break
        if asks.asked_since(db, contact_id, since):
            continue
        try:
            ask(db, settings, key, contact_id, CLOCK, today)
        except NotAskedError:
            continue
        sent += 1
    return sent


# -- answers: each looks again inside its own transaction, so that two taps are one answer


def confirm(db: Database, settings: Settings, key: bytes, token: str) -> None:
    """ "Still me": a check by e-mail. Raises RefusedError."""
    with at_once(db):
        asked = _answer(db, key, token, "true")
        contacts.check_within(db, settings, asked.contact.id, "emailed", contacts.THEMSELVES)


def correct(db: Database, key: bytes, token: str, words: str) -> None:
    """What to put right, in their words: it waits for an officer. Raises RefusedError."""
    with at_once(db):
        contacts.tell(db, _answer(db, key, token, "corrected").contact, words)


def left(db: Database, key: bytes, token: str, words: str) -> None:
    """They have left; `words` may say who does it now. Their cover is shown from now on. Raises RefusedError."""
    with at_once(db):
        contacts.leave(db, _answer(db, key, token, "left").contact, words, clock.today())


def refuse(db: Database, key: bytes, token: str) -> None:
    """Not them, or no such mail: nobody writes to that address again. Raises RefusedError."""
    with at_once(db):
        asked = open_link(db, key, token, clock.today())
        row = asks.get(db, asked.id)
        refusals.refuse(db, mail.mark_of(row["address"] if row else "", key))
        asks.close(db, asked.id, "refused", clock.today())


def _answer(db: Database, key: bytes, token: str, answer: str) -> Asked:
    asked = open_link(db, key, token, clock.today())
    asks.close(db, asked.id, answer, clock.today())
    return asked
