"""Designated contacts in SQL: found by staff, versions, checks. No other file of the store reads these tables."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from directory.check import Check
from directory.contact_role import Area, Role
from directory.designated_contact import WRITTEN, DesignatedContact
from directory.search.words import SMALL_WORDS, fold
from directory.store.rows import Row, insert, query
from plumbing import clock
from plumbing.days import parse_date

_MOST_WORDS, _MOST_LETTERS = 12, 300
_CONTACTS = """
    SELECT c.*, (SELECT max(number) FROM designated_contact_version AS v WHERE v.contact_id = c.id) AS version,
        k.checked_on, k.how, k.checked_by, k.next_due
    FROM designated_contact AS c
    LEFT JOIN designated_contact_check AS k ON k.id = (
        SELECT id FROM designated_contact_check AS n WHERE n.contact_id = c.id ORDER BY n.checked_on DESC, n.made_at DESC LIMIT 1)
"""
_COLUMNS = (*WRITTEN, "organization_id")


@dataclass(frozen=True)
class Version:
    """One thing that happened to a contact: `what` in a word; `written` is how it stood from then on."""

    number: int
    contact_id: str
    at: str
    who: str
    what: str
    written: Mapping[str, str]


def areas(db: Database) -> dict[str, Area]:
    """The councils that answer for children with special needs, by code, in the order of their names."""
    rows = query(
        db,
        "SELECT send_authority_gss AS code, min(send_authority_name) AS name, min(nation) AS nation FROM council"
        " WHERE send_authority_gss != '' GROUP BY send_authority_gss ORDER BY 2",
    )
    return {row["code"]: Area(row["code"], row["name"], row["nation"]) for row in rows}


def get(db: Database, contact_id: str) -> DesignatedContact | None:
    """One contact, or None."""
    rows = query(db, f"{_CONTACTS} WHERE c.id = ?", [contact_id])
    return _contact(rows[0]) if rows else None


def every(db: Database) -> list[DesignatedContact]:
    """Every contact, also who was taken out and is not erased yet, by name."""
    return [_contact(row) for row in query(db, f"{_CONTACTS} ORDER BY c.name COLLATE NOCASE, c.id")]


def words_of(text: str) -> list[str]:
    """The words that somebody looks for.

    >>> words_of("Who is the DCO in Alnwick?")
    ['dco', 'alnwick']
    """
    words = (word.strip(".,;:!?()\"'") for word in fold(text[:_MOST_LETTERS]).split())
    return [word for word in dict.fromkeys(words) if word and word not in SMALL_WORDS][:_MOST_WORDS]


def search(
    db: Database,
    words: Sequence[str],
    roles: Mapping[str, Role],
    today: datetime.date,
    left_days: int,
    *,
    role: str = "",
    area: str = "",
) -> list[DesignatedContact]:
    """Who is found: every word must stand somewhere, in any part of a word. Those who answer for every area are in each."""
    where = ["c.retired_on = ''", "(c.leaving_on = '' OR c.leaving_on >= ?)"]
    values: list[object] = [(today - datetime.timedelta(days=left_days)).isoformat()]
    for word in words:
        called = [one.slug for one in roles.values() if word in fold(f"{one.label} {one.words}")]
        marks = ",".join("?" * len(called))
        where.append(f"(c.folded LIKE ? ESCAPE '\\' OR c.role IN ({marks}))")
        values += [f"%{_escaped(word)}%", *called]
    if role:
        where.append("c.role = ?")
        values.append(role)
    if area:
        where.append("c.area IN (?, '')")
        values.append(area)
    sql = f"{_CONTACTS} WHERE {' AND '.join(where)} ORDER BY c.name COLLATE NOCASE, c.id LIMIT 200"
    return [_contact(row) for row in query(db, sql, values)]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def save(db: Database, contact: DesignatedContact, who: str, what: str, area_name: str = "") -> int:
    """Write a contact and its version, whose number is returned. Inside the caller's transaction."""
    written = contact.written
    row: Row = {name: written[name] for name in WRITTEN} | {
        "id": contact.id,
        "organization_id": _organization(db, contact.agency),
        "for_families": int(contact.for_families),
        "retired_on": contact.retired_on.isoformat() if contact.retired_on else "",
        "first_on": contact.first_on.isoformat(),
        "told": contact.told,
        "folded": fold("\n".join([*(written[n] for n in ("name", "role_words", "agency", "about", "cover_name")), area_name])),
    }
    insert(db, "designated_contact", row, replacing=True)
    document = json.dumps(written, ensure_ascii=False)
    version: Row = {"contact_id": contact.id, "at": clock.now().isoformat(), "who": who, "what": what, "document": document}
    insert(db, "designated_contact_version", version)
    return query(db, "SELECT last_insert_rowid() AS number")[0]["number"]


def _organization(db: Database, agency: str) -> str:
    """The organisation of the directory that is called just so; empty where there is none."""
    sql = "SELECT id FROM organization WHERE name = ? COLLATE NOCASE ORDER BY id LIMIT 1"
    return next((row["id"] for row in query(db, sql, [agency])), "") if agency else ""


def note_told(db: Database, contact_id: str, words: str) -> None:
    """Keep what somebody wrote about their own entry until an officer has looked at it; with no words forget it."""
    db.execute("UPDATE designated_contact SET told = ? WHERE id = ?", [words, contact_id])


