"""A line in the log by somebody who has no keys to the record: a guest, a school that puts a letter into the letter-box."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from records import log, store
from records.letterbox import LetterBox
from records.office import Office
from records.witness import Seen


def note(
    db: Database, office: Office, record: tuple[str, bytes], box: LetterBox, words: dict[str, Any], proven: bytes | None = None
) -> Seen | None:
    """Write a line, in the transaction the caller has open. `record` is id and stamp.

    Returns what the witness is to be told after the commit and before the answer; None where the database is not the one that the
    witness knows: whoever put an old one back must not cover it up with lines of strangers. The next holder is told.
    """
    record_id, _stamp = record
    is_known = _matches_witness(db, office, record_id)
    head = log.append(db, office.secrets.log_key, record, (box.generation, box.public), words, proven)
    roster = store.rosters_from(db, record_id, store.newest_roster_number(db, record_id))[-1]
    return Seen(head.number, head.digest, roster.number, roster.digest) if is_known else None


def _matches_witness(db: Database, office: Office, record_id: str) -> bool:
    seen = office.witness.newest(record_id)
    if seen is None:
        # Of a record's very first line the witness may not have heard yet.
        return log.newest(db, record_id).number <= 0
    rosters = store.rosters_from(db, record_id, seen.roster_number)
    has_roster = bool(rosters) and (rosters[0].number, rosters[0].digest) == (seen.roster_number, seen.roster_digest)
    return has_roster and log.head_at(db, record_id, seen.log_number) == seen.log_head
