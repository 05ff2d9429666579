"""The tables of guides that are written here, of newsletters, and of those who get them."""

from __future__ import annotations

GUIDES = """
CREATE TABLE guide_standing (
    slug TEXT PRIMARY KEY, shipped TEXT NOT NULL DEFAULT '', base TEXT NOT NULL DEFAULT '', checked_on TEXT NOT NULL DEFAULT '',
    checked_by TEXT NOT NULL DEFAULT '', look_by TEXT NOT NULL DEFAULT '', look_why TEXT NOT NULL DEFAULT '',
    retired INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE guide_revision (
    number INTEGER PRIMARY KEY AUTOINCREMENT, slug TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '', document TEXT NOT NULL DEFAULT ''
);
CREATE INDEX guide_revision_slug ON guide_revision(slug, number);
CREATE TABLE guide_draft (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL, document TEXT NOT NULL, based_on INTEGER NOT NULL, author_id TEXT NOT NULL,
    author TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('writing', 'waiting', 'sent_back')),
    why TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '', saves INTEGER NOT NULL DEFAULT 0, saved_at TEXT NOT NULL
) WITHOUT ROWID;
DELETE FROM setup WHERE name = 'guides'
"""
