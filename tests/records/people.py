"""People with real keys and records with real seals, without the pages in front of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from accounts import store as accounts
from accounts.account import Account
from accounts.keyring import sealed_keyring
from accounts.keys import ByPassphrase
from accounts.migrations import migrations as account_migrations
from accounts.person import Person, new_person
from plumbing.db import apply_migrations, open_db
from plumbing.ids import new_id
from plumbing.secrets_file import server_secrets
from records import canonical, inviting, keys, visits
from records.book import Book, Section
from records.consent import Consent, Granted, day_number
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

    def person(self, name: str = "amina", role: str = "parent") -> Person:
        """Somebody with an account."""
        person = new_person(new_id())
        account = Account(
            id=person.account_id,
            generation=1,
            sign_in_name=f"{name}-{new_id()[:6]}",
            shown_name=name,
            role=role,
            sealing_public=person.sealing.public,
            signing_public=person.signing.public,
            created_on=TODAY,
        )
        with self.db.conn:
            nothing = ByPassphrase("", b"", b"", b"")
            accounts.add_account(self.db, self.office.secrets.server_key, account, nothing, sealed_keyring(person, {}))
        return person

    def record(self, person: Person, called: str = "Yusuf") -> Opened:
        """A new record of `person`, opened."""
        sections = tuple(Section(new_id(), slug, slug.replace("_", " ").capitalize()) for slug in SECTIONS)
        book = Book(called, datetime.date(2019, 5, 1), "england", sections)
        return self.enter(person, keys.found_record(self.db, self.office, person, book, TODAY))

    def enter(self, person: Person, record_id: str, today: datetime.date = TODAY) -> Opened:
        """The record, opened once more."""
        return Gate(self.db, self.office, person, today).enter(record_id)

    def share(self, opened: Opened, person: Person, sections: int | tuple[str, ...] = 1, **terms: object) -> Granted:
        """Give somebody the first so many sections, by words told across the table."""
        chosen = tuple(one.id for one in opened.sections[:sections]) if isinstance(sections, int) else sections
        usual = {"verb": "read", "purpose": "the plan", "last_day": 20270303, "agreed_on": 20261122}
        consent = Consent(**{"name": "Sara", "role": "key worker", "sections": chosen, **usual, **terms})  # type: ignore[arg-type]
        invited = inviting.invite(opened, "see", consent, 20261206, "Amina")
        inviting.accept(self.db, self.office, person, canonical.raw(invited.code), day_number(opened.today))
        visits.attend(opened)
        return opened.roster.given.grants[-1]

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
