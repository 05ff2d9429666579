"""The tables of what people could not find, and of the synonyms that officers add.

`missed` counts what is alike: no row is one person's, and no row says which came first. `missed_word` has a mark for a word until
five senders at least have typed it in a month, and the word from then on.
"""

NOT_FOUND = """
CREATE TABLE missed (
    month TEXT NOT NULL, subject TEXT NOT NULL, sign TEXT NOT NULL, outcode TEXT NOT NULL, age_band TEXT NOT NULL,
    number INTEGER NOT NULL, PRIMARY KEY (month, subject, sign, outcode, age_band)
) WITHOUT ROWID;
CREATE TABLE missed_word (
    month TEXT NOT NULL, mark BLOB NOT NULL, senders INTEGER NOT NULL, word TEXT NOT NULL DEFAULT '', PRIMARY KEY (month, mark)
) WITHOUT ROWID;
CREATE TABLE missed_question (question_id TEXT PRIMARY KEY REFERENCES question(id) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE own_synonym (
    id TEXT PRIMARY KEY, line TEXT NOT NULL, added_by TEXT NOT NULL, added_at TEXT NOT NULL,
    removed_by TEXT NOT NULL DEFAULT '', removed_at TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID
"""
