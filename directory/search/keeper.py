"""Keeping the index true: it is derived from the database, and whatever befalls it, it is made again from there.

See docs/decisions/0003-how-the-index-is-kept-true.md.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from directory import gazetteer, reference, store
from directory.places import Place
from directory.search.document import Document, guide_document, service_document
from directory.search.index import Index
from directory.search.segment import Segment
from directory.search.vocabulary import Vocabulary
from plumbing.db import BUSY_SECONDS

log = logging.getLogger(__name__)
# More changes than this at once, and writing all anew is quicker and leaves a tidier index.
_MANY_CHANGES = 400
_REBUILD_SECONDS = 300.0
_TELL_MILLISECONDS = 500
# Raised when the way documents are made or stored changes: an older index is then rebuilt.
_SHAPE = 7


@dataclass(frozen=True)
class Knowledge:
    """What questions are read with, as of one revision of the directory; `digest` says what documents are made with."""

    revision: int
    vocabulary: Vocabulary
    place_names: frozenset[str]
    own_towns: frozenset[str]
    digest: str


@dataclass(frozen=True)
class Health:
    """How the index stands: how many documents it has and should have, and changes it has not been told of."""

    documents: int
    expected: int
    waiting: int
    ok: bool


class Keeper:
    """Keeps the index in `folder` true to a database. Each process has its own; all share the files."""

    def __init__(self, folder: Path) -> None:
        self._index = Index(folder)
        self._lock = threading.RLock()
        self._knowledge: Knowledge | None = None
        self._verified = False

    def knowledge(self, db: Database) -> Knowledge:
        """Words and place names as they are now."""
        revision = store.revision(db)
        knowledge = self._knowledge
        if knowledge is None or knowledge.revision != revision:
            knowledge = _read_knowledge(db, revision)
            self._knowledge = knowledge
        return knowledge

    def segments(self, db: Database) -> list[Segment]:
        """The index, with everything that has changed up to now in it (or all but what another process is writing just now)."""
        try:
            try:
                self._catch_up(db)
            except (sqlite3.OperationalError, OSError) as error:
                # A locked database or a full disk: answering from the index as it was is better than no answer.
                log.warning("The search index could not be brought up to date (%s).", type(error).__name__)
            return self._index.segments()
        except sqlite3.Error:
            raise
        except Exception as error:  # whatever a damaged index makes the library raise, it can be made again
            return self.mend(db, error)

    def mend(self, db: Database, error: Exception) -> list[Segment]:
        """Make an index anew that raised `error`. Only the error's kind is logged: its text may hold what somebody typed."""
        log.error("The search index did not answer (%s); it is built anew.", type(error).__name__)
        self.rebuild(db)
        return self._index.segments()

    def _catch_up(self, db: Database) -> None:
        if not self._is_sound(db):
            self._rebuild(db, unless_sound=True)
            return
        waiting, _ = store.untold(db)
        if not waiting:
            return
        if self._is_behind(db):
            self._rebuild(db, unless_sound=True)
            return
        try:
            lock = self._index.writing(wait=0)
        except TimeoutError:
            return  # somebody else is at it; until they are done the index as it was is better than a wait
        try:
            # The transactions only read, or only write: one that did both could meet another writer between. Told last, so
            # that a death on the way leaves the changes to be told again.
            with db.atomic():
                waiting, number = store.untold(db)
                documents = list(_service_documents(db, waiting))
            self._index.apply(documents, set(waiting) - {document.id for document in documents})
            _tell(db, number)
        finally:
            lock.release()

    def _is_behind(self, db: Database) -> bool:
        """Whether what waits had better be told by writing all anew."""
        waiting, _ = store.untold(db)
        # What is deleted from an index stays in its files until they are written anew; the words of a place just hidden must not.
        return len(waiting) > _MANY_CHANGES or store.any_hidden(db, waiting)

    def _is_sound(self, db: Database) -> bool:
        if self._index.stamp().get("digest") != self.knowledge(db).digest:
            return False
        # Counted once a process: Whoosh never syncs its files, and a crash of the machine may have left less than it said.
        if not self._verified:
            self._verified = self.health(db).ok
        return self._verified

    def health(self, db: Database) -> Health:
        """How the index stands against the database. Raises what reading a damaged index raises."""
        waiting, _ = store.untold(db)
        expected = len(store.all_service_ids(db)) + len(reference.get_guides(db))
        documents = self._index.count() if self._index.exists() else 0
        return Health(documents, expected, len(waiting), ok=bool(waiting) or documents == expected)

    def rebuild(self, db: Database) -> int:
        """Write the whole index anew beside the old one, which goes on answering; returns how many documents it has."""
        return self._rebuild(db, unless_sound=False)

    def _rebuild(self, db: Database, *, unless_sound: bool) -> int:
        with self._lock:
            # Where there is an index that answers, nobody waits for a better one.
            lock = self._index.writing(wait=0 if unless_sound and self._is_sound(db) else _REBUILD_SECONDS)
            try:
                # Of several that found it missing or far behind, the first has made it while the others waited.
                if unless_sound and self._is_sound(db) and not self._is_behind(db):
                    return 0
                with db.atomic():
                    _, number = store.untold(db)
                    stamp = {"digest": self.knowledge(db).digest}
                    count = self._index.rebuild(_all_documents(db), stamp)
                _tell(db, number)
            finally:
                lock.release()
            self._verified = True
            return count


def _tell(db: Database, number: int) -> None:
    """Note what the index knows now. Told too late it would only be told again, so nobody waits long for a locked database."""
    db.execute(f"PRAGMA busy_timeout = {_TELL_MILLISECONDS}")
    try:
        with db.atomic():
            store.told(db, number)
    except sqlite3.OperationalError:
        log.info("The database was busy; the search index will be told again.")
    finally:
        db.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _read_knowledge(db: Database, revision: int) -> Knowledge:
    categories, needs = reference.get_categories(db), reference.get_needs(db)
    vocabulary = Vocabulary.of(reference.get_synonym_lines(db), categories.values(), needs.values())
    made_with = [f"{category.slug}={category.label}" for category in categories.values()]
    made_with += [f"{need.slug}={need.label}" for need in needs.values()]
    made_with += [f"{guide.slug}={guide.title}={guide.words}={guide.body}" for guide in reference.get_guides(db).values()]
    digest = hashlib.sha256("|".join([str(_SHAPE), *made_with]).encode()).hexdigest()
    return Knowledge(revision, vocabulary, gazetteer.place_names(db), gazetteer.towns_of_listings(db), digest)


def _all_documents(db: Database) -> Iterator[Document]:
    categories = reference.get_categories(db)
    for guide in reference.get_guides(db).values():
        yield guide_document(guide, categories)
    ids = store.all_service_ids(db)
    for start in range(0, len(ids), 1000):
        yield from _service_documents(db, ids[start : start + 1000])


def _service_documents(db: Database, ids: Sequence[str]) -> Iterator[Document]:
    categories, needs = reference.get_categories(db), reference.get_needs(db)
    counties: dict[str, Place | None] = {}
    for service in store.get_services(db, ids):
        if not service.is_shown:
            continue
        hidden = {}
        for location in service.locations:
            if location.hides_address:
                outcode = location.shown.postal_code
                middle = gazetteer.find_place(db, outcode) or gazetteer.find_place(db, location.city)
                if middle:
                    hidden[location.id] = middle.point
        for area in service.service_areas:
            if area.name not in counties:
                counties[area.name] = gazetteer.find_place(db, area.name)
        areas = [counties[area.name] for area in service.service_areas]
        yield service_document(store.shown(service), categories, needs, hidden, [area.point for area in areas if area])
