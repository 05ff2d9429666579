"""Changing a listing. Whoever does it, by form, import, merge or clock, does it here: so that there is always a history.

`save` is one step by itself. Inside `as_one` many saves are one step: all of them happen or none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlite_utils import Database

from directory import gazetteer, store
from directory.service import Service
from plumbing import clock
from plumbing.db import at_once


class ChangedMeanwhileError(Exception):
    """Somebody else saved the listing first: `version` is theirs."""

    def __init__(self, version: int) -> None:
        super().__init__("somebody else changed the listing")
        self.version = version


@contextmanager
def as_one(db: Database) -> Iterator[None]:
    """Everything saved within is one step, with what has to follow it: all or nothing."""
    with at_once(db):
        yield
        store.remove_unused_locations(db)
        gazetteer.refresh_towns(db)
        store.bump(db)


def save(
    db: Database,
    service: Service,
    by: str,
    why: str,
    job: str = "",
    *,
    expected: int | None = None,
    imported_digest: str | None = None,
) -> int:
    """Write a listing with its organisation and places; returns its new version.

    Inside a transaction that is open already it becomes part of it. `expected` is the version that whoever edits has seen: where
    another has come since nothing is written, and ChangedMeanwhileError says so. `imported_digest` is given by an import only:
    it cannot bring back what we retired, nor show an address that we hide.

    A place or organisation that other listings have in common is changed for all of them, and stands in their history too. To
    change it for this one alone, give it another id first.
    """
    if db.conn.in_transaction:
        return _write(db, service, by, why, job, expected, imported_digest)
    with as_one(db):
        return _write(db, service, by, why, job, expected, imported_digest)


def remove(db: Database, service_id: str, by: str, why: str, job: str = "") -> None:
    """Take a listing out altogether: only ever to undo its coming. Its history stays."""
    found = store.get_services(db, [service_id])
    if not found:
        return
    if not db.conn.in_transaction:
        with as_one(db):
            remove(db, service_id, by, why, job)
        return
    store.record(db, found[0], None, by, why, job)
    store.delete_service(db, service_id)


def _write(db: Database, service: Service, by: str, why: str, job: str, expected: int | None, imported_digest: str | None) -> int:
    before = {one.id: one for one in store.get_services(db, [service.id, *_touched(db, service)])}
    mine = before.get(service.id)
    if expected is not None and store.version(db, service.id) != expected:
        raise ChangedMeanwhileError(store.version(db, service.id))
    by_person = imported_digest is None
    if by_person and mine is not None:
        service = dated(service, mine)
    if service.organization:
        store.save_organization(
            db, service.organization, store.source_of_organization(db, service.organization.id) or service.source
        )
    for location in service.locations:
        store.save_location(db, location, may_show=by_person)
    hidden = service.hidden if by_person or mine is None else mine.hidden
    if hidden != "retired":
        store.came_back(db, service.id)
    store.save_service(
        db,
        service,
        # What a person wrote stays until the publisher says something new.
        imported_digest=store.imported_digest(db, service.id) if imported_digest is None else imported_digest,
        hidden=hidden,
    )
    for after in store.get_services(db, list(before) + ([] if mine else [service.id])):
        if after != before.get(after.id):
            store.tell_search(db, after.id)
            store.record(db, before.get(after.id), after, by, why, job)
    return store.version(db, service.id)


def dated(after: Service, before: Service) -> Service:
    """A listing that a person changes has changed today: whoever reads the feed sees by that day that theirs is an old one.

    One that has no such day of its own stands in the feed under the day on which it was written.
    """
    if not after.last_modified or replace(after, check=None) == replace(before, check=None):
        return after
    return replace(after, last_modified=clock.now().isoformat())


def _touched(db: Database, service: Service) -> list[str]:
    """Ids of the other listings that would change with this one, because a place or organisation of theirs does."""
    changed = [place.id for place in service.locations if (known := store.get_location(db, place.id)) and known != place]
    organization = service.organization
    if organization and store.get_organizations(db, [organization.id]).get(organization.id) in (None, organization):
        organization = None
    return store.sharing_listings(db, changed, organization.id if organization else "")
