"""Categories, needs, guides and synonyms out of `directory.db`, where `flask setup` has put them."""

from __future__ import annotations

from sqlite_utils import Database

from directory.category import Category
from directory.guide import Guide, split_list
from directory.need import Need
from plumbing.dates import parse_date


def get_categories(db: Database) -> dict[str, Category]:
    """Every category by slug, in order."""
    rows = db.query("SELECT * FROM category ORDER BY position")
    return {
        row["slug"]: Category(
            row["slug"],
            row["label"],
            split_list(row["examples"], ";"),
            split_list(row["words"], ";"),
            row["send_area"],
            row["group"],
            split_list(row["esd_service_ids"], ";"),
            row["position"],
        )
        for row in rows
    }


def get_needs(db: Database) -> dict[str, Need]:
    """Every need by slug, in order."""
    rows = db.query("SELECT * FROM need ORDER BY position")
    return {
        row["slug"]: Need(
            row["slug"],
            row["label"],
            row["sentence"],
            split_list(row["words"], ";"),
            row["health_title"],
            row["health_url"],
            row["position"],
        )
        for row in rows
    }


def get_guides(db: Database) -> dict[str, Guide]:
    """Every guide by slug, in order."""
    rows = db.query("SELECT * FROM guide ORDER BY position")
    return {
        row["slug"]: Guide(
            slug=row["slug"],
            title=row["title"],
            summary=row["summary"],
            body=row["body"],
            words=split_list(row["words"], ";"),
            nations=row["nations"],
            safety=bool(row["safety"]),
            categories=split_list(row["categories"], ";"),
            needs=split_list(row["needs"], ";"),
            organizations=split_list(row["organizations"], ";"),
            sources=split_list(row["sources"], ";"),
            written=parse_date(row["written"]),
        )
        for row in rows
    }


def get_synonym_lines(db: Database) -> list[str]:
    """The lines of the synonym list, in order: our file's, then those that officers added."""
    lines = [row["line"] for row in db.query("SELECT line FROM synonym ORDER BY id")]
    return lines + [row["line"] for row in db.query("SELECT line FROM own_synonym WHERE removed_at = '' ORDER BY added_at, id")]
