"""Keeping designated contacts: written, checked, taken out, brought back, and erased when they have been gone for long.

Every change is a version with who and when. The clock is that of listings (`directory/checking.py`), with a round of its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from sqlite_utils import Database

from directory import checking, setup
from directory.check import Check
from directory.checking import Clocks, Due
from directory.contact_role import Area, Gap
from directory.contact_role import gaps as role_gaps
from directory.designated_contact import HOW, DesignatedContact
from directory.keeping.checking import can_take_back
from directory.keeping.editing import ChangedMeanwhileError
from directory.store import contact_asks as asks
from directory.store import designated_contacts as rows
from plumbing import clock
from plumbing.db import at_once
from plumbing.ids import new_id
from plumbing.settings import Settings

# What happened, in a word; the desk has sentences for them.
ADDED, CHANGED, RETIRED, BACK, RESTORED, IMPORTED, SAID_LEFT = (
    "added", "changed", "retired", "back", "restored", "imported", "said left",
)  # fmt: skip
# In `who`, where it was no officer.
THEMSELVES = "themselves"
# A list for one family is made and given in one visit; a spreadsheet is looked at in one sitting.
_FOR_THE_MOMENT = datetime.timedelta(hours=12)


def clocks(settings: Settings) -> Clocks:
    """The clock of contacts: nothing but being due comes of it."""
    return Clocks(every=settings.contact_days, every_safety=settings.contact_days, last_after=0, retire_after=0)


def due(db: Database, settings: Settings, today: datetime.date) -> list[Due]:
    """Whom to check today: who was never checked first, then what is latest. Who has left is not checked."""
    standings = [one.standing for one in rows.every(db) if one.is_at_work(today)]
    return checking.due(standings, clocks(settings), today)


def held_areas(db: Database, today: datetime.date) -> list[Area]:
    """The areas that somebody answers for, by name."""
    held = {one.area for one in rows.every(db) if one.is_at_work(today)}
    return [area for code, area in rows.areas(db).items() if code in held]


def gaps(db: Database, areas: list[Area], today: datetime.date) -> list[Gap]:
    """The roles that an area should have and nobody holds."""
    held = {(one.area, one.role) for one in rows.every(db) if one.is_at_work(today) and one.role}
    return role_gaps(setup.contact_roles().values(), areas, held)


# -- changing


def add(db: Database, written: Mapping[str, str], by: str, contact_id: str = "", what: str = ADDED) -> DesignatedContact:
    """Write down somebody new. The same form sent twice (`contact_id`) is one person."""
    with at_once(db):
        known = rows.get(db, contact_id) if contact_id else None
        return known or _add(db, written, by, contact_id or new_id(), what)


def _add(db: Database, written: Mapping[str, str], by: str, contact_id: str, what: str) -> DesignatedContact:
    contact = DesignatedContact(contact_id, "", first_on=clock.today()).rewritten(written)
    _write(db, contact, by, what)
    return contact


def change(db: Database, contact_id: str, written: Mapping[str, str], by: str, seen: int) -> None:
    """Keep what an officer wrote. Raises ChangedMeanwhileError where another version has come since the one they saw."""
    with at_once(db):
        contact = _there(db, contact_id)
        if contact.version != seen:
            raise ChangedMeanwhileError(contact.version)
        _write(db, contact.rewritten(written), by, CHANGED)


def retire(db: Database, contact_id: str, by: str) -> None:
    """Take somebody out: they are found no more. All of it is kept for some months, and can be brought back."""
    with at_once(db):
        contact = _there(db, contact_id)
        if contact.retired_on is None:
            _write(db, replace(contact, retired_on=clock.today()), by, RETIRED)


def bring_back(db: Database, contact_id: str, by: str) -> None:
    """They are there after all."""
    with at_once(db):
        contact = _there(db, contact_id)
        _write(db, replace(contact, retired_on=None), by, BACK)


def restore(db: Database, contact_id: str, number: int, by: str) -> None:
    """Bring back what an older version said; that makes a new one. A check is none of it. Raises LookupError."""
    with at_once(db):
        contact, version = _there(db, contact_id), rows.get_version(db, contact_id, number)
        if version is None:
            raise LookupError("there is no such version")
        _write(db, contact.rewritten(version.written), by, RESTORED)


def leave(db: Database, contact: DesignatedContact, told: str, on: datetime.date) -> None:
    """They say themselves that they have left: yesterday was their last day, as far as we know. Inside a transaction."""
    last_day = min(contact.leaving_on or on, on - datetime.timedelta(days=1))
    _write(db, replace(contact, leaving_on=last_day, told=_beside(contact.told, told)), THEMSELVES, SAID_LEFT)


def lay_before(db: Database, data: bytes, account_id: str) -> str:
    """Keep a spreadsheet for whoever sent it to look at; returns its id. The one they sent before is forgotten."""
    db.execute("PRAGMA secure_delete = ON")
    sheet_id = new_id()
    with at_once(db):
        rows.forget_sheets(db, clock.now() - _FOR_THE_MOMENT, account_id)
        rows.keep_sheet(db, sheet_id, account_id, data)
    return sheet_id


def take_over(db: Database, imported: list[tuple[str, Mapping[str, str]]], by: str, seen: int, account_id: str) -> int:
    """Keep the rows of a spreadsheet, each with the id of whom it is about or none; returns how many. All or nothing.

    The spreadsheet is forgotten. Raises ChangedMeanwhileError where anything was changed since the preview.
    """
    db.execute("PRAGMA secure_delete = ON")
    with at_once(db):
        if rows.newest(db) != seen:
            raise ChangedMeanwhileError(rows.newest(db))
        for contact_id, written in imported:
            if contact_id:
                _write(db, _there(db, contact_id).rewritten(written), by, IMPORTED)
            else:
                _add(db, written, by, new_id(), IMPORTED)
        rows.forget_sheets(db, clock.now() - _FOR_THE_MOMENT, account_id)
    return len(imported)


def tell(db: Database, contact: DesignatedContact, words: str) -> None:
    """Keep what they tell us beside what they told us before, until somebody has looked at it. Inside a transaction."""
    rows.note_told(db, contact.id, _beside(contact.told, words))


def _beside(told: str, words: str) -> str:
    return "\n\n".join(part for part in (told, "\n".join(words.splitlines()).strip()) if part)


def looked_at(db: Database, contact_id: str, seen: str) -> bool:
    """What they told us was looked at, and is forgotten; False where they have told us more since."""
    with at_once(db):
        told = _there(db, contact_id).told
        if told != "\n".join(seen.splitlines()):
            return False
        rows.note_told(db, contact_id, "")
    return True


def _there(db: Database, contact_id: str) -> DesignatedContact:
    contact = rows.get(db, contact_id)
    if contact is None:
        raise LookupError("there is no such contact")
    return contact


def _write(db: Database, contact: DesignatedContact, by: str, what: str) -> None:
    area = rows.areas(db).get(contact.area)
    rows.save(db, contact, by, what, area.name if area else "")


# -- checking


def check(db: Database, settings: Settings, contact_id: str, how: str, by: str) -> str:
    """Write down that somebody made sure today; returns the check's id. Raises LookupError, or ValueError for no way of ours."""
    with at_once(db):
        return check_within(db, settings, contact_id, how, by)


