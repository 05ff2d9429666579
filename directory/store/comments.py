"""Comments, sealed until they are dealt with; what is published is there for everybody."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.comment import NEW, PUBLISHED, Comment
from directory.sealing import seal_words, unseal_words
from directory.store.rows import Row, insert, query


def add(db: Database, key: bytes, comment: Comment) -> None:
    """Keep a new comment."""
    row = {
        "id": comment.id,
        "topic": comment.topic,
        "received_on": comment.received_on.isoformat(),
        "due_on": comment.due_on.isoformat(),
        "status": comment.status,
        "words": seal_words(key, comment.words, "comment", comment.id),
        "may_publish": int(comment.may_publish),
    }
    insert(db, "comment", row)


def settle(db: Database, comment: Comment, by: str) -> None:
    """Keep what was answered, and what of the comment everybody may read; what was written at first is erased."""
    db.execute(
        "UPDATE comment SET words = NULL, status = ?, published_words = ?, shortened = ?, response = ?, answered_on = ?, "
        "answered_by = ? WHERE id = ?",
        [
            comment.status,
            comment.published_words,
            int(comment.shortened),
            comment.response,
            comment.answered_on.isoformat() if comment.answered_on else "",
            by,
            comment.id,
        ],
    )


def get(db: Database, key: bytes, comment_id: str) -> Comment | None:
    """One comment, opened, or None."""
    rows = query(db, "SELECT * FROM comment WHERE id = ?", [comment_id])
    return _opened(key, rows[0]) if rows else None


def waiting(db: Database, key: bytes) -> list[Comment]:
    """What nobody has dealt with, longest due first."""
    return [_opened(key, row) for row in query(db, "SELECT * FROM comment WHERE status = ? ORDER BY due_on, id", [NEW])]


def settled(db: Database, key: bytes) -> list[Comment]:
    """What was dealt with, newest first."""
    return [
        _opened(key, row) for row in query(db, "SELECT * FROM comment WHERE status != ? ORDER BY answered_on DESC, id", [NEW])
    ]


def count_waiting(db: Database, today: datetime.date) -> tuple[int, int]:
    """How many comments wait, and how many of them for too long."""
    sql = "SELECT count(*) AS n, coalesce(sum(due_on < ?), 0) AS late FROM comment WHERE status = ?"
    row = query(db, sql, [today.isoformat(), NEW])[0]
    return row["n"], row["late"]


def published(db: Database, year: int) -> list[Comment]:
    """What was published in a year, newest first."""
    sql = "SELECT * FROM comment WHERE status = ? AND answered_on LIKE ? ORDER BY answered_on DESC, id"
    return [_opened(b"", row) for row in query(db, sql, [PUBLISHED, f"{year:04d}-%"])]


def published_years(db: Database) -> list[int]:
    """The years in which something was published, newest first."""
    sql = "SELECT DISTINCT substr(answered_on, 1, 4) AS year FROM comment WHERE status = ? ORDER BY year DESC"
    return [int(row["year"]) for row in query(db, sql, [PUBLISHED])]


def _opened(key: bytes, row: Row) -> Comment:
    day = datetime.date.fromisoformat
    return Comment(
        row["id"],
        row["topic"],
        day(row["received_on"]),
        day(row["due_on"]),
        status=row["status"],
        words=unseal_words(key, row["words"], "comment", row["id"]) if row["words"] is not None else "",
        may_publish=bool(row["may_publish"]),
        published_words=row["published_words"],
        shortened=bool(row["shortened"]),
        response=row["response"],
        answered_on=day(row["answered_on"]) if row["answered_on"] else None,
    )
