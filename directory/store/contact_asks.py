"""What designated contacts were asked by e-mail about their own entry."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.store.rows import Row, insert, query


def add(db: Database, row: Row) -> None:
    """Write down that somebody was asked; whatever was open for them is closed, so that one link works."""
    sql = "UPDATE designated_contact_ask SET answer = 'renewed', address = '' WHERE contact_id = ? AND answer = ''"
    db.execute(sql, [row["contact_id"]])
    insert(db, "designated_contact_ask", row)


def get(db: Database, ask_id: str) -> Row | None:
    """What was asked under this id."""
    return next(iter(query(db, "SELECT * FROM designated_contact_ask WHERE id = ?", [ask_id])), None)


def open_for(db: Database, contact_id: str, today: datetime.date) -> Row | None:
    """What somebody was asked and has not answered, while their link is good."""
    sql = (
        "SELECT * FROM designated_contact_ask WHERE contact_id = ? AND answer = '' AND expires_on >= ?"
        " ORDER BY asked_on DESC LIMIT 1"
    )
    return next(iter(query(db, sql, [contact_id, today.isoformat()])), None)


def open_ones(db: Database, today: datetime.date) -> list[Row]:
    """Everything that waits for an answer, longest first."""
    sql = "SELECT * FROM designated_contact_ask WHERE answer = '' AND expires_on >= ? ORDER BY asked_on, id"
    return query(db, sql, [today.isoformat()])


def asked_since(db: Database, contact_id: str, day: datetime.date) -> bool:
    """Whether somebody has been asked since `day`."""
    sql = "SELECT 1 FROM designated_contact_ask WHERE contact_id = ? AND asked_on >= ? LIMIT 1"
    return bool(query(db, sql, [contact_id, day.isoformat()]))


def note_reminder(db: Database, ask_id: str, reminders: int) -> None:
    """Note how many reminders have gone out."""
    db.execute("UPDATE designated_contact_ask SET reminders = ? WHERE id = ?", [reminders, ask_id])


def close(db: Database, ask_id: str, answer: str, on: datetime.date) -> None:
    """Note what somebody answered. The address is needed no more."""
    sql = "UPDATE designated_contact_ask SET answer = ?, answered_on = ?, address = '' WHERE id = ?"
    db.execute(sql, [answer, on.isoformat(), ask_id])


def forget_expired(db: Database, today: datetime.date) -> int:
    """Forget the addresses of what nobody answered in time; returns how many."""
    sql = "UPDATE designated_contact_ask SET address = '' WHERE address != '' AND expires_on < ?"
    return db.execute(sql, [today.isoformat()]).rowcount
