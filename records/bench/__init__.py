"""How fast the record is, beside the bare primitives doing the same bytes, in one run.

Ratios count: a machine may be slow, but what we put around a primitive should cost little beside it. Everything is made up, lies
in a folder that goes afterwards, and is kept as a real record keeps it: whole transactions, each on the disk before it is done.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from records.bench.house import House
from records.bench.planning import open_plan
from records.bench.reading import list_and_search, open_one
from records.bench.sharing import look, open_pack, read_log, withdraw
from records.bench.signing_in import sign_in
from records.bench.writing import keep_photo, rotate


def run(sizes: Sequence[int], echo: Callable[[str], None]) -> None:
    """Measure everything, and print figures and ratios."""
    sign_in(echo)
    with tempfile.TemporaryDirectory() as folder:
        here = House(Path(folder))
        open_one(here, echo)
        for size in sizes:
            list_and_search(here, size, echo)
        keep_photo(here, echo)
        rotate(here, echo)
        withdraw(here, echo)
        look(here, echo)
        read_log(here, echo)
        open_pack(here, echo)
        open_plan(here, echo)
        here.close()
