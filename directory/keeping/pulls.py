"""Feeds that are asked by the clock. What is new waits for an officer, or by their wish what is safe happens by itself.

Safe is a change to a listing that we have, where nobody here changed the same thing: new listings, and those that are missing,
are always for a person to decide. A feed that fails is asked again later and later, and the desk says so.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass, fields, replace

from sqlite_utils import Database

from directory import store
from directory.importers import NothingNewError, UnreadableError, openreferral
from directory.importers.openreferral import Heard, Since
from directory.keeping import imports
from directory.keeping.imports import Workshop
from directory.store import imports as rows
from directory.store.rows import insert, query
from plumbing import clock
from plumbing.db import at_once
from plumbing.errors import place_of
from plumbing.ids import new_id

log = logging.getLogger(__name__)
EVERY = {"day": datetime.timedelta(days=1), "week": datetime.timedelta(days=7)}
# Only a whole feed shows what is missing from it; in between what changed is enough.
_WHOLE_AGAIN = datetime.timedelta(days=30)
_FIRST_WAIT, _LONGEST_WAIT = datetime.timedelta(hours=1), datetime.timedelta(days=7)
# What more than so much of a source changes at once is a slip of theirs as likely as news.
_MOST_AT_ONCE = 0.25


@dataclass(frozen=True)
class Pull:
    """One feed. `asked_at` is when it last answered, `words` what went wrong the last time, `failures` how often in a row."""

    id: str
    source: str
    address: str
    every: str
    who: str
    next_at: str
    by_itself: bool = False
    etag: str = ""
    asked_at: str = ""
    whole_at: str = ""
    failures: int = 0
    words: str = ""


_NAMES = [field.name for field in fields(Pull)]


def add(db: Database, source: str, address: str, every: str, who: str, *, by_itself: bool = False) -> str:
    """Have a feed asked, the first time at the next tidying."""
    pull = Pull(new_id(), source, address, every, who, clock.now().isoformat(), by_itself)
    with at_once(db):
        insert(db, "pull", {name: getattr(pull, name) for name in _NAMES})
    return pull.id


def get(db: Database, id_: str) -> Pull | None:
    """A feed, or None."""
    return next((pull for pull in every_pull(db) if pull.id == id_), None)


def every_pull(db: Database) -> list[Pull]:
    """Every feed, by name."""
    found = query(db, "SELECT * FROM pull ORDER BY source COLLATE NOCASE, id")
    return [Pull(**{name: row[name] for name in _NAMES} | {"by_itself": bool(row["by_itself"])}) for row in found]


def stop(db: Database, id_: str) -> None:
    """Ask a feed no more. Its listings stay."""
    with at_once(db):
        db.execute("DELETE FROM pull WHERE id = ?", [id_])


def ask_soon(db: Database, id_: str) -> None:
    """Have a feed asked at the next tidying, whole."""
    _set(db, id_, next_at=clock.now().isoformat(), whole_at="", etag="")


def _set(db: Database, id_: str, **values: object) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    with at_once(db):
        db.execute(f"UPDATE pull SET {sets} WHERE id = ?", [*values.values(), id_])  # noqa: S608 - names of fields


def pull_all(db: Database, shop: Workshop) -> int:
    """Ask every feed whose time has come; returns how many."""
    due = [pull for pull in every_pull(db) if pull.next_at <= clock.now().isoformat()]
    for pull in due:
        _pull(db, shop, pull)
    return len(due)


def _pull(db: Database, shop: Workshop, pull: Pull) -> None:
    now = clock.now()
    whole = not pull.whole_at or datetime.datetime.fromisoformat(pull.whole_at) + _WHOLE_AGAIN <= now
    since = Since() if whole else Since(pull.etag, "" if pull.etag else pull.asked_at)
    heard = Heard()
    # Moved on before anything else: a feed that kills whoever reads it is not read again at once.
    _set(db, pull.id, next_at=(now + _wait(pull.failures + 1)).isoformat())
    try:
        readings = list(openreferral.read_address(pull.address, shop.limits, since, heard))
        _keep(db, shop, pull, readings, whole=whole or (bool(pull.etag) and bool(heard.etag)))
    except NothingNewError:
        heard.etag = pull.etag
        whole = False
    except UnreadableError as error:
        _failed(db, pull, str(error))
        return
    except Exception as error:
        log.error("Pull failed: %s at %s", type(error).__name__, place_of(error))
        _failed(db, pull, "Something went wrong on our side.")
        return
    said = {"asked_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "etag": heard.etag, "failures": 0, "words": ""}
    _set(db, pull.id, next_at=(now + EVERY[pull.every]).isoformat(), **said, **({"whole_at": now.isoformat()} if whole else {}))


def _failed(db: Database, pull: Pull, words: str) -> None:
    _set(db, pull.id, failures=pull.failures + 1, words=words[:500])


def _wait(failures: int) -> datetime.timedelta:
    """How long a feed that failed so often is left alone.

    >>> [str(_wait(failures)) for failures in (1, 2, 3, 20)]
    ['1:00:00', '2:00:00', '4:00:00', '7 days, 0:00:00']
    """
    return min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(failures - 1, 12))


def _keep(db: Database, shop: Workshop, pull: Pull, readings: list[imports.Reading], *, whole: bool) -> None:
    """Keep what came as a preview; where nothing is new, keep nothing."""
    for old in rows.list_jobs(db, ("ready", "failed")):
        if old.pull == pull.id:
            imports.drop(db, shop, old.id)
    id_ = new_id()
    job = rows.ImportJob(
        id_, "ready", pull.address, pull.who, clock.now().isoformat(), pull.source, pull.address, pull=pull.id, whole=whole
    )
    with at_once(db):
        rows.add_job(db, job)
    try:
        imports.keep_preview(db, shop, job, "openreferral", readings)
    except BaseException:
        imports.drop(db, shop, id_)
        raise
    counts = rows.counts(db, id_)
    if not sum(counts[kind] for kind in (*rows.CHOICES, "refused")):
        imports.drop(db, shop, id_)
    elif pull.by_itself:
        _do_what_is_safe(db, shop, job, counts["changed"])


def _do_what_is_safe(db: Database, shop: Workshop, job: rows.ImportJob, changed: int) -> None:
    listings = len(store.imported_digests(db, job.source))
    if not changed or changed > max(5, listings * _MOST_AT_ONCE):
        return
    rest = replace(job, id=new_id(), begun_at=clock.now().isoformat())
    with at_once(db):
        # What is not safe waits as an import of its own.
        if rows.move_unsafe(db, job.id, rest.id):
            rows.add_job(db, replace(rest, refused=rows.counts(db, rest.id)["refused"]))
            rows.set_job(db, job.id, refused=0)
        rows.choose(db, job.id, chosen=True)
    imports.ask(db, job.id, "applying", if_="ready")
    imports.work(db, shop)
