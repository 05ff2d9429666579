"""Every version of every listing, as it was. Rows are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from directory.document import from_document, to_document
from directory.service import Service
from directory.store.rows import CHUNK, Row, insert, insert_all, query
from plumbing import clock


@dataclass(frozen=True)
class Revision:
    """One version: `service` is the listing from then on, None from when it was taken out altogether.

    `job` names the import, merge or bulk action that it was part of, if it was part of one.
    """

    number: int
    service_id: str
    at: str
    who: str
    why: str
    job: str
    service: Service | None


def record(db: Database, before: Service | None, after: Service | None, by: str, why: str, job: str = "") -> int:
    """Write down that a listing changed, came or went; returns its new version. Inside the caller's transaction.

    A listing that came or changed by some other way is first written down as it was: nothing that was ever shown is lost.
    """
    service = after or before
    if service is None:
        raise ValueError("there is neither a before nor an after")
    if before is not None and not _is_last_version(db, before):
        _add(db, before.id, before, who="", why="", job="")
    return _add(db, service.id, after, who=by, why=why, job=job)


def record_all(db: Database, written: Iterable[tuple[str, str]], by: str, why: str, job: str = "") -> None:
    """Write down that many listings changed, came or went: the id of each, and the text (`text_of`) of how it is from now on."""
    said = {"at": clock.now().isoformat(), "who": by, "why": why, "job": job}
    insert_all(db, "service_revision", [{"service_id": id_, "document": text} | said for id_, text in written])


def _add(db: Database, service_id: str, service: Service | None, *, who: str, why: str, job: str) -> int:
    row = {"service_id": service_id, "at": clock.now().isoformat(), "who": who, "why": why, "job": job}
    insert(db, "service_revision", row | {"document": text_of(service)})
    return query(db, "SELECT last_insert_rowid() AS number")[0]["number"]


def version(db: Database, service_id: str) -> int:
    """The number of a listing's newest version; 0 where nobody has changed it since it came."""
    return query(db, "SELECT max(number) AS number FROM service_revision WHERE service_id = ?", [service_id])[0]["number"] or 0


def revisions(db: Database, service_id: str) -> list[Revision]:
    """A listing's versions, newest first."""
    rows = query(db, "SELECT * FROM service_revision WHERE service_id = ? ORDER BY number DESC", [service_id])
    return [_revision(row) for row in rows]


def get_revision(db: Database, number: int) -> Revision | None:
    """One version, or None."""
    rows = query(db, "SELECT * FROM service_revision WHERE number = ?", [number])
    return _revision(rows[0]) if rows else None


def revision_before(db: Database, service_id: str, number: int) -> Revision | None:
    """The version that a version came after, or None where it was the first."""
    rows = query(
        db,
        "SELECT * FROM service_revision WHERE service_id = ? AND number < ? ORDER BY number DESC LIMIT 1",
        [service_id, number],
    )
    return _revision(rows[0]) if rows else None


def revisions_of_job(db: Database, job: str) -> list[Revision]:
    """All that one import, merge or bulk action did, newest first."""
    if not job:
        return []
    return [_revision(row) for row in query(db, "SELECT * FROM service_revision WHERE job = ? ORDER BY number DESC", [job])]


def _is_last_version(db: Database, service: Service) -> bool:
    newest = "SELECT document FROM service_revision WHERE service_id = ? ORDER BY number DESC LIMIT 1"
    return any(row["document"] == text_of(service) for row in query(db, newest, [service.id]))


def last_texts(db: Database, service_ids: Sequence[str]) -> dict[str, str]:
    """The text of the newest version of each of these listings that has one."""
    found: dict[str, str] = {}
    for start in range(0, len(service_ids), CHUNK):
        part = service_ids[start : start + CHUNK]
        newest = f"SELECT max(number) FROM service_revision WHERE service_id IN ({','.join('?' * len(part))}) GROUP BY service_id"  # noqa: S608
        rows = query(db, f"SELECT service_id, document FROM service_revision WHERE number IN ({newest})", part)  # noqa: S608
        found |= {row["service_id"]: row["document"] for row in rows}
    return found


def before_job(db: Database, job: str) -> dict[str, tuple[Service | None, bool]]:
    """Each listing that a job changed: as it was before (None where the job brought it), and whether it was changed since."""
    rows = query(
        db,
        "SELECT j.service_id, (SELECT e.document FROM service_revision e WHERE e.service_id = j.service_id "
        "AND e.number < j.first ORDER BY e.number DESC LIMIT 1) AS document, "
        "(SELECT max(n.number) FROM service_revision n WHERE n.service_id = j.service_id) != j.last AS since "
        "FROM (SELECT service_id, min(number) AS first, max(number) AS last FROM service_revision WHERE job = ? AND job != '' "
        "GROUP BY service_id) j ORDER BY j.last DESC",
        [job],
    )
    return {
        row["service_id"]: (from_document(json.loads(row["document"])) if row["document"] else None, bool(row["since"]))
        for row in rows
    }


def text_of(service: Service | None) -> str:
    """A listing as its history keeps it; empty where it is not there any more."""
    if service is None:
        return ""
    document: dict[str, Any] = to_document(service)
    # A check has rows of its own and its own clock: a version that is brought back must not bring back a check.
    document["check"] = None
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _revision(row: Row) -> Revision:
    service = from_document(json.loads(row["document"])) if row["document"] else None
    parts: Sequence[str] = ("number", "service_id", "at", "who", "why", "job")
    return Revision(**{name: row[name] for name in parts}, service=service)
