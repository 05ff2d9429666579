"""Accounts in and out of `family.db`. A row whose mark is not ours is no account: it is said in the log, and opens nothing."""

from __future__ import annotations

import datetime
import logging
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from accounts.account import KEY_WORKER, SERVICE_MANAGER, Account
from accounts.keys import ByKit, ByPassphrase
from accounts.marks import account_parts, is_marked, mark
from accounts.person import Person
from plumbing.dates import parse_date

log = logging.getLogger(__name__)

Row = dict[str, Any]


class Superseded(Exception):
    """The account has newer keys than whoever is writing: written now, the old ones would lock their owner out."""


def rows(db: Database, sql: str, parameters: list[Any]) -> list[Row]:
    """What a query finds, as dictionaries."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _account(row: Row) -> Account:
    return Account(
        id=row["id"],
        generation=row["generation"],
        sign_in_name=row["sign_in_name"],
        shown_name=row["shown_name"],
        role=row["role"],
        sealing_public=row["x25519"],
        signing_public=row["ed25519"],
        created_on=datetime.date.fromisoformat(row["created_on"]),
        email=row["email"],
        email_confirmed=bool(row["email_confirmed"]),
        has_second_factor=bool(row["second_factor"]),
        kit_made_on=parse_date(row["kit_made_on"]),
        kit_checked_on=parse_date(row["kit_checked_on"]),
        ended_on=parse_date(row["ended_on"]),
    )


def _trusted(row: Row, server_key: bytes) -> Account | None:
    account = _account(row)
    if is_marked(row["mac"], server_key, "account-keys", "account", *account_parts(account)):
        return account
    log.error("An account's row does not carry our mark: somebody has been at the database.")
    return None


def _mark(server_key: bytes, account: Account) -> bytes:
    return mark(server_key, "account-keys", "account", *account_parts(account))


def get_account(db: Database, server_key: bytes, account_id: str) -> Account | None:
    """An account that is there, is not ended, and carries our mark."""
    account = get_any_account(db, server_key, account_id)
    return account if account and account.ended_on is None else None


def get_any_account(db: Database, server_key: bytes, account_id: str) -> Account | None:
    """An account that carries our mark, ended or not: a family is told who it was that left."""
    found = rows(db, "SELECT * FROM account WHERE id = ?", [account_id])
    return _trusted(found[0], server_key) if found else None


def find_account(db: Database, server_key: bytes, typed: str) -> Account | None:
    """The account that a typed sign-in name or e-mail address means.

    An address counts only for whoever confirmed it. If a mere claim counted, somebody could claim another's address and learn, by
    signing in with it or not, whether its owner is here.
    """
    found = rows(
        db,
        "SELECT * FROM account WHERE ended_on IS NULL AND (sign_in_name = :typed OR (email = :typed AND email_confirmed = 1)) "
        "ORDER BY sign_in_name = :typed DESC LIMIT 1",
        {"typed": plain_name(typed)},  # type: ignore[arg-type]
    )
    return _trusted(found[0], server_key) if found else None


def plain_name(typed: str) -> str:
    """A typed name or address as it is compared.

    >>> plain_name("  Amina-Otter-42 ")
    'amina-otter-42'
    """
    return "".join(typed.split()).casefold()[:320]


def add_account(db: Database, server_key: bytes, account: Account, sealed: ByPassphrase, keyring: bytes) -> None:
    """Keep a new account, in the transaction that the caller has open."""
    db.execute(
        "INSERT INTO account (id, generation, sign_in_name, shown_name, role, x25519, ed25519, mac, cost, salt, by_passphrase, "
        "just_us_by_passphrase, keyring, created_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            account.id,
            account.generation,
            account.sign_in_name,
            account.shown_name,
            account.role,
            account.sealing_public,
            account.signing_public,
            _mark(server_key, account),
            sealed.cost,
            sealed.salt,
            sealed.keys,
            sealed.just_us,
            keyring,
            account.created_on.isoformat(),
        ],
    )
    add_public_keys(db, account, None)
    if account.email:
        claim_email(db, account.id, account.email)


def add_public_keys(db: Database, account: Account, signature: bytes | None) -> None:
    """Note the public keys of a generation, with the signature by the one before where there is one."""
    db.execute(
        "INSERT INTO account_key (account_id, generation, x25519, ed25519, signature) VALUES (?, ?, ?, ?, ?)",
        [account.id, account.generation, account.sealing_public, account.signing_public, signature],
    )


def public_keys(db: Database, account_id: str) -> list[tuple[int, bytes, bytes, bytes | None]]:
    """The public keys of every generation of an account, in order: generation, X25519, Ed25519, the signature by the one before.

    Nothing vouches for these rows: whoever reads them follows the signatures from keys they know.
    """
    sql = "SELECT generation, x25519, ed25519, signature FROM account_key WHERE account_id = ? ORDER BY generation"
    return db.execute(sql, [account_id]).fetchall()


def is_name_taken(db: Database, sign_in_name: str) -> bool:
    """Whether somebody has this sign-in name, or had it."""
    return db.execute("SELECT 1 FROM account WHERE sign_in_name = ?", [sign_in_name]).fetchone() is not None


def save_identity(db: Database, server_key: bytes, account: Account, was: int | None = None) -> None:
    """Keep what an account's mark covers, and mark it anew; `was` is the generation it had, if another. Raises Superseded."""
    changed = db.execute(
        "UPDATE account SET generation = ?, shown_name = ?, role = ?, x25519 = ?, ed25519 = ?, mac = ? "
        "WHERE id = ? AND generation = ?",
        [
            account.generation,
            account.shown_name,
            account.role,
            account.sealing_public,
            account.signing_public,
            _mark(server_key, account),
            account.id,
            was or account.generation,
        ],
    )
    if not changed.rowcount:
        raise Superseded


