""" "You said, we did", and documents with a place."""

from __future__ import annotations

import datetime

from sqlite_utils import Database

from directory.publication import Publication, YouSaid
from directory.store.rows import Row, insert, query

# Everything but the PDF itself: a list of documents does not read their pages.
_LISTED = "id, kind, title, about, url, council, dated, review_on, shown, saved_by, pdf IS NOT NULL AS has_pdf"


def save_you_said(db: Database, one: YouSaid) -> None:
    """Keep what was said and done, in place of what stood there before."""
    row = {
        "id": one.id,
        "said": one.said,
        "did": one.did,
        "month": one.month,
        "published": int(one.is_published),
        "written_by": one.written_by,
    }
    insert(db, "you_said", row, replacing=True)


def list_you_said(db: Database, *, published_only: bool) -> list[YouSaid]:
    """What was said and done, newest first."""
    where = "WHERE published = 1" if published_only else ""
    return [_you_said(row) for row in query(db, f"SELECT * FROM you_said {where} ORDER BY month DESC, id")]  # noqa: S608


def get_you_said(db: Database, id_: str) -> YouSaid | None:
    """One of them, or None."""
    rows = query(db, "SELECT * FROM you_said WHERE id = ?", [id_])
    return _you_said(rows[0]) if rows else None


def save_publication(db: Database, one: Publication) -> None:
    """Keep a document, in place of what stood there before. Without a new PDF the old one stays, unless there is a link now."""
    row: Row = {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "about": one.about,
        "url": one.url,
        "council": one.council,
        "dated": one.dated.isoformat(),
        "review_on": one.review_on.isoformat(),
        "shown": int(one.is_shown),
        "saved_by": one.saved_by,
    }
    if one.pdf or one.url:
        row["pdf"] = one.pdf or None
    insert(db, "publication", row, replacing=True)


def list_publications(db: Database, *, shown_only: bool) -> list[Publication]:
    """The documents, by kind and newest first."""
    where = "WHERE shown = 1" if shown_only else ""
    return [_publication(row) for row in query(db, f"SELECT {_LISTED} FROM publication {where} ORDER BY dated DESC, title")]  # noqa: S608


def get_publication(db: Database, id_: str) -> Publication | None:
    """One document without its PDF, or None."""
    rows = query(db, f"SELECT {_LISTED} FROM publication WHERE id = ?", [id_])  # noqa: S608 - our own columns
    return _publication(rows[0]) if rows else None


def get_pdf(db: Database, id_: str) -> bytes | None:
    """The PDF of a document that is shown, or None."""
    rows = query(db, "SELECT pdf FROM publication WHERE id = ? AND shown = 1 AND pdf IS NOT NULL", [id_])
    return rows[0]["pdf"] if rows else None


def count_due(db: Database, today: datetime.date) -> tuple[int, int]:
    """How many documents are due to be looked at again, and how many of them for more than a month."""
    month_ago = today - datetime.timedelta(days=31)
    row = query(
        db,
        "SELECT count(*) AS n, coalesce(sum(review_on < ?), 0) AS late FROM publication WHERE shown = 1 AND review_on <= ?",
        [month_ago.isoformat(), today.isoformat()],
    )[0]
    return row["n"], row["late"]


def _you_said(row: Row) -> YouSaid:
    return YouSaid(row["id"], row["said"], row["did"], row["month"], bool(row["published"]), row["written_by"])


def _publication(row: Row) -> Publication:
    return Publication(
        row["id"],
        row["kind"],
        row["title"],
        row["about"],
        datetime.date.fromisoformat(row["dated"]),
        datetime.date.fromisoformat(row["review_on"]),
        url=row["url"],
        council=row["council"],
        has_pdf=bool(row["has_pdf"]),
        is_shown=bool(row["shown"]),
        saved_by=row["saved_by"],
    )
