"""The tables of designated contacts. They stand by themselves: no listing, and no query for the public, is joined to them."""

from __future__ import annotations

CONTACTS = """
CREATE TABLE designated_contact (
    id TEXT PRIMARY KEY, name TEXT NOT NULL CHECK (trim(name) != ''), role TEXT NOT NULL DEFAULT '',
    role_words TEXT NOT NULL DEFAULT '', agency TEXT NOT NULL DEFAULT '', organization_id TEXT NOT NULL DEFAULT '',
    area TEXT NOT NULL DEFAULT '', about TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
    best_times TEXT NOT NULL DEFAULT '', cover_name TEXT NOT NULL DEFAULT '', cover_phone TEXT NOT NULL DEFAULT '',
    leaving_on TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT '', for_families INTEGER NOT NULL DEFAULT 0,
    retired_on TEXT NOT NULL DEFAULT '', first_on TEXT NOT NULL, told TEXT NOT NULL DEFAULT '', folded TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE designated_contact_version (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id TEXT NOT NULL REFERENCES designated_contact(id) ON DELETE CASCADE,
    at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, document TEXT NOT NULL
);
CREATE INDEX designated_contact_version_contact ON designated_contact_version(contact_id);
CREATE TABLE designated_contact_check (
    id TEXT PRIMARY KEY, contact_id TEXT NOT NULL REFERENCES designated_contact(id) ON DELETE CASCADE,
    checked_on TEXT NOT NULL, how TEXT NOT NULL, checked_by TEXT NOT NULL, next_due TEXT NOT NULL, made_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX designated_contact_check_contact ON designated_contact_check(contact_id);
CREATE TABLE designated_contact_ask (
    id TEXT PRIMARY KEY, contact_id TEXT NOT NULL REFERENCES designated_contact(id) ON DELETE CASCADE,
    address TEXT NOT NULL, fingerprint TEXT NOT NULL, asked_on TEXT NOT NULL, asked_by TEXT NOT NULL DEFAULT '',
    expires_on TEXT NOT NULL, reminders INTEGER NOT NULL DEFAULT 0, answered_on TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'true', 'corrected', 'left', 'refused', 'renewed'))
) WITHOUT ROWID;
CREATE INDEX designated_contact_ask_contact ON designated_contact_ask(contact_id, asked_on);
CREATE TABLE designated_contact_pick (
    account_id TEXT NOT NULL, contact_id TEXT NOT NULL REFERENCES designated_contact(id) ON DELETE CASCADE, at TEXT NOT NULL,
    PRIMARY KEY (account_id, contact_id)
) WITHOUT ROWID
"""

# A spreadsheet that an officer looks at before it is kept: for hours, and for them alone.
SHEETS = """
CREATE TABLE designated_contact_sheet (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, data BLOB NOT NULL, at TEXT NOT NULL)
    WITHOUT ROWID
"""