def rename(db: Database, server_key: bytes, account: Account, shown_name: str) -> None:
    """Call somebody by another name."""
    save_identity(db, server_key, replace(account, shown_name=shown_name))


def get_by_passphrase(db: Database, account_id: str) -> ByPassphrase:
    """What an account's passphrase opens."""
    row = rows(db, "SELECT cost, salt, by_passphrase, just_us_by_passphrase FROM account WHERE id = ?", [account_id])[0]
    return ByPassphrase(row["cost"], row["salt"], row["by_passphrase"], row["just_us_by_passphrase"])


def save_by_passphrase(db: Database, person: Person, sealed: ByPassphrase) -> None:
    """Put what a new passphrase opens in the place of what the old one opened. Raises Superseded."""
    changed = db.execute(
        "UPDATE account SET cost = ?, salt = ?, by_passphrase = ?, just_us_by_passphrase = ? WHERE id = ? AND generation = ?",
        [sealed.cost, sealed.salt, sealed.keys, sealed.just_us, person.account_id, person.generation],
    )
    if not changed.rowcount:
        raise Superseded


def get_by_kit(db: Database, account_id: str) -> ByKit | None:
    """What the code of an account's kit opens, or None where no kit was made."""
    row = rows(db, "SELECT by_kit, just_us_by_kit FROM account WHERE id = ?", [account_id])[0]
    return ByKit(row["by_kit"], row["just_us_by_kit"]) if row["by_kit"] else None


def save_by_kit(db: Database, person: Person, sealed: ByKit | None, on: datetime.date) -> None:
    """Keep what a new kit opens, not yet checked; None makes the old kit void. Raises Superseded."""
    made_on = on.isoformat() if sealed else None
    changed = db.execute(
        "UPDATE account SET by_kit = ?, just_us_by_kit = ?, kit_made_on = ?, kit_checked_on = NULL "
        "WHERE id = ? AND generation = ?",
        [sealed and sealed.keys, sealed and sealed.just_us, made_on, person.account_id, person.generation],
    )
    if not changed.rowcount:
        raise Superseded


def kit_checked(db: Database, account_id: str, on: datetime.date) -> None:
    """Note that somebody has their kit in their hand."""
    db.execute("UPDATE account SET kit_checked_on = ? WHERE id = ? AND by_kit IS NOT NULL", [on.isoformat(), account_id])


def set_second_factor(db: Database, account_id: str, on: bool) -> None:
    """Show in lists whether there is a second factor. What counts is the secret sealed with the private keys."""
    db.execute("UPDATE account SET second_factor = ? WHERE id = ?", [int(on), account_id])


