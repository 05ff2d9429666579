"""Guides in and out of the database: what families read, every version of it, what is being written, and when it was checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from directory.guide import Guide, GuideStanding, from_plain, to_plain
from directory.store.rows import Row, insert, query
from plumbing import clock
from plumbing.days import parse_date


@dataclass(frozen=True)
class GuideRevision:
    """One version of a guide; `guide` is None from when it was retired."""

    number: int
    slug: str
    at: str
    who: str
    why: str
    guide: Guide | None


@dataclass(frozen=True)
class GuideDraft:
    """A guide as somebody is writing it, made from version `based_on`: 0 where none was written down yet.

    `words` say why it came back.
    """

    id: str
    guide: Guide
    based_on: int
    author_id: str
    author: str
    state: str = "writing"
    why: str = ""
    words: str = ""
    saves: int = 0
    saved_at: str = field(default="", compare=False)


# -- what families read


def put_live(db: Database, guide: Guide) -> None:
    """Show a guide to families, new or changed."""
    row = {name: value for name, value in to_plain(guide).items() if not isinstance(value, list)}
    row |= {name: ";".join(value) for name, value in to_plain(guide).items() if isinstance(value, list)}
    take_away(db, guide.slug)
    insert(db, "guide", row | {"safety": int(guide.safety), "position": 0})
    for position, one in enumerate(sorted(query(db, "SELECT slug, title FROM guide"), key=lambda one: one["title"].casefold())):
        db.execute("UPDATE guide SET position = ? WHERE slug = ?", [position, one["slug"]])


def take_away(db: Database, slug: str) -> None:
    """Show a guide to families no more."""
    db.execute("DELETE FROM guide WHERE slug = ?", [slug])


# -- what is known of them


def get_standings(db: Database) -> dict[str, GuideStanding]:
    """What is known of each guide, by its slug."""
    return {row["slug"]: _standing(row) for row in query(db, "SELECT * FROM guide_standing ORDER BY slug")}


def get_standing(db: Database, slug: str) -> GuideStanding:
    """What is known of a guide."""
    rows = query(db, "SELECT * FROM guide_standing WHERE slug = ?", [slug])
    return _standing(rows[0]) if rows else GuideStanding(slug)


def save_standing(db: Database, standing: GuideStanding) -> None:
    """Keep what is known of a guide."""
    row = {
        "slug": standing.slug,
        "shipped": _written(standing.shipped),
        "base": _written(standing.base),
        "checked_on": standing.checked_on.isoformat() if standing.checked_on else "",
        "checked_by": standing.checked_by,
        "look_by": standing.look_by.isoformat() if standing.look_by else "",
        "look_why": standing.look_why,
        "retired": int(standing.retired),
    }
    db.execute("DELETE FROM guide_standing WHERE slug = ?", [standing.slug])
    insert(db, "guide_standing", row)


# -- every version


def add_revision(db: Database, slug: str, guide: Guide | None, who: str, why: str) -> int:
    """Write down a version; returns its number."""
    row = {"slug": slug, "at": clock.now().isoformat(), "who": who, "why": why, "document": _written(guide)}
    insert(db, "guide_revision", row)
    return query(db, "SELECT last_insert_rowid() AS number")[0]["number"]


def guide_revisions(db: Database, slug: str) -> list[GuideRevision]:
    """A guide's versions, newest first."""
    return [_revision(row) for row in query(db, "SELECT * FROM guide_revision WHERE slug = ? ORDER BY number DESC", [slug])]


def get_guide_revision(db: Database, number: int) -> GuideRevision | None:
    """One version, or None."""
    rows = query(db, "SELECT * FROM guide_revision WHERE number = ?", [number])
    return _revision(rows[0]) if rows else None


def guide_version(db: Database, slug: str) -> int:
    """The number of a guide's newest version; 0 where nobody has changed it since it came."""
    return query(db, "SELECT max(number) AS number FROM guide_revision WHERE slug = ?", [slug])[0]["number"] or 0


# -- drafts


def save_guide_draft(db: Database, draft: GuideDraft) -> None:
    """Add or replace a draft; it was saved now."""
    row = {name: getattr(draft, name) for name in ("id", "based_on", "author_id", "author", "state", "why", "words", "saves")}
    row |= {"slug": draft.guide.slug, "document": _written(draft.guide), "saved_at": clock.now().isoformat()}
    insert(db, "guide_draft", row, replacing=True)


def get_guide_draft(db: Database, draft_id: str) -> GuideDraft | None:
    """One draft, or None."""
    rows = query(db, "SELECT * FROM guide_draft WHERE id = ?", [draft_id])
    return _draft(rows[0]) if rows else None


def list_guide_drafts(db: Database, states: Sequence[str]) -> list[GuideDraft]:
    """Every draft in these states, oldest first."""
    marks = ",".join("?" * len(states))
    rows = query(db, f"SELECT * FROM guide_draft WHERE state IN ({marks}) ORDER BY saved_at, id", states)  # noqa: S608
    return [_draft(row) for row in rows]


def delete_guide_draft(db: Database, draft_id: str) -> None:
    """Throw a draft away, or take it out once it is published."""
    db.execute("DELETE FROM guide_draft WHERE id = ?", [draft_id])


def _written(guide: Guide | None) -> str:
    return json.dumps(to_plain(guide), ensure_ascii=False) if guide else ""


def _read(text: str) -> Guide | None:
    return from_plain(json.loads(text)) if text else None


def _standing(row: Row) -> GuideStanding:
    return GuideStanding(
        row["slug"],
        _read(row["shipped"]),
        _read(row["base"]),
        parse_date(row["checked_on"]),
        row["checked_by"],
        parse_date(row["look_by"]),
        row["look_why"],
        bool(row["retired"]),
    )


def _revision(row: Row) -> GuideRevision:
    return GuideRevision(row["number"], row["slug"], row["at"], row["who"], row["why"], _read(row["document"]))


def _draft(row: Row) -> GuideDraft:
    names = ("id", "based_on", "author_id", "author", "state", "why", "words", "saves", "saved_at")
    return GuideDraft(guide=from_plain(json.loads(row["document"])), **{name: row[name] for name in names})
