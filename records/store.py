"""Rows in and out of the records' tables. Nothing here can open what it carries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlite_utils import Database

from records.roster import SealedRoster
from records.statement import Statement
from records.terms import SealedTerms
from records.wrap import Terms, Wrap


class VersionRow(NamedTuple):
    """One sealed version of an entry, and what is in the clear beside it."""

    entry_id: str
    section_id: str
    version: int
    epoch: int
    sealed: bytes
    state: str
    binned_on: str | None
    newest: int
    binned_by: str | None = None


_VERSION = """
SELECT v.entry_id, v.section_id, v.version, v.epoch, v.sealed, e.state, e.binned_on, e.version, e.binned_by
FROM entry e JOIN entry_version v ON v.entry_id = e.id
"""


def insert(db: Database, table: str, **values: Any) -> None:
    """Add one row. `table` and the columns' names come from our own code, never from anybody's typing."""
    columns = ", ".join(values)
    marks = ", ".join("?" for _value in values)
    db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))  # noqa: S608 - our own names


def record_row(db: Database, record_id: str) -> tuple[str, bytes] | None:
    """A record's root section and stamp."""
    return db.execute("SELECT root_id, stamp FROM record WHERE id = ?", [record_id]).fetchone()


def statements(db: Database, record_id: str) -> list[Statement]:
    """All of a record's statements, in order."""
    rows = db.execute("SELECT number, body, signature FROM statement WHERE record_id = ? ORDER BY number", [record_id])
    return [Statement(*row) for row in rows.fetchall()]


def newest_statement_number(db: Database, record_id: str) -> int:
    """The number of the newest statement, -1 where the record is gone."""
    row = db.execute("SELECT max(number) FROM statement WHERE record_id = ?", [record_id]).fetchone()
    return -1 if row[0] is None else row[0]


def add_statement(db: Database, record_id: str, made: Statement) -> None:
    """Keep a statement."""
    insert(db, "statement", record_id=record_id, number=made.number, body=made.body, signature=made.signature)


def rosters_from(db: Database, record_id: str, number: int) -> list[SealedRoster]:
    """The rosters from `number` on."""
    sql = "SELECT number, before, epoch, sealed FROM roster WHERE record_id = ? AND number >= ? ORDER BY number"
    return [SealedRoster(*row) for row in db.execute(sql, [record_id, number]).fetchall()]


def newest_roster_number(db: Database, record_id: str) -> int:
    """The number of the newest roster, 0 where the record is gone."""
    row = db.execute("SELECT max(number) FROM roster WHERE record_id = ?", [record_id]).fetchone()
    return row[0] or 0


def add_roster(db: Database, record_id: str, made: SealedRoster) -> None:
    """Keep a roster."""
    insert(db, "roster", record_id=record_id, number=made.number, before=made.before, epoch=made.epoch, sealed=made.sealed)


def add_wrap(db: Database, record_id: str, wrap: Wrap) -> None:
    """Keep a wrap."""
    insert(db, "wrap", record_id=record_id, **wrap.terms.__dict__, wrapped=wrap.wrapped)


# Whatever has a last day, and whatever can be ended: by table, the column that names it.
_ENDING = {"wrap": "grant_id", "consent": "id", "invitation": "id", "pack": "id", "letterbox_link": "id"}


def delete_overdue(db: Database, today: int) -> int:
    """Delete everything whose last day is over, whoever it is for; `today` as 20261122. Returns how many rows there were."""
    over = [table for table in _ENDING if db.execute(f"SELECT 1 FROM {table} WHERE last_day < ? LIMIT 1", [today]).fetchone()]  # noqa: S608
    if not over:
        return 0
    with db.conn:
        return sum(db.execute(f"DELETE FROM {table} WHERE last_day < ?", [today]).rowcount for table in over)  # noqa: S608


def delete_ended(db: Database, ended: set[str], record_id: str = "") -> int:
    """Delete what a restored backup brought back although it was ended, of one record or of all. Returns how many rows."""
    found = 0
    for table, column in _ENDING.items() if ended else ():
        rows = db.execute(f"SELECT DISTINCT {column} FROM {table} WHERE record_id = ? OR ? = ''", [record_id, record_id])  # noqa: S608
        for id_ in {row[0] for row in rows.fetchall()} & ended:
            with db.conn:
                found += db.execute(f"DELETE FROM {table} WHERE {column} = ?", [id_]).rowcount  # noqa: S608
    return found


def delete_grant(db: Database, record_id: str, grant_id: str) -> None:
    """Delete a grant's terms and every wrap under it, in the transaction the caller has open."""
    db.execute("DELETE FROM wrap WHERE record_id = ? AND grant_id = ?", [record_id, grant_id])
    db.execute("DELETE FROM consent WHERE record_id = ? AND id = ?", [record_id, grant_id])