def delete_backup_codes(db: Database, account_id: str) -> None:
    """Make every backup code of an account void."""
    db.execute("DELETE FROM backup_code WHERE account_id = ?", [account_id])


def claim_email(db: Database, account_id: str, email: str) -> None:
    """Note an address somebody says is theirs; it counts for nothing until it is confirmed. "" takes it back."""
    db.execute("DELETE FROM email_code WHERE account_id = ?", [account_id])
    db.execute(
        "UPDATE account SET email = ?, email_confirmed = 0 WHERE id = ?",
        [plain_name(email), account_id],
    )


def confirm_email(db: Database, account: Account) -> None:
    """Give an account its address: whoever read the mail has it, and nobody else."""
    db.execute("UPDATE account SET email_confirmed = 0 WHERE email = ? AND id != ?", [account.email, account.id])
    db.execute("UPDATE account SET email_confirmed = 1 WHERE id = ?", [account.id])
    db.execute("DELETE FROM email_code WHERE account_id = ?", [account.id])


def list_invited(db: Database, server_key: bytes) -> list[Account]:
    """Everybody who came by a manager's invitation, by name; those whose access was ended last."""
    found = rows(
        db,
        "SELECT * FROM account WHERE role IN ('key_worker', 'information_officer', 'service_manager') "
        "ORDER BY ended_on IS NOT NULL, shown_name COLLATE NOCASE, id",
        [],
    )
    return [account for row in found if (account := _trusted(row, server_key))]


def list_providers(db: Database, server_key: bytes) -> list[Account]:
    """Everybody who writes for an organisation, by name; those whose access was ended last."""
    found = rows(
        db, "SELECT * FROM account WHERE role = 'provider' ORDER BY ended_on IS NOT NULL, shown_name COLLATE NOCASE, id", []
    )
    return [account for row in found if (account := _trusted(row, server_key))]


def list_staff(db: Database, server_key: bytes, role: str) -> list[Account]:
    """Everybody who has a role of the staff today, by name."""
    return [account for account in list_invited(db, server_key) if account.role == role and account.ended_on is None]


def is_last_manager(db: Database, server_key: bytes, account: Account) -> bool:
    """Whether nobody but them could invite anybody, or end anybody's access."""
    if account.role != SERVICE_MANAGER:
        return False
    return all(manager.id == account.id for manager in list_staff(db, server_key, SERVICE_MANAGER))


def name_successor(db: Database, server_key: bytes, account_id: str, successor_id: str) -> None:
    """Note who takes over from somebody who leaves, in the transaction that the caller has open."""
    marked = mark(server_key, "account-keys", "successor", account_id, successor_id)
    db.execute(
        "INSERT OR REPLACE INTO successor (account_id, successor_id, mac) VALUES (?, ?, ?)", [account_id, successor_id, marked]
    )


def successor_of(db: Database, server_key: bytes, account_id: str) -> Account | None:
    """The key worker whom a manager named to take over; None where there is none, or none any more."""
    found = rows(db, "SELECT successor_id, mac FROM successor WHERE account_id = ?", [account_id])
    if not found:
        return None
    successor_id = found[0]["successor_id"]
    if not is_marked(found[0]["mac"], server_key, "account-keys", "successor", account_id, successor_id):
        log.error("The name of a successor does not carry our mark: somebody has been at the database.")
        return None
    account = get_account(db, server_key, successor_id)
    return account if account and account.role == KEY_WORKER else None


def end_account(db: Database, account_id: str, on: datetime.date) -> None:
    """Close an account for good and destroy its keys; the row stays, so that logs can still say who it was."""
    db.execute(
        "UPDATE account SET ended_on = ?, by_passphrase = x'', just_us_by_passphrase = x'', by_kit = NULL, "
        "just_us_by_kit = NULL, email = '', email_confirmed = 0 WHERE id = ?",
        [on.isoformat(), account_id],
    )
    db.execute("DELETE FROM email_code WHERE account_id = ?", [account_id])
    delete_backup_codes(db, account_id)


def delete_account(db: Database, account_id: str) -> None:
    """Take an account out of the database, with all that hangs on it."""
    db.execute("DELETE FROM account WHERE id = ?", [account_id])
