"""An officer's leaflets: saved, published, copied, retired. Of two who save at once the second is shown what the first wrote."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from directory import store
from directory.leaflet import Leaflet, slug_of
from plumbing import clock
from plumbing.db import at_once
from plumbing.ids import new_id


class LeafletChangedError(Exception):
    """Somebody else saved since this one was opened. Holds the leaflet as they left it."""

    def __init__(self, theirs: Leaflet) -> None:
        super().__init__("the leaflet has a newer version")
        self.theirs = theirs


def save(db: Database, leaflet: Leaflet, by: str) -> Leaflet:
    """Keep a leaflet whose `version` is the one its writer has seen (0: new). Raises LeafletChangedError."""
    with at_once(db):
        was = store.get_leaflet(db, leaflet.id)
        if was and was.version != leaflet.version:
            raise LeafletChangedError(was)
        # A leaflet that was ever published keeps its address: it stands on paper.
        slug = was.slug if was and was.status != "draft" else _free_slug(db, leaflet)
        kept = replace(
            leaflet,
            slug=slug,
            status=was.status if was else "draft",
            version=leaflet.version + 1,
            changed_at=clock.minute(),
            changed_by=by,
        )
        store.save_leaflet(db, kept)
    return kept


def set_status(db: Database, id_: str, status: str, by: str) -> Leaflet | None:
    """Publish a leaflet, take it back to be worked on, or retire it; None where there is none."""
    with at_once(db):
        was = store.get_leaflet(db, id_)
        if was is None:
            return None
        now = replace(was, status=status, version=was.version + 1, changed_at=clock.minute(), changed_by=by)
        store.save_leaflet(db, now)
    return now


def copy(db: Database, leaflet: Leaflet, title: str, by: str) -> Leaflet:
    """A draft like this leaflet, under another title."""
    return save(db, replace(leaflet, id=new_id(), title=title, version=0), by)


def _free_slug(db: Database, leaflet: Leaflet) -> str:
    """The title's name in an address, with a number where another leaflet has it."""
    wanted = slug_of(leaflet.title)
    for number in range(1, 1000):
        slug = wanted if number == 1 else f"{wanted}-{number}"
        taken = store.get_leaflet_by_slug(db, slug)
        if taken is None or taken.id == leaflet.id:
            return slug
    return f"{wanted}-{leaflet.id}"
