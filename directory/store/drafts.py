"""Drafts in the database: kept at every step, so that nothing that was typed is lost."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from directory.document import from_document, to_document
from directory.draft import Draft
from directory.service import Service
from directory.store.rows import Row, insert, query
from plumbing import clock

_PLAIN = ("id", "based_on", "author_id", "author", "state", "why", "words", "checked_how", "checked_on", "saves")


def save_draft(db: Database, draft: Draft) -> None:
    """Add or replace a draft; it was saved now."""
    row: dict[str, Any] = {name: getattr(draft, name) for name in _PLAIN}
    row |= {
        "service_id": draft.service.id,
        "name": draft.service.name,
        "document": _written(draft.service),
        "base": _written(draft.base),
        "saved_at": clock.now().isoformat(),
    }
    insert(db, "listing_draft", row, replacing=True)


def get_draft(db: Database, draft_id: str) -> Draft | None:
    """One draft, or None."""
    rows = query(db, "SELECT * FROM listing_draft WHERE id = ?", [draft_id])
    return _draft(rows[0]) if rows else None


def drafts_of(db: Database, author_id: str) -> list[Draft]:
    """Somebody's own drafts, newest first."""
    rows = query(db, "SELECT * FROM listing_draft WHERE author_id = ? ORDER BY saved_at DESC, id", [author_id])
    return [_draft(row) for row in rows]


def drafts_in(db: Database, *states: str) -> list[Draft]:
    """Every draft in one of these states, the oldest first."""
    marks = ",".join("?" * len(states))
    rows = query(db, f"SELECT * FROM listing_draft WHERE state IN ({marks}) ORDER BY saved_at, id", states)  # noqa: S608
    return [_draft(row) for row in rows]


def drafts_about(db: Database, service_id: str) -> list[Draft]:
    """Everybody's drafts of one listing, newest first."""
    rows = query(db, "SELECT * FROM listing_draft WHERE service_id = ? ORDER BY saved_at DESC, id", [service_id])
    return [_draft(row) for row in rows]


def count_waiting(db: Database) -> int:
    """How many drafts wait for somebody to approve them."""
    return query(db, "SELECT count(*) AS n FROM listing_draft WHERE state = 'waiting'")[0]["n"]


def delete_draft(db: Database, draft_id: str) -> None:
    """Throw a draft away, or take it out once it is published."""
    db.execute("DELETE FROM listing_draft WHERE id = ?", [draft_id])


def get_note(db: Database, service_id: str) -> str:
    """What staff noted about a listing: never for families."""
    rows = query(db, "SELECT words FROM service_note WHERE service_id = ?", [service_id])
    return rows[0]["words"] if rows else ""


def save_note(db: Database, service_id: str, words: str, who: str) -> None:
    """Keep a note for staff; an empty one takes it out."""
    db.execute("DELETE FROM service_note WHERE service_id = ?", [service_id])
    if words:
        insert(db, "service_note", {"service_id": service_id, "words": words, "who": who, "at": clock.now().isoformat()})


def _written(service: Service | None) -> str:
    return json.dumps(to_document(service), ensure_ascii=False) if service else ""


def _draft(row: Row) -> Draft:
    return Draft(
        **{name: row[name] for name in _PLAIN},
        saved_at=row["saved_at"],
        service=from_document(json.loads(row["document"])),
        base=from_document(json.loads(row["base"])) if row["base"] else None,
    )
