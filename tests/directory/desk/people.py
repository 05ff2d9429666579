"""Rosa, a designated contact, and how officers and she herself press buttons."""

from __future__ import annotations

import email
import re
from email import policy

from directory.keeping import contact_links
from directory.keeping import designated_contacts as keeping
from plumbing import clock
from tests.family import token_of

HERE = "E06000057"  # Northumberland
ROSA = {
    "name": "Rosa Ångström-Percent",
    "role": "dco",
    "agency": "Borderland NHS",
    "area": HERE,
    "about": "EHC plans with 50% health in them",
    "phone": "01632 960777",
    "email": "rosa@example.org",
    "best_times": "Tuesdays",
    "cover_name": "Cov Er",
    "cover_phone": "01632 960778",
    "notes": "Likes a text first",
    "for_families": "yes",
}


def add(db, **changes: str):
    return keeping.add(db, ROSA | changes, "Beth")


def settings(app):
    return app.extensions["settings"]


def press(member, address: str, **fields: str):
    return member.client.post(address, data={"csrf_token": token_of(member.client.get("/settings").text)} | fields)


def typed(**changes: str) -> dict[str, str]:
    """What the form sends: nothing for a box that is not ticked."""
    every = ROSA | {"area": "Northumberland", "role_words": "", "leaving_on": ""} | changes
    return {name: words for name, words in every.items() if name != "for_families" or words}


def ask(app, db, contact_id: str, address: str = ROSA["email"]) -> str:
    """Ask as an officer does; returns the path of the link in the mail."""
    outbox = settings(app).outbox
    before = set(outbox.glob("*.eml"))
    with app.test_request_context():
        contact_links.ask(db, settings(app), app.extensions["server_secrets"].server_key, contact_id, "Beth", clock.today())
    (path,) = set(outbox.glob("*.eml")) - before
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    text = mail.get_content()
    assert mail["To"] == address
    for private in ("Rosa", "960777", "Beth", "Likes a text first", "Borderland"):
        assert private not in text + mail["Subject"], "a mail lies open on many screens"
    return re.search(r"https?://[^/]+(/for-contacts/\S+)", text)[1]
