"""The shape of the accounts in `family.db`, and of `sessions.db`.

In the clear, and said so on the privacy page: sign-in names, e-mail addresses, roles, days. Everything else is sealed.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("accounts")
session_migrations = Migrations("sessions")

_ACCOUNTS = """
CREATE TABLE account (
    id TEXT PRIMARY KEY, generation INTEGER NOT NULL CHECK (generation > 0), sign_in_name TEXT NOT NULL UNIQUE,
    shown_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('parent', 'practitioner', 'key_worker', 'information_officer', 'service_manager')),
    x25519 BLOB NOT NULL, ed25519 BLOB NOT NULL, mac BLOB NOT NULL,
    email TEXT NOT NULL DEFAULT '', email_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (email_confirmed IN (0, 1)),
    cost TEXT NOT NULL, salt BLOB NOT NULL, by_passphrase BLOB NOT NULL, just_us_by_passphrase BLOB NOT NULL,
    by_kit BLOB, just_us_by_kit BLOB, kit_made_on TEXT, kit_checked_on TEXT,
    keyring BLOB NOT NULL,
    second_factor INTEGER NOT NULL DEFAULT 0 CHECK (second_factor IN (0, 1)), last_totp_step INTEGER NOT NULL DEFAULT 0,
    created_on TEXT NOT NULL, ended_on TEXT
) STRICT;
CREATE INDEX account_email ON account(email) WHERE email != '';
CREATE TABLE account_key (
    account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE, generation INTEGER NOT NULL,
    x25519 BLOB NOT NULL, ed25519 BLOB NOT NULL, signature BLOB,
    PRIMARY KEY (account_id, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE backup_code (
    account_id TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE, mac BLOB NOT NULL, PRIMARY KEY (account_id, mac)
) STRICT, WITHOUT ROWID;
CREATE TABLE email_code (
    account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE, mac BLOB NOT NULL, until INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE TABLE staff_invitation (
    id TEXT PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE, role TEXT NOT NULL, shown_name TEXT NOT NULL, email TEXT NOT NULL,
    until INTEGER NOT NULL, mac BLOB NOT NULL
) STRICT;
"""

_SESSIONS = """
CREATE TABLE session (
    id BLOB PRIMARY KEY, account_id TEXT NOT NULL, sealed BLOB, started INTEGER NOT NULL, seen INTEGER NOT NULL,
    expires INTEGER NOT NULL, idle INTEGER NOT NULL, passphrase_at INTEGER NOT NULL, label TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'locked')), slot BLOB, just_us BLOB, just_us_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_account ON session(account_id);
"""


_STARTING_AGAIN = """
CREATE TABLE start_again (
    account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE, generation INTEGER NOT NULL,
    token_hash BLOB NOT NULL UNIQUE, until INTEGER NOT NULL, mac BLOB NOT NULL
) STRICT;
CREATE TABLE successor (
    account_id TEXT PRIMARY KEY REFERENCES account(id) ON DELETE CASCADE, successor_id TEXT NOT NULL, mac BLOB NOT NULL
) STRICT
"""


def _run(db: Database, statements: str) -> None:
    # Not executescript(): it commits what stands open, and a migration must be all or nothing.
    for statement in statements.split(";"):
        db.execute(statement)


@migrations()
def accounts(db: Database) -> None:
    """Accounts, the history of their public keys, and what is sent to their addresses."""
    _run(db, _ACCOUNTS)


@migrations()
def starting_again(db: Database) -> None:
    """Codes for staff who lost everything, and who comes after those who left."""
    _run(db, _STARTING_AGAIN)


@session_migrations()
def sessions(db: Database) -> None:
    """Open and locked sessions."""
    _run(db, _SESSIONS)


@migrations()
def providers(db: Database) -> None:
    """Let an account be a provider's.

    SQLite changes no CHECK of a table that others refer to, but for this way, which its documentation gives ("Making Other Kinds
    Of Table Schema Changes"): nothing that is stored changes, only what may be stored from now on.
    """
    version = next(db.query("PRAGMA schema_version"))["schema_version"]
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'account'",
        ["('parent', 'practitioner', ", "('parent', 'practitioner', 'provider', "],
    )
    db.execute(f"PRAGMA schema_version = {version + 1}")
    db.execute("PRAGMA writable_schema = OFF")
