"""Asking a provider by e-mail: one link, no account, and one tap that says "no change".

The link names one question about one listing as it stood that day, signed with the server's key. It is good for some weeks and
for one answer; it is void when the listing has changed, or when a newer link went out. Opening it changes nothing: programs that
read mail open every link in it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlite_utils import Database

from directory import store
from directory.checking import Due
from directory.contact import Phone
from directory.document import to_document
from directory.keeping import checking, editing, link_marks
from directory.keeping.link_marks import CHANGED, GONE, MOST_AT_ONCE, NotAskedError, RefusedError
from directory.report import FROM_PROVIDER, Report, new_reference
from directory.service import Service
from directory.store import asks
from directory.store.following import asked_of
from directory.store.rows import Row
from plumbing import clock, mail
from plumbing.addresses import outside
from plumbing.dates import date_in_words
from plumbing.db import at_once
from plumbing.ids import new_id
from plumbing.settings import Settings

PROVIDER = "provider"
# Nobody's postbox fills at midnight.
_FIRST_HOUR = 8
# What is not part of what a provider says yes to.
_OURS = ("hidden", "check", "last_modified", "assured_date", "assurer_email", "source", "source_id", "categories", "needs")


@dataclass(frozen=True)
class Asked:
    """A link that opens: the question, and the listing as families see it."""

    id: str
    service: Service


def fingerprint(service: Service) -> str:
    """What a provider says yes to, in one number: another one means that the listing is not what they were shown."""

    def bare(phones: tuple[Phone, ...]) -> tuple[Phone, ...]:
        return tuple(replace(phone, confidence="") for phone in phones)

    plain = replace(
        service,
        phones=bare(service.phones),
        contacts=tuple(replace(contact, phones=bare(contact.phones)) for contact in service.contacts),
    )
    document = {name: value for name, value in to_document(plain).items() if name not in _OURS}
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _said(ask: Row) -> tuple[str, ...]:
    return "provider link", ask["id"], ask["service_id"], ask["fingerprint"], ask["expires_on"]


def token_of(key: bytes, ask: Row) -> str:
    """What stands in the link."""
    return link_marks.token(key, ask["id"], *_said(ask))


def open_link(db: Database, key: bytes, token: str, today: datetime.date) -> Asked:
    """The question behind a link. Raises RefusedError with the reason where it is not good (any more)."""
    ask = link_marks.still_open(asks.get_ask(db, link_marks.ask_id(token)), token, key, _said, today)
    service_id, expected = asked_of(db, ask)
    found = store.get_shown_services(db, [service_id])
    if not found:
        raise RefusedError(GONE)
    if fingerprint(store.get_services(db, [service_id])[0]) != expected:
        raise RefusedError(CHANGED)
    return Asked(ask["id"], found[0])


# -- asking


def address_for(db: Database, service: Service) -> str:
    """Where a listing's provider is asked: the address kept for it, or the listing's own."""
    return asks.provider_address(db, service.id) or service.email


def ask(db: Database, settings: Settings, key: bytes, service_id: str, by: str, today: datetime.date) -> datetime.date:
    """Send a listing's provider a link; returns the day until which it works. Raises NotAskedError where none went."""
    with at_once(db):
        found = store.get_services(db, [service_id])
        address = address_for(db, found[0]) if found else ""
        if not address:
            raise NotAskedError("no address")
        if asks.has_refused(db, mail.mark_of(address, key)):
            raise NotAskedError("refused")
        expires_on = today + datetime.timedelta(days=settings.provider_link_days)
        row: Row = {
            "id": new_id(),
            "service_id": service_id,
            "address": address,
            "fingerprint": fingerprint(found[0]),
            "asked_on": today.isoformat(),
            "asked_by": by,
            "expires_on": expires_on.isoformat(),
        }
        asks.add_ask(db, row)
        if not mail.post(settings, address, *_words(key, row, found[0].name)):
            raise NotAskedError("not posted")
    return expires_on


CAN_BE_ASKED, NO_ADDRESS, ASKED_ALREADY, REFUSED = "can", "no address", "asked", "refused"


def by_address(db: Database, key: bytes, services: Sequence[Service], today: datetime.date) -> dict[str, list[Service]]:
    """Which of these listings can be asked about by e-mail, and why the others cannot."""
    groups: dict[str, list[Service]] = {one: [] for one in (CAN_BE_ASKED, NO_ADDRESS, ASKED_ALREADY, REFUSED)}
    for service in services:
        address = address_for(db, service)
        if not address:
            group = NO_ADDRESS
        elif asks.has_refused(db, mail.mark_of(address, key)):
            group = REFUSED
        elif asks.open_ask(db, service.id, today):
            group = ASKED_ALREADY
        else:
            group = CAN_BE_ASKED
        groups[group].append(service)
    return groups


