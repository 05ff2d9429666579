"""The directory given away whole, in other people's formats. Each writes to an open file, a few hundred listings at a time.

What goes out is what the feed says: shown listings only, without private addresses or numbers that are kept back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from sqlite_utils import Database

from directory import store
from directory.exporting import hsds_csv, openreferral, spreadsheet
from directory.exporting.batches import Batches
from directory.feed.reading import read_index


@dataclass(frozen=True)
class Format:
    """One way to write the directory down: its file's ending, its kind, and what writes it."""

    ending: str
    mimetype: str
    write: Callable[[IO[bytes], Batches], None]


FORMATS = {
    "openreferral": Format("json", "application/json", openreferral.write),
    "ndjson": Format("ndjson", "application/x-ndjson", openreferral.write_lines),
    "hsds-csv": Format("zip", "application/zip", hsds_csv.write),
    "spreadsheet": Format("csv", "text/csv", spreadsheet.write),
}


def export(db: Database, format_: str, file: IO[bytes]) -> int:
    """Write every shown listing to a file, as the directory is at this moment; returns how many there were."""
    # One transaction: a change while we write would leave a listing twice, or an organisation missing.
    db.execute("BEGIN")
    try:
        batches = Batches(db, read_index(db, store.revision(db)))
        FORMATS[format_].write(file, batches)
    finally:
        db.conn.rollback()
    return len(batches.index.services)
