"""The records' half of `family.db`. What a thief may read in it is named in docs/threat-model.md; all else is sealed."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("records")

_TABLES = """
CREATE TABLE record (
    id TEXT PRIMARY KEY, root_id TEXT NOT NULL, stamp BLOB NOT NULL, created_on TEXT NOT NULL
) STRICT;
CREATE TABLE statement (
    record_id TEXT NOT NULL REFERENCES record(id), number INTEGER NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL,
    PRIMARY KEY (record_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE letterbox (
    record_id TEXT NOT NULL REFERENCES record(id), generation INTEGER NOT NULL, public BLOB NOT NULL, mac BLOB NOT NULL,
    epoch INTEGER NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (record_id, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE section (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), label BLOB NOT NULL, label_version INTEGER NOT NULL
) STRICT;
CREATE INDEX section_record ON section(record_id);
CREATE TABLE section_epoch (
    record_id TEXT NOT NULL REFERENCES record(id), section_id TEXT NOT NULL, epoch INTEGER NOT NULL,
    PRIMARY KEY (record_id, section_id, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE wrap (
    record_id TEXT NOT NULL REFERENCES record(id), section_id TEXT NOT NULL, epoch INTEGER NOT NULL, account_id TEXT NOT NULL,
    generation INTEGER NOT NULL, grant_id TEXT NOT NULL, verb TEXT NOT NULL CHECK (verb IN ('hold', 'read', 'read_and_add')),
    last_day INTEGER NOT NULL, wrapped BLOB NOT NULL,
    PRIMARY KEY (record_id, section_id, epoch, account_id, grant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX wrap_account ON wrap(account_id);
CREATE INDEX wrap_last_day ON wrap(last_day);
CREATE TABLE roster (
    record_id TEXT NOT NULL REFERENCES record(id), number INTEGER NOT NULL, before BLOB NOT NULL, epoch INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (record_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE book (
    record_id TEXT PRIMARY KEY REFERENCES record(id), epoch INTEGER NOT NULL, version INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE TABLE entry (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), section_id TEXT NOT NULL, version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('kept', 'draft', 'binned')), binned_on TEXT
) STRICT;
CREATE INDEX entry_section ON entry(record_id, section_id, state);
CREATE INDEX entry_binned ON entry(binned_on) WHERE binned_on IS NOT NULL;
CREATE TABLE entry_version (
    entry_id TEXT NOT NULL REFERENCES entry(id) ON DELETE CASCADE, version INTEGER NOT NULL, section_id TEXT NOT NULL,
    epoch INTEGER NOT NULL, saved_on TEXT NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (entry_id, version)
) STRICT;
CREATE INDEX entry_version_saved ON entry_version(saved_on);
CREATE TABLE attachment (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id),
    entry_id TEXT NOT NULL REFERENCES entry(id) ON DELETE CASCADE,
    bytes INTEGER NOT NULL, dropped_on TEXT
) STRICT;
CREATE INDEX attachment_entry ON attachment(entry_id);
CREATE INDEX attachment_record ON attachment(record_id);
CREATE TABLE log_line (
    record_id TEXT NOT NULL REFERENCES record(id), number INTEGER NOT NULL, generation INTEGER NOT NULL, sealed BLOB NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (record_id, number)
) STRICT;
"""


@migrations()
def records(db: Database) -> None:
    """Everything that a record is made of."""
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations()
def dates(db: Database) -> None:
    """Calendar feeds, each named and sealed by its secret address; and the days that people asked to be reminded of."""
    db.execute(
        "CREATE TABLE feed (id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), sealed BLOB NOT NULL, "
        "made_on TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX feed_record ON feed(record_id)")
    db.execute(
        "CREATE TABLE reminder (account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE, "
        "record_id TEXT NOT NULL REFERENCES record(id), day TEXT NOT NULL, sent INTEGER NOT NULL CHECK (sent IN (0, 1)), "
        "PRIMARY KEY (account_id, record_id, day)) STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE INDEX reminder_day ON reminder(day)")


_SHARING = """
CREATE TABLE consent (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), account_id TEXT NOT NULL, generation INTEGER NOT NULL,
    verb TEXT NOT NULL CHECK (verb IN ('read', 'read_and_add', 'add')), last_day INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE INDEX consent_record ON consent(record_id);
CREATE INDEX consent_account ON consent(account_id);
CREATE INDEX consent_last_day ON consent(last_day);
CREATE TABLE invitation (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), sealed BLOB NOT NULL, mac BLOB NOT NULL,
    last_day INTEGER NOT NULL, account_id TEXT, generation INTEGER, accepted BLOB
) STRICT;
CREATE INDEX invitation_record ON invitation(record_id);
CREATE INDEX invitation_last_day ON invitation(last_day);
CREATE TABLE pack (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), salt BLOB NOT NULL, cost TEXT NOT NULL,
    tries INTEGER NOT NULL, last_day INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE INDEX pack_record ON pack(record_id);
CREATE INDEX pack_last_day ON pack(last_day);
CREATE TABLE letterbox_link (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), last_day INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE INDEX letterbox_link_record ON letterbox_link(record_id);
CREATE INDEX letterbox_link_last_day ON letterbox_link(last_day);
CREATE TABLE letterbox_item (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id), generation INTEGER NOT NULL, arrived_on TEXT NOT NULL,
    sender BLOB NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE INDEX letterbox_item_record ON letterbox_item(record_id);
CREATE TABLE letterbox_file (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record(id),
    item_id TEXT NOT NULL REFERENCES letterbox_item(id) ON DELETE CASCADE, bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX letterbox_file_record ON letterbox_file(record_id);
CREATE INDEX letterbox_file_item ON letterbox_file(item_id);
ALTER TABLE log_line ADD COLUMN proof BLOB;
CREATE INDEX log_line_proof ON log_line(record_id, proof) WHERE proof IS NOT NULL
"""


@migrations()
def sharing(db: Database) -> None:
    """What a family gives: grants' terms, codes on their way, packs, the letter-box's links and what lies in it.

    A line of the log about something written has a proof that can be looked up without opening the line.
    """
    for statement in _SHARING.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations()
def who_binned(db: Database) -> None:
    """Which reader put an entry into the bin; what a holder put there is the holders', and names nobody."""
    db.execute("ALTER TABLE entry ADD COLUMN binned_by TEXT")


@migrations()
def last_tries(db: Database) -> None:
    """When a pack's PIN was tried last: a try that is under way is not swept away."""
    db.execute("ALTER TABLE pack ADD COLUMN tried_at INTEGER NOT NULL DEFAULT 0")


class TamperedSchema(Exception):
    """The database has a trigger or a view that we did not put there."""


def refuse_strangers(db: Database) -> None:
    """Raise TamperedSchema for any trigger or view: one could put a wrap back that was deleted."""
    try:
        strange = db.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
    except sqlite3.DatabaseError:
        raise TamperedSchema("family.db cannot be read: put a backup back before starting.") from None
    if strange:
        raise TamperedSchema(f"family.db has {len(strange)} triggers or views that are not ours: find out who put them there.")
