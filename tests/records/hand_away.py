"""The other process in tests that kill one: it brings a copy in and deletes a record, until it is killed.

`python -m tests.records.hand_away FOLDER`; prints "go" when it is about to begin.
"""

from __future__ import annotations

import sys
from pathlib import Path

from records import bringing, leaving
from records.gate import Gate
from tests.records.hand import read_person
from tests.records.people import TODAY, build

MOST_RECORDS = 2


def work(folder: Path) -> None:
    """One record in, and the oldest out, for ever."""
    house = build(folder)
    gate = Gate(house.db, house.office, read_person(folder / "person"), TODAY)
    print("go", flush=True)
    while True:
        with (folder / "copy.zip").open("rb") as copy:
            for _done in bringing.open_copy(gate, copy, []).bring_in(house.db):
                pass
        known = gate.record_ids()
        if len(known) > MOST_RECORDS:
            leaving.delete_record(gate.enter(known[0]))


if __name__ == "__main__":
    work(Path(sys.argv[1]))