def _words(key: bytes, row: Row, name: str) -> tuple[str, str]:
    """The mail. It asks one thing, and names nobody."""
    expires_on = date_in_words(datetime.date.fromisoformat(row["expires_on"]))
    subject = _("Is what we say about %(name)s still right?", name=" ".join(name.split())[:120])
    text = _(
        "Hello,\n\n"
        "Families find %(name)s in our directory of help. We want what they read to be true.\n\n"
        "Please look at it here. You need no account, and it takes a minute:\n\n%(link)s\n\n"
        "If nothing has changed, press the button there. You can also tell us what to put right, or that you have closed.\n\n"
        "The link works until %(day)s, for one answer. If this is not for you, say so on that page and we will not write to "
        "you again.",
        name=name,
        link=outside("directory.provider_link", token=token_of(key, row)),
        day=expires_on,
    )
    return subject, text


def remind(db: Database, settings: Settings, key: bytes, today: datetime.date) -> int:
    """Remind those who have not answered, twice at most; returns how many mails went. Each goes once, whoever tidies too."""
    steps = [days for days in (settings.provider_reminder_days, settings.provider_last_reminder_days) if days]
    sent = 0
    for row in asks.open_asks(db, today):
        waited = (today - datetime.date.fromisoformat(row["asked_on"])).days
        wanted = sum(waited >= days for days in steps)
        if wanted > row["reminders"] and sent < MOST_AT_ONCE:
            sent += _remind(db, settings, key, row["id"], wanted, today)
    return sent


def _remind(db: Database, settings: Settings, key: bytes, ask_id: str, wanted: int, today: datetime.date) -> bool:
    with at_once(db):
        row = asks.get_ask(db, ask_id)
        if row is None or row["answer"] or row["reminders"] >= wanted:
            return False
        try:
            asked = open_link(db, key, token_of(key, row), today)
        except RefusedError:
            return False
        if not mail.post(settings, row["address"], *_words(key, row, asked.service.name)):
            return False
        asks.note_reminder(db, ask_id, wanted)
    return True


def ask_by_itself(db: Database, settings: Settings, key: bytes, due: list[Due], today: datetime.date) -> int:
    """Ask the providers of what is due, some at a time, each once a round; returns how many were asked."""
    sent = 0
    for one in due:
        if sent >= MOST_AT_ONCE:
            break
        since = today - datetime.timedelta(days=settings.check_safety_days)
        if one.never or asks.asked_since(db, one.standing.service_id, since):
            continue
        try:
            ask(db, settings, key, one.standing.service_id, checking.CLOCK, today)
        except NotAskedError:
            continue
        sent += 1
    return sent


def is_hour_for_mail() -> bool:
    """Whether it is late enough in the day to write to people who did not ask."""
    return clock.here().hour >= _FIRST_HOUR


# -- answers: each looks again inside its own transaction, so that two taps are one answer


def confirm(db: Database, key: bytes, token: str, today: datetime.date) -> Service:
    """ "No change": a check by e-mail. Raises RefusedError."""
    with editing.as_one(db):
        asked = open_link(db, key, token, today)
        asks.close_ask(db, asked.id, "true", today)
        checking.check(db, asked.service.id, "emailed", PROVIDER, today)
    return asked.service


def correct(db: Database, key: bytes, token: str, words: str, today: datetime.date) -> Service:
    """What to put right, in the provider's words: it waits for an officer, as a report does. Raises RefusedError."""
    return _report(db, key, token, FROM_PROVIDER, words, "corrected", today)


def closed(db: Database, key: bytes, token: str, words: str, today: datetime.date) -> Service:
    """They have closed, they say. An officer makes sure before families are told. Raises RefusedError."""
    return _report(db, key, token, "closed", words, "closed", today)


def _report(db: Database, key: bytes, token: str, topic: str, words: str, answer: str, today: datetime.date) -> Service:
    with at_once(db):
        asked = open_link(db, key, token, today)
        asks.close_ask(db, asked.id, answer, today)
        store.add_report(db, Report(asked.service.id, topic, words, "", clock.now(), reference=new_reference()))
    return asked.service


def refuse(db: Database, key: bytes, token: str, today: datetime.date) -> Service:
    """Not theirs, or they want no such mail: nobody writes to that address again. Raises RefusedError."""
    with at_once(db):
        asked = open_link(db, key, token, today)
        row = asks.get_ask(db, asked.id)
        asks.refuse(db, mail.mark_of(row["address"] if row else "", key))
        asks.close_ask(db, asked.id, "refused", today)
    return asked.service
