"""The demonstration as somebody of its cast opens it."""

from __future__ import annotations

import pyotp
from flask import Flask
from werkzeug.test import TestResponse

from accounts import keys, store
from accounts.current import family, secrets
from accounts.person import Person
from plumbing import clock
from records.demonstration.family import Member, cast
from records.gate import Gate, Opened
from records.upkeep import office
from tests.family import sign_in


def member(name: str) -> Member:
    return next(one for one in cast() if one.name == name)


def person_of(one: Member) -> Person:
    """Somebody with every key open, by the words that are printed."""
    account = store.find_account(family(), secrets().server_key, one.sign_in)
    assert account
    return keys.open_by_passphrase(account, store.get_by_passphrase(family(), account.id), one.passphrase, secrets().pepper)


def yusufs(name: str) -> Opened:
    """Yusuf's record, as one of the cast opens it."""
    person = person_of(member(name))
    gate = Gate(family(), office(), person, clock.today())
    return gate.enter((gate.record_ids() or gate.shared_ids())[0])


def as_seen(app: Flask, name: str, path: str, slug: str = "care_plan", what: str = "") -> TestResponse:
    """A page of Yusuf's record, as one of the cast sees it: of a section, or of the entry called `what`."""
    one, client = member(name), app.test_client()
    with app.app_context():
        opened = yusufs(name)
        entries = opened.entries()
        entry_id = next((entry.id for entry in entries if entry.document.get("what") == what), "")
        section_id = next(section.id for section in opened.sections if section.slug == slug)
        # Half a minute has gone by since they signed in last: each code is good once.
        family().execute("UPDATE account SET last_totp_step = 0 WHERE id = ?", [opened.person.account_id])
    code = pyotp.TOTP(one.second_factor).at(clock.now()) if one.second_factor else ""
    assert sign_in(client, one.sign_in, one.passphrase, code).status_code == 302
    return client.get(f"/records/{opened.record_id}{path.format(section=section_id, entry=entry_id)}")
