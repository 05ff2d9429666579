"""What providers were asked by e-mail, the addresses kept for it, and who asked us not to write again."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.store.rows import Row, insert, query


def provider_address(db: Database, service_id: str) -> str:
    """The address kept for asking a listing's provider; empty where there is none. It is never shown to the public."""
    rows = query(db, "SELECT address FROM provider_address WHERE service_id = ?", [service_id])
    return rows[0]["address"] if rows else ""


def keep_provider_address(db: Database, service_id: str, address: str) -> None:
    """Keep an address for asking, or with an empty one forget it."""
    db.execute("DELETE FROM provider_address WHERE service_id = ?", [service_id])
    if address:
        insert(db, "provider_address", {"service_id": service_id, "address": address})


def add_ask(db: Database, row: Row) -> None:
    """Write down that a provider was asked; whatever was open for this listing is closed, so that one link works."""
    db.execute(
        "UPDATE provider_ask SET answer = 'renewed', address = '' WHERE answer = '' "
        "AND (service_id = ? OR service_id IN (SELECT old_id FROM moved WHERE new_id = ?))",
        [row["service_id"], row["service_id"]],
    )
    insert(db, "provider_ask", row)


def get_ask(db: Database, ask_id: str) -> Row | None:
    """What was asked under this id."""
    rows = query(db, "SELECT * FROM provider_ask WHERE id = ?", [ask_id])
    return rows[0] if rows else None


def open_ask(db: Database, service_id: str, today: datetime.date) -> Row | None:
    """What a provider was asked and has not answered, while its link is good."""
    rows = query(
        db,
        "SELECT * FROM provider_ask WHERE service_id = ? AND answer = '' AND expires_on >= ? ORDER BY asked_on DESC LIMIT 1",
        [service_id, today.isoformat()],
    )
    return rows[0] if rows else None


def open_asks(db: Database, today: datetime.date) -> list[Row]:
    """Everything that waits for a provider's answer, longest first."""
    return query(
        db,
        "SELECT * FROM provider_ask WHERE answer = '' AND expires_on >= ? ORDER BY asked_on, id",
        [today.isoformat()],
    )


def asked_since(db: Database, service_id: str, day: datetime.date) -> bool:
    """Whether a listing's provider has been asked since `day`."""
    sql = "SELECT 1 FROM provider_ask WHERE service_id = ? AND asked_on >= ? LIMIT 1"
    return bool(query(db, sql, [service_id, day.isoformat()]))


def note_reminder(db: Database, ask_id: str, reminders: int) -> None:
    """Note how many reminders have gone out."""
    db.execute("UPDATE provider_ask SET reminders = ? WHERE id = ?", [reminders, ask_id])


def close_ask(db: Database, ask_id: str, answer: str, on: datetime.date) -> None:
    """Note what a provider answered. The address is needed no more."""
    db.execute("UPDATE provider_ask SET answer = ?, answered_on = ?, address = '' WHERE id = ?", [answer, on.isoformat(), ask_id])


def forget_expired(db: Database, today: datetime.date) -> int:
    """Forget the addresses of what nobody answered in time; returns how many."""
    sql = "UPDATE provider_ask SET address = '' WHERE address != '' AND expires_on < ?"
    return db.execute(sql, [today.isoformat()]).rowcount


def refuse(db: Database, mark: str) -> None:
    """Never write to the address behind this mark again."""
    db.execute("INSERT OR IGNORE INTO provider_refusal VALUES (?)", [mark])


def has_refused(db: Database, mark: str) -> bool:
    """Whether somebody at this address asked us not to write."""
    return bool(query(db, "SELECT 1 FROM provider_refusal WHERE mark = ?", [mark]))
