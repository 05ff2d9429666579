"""A link to the letter-box: whoever has it can put a letter in, and sees nothing but the words the family chose for it.

The link ends in a code of 130 random bits. The row is named by one half of what is derived from it and sealed under the other:
whoever writes into the database can delete a link, and can neither make one nor lead it to another letter-box.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from sqlite_utils import Database

from plumbing.crypto import CannotOpen
from plumbing.crypto.code import new_code
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal
from records import canonical, editing, letterbox, store
from records.consent import Given, OpenLink, day_number, latest_last_day
from records.editing import Pen
from records.gate import Opened
from records.letterbox import LetterBox
from records.office import Office

_ID_BYTES = 16


class TooLong(Exception):
    """A last day that is over already, or more than twelve months away."""


@dataclass(frozen=True)
class Door:
    """Where a letter is put in: which record's letter-box, as it was when the family gave the link (or the grant).

    `label` is what the family wrote for whoever has the link; nothing else of them can be told from it.
    """

    record_id: str
    stamp: bytes
    box: LetterBox
    link_id: str = ""
    label: str = ""


def _halves(code: bytes) -> tuple[str, bytes]:
    """The name of the row, and the key of what is in it."""
    return derive(code, context("letterbox", "link", "id"), _ID_BYTES).hex(), derive(code, context("letterbox", "link", "key"))


def _bound(link_id: str, record_id: str, last_day: int) -> bytes:
    return context("letterbox", "link", link_id, record_id, last_day)


# The family's side


def open_link(opened: Opened, name: str, label: str, last_day: datetime.date) -> OpenLink:
    """Make a link for `name`; whoever opens it reads `label`. The same form sent twice is one link. Raises TooLong."""
    if not opened.today <= last_day <= latest_last_day(opened.today):
        raise TooLong
    code = new_code()
    link_id, key = _halves(code)
    link = OpenLink(link_id, canonical.text(code), name, day_number(opened.today), day_number(last_day), label)

    def make(opened: Opened) -> OpenLink:
        with editing.change(opened) as pen:
            same = next((one for one in live(opened) if replace(one, id=link.id, token=link.token) == link), None)
            if same:
                return same
            box = opened.letterbox
            said = {
                "v": 1,
                "stamp": canonical.text(opened.stamp),
                "letterbox": [box.generation, canonical.text(box.public)],
                "label": label,
            }
            sealed = seal(key, canonical.to_bytes(said), _bound(link_id, opened.record_id, link.last_day))
            row = {"id": link_id, "record_id": opened.record_id, "last_day": link.last_day}
            store.insert(opened.db, "letterbox_link", **row, sealed=sealed)
            pen.give(lambda given: replace(_without_overdue(given, opened.today), links=(*given.links, link)))
            pen.note("link_given", link=link_id, name=name)
        return link

    return editing.again(make, opened)


def _without_overdue(given: Given, today: datetime.date) -> Given:
    return replace(given, links=tuple(one for one in given.links if one.last_day >= day_number(today)))


def live(opened: Opened) -> list[OpenLink]:
    """The links that are open today, the newest first."""
    ended = opened.office.witness.ended()
    links = (one for one in opened.roster.given.links if one.last_day >= day_number(opened.today) and one.id not in ended)
    return sorted(links, key=lambda one: (one.made_on, one.id), reverse=True)


def close_link(opened: Opened, link_id: str) -> None:
    """Turn a link off, at once and for good. One that is off already stays so."""

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            over = [one for one in opened.roster.given.links if one.id == link_id]
            _end(pen, over)

    editing.again(make, opened)
    editing.truncate(opened)


def end_all(pen: Pen) -> None:
    """Turn every link off: the letter-box they lead to is not the family's own any more. In the change under way."""
    _end(pen, list(pen.opened.roster.given.links))


def _end(pen: Pen, over: list[OpenLink]) -> None:
    opened, ids = pen.opened, {one.id for one in over}
    if not over:
        return
    opened.office.witness.end(*ids)
    for link_id in ids:
        opened.db.execute("DELETE FROM letterbox_link WHERE id = ? AND record_id = ?", [link_id, opened.record_id])
    pen.give(lambda given: replace(given, links=tuple(one for one in given.links if one.id not in ids)))
    for one in over:
        pen.note("link_closed", link=one.id, name=one.name)


# The sender's side


def is_open(db: Database, office: Office, link_id: str, today: datetime.date) -> bool:
    """Whether there is such a link, as far as can be told without its code."""
    sql = "SELECT 1 FROM letterbox_link WHERE id = ? AND last_day >= ?"
    row = db.execute(sql, [link_id, day_number(today)]).fetchone()
    return row is not None and link_id not in office.witness.ended()


def find(db: Database, office: Office, code: bytes, today: datetime.date) -> Door:
    """What a link leads to. Raises CannotOpen where it is turned off, over, or was touched, and never says which."""
    link_id, key = _halves(code)
    sql = "SELECT record_id, last_day, sealed FROM letterbox_link WHERE id = ? AND last_day >= ?"
    row = db.execute(sql, [link_id, day_number(today)]).fetchone()
    if row is None or link_id in office.witness.ended() or office.witness.is_gone(row[0]):
        raise CannotOpen
    record_id, last_day, sealed = row
    said = canonical.from_bytes(unseal(key, sealed, _bound(link_id, record_id, last_day)))
    generation, public = said["letterbox"]
    box = LetterBox(generation, canonical.raw(public))
    # Another letter-box since: the link was given by somebody who holds the record no more, or the row is not ours.
    if letterbox.newest(db, office.secrets.server_key, record_id) != box:
        raise CannotOpen
    return Door(record_id, canonical.raw(said["stamp"]), box, link_id, said["label"])
