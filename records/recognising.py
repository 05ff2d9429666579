"""A record is recognised again by somebody who lost everything, their keyring with it.

Usually what somebody believes of a record follows from words that they were told. Who begins anew with new keys has none: the
database shows them a record, and nothing vouches for its being the one they knew. So they compare: six words over the record's
stamp, read out by the family from a page of theirs. Somebody who writes into the database can make up a record and give a part of
it to anybody; its six words are others. Whoever says yes without comparing pins what the database shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from accounts import keyring
from accounts.person import Person
from accounts.spoken import six_words
from plumbing.clock import minute
from plumbing.crypto import CannotOpen
from plumbing.db import at_once
from records import canonical, letterbox, log, store
from records.consent import day_number
from records.gate import NotYours
from records.office import Office
from records.statement import read_chain
from records.witness import Seen


@dataclass(frozen=True)
class Unknown:
    """A record that is shared with somebody who does not know it: the words that the family reads out to them."""

    record_id: str
    words: str


def words_of(stamp: bytes) -> str:
    """A record's six words, as a holder reads them out."""
    return six_words(stamp)


def unknown(db: Database, office: Office, person: Person, today: date) -> list[Unknown]:
    """The records that somebody has live grants on, to the keys they have now, and has pinned nothing of."""
    sql = (
        "SELECT DISTINCT record_id, id FROM consent WHERE account_id = ? AND generation = ? AND last_day >= ? ORDER BY record_id"
    )
    rows = db.execute(sql, [person.account_id, person.generation, day_number(today)]).fetchall()
    pins, ended = keyring.read(db, person), office.witness.ended()
    ids = dict.fromkeys(record_id for record_id, grant_id in rows if record_id not in pins and grant_id not in ended)
    there = (record_id for record_id in ids if not office.witness.is_gone(record_id))
    return [Unknown(record_id, words_of(_stamp(db, record_id))) for record_id in there]


def _stamp(db: Database, record_id: str) -> bytes:
    row = store.record_row(db, record_id)
    if row is None:
        raise CannotOpen
    return row[1]


def recognise(db: Database, office: Office, person: Person, found: Unknown, today: date) -> None:
    """Pin a record whose words were compared.

    Raises NotYours where it is not to be recognised, or has other words by now; CannotOpen where its statements do not hold.
    """
    with at_once(db):
        if found not in unknown(db, office, person, today):
            raise NotYours
        record_id, stamp = found.record_id, _stamp(db, found.record_id)
        statements = store.statements(db, record_id)
        read_chain(record_id, statements, stamp)
        roster = store.rosters_from(db, record_id, store.newest_roster_number(db, record_id))[-1]
        box = letterbox.newest(db, office.secrets.server_key, record_id)
        words = {"at": minute(), "who": person.account_id, "what": "recognised"}
        head = log.append(db, office.secrets.log_key, (record_id, stamp), (box.generation, box.public), words)
        pinned = {
            "stamp": canonical.text(stamp),
            "statement": [statements[-1].number, canonical.text(statements[-1].digest)],
            "roster": [roster.number, canonical.text(roster.digest)],
            "log": [head.number, canonical.text(head.digest)],
            "reads": True,
        }
        keyring.write(db, person, keyring.read(db, person) | {record_id: pinned})
    office.witness.saw(record_id, Seen(head.number, head.digest, roster.number, roster.digest))
