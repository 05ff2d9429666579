"""The tables of what people ask and tell, and of what is published about it; made by `directory/migrations.py`."""

from __future__ import annotations

# What people write to us is sealed: this file goes into backups, its key does not. Ids are random, and rows without a number of
# their own lie in the order of their ids, so that nothing says which came first.
ASKED = """
CREATE TABLE question (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, pin_salt BLOB NOT NULL, pin_hash BLOB NOT NULL,
    pin_cost TEXT NOT NULL, asker TEXT NOT NULL, email BLOB, from_staff INTEGER NOT NULL, asked_on TEXT NOT NULL,
    due_on TEXT NOT NULL, erase_on TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'taken', 'asked_back', 'asked_around', 'answered', 'closed')),
    taken_by TEXT NOT NULL DEFAULT '', outcode TEXT NOT NULL DEFAULT '', age_band TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '', useful TEXT NOT NULL DEFAULT '' CHECK (useful IN ('', 'yes', 'no')),
    counted INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE question_message (
    question_id TEXT NOT NULL REFERENCES question(id) ON DELETE CASCADE, position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('question', 'reply', 'ask_back', 'asked_around', 'answer')),
    written_by TEXT NOT NULL DEFAULT '', written_on TEXT NOT NULL, words BLOB NOT NULL, PRIMARY KEY (question_id, position)
) WITHOUT ROWID;
CREATE TABLE question_service (
    question_id TEXT NOT NULL REFERENCES question(id) ON DELETE CASCADE, position INTEGER NOT NULL, service_id TEXT NOT NULL,
    PRIMARY KEY (question_id, service_id)
) WITHOUT ROWID;
CREATE TABLE unmet_need (
    id TEXT PRIMARY KEY, month TEXT NOT NULL, category TEXT NOT NULL DEFAULT '', outcode TEXT NOT NULL DEFAULT '',
    age_band TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', waited TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE comment (
    id TEXT PRIMARY KEY, topic TEXT NOT NULL, received_on TEXT NOT NULL, due_on TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'published', 'answered', 'set_aside')), words BLOB,
    may_publish INTEGER NOT NULL, published_words TEXT NOT NULL DEFAULT '', shortened INTEGER NOT NULL DEFAULT 0,
    response TEXT NOT NULL DEFAULT '', answered_on TEXT NOT NULL DEFAULT '', answered_by TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE you_said (
    id TEXT PRIMARY KEY, said TEXT NOT NULL, did TEXT NOT NULL, month TEXT NOT NULL, published INTEGER NOT NULL,
    written_by TEXT NOT NULL DEFAULT ''
);
CREATE TABLE publication (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, about TEXT NOT NULL, url TEXT NOT NULL DEFAULT '', pdf BLOB,
    council TEXT NOT NULL DEFAULT '', dated TEXT NOT NULL, review_on TEXT NOT NULL, shown INTEGER NOT NULL,
    saved_by TEXT NOT NULL DEFAULT ''
)
"""
