"""What is measured in: a family.db of its own, with a mother in it, somebody she shares with, and letters."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from accounts import keyring, keys
from accounts import store as accounts
from accounts.account import KEY_WORKER, PARENT, Account
from accounts.migrations import migrations as account_migrations
from accounts.person import Person, new_person
from plumbing.crypto.passphrase import Cost
from plumbing.db import apply_migrations, open_db
from plumbing.ids import new_id
from plumbing.secrets_file import server_secrets
from plumbing.settings import ROOT
from records import canonical, editing, inviting, store, visits
from records import keys as record_keys
from records.book import Book, Section
from records.consent import READ, TO_SEE, Consent, Granted, day_number, latest_last_day
from records.gate import Gate, Opened
from records.migrations import migrations
from records.office import Office
from records.witness import Witness

TODAY = datetime.date(2026, 11, 22)
WORDS = "goat wellies piano rain"
_SEED = 20261122
_QUOTA = 10**10
_LETTER_BYTES = 4096


class House:
    """A family.db of its own, with Amina in it, and Sara, whom she shows something."""

    def __init__(self, folder: Path) -> None:
        data = folder / "data"
        apply_migrations(data / "family.db", account_migrations, migrations, secure_delete=True)
        self.db = open_db(data / "family.db", secure_delete=True)
        witness = Witness(folder / "witness" / "witness.log")
        self.office = Office(server_secrets(folder / "private"), witness, data / "attachments", _QUOTA)
        self.person = _register(self.db, self.office, "Amina", PARENT)
        self.reader = _register(self.db, self.office, "Sara", KEY_WORKER)

    def record(self) -> Opened:
        """A new record, opened."""
        book = Book("Yusuf", sections=tuple(Section(new_id(), slug, slug) for slug in ("health_letters", "diary", "people")))
        return self.enter(record_keys.found_record(self.db, self.office, self.person, book, TODAY))

    def enter(self, record_id: str, person: Person | None = None) -> Opened:
        """A record, opened as each page opens it; by Amina, unless told."""
        return Gate(self.db, self.office, person or self.person, TODAY).enter(record_id)

    def share(self, opened: Opened, section_id: str) -> Granted:
        """Give Sara a section to read, by words told across the table."""
        last_day, today = day_number(latest_last_day(TODAY)), day_number(TODAY)
        consent = Consent("Sara", "Key worker", (section_id,), READ, "The plan", last_day, today)
        invited = inviting.invite(opened, TO_SEE, consent, last_day, "Amina")
        inviting.accept(self.db, self.office, self.reader, canonical.raw(invited.code), today)
        visits.attend(opened)
        return opened.roster.given.grants[-1]

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()


def _register(db: Database, office: Office, name: str, role: str) -> Person:
    person = replace(new_person(new_id()), just_us=keys.new_just_us())
    sealed = keys.seal_by_passphrase(person, WORDS, office.secrets.pepper, Cost())
    with db.conn:
        account = account_of(person, name, role)
        accounts.add_account(db, office.secrets.server_key, account, sealed, keyring.sealed_keyring(person, {}))
    return person


def account_of(person: Person, name: str = "Amina", role: str = PARENT) -> Account:
    """The account of somebody's keys."""
    publics = person.sealing.public, person.signing.public
    return Account(person.account_id, person.generation, person.account_id, name, role, *publics, TODAY)


def _letters(count: int) -> Iterator[dict[str, Any]]:
    """Letters with as much text as a page has, in the words and the frequencies of our own reference texts."""
    rng = random.Random(_SEED)  # noqa: S311 - letters, not keys
    guides = ROOT / "data" / "reference" / "guides"
    words = [word for path in sorted(guides.glob("*.md")) for word in path.read_text("utf-8").split()]
    for number in range(count):
        start = rng.randrange(len(words) - 1000)
        text = " ".join(words[start : start + 1000])[:_LETTER_BYTES]
        title = " ".join(rng.sample(words, 4)).replace("\n", " ")
        dated = (TODAY - datetime.timedelta(days=number % 2000)).isoformat()
        yield {"v": 1, "kind": "letter", "title": title, "from_whom": rng.choice(words), "dated": dated, "found_text": text}


def fill(opened: Opened, section_id: str, count: int) -> str:
    """Keep `count` letters in one transaction; returns the id of the last."""
    entry_id = ""
    with editing.change(opened) as pen:
        for letter in _letters(count):
            entry_id = new_id()
            values = {"record_id": opened.record_id, "section_id": section_id, "version": 1, "state": "kept"}
            store.insert(opened.db, "entry", id=entry_id, **values)
            pen.save(entry_id, section_id, 1, letter)
    return entry_id
