"""The tables of what officers write and give out: leaflets and booklets, guides, newsletters, and of those who get these."""

from __future__ import annotations

LEAFLETS = """
CREATE TABLE leaflet (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL, introduction TEXT NOT NULL DEFAULT '',
    foot TEXT NOT NULL DEFAULT '', look TEXT NOT NULL CHECK (look IN ('plain', 'large', 'easy')),
    after TEXT NOT NULL DEFAULT '', search TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'retired')), version INTEGER NOT NULL,
    changed_at TEXT NOT NULL, changed_by TEXT NOT NULL DEFAULT ''
);
CREATE TABLE leaflet_service (
    leaflet_id TEXT NOT NULL REFERENCES leaflet(id) ON DELETE CASCADE, position INTEGER NOT NULL, service_id TEXT NOT NULL,
    PRIMARY KEY (leaflet_id, position)
) WITHOUT ROWID;
CREATE TABLE booklet (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, place TEXT NOT NULL DEFAULT '', miles INTEGER NOT NULL DEFAULT 0,
    council TEXT NOT NULL DEFAULT '', categories TEXT NOT NULL DEFAULT '', national INTEGER NOT NULL DEFAULT 0,
    large INTEGER NOT NULL DEFAULT 0, foot TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('waiting', 'gathering', 'setting', 'done', 'failed')), asked_at TEXT NOT NULL,
    asked_by TEXT NOT NULL DEFAULT '', begun_at TEXT NOT NULL DEFAULT '', done_at TEXT NOT NULL DEFAULT '',
    services INTEGER NOT NULL DEFAULT 0, pages INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0
)
"""

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

# An address is sealed; `mark` is a mark under the server's key. Rows without numbers of their own lie in the order of random ids.
NEWS = """
CREATE TABLE newsletter (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, work TEXT NOT NULL, shown TEXT NOT NULL DEFAULT '',
    waiting INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL, published_on TEXT NOT NULL DEFAULT '',
    published_at TEXT NOT NULL DEFAULT '', edited_on TEXT NOT NULL DEFAULT '', mail TEXT NOT NULL DEFAULT '',
    changed_at TEXT NOT NULL, changed_by TEXT NOT NULL DEFAULT '', changed_by_id TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE event (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL DEFAULT '', times TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '', whom TEXT NOT NULL DEFAULT '', cost TEXT NOT NULL DEFAULT '', book TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '', added_by TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE subscriber (
    id TEXT PRIMARY KEY, mark TEXT NOT NULL UNIQUE, address BLOB NOT NULL, council TEXT NOT NULL DEFAULT '',
    asked_on TEXT NOT NULL, asked INTEGER NOT NULL, confirmed_on TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE newsletter_delivery (
    newsletter_id TEXT NOT NULL REFERENCES newsletter(id) ON DELETE CASCADE,
    subscriber_id TEXT NOT NULL REFERENCES subscriber(id) ON DELETE CASCADE, posted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (newsletter_id, subscriber_id)
) WITHOUT ROWID;
CREATE INDEX service_revision_at ON service_revision(at)
"""
