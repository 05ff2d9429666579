"""Searches that failed, as counts, and the words that enough people have typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlite_utils import Database

from directory.not_found import FEWEST, UNSAID, Cell
from directory.store.rows import query


def add(db: Database, cell: Cell, number: int = 1) -> None:
    """Count one more of a kind."""
    db.execute(
        "INSERT INTO missed (month, subject, sign, outcode, age_band, number) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET number = number + excluded.number",
        [cell.period, cell.subject, cell.sign, cell.area, cell.age_band, number],
    )


def add_word(db: Database, month: str, mark: bytes, senders: int, word: str) -> None:
    """Count a sender for a word; the word itself is written down when this makes them enough."""
    row = db.execute(
        "INSERT INTO missed_word (month, mark, senders) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET senders = senders | excluded.senders RETURNING senders, word",
        [month, mark, senders],
    ).fetchone()
    if not row[1] and row[0].bit_count() >= FEWEST:
        db.execute("UPDATE missed_word SET word = ? WHERE month = ? AND mark = ?", [word, month, mark])


def words(db: Database) -> Counter[str]:
    """The words that may be told, each with how many senders there were at least in all its months."""
    found: Counter[str] = Counter()
    for row in query(db, "SELECT word, senders FROM missed_word WHERE word != '' ORDER BY word"):
        found[row["word"]] += row["senders"].bit_count()
    return found


def counts(db: Database) -> Counter[Cell]:
    """Everything that was counted: searches, questions and unmet needs. These are exact; `not_found.release` says what to show.

    > counts(db) -> {Cell("2026-11", "sleep", "nothing_found", "NE66", "5_10"): 2}
    """
    found: Counter[Cell] = Counter()
    for row in query(db, "SELECT month, subject, sign, outcode, age_band, number FROM missed"):
        found[Cell(row["month"], row["subject"], row["sign"], row["outcode"], row["age_band"])] += row["number"]
    for row in query(
        db,
        "SELECT month, category, reason, outcode, age_band, count(*) AS number FROM unmet_need "
        "GROUP BY month, category, reason, outcode, age_band",
    ):
        cell = Cell(row["month"], row["category"], row["reason"] or UNSAID, row["outcode"], row["age_band"])
        found[cell] += row["number"]
    return found


def councils_of_outcodes(db: Database) -> dict[str, str]:
    """The council's code of every outcode; "" where we do not know it."""
    return {row["label"]: row["gss"] or "" for row in query(db, "SELECT label, gss FROM place WHERE kind = 'outcode'")}


def council_names(db: Database) -> dict[str, str]:
    """What each council is called, by its code."""
    return {row["gss"]: row["short_name"] for row in query(db, "SELECT gss, short_name FROM council ORDER BY short_name")}


def settled_questions(db: Database) -> list[dict[str, str]]:
    """Questions that were answered or closed, not counted yet here nor as an unmet need."""
    return query(
        db,
        "SELECT id, category, outcode, age_band FROM question WHERE status IN ('answered', 'closed') AND counted = 0 "
        "AND id NOT IN (SELECT question_id FROM missed_question)",
    )


def question_counted(db: Database, question_id: str) -> None:
    """Remember that a question was counted."""
    db.execute("INSERT OR IGNORE INTO missed_question (question_id) VALUES (?)", [question_id])


def forget(db: Database, years: Iterable[str], this_month: str) -> int:
    """Erase whole years, and of months that are over every word that too few have typed; returns how many rows there were."""
    erased = db.execute("DELETE FROM missed_word WHERE word = '' AND month < ?", [this_month]).rowcount
    for year in years:
        for table in ("missed", "missed_word", "unmet_need"):
            erased += db.execute(f"DELETE FROM {table} WHERE substr(month, 1, 4) = ?", [year]).rowcount  # noqa: S608
    return erased


def years(db: Database) -> list[str]:
    """The years of which anything is kept."""
    rows = query(db, "SELECT substr(month, 1, 4) AS y FROM missed UNION SELECT substr(month, 1, 4) FROM unmet_need ORDER BY 1")
    return [row["y"] for row in rows]
