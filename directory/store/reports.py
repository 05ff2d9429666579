"""Reports from the public."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.report import CLOSED, Report
from directory.store.rows import Row, columns_of, insert, query


def add_report(db: Database, report: Report) -> int:
    """Keep a report from the public; returns its number."""
    name = query(db, "SELECT name FROM service WHERE id = ?", [report.service_id])[0]["name"]
    row = columns_of(report, ["service_id", "topic", "words", "reply_to", "status", "reference"]) | {
        "service_name": name,
        "received_at": report.received_at.isoformat(),
    }
    with db.atomic():
        insert(db, "report", row)
        return query(db, "SELECT last_insert_rowid() AS id")[0]["id"]


def list_reports(db: Database) -> list[Row]:
    """Every report, newest first."""
    return query(db, "SELECT * FROM report ORDER BY received_at DESC, id DESC")


def get_report(db: Database, report_id: int) -> Row | None:
    """One report."""
    rows = query(db, "SELECT * FROM report WHERE id = ?", [report_id])
    return rows[0] if rows else None


def report_of_reference(db: Database, reference: str) -> Row | None:
    """The report that somebody follows by its reference."""
    rows = query(db, "SELECT * FROM report WHERE reference = ? AND reference != ''", [reference])
    return rows[0] if rows else None


def open_reports(db: Database) -> list[Row]:
    """Reports that nobody has closed, oldest first."""
    return query(db, f"SELECT * FROM report WHERE status NOT IN ({_MARKS}) ORDER BY received_at, id", CLOSED)  # noqa: S608


def closed_reports(db: Database, most: int = 50) -> list[Row]:
    """What was closed last, newest first."""
    sql = f"SELECT * FROM report WHERE status IN ({_MARKS}) ORDER BY closed_at DESC, id DESC LIMIT ?"  # noqa: S608 - marks only
    return query(db, sql, [*CLOSED, most])


def set_report_status(db: Database, report_id: int, status: str, by: str, at: datetime.datetime, answer: str = "") -> bool:
    """Move a report on; False where somebody has closed it already."""
    closed_at = at.isoformat() if status in CLOSED else ""
    sql = (
        "UPDATE report SET status = ?, answer = ?, answered_by = ?, closed_at = ? "  # noqa: S608 - marks only
        f"WHERE id = ? AND status NOT IN ({_MARKS})"
    )
    return db.execute(sql, [status, answer, by, closed_at, report_id, *CLOSED]).rowcount == 1


def forget_reporters(db: Database, closed_before: datetime.datetime) -> int:
    """Forget the addresses of those whose report was closed before this; returns how many."""
    sql = "UPDATE report SET reply_to = '' WHERE reply_to != '' AND closed_at != '' AND closed_at < ?"
    return db.execute(sql, [closed_before.isoformat()]).rowcount


_MARKS = ",".join("?" * len(CLOSED))