def versions(db: Database, contact_id: str) -> list[Version]:
    """All that happened to a contact, newest first."""
    rows = query(db, "SELECT * FROM designated_contact_version WHERE contact_id = ? ORDER BY number DESC", [contact_id])
    return [_version(row) for row in rows]


def get_version(db: Database, contact_id: str, number: int) -> Version | None:
    """One version of a contact, or None."""
    return next((one for one in versions(db, contact_id) if one.number == number), None)


def newest(db: Database) -> int:
    """The number of the newest version of all: another one means that somebody has changed something."""
    return query(db, "SELECT coalesce(max(number), 0) AS number FROM designated_contact_version")[0]["number"]


# -- checks


def add_check(db: Database, check_id: str, contact_id: str, check: Check) -> None:
    """Write a check down."""
    insert(
        db,
        "designated_contact_check",
        {
            "id": check_id,
            "contact_id": contact_id,
            "checked_on": check.checked_on.isoformat(),
            "how": check.how,
            "checked_by": check.checked_by,
            "next_due": check.next_due.isoformat() if check.next_due else "",
            "made_at": clock.now().isoformat(),
        },
    )


def checks(db: Database, contact_id: str) -> list[Row]:
    """Every check of a contact, newest first."""
    sql = "SELECT * FROM designated_contact_check WHERE contact_id = ? ORDER BY checked_on DESC, made_at DESC"
    return query(db, sql, [contact_id])


def get_check(db: Database, check_id: str) -> Row | None:
    """One check, with the name of who was checked."""
    sql = "SELECT k.*, c.name FROM designated_contact_check AS k JOIN designated_contact AS c ON c.id = contact_id WHERE k.id = ?"
    return next(iter(query(db, sql, [check_id])), None)


def remove_check(db: Database, check_id: str) -> None:
    """Take a check out again."""
    db.execute("DELETE FROM designated_contact_check WHERE id = ?", [check_id])


# -- who was picked for a family, by whom


def pick(db: Database, account_id: str, contact_id: str) -> None:
    """Put a contact on somebody's list."""
    sql = "INSERT OR REPLACE INTO designated_contact_pick VALUES (?, ?, ?)"
    db.execute(sql, [account_id, contact_id, clock.now().isoformat()])


def unpick(db: Database, account_id: str, contact_id: str) -> None:
    """Take a contact off somebody's list."""
    db.execute("DELETE FROM designated_contact_pick WHERE account_id = ? AND contact_id = ?", [account_id, contact_id])


def picked(db: Database, account_id: str) -> list[DesignatedContact]:
    """Somebody's list, in the order in which they made it."""
    sql = f"{_CONTACTS} JOIN designated_contact_pick AS p ON p.contact_id = c.id WHERE p.account_id = ? ORDER BY p.at, c.id"
    return [_contact(row) for row in query(db, sql, [account_id])]


def forget_picks(db: Database, before: datetime.datetime) -> int:
    """Empty lists that were made before a moment; returns how many lines."""
    return db.execute("DELETE FROM designated_contact_pick WHERE at < ?", [before.isoformat()]).rowcount


# -- spreadsheets that are being looked at


def keep_sheet(db: Database, sheet_id: str, account_id: str, data: bytes) -> None:
    """Keep a file until whoever sent it has looked at it."""
    row: Row = {"id": sheet_id, "account_id": account_id, "data": data, "at": clock.now().isoformat()}
    insert(db, "designated_contact_sheet", row)


def get_sheet(db: Database, sheet_id: str, account_id: str) -> bytes | None:
    """A file that somebody sent, for themselves."""
    rows = query(db, "SELECT data FROM designated_contact_sheet WHERE id = ? AND account_id = ?", [sheet_id, account_id])
    return bytes(rows[0]["data"]) if rows else None


def forget_sheets(db: Database, before: datetime.datetime, account_id: str = "") -> int:
    """Forget the files that were sent before a moment, and all of somebody's; returns how many."""
    sql = "DELETE FROM designated_contact_sheet WHERE at < ? OR account_id = ?"
    return db.execute(sql, [before.isoformat(), account_id]).rowcount


# -- erasing


def erase(db: Database, contact_id: str) -> None:
    """Erase a contact with all that hangs on it. What is deleted is overwritten where the caller has said so."""
    db.execute("DELETE FROM designated_contact WHERE id = ?", [contact_id])


def _contact(row: Row) -> DesignatedContact:
    check = None
    if row["checked_on"]:
        due = parse_date(row["next_due"])
        check = Check(datetime.date.fromisoformat(row["checked_on"]), row["how"], row["checked_by"], next_due=due)
    texts = {name: row[name] for name in ("id", *_COLUMNS, "told") if name not in {"leaving_on", "for_families"}}
    return DesignatedContact(
        **texts,
        leaving_on=parse_date(row["leaving_on"]),
        for_families=bool(row["for_families"]),
        retired_on=parse_date(row["retired_on"]),
        first_on=datetime.date.fromisoformat(row["first_on"]),
        version=row["version"] or 0,
        check=check,
    )


def _version(row: Row) -> Version:
    written = json.loads(row["document"])
    return Version(row["number"], row["contact_id"], row["at"], row["who"], row["what"], written)