def add_terms(db: Database, record_id: str, row: SealedTerms) -> None:
    """Keep a grant's terms, in the place of any there were."""
    db.execute("DELETE FROM consent WHERE record_id = ? AND id = ?", [record_id, row.grant_id])
    insert(
        db,
        "consent",
        id=row.grant_id,
        record_id=record_id,
        account_id=row.account_id,
        generation=row.generation,
        verb=row.verb,
        last_day=row.last_day,
        sealed=row.sealed,
    )


def terms_for(db: Database, record_id: str, account_id: str, today: int) -> list[SealedTerms]:
    """The live terms that somebody was given."""
    sql = (
        "SELECT id, account_id, generation, verb, last_day, sealed FROM consent"
        " WHERE record_id = ? AND account_id = ? AND last_day >= ? ORDER BY id"
    )
    return [SealedTerms(*row) for row in db.execute(sql, [record_id, account_id, today]).fetchall()]


def all_terms(db: Database, record_id: str) -> list[SealedTerms]:
    """The terms of every grant."""
    sql = "SELECT id, account_id, generation, verb, last_day, sealed FROM consent WHERE record_id = ? ORDER BY id"
    return [SealedTerms(*row) for row in db.execute(sql, [record_id]).fetchall()]


def epochs_for(db: Database, record_id: str, account_id: str, today: int) -> dict[str, int]:
    """The newest epoch of each section that somebody has a live wrap for."""
    sql = "SELECT section_id, max(epoch) FROM wrap WHERE record_id = ? AND account_id = ? AND last_day >= ? GROUP BY section_id"
    return dict(db.execute(sql, [record_id, account_id, today]).fetchall())


def section_labels(db: Database, record_id: str) -> dict[str, tuple[int, bytes]]:
    """Each section's sealed label and its version, by the section's id."""
    rows = db.execute("SELECT id, label_version, label FROM section WHERE record_id = ?", [record_id]).fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


def wraps(db: Database, record_id: str, section_id: str, epoch: int, account_id: str, today: int) -> list[Wrap]:
    """The live wraps of one section's key for one person."""
    rows = db.execute(
        "SELECT section_id, epoch, account_id, generation, grant_id, verb, last_day, wrapped FROM wrap"
        " WHERE record_id = ? AND section_id = ? AND epoch = ? AND account_id = ? AND last_day >= ?",
        [record_id, section_id, epoch, account_id, today],
    ).fetchall()
    return [Wrap(Terms(*row[:7]), row[7]) for row in rows]


def versions(db: Database, record_id: str, section_ids: Iterable[str], state: str) -> list[VersionRow]:
    """The newest version of every entry in `section_ids` that is in `state`."""
    wanted = list(section_ids)
    marks = ", ".join("?" for _section in wanted)
    sql = f"{_VERSION} AND v.version = e.version WHERE e.record_id = ? AND e.state = ? AND e.section_id IN ({marks})"
    return [VersionRow(*row) for row in db.execute(sql, [record_id, state, *wanted]).fetchall()]


def history(db: Database, record_id: str, entry_id: str) -> list[VersionRow]:
    """Every kept version of an entry, newest first."""
    sql = f"{_VERSION} WHERE e.record_id = ? AND e.id = ? ORDER BY v.version DESC"
    return [VersionRow(*row) for row in db.execute(sql, [record_id, entry_id]).fetchall()]


def all_versions(db: Database, record_id: str, section_id: str) -> list[VersionRow]:
    """Every version of every entry that is sealed under a section's key: kept, draft and binned."""
    sql = f"{_VERSION} WHERE e.record_id = ? AND v.section_id = ?"
    return [VersionRow(*row) for row in db.execute(sql, [record_id, section_id]).fetchall()]


def counts(db: Database, record_id: str) -> dict[str, int]:
    """How many kept entries each section has."""
    sql = "SELECT section_id, count(*) FROM entry WHERE record_id = ? AND state = 'kept' GROUP BY section_id"
    return dict(db.execute(sql, [record_id]).fetchall())


def bytes_kept(db: Database, record_id: str) -> int:
    """How many bytes of attachments a record keeps, with those that wait in its letter-box."""
    kept = db.execute("SELECT coalesce(sum(bytes), 0) FROM attachment WHERE record_id = ?", [record_id]).fetchone()[0]
    return kept + bytes_waiting(db, record_id)


def bytes_waiting(db: Database, record_id: str) -> int:
    """How many bytes of attachments wait in a record's letter-box."""
    return db.execute("SELECT coalesce(sum(bytes), 0) FROM letterbox_file WHERE record_id = ?", [record_id]).fetchone()[0]


def attachment_ids(db: Database, record_id: str) -> list[str]:
    """Every attachment of a record, and every one that waits in its letter-box."""
    sql = "SELECT id FROM attachment WHERE record_id = ? UNION ALL SELECT id FROM letterbox_file WHERE record_id = ?"
    return [row[0] for row in db.execute(sql, [record_id, record_id]).fetchall()]


def all_attachment_ids(db: Database) -> set[str]:
    """Every attachment of everybody."""
    return {row[0] for row in db.execute("SELECT id FROM attachment UNION ALL SELECT id FROM letterbox_file").fetchall()}
