"""People with real keys and records with real seals, without the pages in front of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from accounts.keyring import sealed_keyring
from accounts.migrations import migrations as account_migrations
from accounts.person import Person, new_person
from plumbing.db import apply_migrations, open_db
from plumbing.ids import new_id
from plumbing.secrets_file import server_secrets
from records import keys
from records.book import Book, Section
from records.gate import Gate, Opened
from records.migrations import migrations as record_migrations
from records.office import Office
from records.witness import Witness

TODAY = datetime.date(2026, 11, 22)
SECTIONS = ("about_me", "health_letters", "diary")


@dataclass
class House:
    """A family.db of its own, with everything around it."""

    folder: Path
    db: Database
    office: Office

    def person(self, name: str = "amina") -> Person:
        """Somebody with an account."""
        person = new_person(new_id())
        marks = [person.account_id, 1, f"{name}-{new_id()[:6]}", name, "parent", person.sealing.public, person.signing.public]
        with self.db.conn:
            self.db.execute(
                "INSERT INTO account (id, generation, sign_in_name, shown_name, role, x25519, ed25519, mac, cost, salt,"
                " by_passphrase, just_us_by_passphrase, keyring, created_on)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, x'', '', x'', x'', x'', ?, ?)",
                [*marks, sealed_keyring(person, {}), TODAY.isoformat()],
            )
        return person

    def record(self, person: Person, called: str = "Yusuf") -> Opened:
        """A new record of `person`, opened."""
        sections = tuple(Section(new_id(), slug, slug.replace("_", " ").capitalize()) for slug in SECTIONS)
        book = Book(called, datetime.date(2019, 5, 1), "england", sections)
        return self.enter(person, keys.found_record(self.db, self.office, person, book, TODAY))

    def enter(self, person: Person, record_id: str, today: datetime.date = TODAY) -> Opened:
        """The record, opened once more."""
        return Gate(self.db, self.office, person, today).enter(record_id)

    def again(self) -> House:
        """The same house seen by another process: nothing remembered, another connection."""
        return build(self.folder)


def build(folder: Path) -> House:
    """A house in `folder`; what is there already stays."""
    data = folder / "data"
    apply_migrations(data / "family.db", account_migrations, record_migrations, secure_delete=True)
    office = Office(
        server_secrets(folder / "private"), Witness(folder / "witness" / "witness.log"), data / "attachments", 50_000_000
    )
    return House(folder, open_db(data / "family.db", secure_delete=True), office)
