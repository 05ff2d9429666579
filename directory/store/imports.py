"""Imports that wait, that are under way and that were: what each would do, row by row, and what it did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlite_utils import Database

from directory.document import from_document, to_document
from directory.service import Service
from directory.store.rows import insert, query

AT_WORK = ("reading", "applying", "undoing")
KINDS = ("added", "changed", "back", "missing", "refused", "remark")
# What can be chosen: the others are only told.
CHOICES = ("added", "changed", "back", "missing")


@dataclass(frozen=True)
class ImportJob:
    """One import. `words` says what went wrong where it failed; `whole` is False where only what is new was asked for."""

    id: str
    status: str
    name: str
    who: str
    begun_at: str
    source: str = ""
    address: str = ""
    format: str = ""
    ended_at: str = ""
    words: str = ""
    unchanged: int = 0
    added: int = 0
    changed: int = 0
    retired: int = 0
    refused: int = 0
    skipped: int = 0
    tries: int = 0
    pull: str = ""
    whole: bool = True


@dataclass(frozen=True)
class ImportRow:
    """What an import would do to one listing, or why it cannot. `place` is its row in the file.

    `ours` says that we changed something since they last sent it; `take` that theirs is taken where both did. `seen` is the
    listing's state when the preview was made; `outcome` what became of it: done, or changed since. `text` is the listing as it
    lies in the table, where it was read from there.
    """

    number: int
    kind: str
    name: str
    service_id: str = ""
    place: str = ""
    words: str = ""
    ours: bool = False
    chosen: bool = False
    take: bool = False
    seen: str = ""
    outcome: str = ""
    digest: str = ""
    digest_before: str = ""
    sent_before: str = ""
    service: Service | None = None
    text: str = field(default="", repr=False)


_JOB = [one.name for one in fields(ImportJob)]
_ROW = [one.name for one in fields(ImportRow) if one.name not in {"service", "text"}]


def add_job(db: Database, job: ImportJob) -> None:
    """Begin an import."""
    insert(db, "import_job", {name: getattr(job, name) for name in _JOB})


def get_job(db: Database, id_: str) -> ImportJob | None:
    """An import, or None."""
    rows = query(db, "SELECT * FROM import_job WHERE id = ?", [id_])
    return _job(rows[0]) if rows else None


def set_job(db: Database, id_: str, **values: Any) -> None:
    """Change what an import says of itself."""
    sets = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE import_job SET {sets} WHERE id = ?", [*values.values(), id_])  # noqa: S608 - names of fields


def list_jobs(db: Database, statuses: Sequence[str] = (), *, most: int = 200) -> list[ImportJob]:
    """Imports, newest first; of these statuses, or all but those that were thrown away."""
    where = f"status IN ({','.join('?' * len(statuses))})" if statuses else "status != 'dropped'"
    sql = f"SELECT * FROM import_job WHERE {where} ORDER BY begun_at DESC, rowid DESC LIMIT ?"  # noqa: S608 - marks only
    return [_job(row) for row in query(db, sql, [*statuses, most])]


def _job(row: dict[str, Any]) -> ImportJob:
    return ImportJob(**{name: row[name] for name in _JOB} | {"whole": bool(row["whole"])})


def add_rows(db: Database, job: str, rows: Iterable[ImportRow]) -> None:
    """Keep what an import would do."""
    columns = ["job", *_ROW, "document"]
    sql = f"INSERT INTO import_row ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})"  # noqa: S608 - names of fields
    db.conn.executemany(sql, ([job, *(getattr(row, name) for name in _ROW), written(row.service)] for row in rows))


def clear_rows(db: Database, job: str, *, documents_only: bool = False) -> None:
    """Forget what an import would have done; or, where it is done, only the texts: those are in the directory now."""
    if documents_only:
        db.execute("UPDATE import_row SET document = '' WHERE job = ? AND document != ''", [job])
    else:
        db.execute("DELETE FROM import_row WHERE job = ?", [job])


def written(service: Service | None) -> str:
    """A listing as this table keeps it."""
    return json.dumps(to_document(service), ensure_ascii=False, separators=(",", ":")) if service else ""


def counts(db: Database, job: str) -> dict[str, int]:
    """How many rows of each kind, and (as "chosen ...") how many of them are chosen."""
    found = dict.fromkeys((*KINDS, *(f"chosen {kind}" for kind in CHOICES)), 0)
    sql = "SELECT kind, count(*) AS n, sum(chosen) AS chosen FROM import_row WHERE job = ? GROUP BY kind"
    for row in query(db, sql, [job]):
        found[row["kind"]] = row["n"]
        found[f"chosen {row['kind']}"] = row["chosen"]
    return found


def count_ours(db: Database, job: str) -> int:
    """How many changed rows would meet something that we changed."""
    return query(db, "SELECT count(*) AS n FROM import_row WHERE job = ? AND ours = 1", [job])[0]["n"]


def list_rows(db: Database, job: str, kind: str, first: int = 0, size: int = -1) -> list[ImportRow]:
    """Rows of one kind, what we changed too first, else as they came."""
    sql = "SELECT * FROM import_row WHERE job = ? AND kind = ? ORDER BY ours DESC, number LIMIT ? OFFSET ?"
    return [_row(row) for row in query(db, sql, [job, kind, size, first])]


def get_row(db: Database, job: str, number: int) -> ImportRow | None:
    """One row, or None."""
    rows = query(db, "SELECT * FROM import_row WHERE job = ? AND number = ?", [job, number])
    return _row(rows[0]) if rows else None


def chosen_rows(db: Database, job: str) -> Iterator[ImportRow]:
    """The rows that were chosen, a few at a time: thousands of whole listings need not be in memory at once."""
    last = -1
    while rows := query(
        db, "SELECT * FROM import_row WHERE job = ? AND chosen = 1 AND number > ? ORDER BY number LIMIT 200", [job, last]
    ):
        last = rows[-1]["number"]
        yield from map(_row, rows)


def _row(row: dict[str, Any]) -> ImportRow:
    values = {name: row[name] for name in _ROW} | {name: bool(row[name]) for name in ("ours", "chosen", "take")}
    text = row["document"]
    return ImportRow(**values, service=from_document(json.loads(text)) if text else None, text=text)


def choose(db: Database, job: str, *, kind: str = "", numbers: Sequence[int] | None = None, chosen: bool) -> None:
    """Choose rows, or take them out again: all of a kind, or these numbers."""
    kinds = [kind] if kind else list(CHOICES)
    where = f"job = ? AND kind IN ({','.join('?' * len(kinds))})"
    if numbers is None:
        db.execute(f"UPDATE import_row SET chosen = ? WHERE {where}", [chosen, job, *kinds])  # noqa: S608 - marks only
        return
    for number in numbers:
        db.execute(f"UPDATE import_row SET chosen = ? WHERE {where} AND number = ?", [chosen, job, *kinds, number])  # noqa: S608


def move_unsafe(db: Database, job: str, other: str) -> int:
    """Give `other` every row but the changes that meet none of ours; returns how many that were. `other` is added after."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    moved = db.execute("UPDATE import_row SET job = ? WHERE job = ? AND NOT (kind = 'changed' AND ours = 0)", [other, job])
    return moved.rowcount


