"""Questions, sealed. The caller gives the key; nothing here is found by what it says."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from sqlite_utils import Database

from directory.question import Message, Question
from directory.sealing import seal_words, unseal_words
from directory.store.rows import Row, insert, query

_SETTABLE = {"due_on", "erase_on", "status", "taken_by", "outcode", "age_band", "category", "useful", "counted"}


@dataclass(frozen=True)
class Lock:
    """What a PIN is tried against."""

    question_id: str
    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)
    cost: str


def add(db: Database, key: bytes, question: Question, words: str, lock: Lock, asker: str, email: str) -> None:
    """Keep a new question. Raises sqlite3.IntegrityError where its reference is somebody's already."""
    row = {
        "id": question.id,
        "reference": question.reference,
        "pin_salt": lock.salt,
        "pin_hash": lock.hash,
        "pin_cost": lock.cost,
        "asker": asker,
        "email": seal_words(key, email, "address", question.id) if email else None,
        "from_staff": int(question.from_staff),
        "asked_on": question.asked_on.isoformat(),
        "due_on": question.due_on.isoformat(),
        "erase_on": question.erase_on.isoformat(),
        "status": question.status,
        "outcode": question.outcode,
        "age_band": question.age_band,
    }
    insert(db, "question", row)
    add_message(db, key, question.id, Message("question", words, question.asked_on))


def add_message(db: Database, key: bytes, question_id: str, message: Message) -> None:
    """Put one more thing that was written under a question."""
    place = query(db, "SELECT count(*) AS n FROM question_message WHERE question_id = ?", [question_id])[0]["n"]
    row = {
        "question_id": question_id,
        "position": place,
        "kind": message.kind,
        "written_by": message.written_by,
        "written_on": message.written_on.isoformat(),
        "words": seal_words(key, message.words, "question", question_id, place),
    }
    insert(db, "question_message", row)


def set_services(db: Database, question_id: str, service_ids: tuple[str, ...]) -> None:
    """Say which services are suggested, in this order."""
    db.execute("DELETE FROM question_service WHERE question_id = ?", [question_id])
    for position, service_id in enumerate(dict.fromkeys(service_ids)):
        insert(db, "question_service", {"question_id": question_id, "position": position, "service_id": service_id})


def change(db: Database, question_id: str, **changes: object) -> None:
    """Change some of a question's own columns."""
    if changes.keys() - _SETTABLE:
        raise ValueError("that is no column to change")
    marks = ", ".join(f"{name} = ?" for name in changes)
    values = [value.isoformat() if isinstance(value, datetime.date) else value for value in changes.values()]
    db.execute(f"UPDATE question SET {marks} WHERE id = ?", [*values, question_id])  # noqa: S608 - names from _SETTABLE


def get(db: Database, key: bytes, question_id: str) -> Question | None:
    """One question, opened, or None."""
    rows = query(db, "SELECT * FROM question WHERE id = ?", [question_id])
    return _opened(db, key, rows[0]) if rows else None


def every(db: Database, key: bytes, asker: str = "") -> list[Question]:
    """Every question, or those of one asker."""
    rows = query(db, "SELECT * FROM question WHERE asker = ?" if asker else "SELECT * FROM question", [asker] if asker else [])
    return [_opened(db, key, row) for row in rows]


def waiting(db: Database, today: datetime.date) -> tuple[int, int]:
    """How many questions wait for us, and how many of them for too long."""
    row = query(
        db,
        "SELECT count(*) AS n, coalesce(sum(due_on < ?), 0) AS late FROM question "
        "WHERE status IN ('new', 'taken', 'asked_around')",
        [today.isoformat()],
    )[0]
    return row["n"], row["late"]


def find_lock(db: Database, reference: str) -> Lock | None:
    """What a PIN for this reference is tried against, or None where there is no such reference."""
    rows = query(db, "SELECT id, pin_salt, pin_hash, pin_cost FROM question WHERE reference = ?", [reference])
    return Lock(rows[0]["id"], rows[0]["pin_salt"], rows[0]["pin_hash"], rows[0]["pin_cost"]) if rows else None


def get_email(db: Database, key: bytes, question_id: str) -> str:
    """The address to tell that there is something new; "" where none was left."""
    rows = query(db, "SELECT email FROM question WHERE id = ? AND email IS NOT NULL", [question_id])
    return unseal_words(key, rows[0]["email"], "address", question_id) if rows else ""


def forget_email(db: Database, question_id: str) -> None:
    """Nobody will be written to any more."""
    db.execute("UPDATE question SET email = NULL WHERE id = ?", [question_id])


def uncounted(db: Database, asked_until: datetime.date) -> list[Row]:
    """Questions asked by that day which nobody has answered, and which are not counted as unmet needs yet."""
    return query(
        db,
        "SELECT id, asked_on, category, outcode, age_band FROM question "
        "WHERE counted = 0 AND status IN ('new', 'taken', 'asked_around') AND asked_on <= ?",
        [asked_until.isoformat()],
    )


def erase_due(db: Database, today: datetime.date) -> int:
    """Erase what has been kept for as long as we said; returns how many."""
    return db.execute("DELETE FROM question WHERE erase_on <= ?", [today.isoformat()]).rowcount


def _opened(db: Database, key: bytes, row: Row) -> Question:
    id_, day = row["id"], datetime.date.fromisoformat
    messages = tuple(
        Message(
            one["kind"],
            unseal_words(key, one["words"], "question", id_, one["position"]),
            day(one["written_on"]),
            one["written_by"],
        )
        for one in query(db, "SELECT * FROM question_message WHERE question_id = ? ORDER BY position", [id_])
    )
    services = query(db, "SELECT service_id FROM question_service WHERE question_id = ? ORDER BY position", [id_])
    return Question(
        id_,
        row["reference"],
        day(row["asked_on"]),
        day(row["due_on"]),
        day(row["erase_on"]),
        status=row["status"],
        taken_by=row["taken_by"],
        outcode=row["outcode"],
        age_band=row["age_band"],
        category=row["category"],
        useful=row["useful"],
        from_staff=bool(row["from_staff"]),
        is_counted=bool(row["counted"]),
        has_email=row["email"] is not None,
        messages=messages,
        service_ids=tuple(one["service_id"] for one in services),
    )