def check_within(db: Database, settings: Settings, contact_id: str, how: str, by: str) -> str:
    """The same, inside a transaction."""
    if how not in HOW:
        raise ValueError("that is no way of checking")
    contact, today, check_id = _there(db, contact_id), clock.today(), new_id()
    made = Check(today, how, by, next_due=clocks(settings).next_due(today, is_safety=False))
    rows.add_check(db, check_id, contact.id, made)
    return check_id


def take_back(db: Database, check_id: str, by: str) -> bool:
    """Take back a check that was pressed by mistake, as with listings: only one's own, and only for a moment."""
    with at_once(db):
        row = rows.get_check(db, check_id)
        if row is None or not can_take_back(row["made_at"], row["checked_by"], by):
            return False
        rows.remove_check(db, check_id)
    return True


# -- by the clock


def erase_due(db: Database, settings: Settings, today: datetime.date) -> int:
    """Erase who has been gone for so many months, with every version; returns how many.

    And what was only for the moment: lists made for a family, addresses of questions nobody answered.
    """
    db.execute("PRAGMA secure_delete = ON")
    with at_once(db):
        gone = [one.id for one in rows.every(db) if _is_over(one, settings.contact_kept_months, today)]
        for contact_id in gone:
            rows.erase(db, contact_id)
        moment = clock.now() - _FOR_THE_MOMENT
        forgotten = rows.forget_picks(db, moment) + rows.forget_sheets(db, moment) + asks.forget_expired(db, today)
    if gone or forgotten:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return len(gone)


def _is_over(contact: DesignatedContact, months: int, today: datetime.date) -> bool:
    erased_on = contact.erased_on(months)
    return erased_on is not None and erased_on <= today