def take_theirs(db: Database, job: str, number: int, take: bool) -> None:
    """Where both changed the same thing, take theirs, or keep ours."""
    db.execute("UPDATE import_row SET take = ? WHERE job = ? AND number = ?", [take, job, number])


def rows_done(db: Database, job: str, done: Sequence[tuple[int, str, str, str]]) -> None:
    """What became of many rows: the number of each, its outcome, and the digest and text of what was sent before.

    Their own texts are in the directory now, or nowhere.
    """
    db.conn.executemany(
        "UPDATE import_row SET outcome = ?, digest_before = ?, sent_before = ?, document = '' WHERE job = ? AND number = ?",
        [(outcome, digest, sent, job, number) for number, outcome, digest, sent in done],
    )


def rows_with_outcome(db: Database, job: str, outcome: str, *, most: int = -1) -> list[ImportRow]:
    """Rows of which this became."""
    sql = "SELECT * FROM import_row WHERE job = ? AND outcome = ? ORDER BY number LIMIT ?"
    return [_row(row) for row in query(db, sql, [job, outcome, most])]


def retired_by_import(db: Database, source: str) -> set[str]:
    """Ids of listings that an import took out of sight because they were missing."""
    rows = query(
        db,
        "SELECT DISTINCT r.service_id FROM import_row r JOIN import_job j ON j.id = r.job "
        "WHERE j.source = ? AND j.status = 'applied' AND r.kind = 'missing' AND r.outcome = 'done'",
        [source],
    )
    return {row["service_id"] for row in rows}


def last_sent(db: Database, service_id: str) -> Service | None:
    """A listing as its publisher last sent it; None where nobody wrote that down."""
    rows = query(db, "SELECT document FROM imported_listing WHERE service_id = ?", [service_id])
    return from_document(json.loads(rows[0]["document"])) if rows else None


def texts_sent(db: Database, source: str) -> dict[str, str]:
    """What was written down of each listing of a source as its publisher last sent it, by id."""
    sql = "SELECT i.* FROM imported_listing i JOIN service s ON s.id = i.service_id WHERE s.source = ?"
    return {row["service_id"]: row["document"] for row in query(db, sql, [source])}


def remember_sent(db: Database, sent: Sequence[tuple[str, str, str]]) -> None:
    """Write down what a publisher sent: the id of each listing, its text (empty to forget it), and its digest."""
    db.conn.executemany("DELETE FROM imported_listing WHERE service_id = ?", [[id_] for id_, _text, _digest in sent])
    db.conn.executemany("INSERT INTO imported_listing VALUES (?, ?)", [(id_, text) for id_, text, _digest in sent if text])
    db.conn.executemany("UPDATE service SET imported_digest = ? WHERE id = ?", [(digest, id_) for id_, _text, digest in sent])


def states(db: Database, source: str) -> dict[str, str]:
    """What tells whether a listing changed since one looked: its last version, and what was last imported."""
    rows = query(
        db,
        "SELECT s.id, s.imported_digest, s.hidden, "
        "(SELECT max(number) FROM service_revision r WHERE r.service_id = s.id) AS number FROM service s WHERE s.source = ?",
        [source],
    )
    return {row["id"]: f"{row['number'] or 0} {row['imported_digest']} {row['hidden']}" for row in rows}


def shown_of_source(db: Database, source: str) -> dict[str, str]:
    """Ids and names of the listings of a source that families see, or would if they had been checked."""
    rows = query(
        db,
        "SELECT id, name FROM service WHERE source = ? AND hidden IN ('', 'unchecked') AND status IN ('active', "
        "'temporarily closed') ORDER BY name COLLATE NOCASE, id",
        [source],
    )
    return {row["id"]: row["name"] for row in rows}


def sources(db: Database) -> list[dict[str, Any]]:
    """Where listings came from, with how many there are."""
    return query(
        db,
        "SELECT s.*, (SELECT count(*) FROM service WHERE source = s.id) AS listings FROM source s ORDER BY s.name COLLATE NOCASE",
    )
