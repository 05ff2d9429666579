"""Reports from the public."""

from __future__ import annotations

from sqlite_utils import Database

from directory.report import Report
from directory.store.rows import Row, columns_of, insert, query


def add_report(db: Database, report: Report) -> int:
    """Keep a report from the public; returns its number."""
    name = query(db, "SELECT name FROM service WHERE id = ?", [report.service_id])[0]["name"]
    row = columns_of(report, ["service_id", "topic", "words", "reply_to", "status"]) | {
        "service_name": name,
        "received_at": report.received_at.isoformat(),
    }
    with db.atomic():
        insert(db, "report", row)
        return query(db, "SELECT last_insert_rowid() AS id")[0]["id"]


def list_reports(db: Database) -> list[Row]:
    """Every report, newest first."""
    return query(db, "SELECT * FROM report ORDER BY received_at DESC, id DESC")
