"""Filling a Linkbook with the invented family: everybody signed up, their records as if kept and shared for months.

Everything goes the way it goes from a page: a letter's sheets are cleaned and sealed into a draft, then filed. And it goes day by
day, on the day it happened.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter
from typing import Any

from filelock import FileLock
from sqlite_utils import Database

from accounts import keys as account_keys
from accounts import quick_unlock, registering, second_factor, sessions, store
from accounts.current import family, secrets, session_rows, settings
from accounts.keyring import sealed_keyring
from accounts.naming import new_sign_in_name
from accounts.person import Person
from plumbing import clock
from plumbing.crypto.code import read_code
from plumbing.db import at_once
from plumbing.files.cleaning import clean
from records import attachments, editing, keys, leaving, moving, sheets, taking_in, visits
from records.book import Book
from records.demonstration.family import Child, Member, Piece, Step, began, cast, children, written_on
from records.demonstration.letters import photographs, portrait
from records.demonstration.scene import Photos, Scene
from records.demonstration.steps import take
from records.gate import Opened
from records.kinds import Document
from records.pages.home import new_sections
from records.sections import JUST_US
from records.upkeep import office

_BEGUN, _WHOLE = "begun", "whole"
_ARTISTS = 2


class Refused(Exception):
    """This Linkbook is no demonstration, and must not become one; the message says why."""


def fill(afresh: bool = False) -> Iterator[tuple[int, int]]:
    """Sign everybody up and fill their records; yields how many steps are done, and of how many. Raises Refused.

    What is whole already is left alone, unless `afresh`. What was broken off begins again, and so does `afresh`: everybody who
    has an account in this demonstration is deleted first.
    """
    if not settings().demonstration_family:
        raise Refused("This Linkbook is no demonstration: set LINKBOOK_DEMONSTRATION_FAMILY=yes, or use make demo.")
    mark = settings().data / "demonstration"
    with FileLock(mark.with_suffix(".lock")):
        known = mark.read_text("utf-8") if mark.exists() else ""
        if not known and family().execute("SELECT 1 FROM account").fetchone():
            raise Refused("There are accounts in this data folder that are no demonstration. Nothing was done.")
        if known == _WHOLE and not afresh:
            return
        mark.write_text(_BEGUN, "utf-8")
        _empty(family())
        yield from _filled()
        mark.write_text(_WHOLE, "utf-8")


def _empty(db: Database) -> None:
    """Take out every account and every record."""
    for (record_id,) in db.execute("SELECT id FROM record").fetchall():
        office().witness.bury(record_id)
        with at_once(db):
            files = leaving.erase_record(db, record_id)
        attachments.unlink(office().attachments, files)
    for (account_id,) in db.execute("SELECT id FROM account").fetchall():
        sessions.end_all(session_rows(), account_id)
        quick_unlock.end_all(account_id)
        store.delete_account(db, account_id)


def _filled() -> Iterator[tuple[int, int]]:
    today, members = clock.today(), cast()
    records, begin = children(today), began(today)
    count = len(members) + sum(len(child.pieces) + len(child.steps) for child in records)
    done, people = 0, {}
    everything = [
        *(piece for child in records for piece in child.pieces),
        *(step.piece for child in records for step in child.steps),
    ]
    with _drawn(piece for piece in everything if piece and piece.text) as photos:
        for member in members:
            with _on(begin):
                people[member.name] = _sign_up(member)
            yield (done := done + 1), count
        for child in records:
            with _on(begin):
                record_id = _found(people[child.holder], child)
            holder = next(member for member in members if member.name == child.holder)
            scene = Scene(record_id, holder, people, photos)
            for day, one in _in_order(child, today):
                with _on(day):
                    _keep(scene.opened(), one, photos) if isinstance(one, Piece) else take(scene, one)
                yield (done := done + 1), count
            visits.attend(scene.opened())


def _in_order(child: Child, today: datetime.date) -> list[tuple[datetime.date, Piece | Step]]:
    """Everything that was written and given, by day; of one day, what was written first."""
    written: list[tuple[datetime.date, Piece | Step]] = [(written_on(piece, today), piece) for piece in child.pieces]
    return sorted([*written, *((step.on, step) for step in child.steps)], key=itemgetter(0))


@contextmanager
def _on(day: datetime.date) -> Iterator[None]:
    """Within this it is that day: so the log says when things happened, and what was given then runs out when it should."""
    with clock.moved(days=(day - clock.today()).days):
        yield


@contextmanager
def _drawn(letters: Iterator[Piece]) -> Iterator[Photos]:
    """The sheets of all letters, by title, being drawn while everything else goes on."""
    artists = ThreadPoolExecutor(_ARTISTS)
    try:
        yield {letter.document["title"]: artists.submit(photographs, letter.document["title"], letter.text) for letter in letters}
    finally:
        artists.shutdown(cancel_futures=True)


# People


def _sign_up(member: Member) -> Person:
    """Somebody with an account; with their authenticator app and their sheet, where they have them."""
    has_address = "@" in member.sign_in
    email = member.sign_in if has_address else ""
    account, person, sealed = registering.prepare(member.shown_name, member.role, email, member.passphrase)
    account = replace(account, sign_in_name=new_sign_in_name(member.shown_name) if has_address else member.sign_in)
    db = family()
    with at_once(db):
        store.add_account(db, secrets().server_key, account, sealed, sealed_keyring(person, {}))
        if has_address:
            store.confirm_email(db, account)
    if member.second_factor:
        person, _codes = second_factor.turn_on(person, member.passphrase, member.second_factor, step=0)
    if member.kit:
        with at_once(db):
            by_kit = account_keys.seal_by_kit(person, read_code(member.kit))
            store.save_by_kit(db, person, by_kit, clock.today())
            store.kit_checked(db, account.id, clock.today())
    return person


# Records


def _found(holder: Person, child: Child) -> str:
    book = Book(child.called, child.born, child.nation, new_sections())
    return keys.found_record(family(), office(), holder, book, clock.today())


def _keep(opened: Opened, piece: Piece, photos: Photos) -> None:
    section = opened.book.by_slug(piece.section)
    section_id = opened.just_us_id if piece.section == JUST_US else section.id if section else ""
    if piece.text:
        _file_letter(opened, section_id, piece, photos[piece.document["title"]].result())
        return
    entry = editing.add(opened, section_id, piece.document)
    if piece.document["kind"] == "about_me":
        _hang_portrait(opened, entry.id)


def _file_letter(opened: Opened, section_id: str, piece: Piece, photos: list[bytes]) -> None:
    draft_id = ""
    for photo in photos:
        draft_id = taking_in.take_in(opened, draft_id, "letter", photo).id
    moving.keep_draft(opened, draft_id, section_id, lambda document: sheets.settled(document) | piece.document)


def _hang_portrait(opened: Opened, entry_id: str) -> None:
    picture = clean(portrait()).pages[0]
    jpegs = {"image": (picture.jpeg, taking_in.JPEG), "thumb": (picture.thumbnail, taking_in.JPEG)}
    made = editing.attach(opened, entry_id, jpegs)

    def with_photo(document: Document) -> dict[str, Any]:
        files = {file.id: file.written() for file in made.values()}
        return document | {"photo": {name: file.id for name, file in made.items()}, "files": files}

    editing.revise(opened, entry_id, with_photo)
