"""The invented people in agencies of `make demo`: some in time, one late, one who has left, one who wrote to us."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

from sqlite_utils import Database

from directory.designated_contact import WRITTEN
from directory.keeping import designated_contacts as keeping
from directory.setup import REFERENCE
from directory.store import designated_contacts as rows
from plumbing import clock
from plumbing.db import at_once
from plumbing.settings import Settings

CONTACTS = REFERENCE / "demonstration" / "contacts.toml"
_WHO = "Beth Rowell"
_AREA = "E06000057"  # Northumberland, where the rest of the demonstration is
_SINCE = 160


def fill(db: Database, settings: Settings, path: Path = CONTACTS) -> bool:
    """Write them down; False where there is anybody already."""
    if rows.every(db):
        return False
    today = clock.today()
    for one in tomllib.loads(path.read_text("utf-8"))["contact"]:
        written = {name: one[name] for name in WRITTEN if name in one} | {"area": _AREA}
        if "left" in one:
            written["leaving_on"] = (today - datetime.timedelta(days=one["left"])).isoformat()
        with clock.moved(days=-_SINCE):
            contact = keeping.add(db, written, _WHO)
        if "checked" in one:
            with clock.moved(days=-one["checked"]):
                keeping.check(db, settings, contact.id, one["how"], _WHO)
        if "told" in one:
            with at_once(db):
                rows.note_told(db, contact.id, one["told"])
    return True
