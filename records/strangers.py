"""A line in the log for somebody who is not signed in: a guest with a pack. It is written before they see anything.

They have no keys of the record, so what a holder's keyring would notice is held against the witness here. Where the database is
not the one that the witness knows, nothing more is written: a new line would cover up what was taken away.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from plumbing.clock import minute
from plumbing.crypto import CannotOpen
from records import letterbox, log, store
from records.office import Office
from records.witness import Seen


class NotWitnessed(Exception):
    """The line cannot be written as it has to be, so nothing is shown."""


def note(db: Database, office: Office, record_id: str, proof: bytes | None = None, **words: Any) -> Seen:
    """Write a line, in the transaction the caller has open; returns what the witness is to be told after the commit.

    With the `proof` of what they put in, where they did. Raises NotWitnessed.
    """
    record = store.record_row(db, record_id)
    if record is None:
        raise NotWitnessed
    try:
        _compare(db, office, record_id, record[1])
        box = letterbox.newest(db, office.secrets.server_key, record_id)
    except CannotOpen:
        raise NotWitnessed from None
    line = {"at": minute(), "who": "", **words}
    head = log.append(db, office.secrets.log_key, (record_id, record[1]), (box.generation, box.public), line, proof)
    newest = store.rosters_from(db, record_id, store.newest_roster_number(db, record_id))[-1]
    return Seen(head.number, head.digest, newest.number, newest.digest)


def _compare(db: Database, office: Office, record_id: str, stamp: bytes) -> None:
    """Raise CannotOpen unless the log and the roster go on from where the witness saw them last."""
    seen = office.witness.newest(record_id)
    if seen is None or log.head_at(db, record_id, seen.log_number) != seen.log_head:
        raise CannotOpen
    rosters = store.rosters_from(db, record_id, seen.roster_number)
    if not rosters or (rosters[0].number, rosters[0].digest) != (seen.roster_number, seen.roster_digest):
        raise CannotOpen
    log.verify(db, office.secrets.log_key, record_id, stamp, log.Head(seen.log_number, seen.log_head))
