"""The history of listings: who changed what, when and why; and how it was before, to be brought back."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlite_utils import Database

from directory import store
from directory.identity import fresh_id
from directory.keeping import batches, editing
from directory.keeping.batches import Batch, Wanted
from directory.service import Service
from directory.store import record
from plumbing import clock

_MAY_UNDO_OWN = datetime.timedelta(days=1)

__all__ = ["Undone", "may_undo", "record", "restore", "settled", "undo"]


@dataclass(frozen=True)
class Undone:
    """What undoing a job did: listings put back, listings taken out again, and ids of those that were changed since and stay."""

    restored: int
    removed: int
    kept: tuple[str, ...]


def restore(db: Database, number: int, by: str, why: str = "", *, job: str = "") -> int:
    """Bring back a version; this makes a new one, whose number is returned. Raises LookupError where it cannot be."""
    revision = store.get_revision(db, number)
    if revision is None or revision.service is None:
        raise LookupError("there is no such version")
    if not db.conn.in_transaction:
        with editing.as_one(db):
            return restore(db, number, by, why, job=job)
    service = settled(db, revision.service, together={revision.service_id})
    return editing.save(db, service, by, why, job)


def may_undo(who: str, at: str, by: str, *, approval: bool) -> bool:
    """Whether `by` may undo what `who` did: where changes need approval, one's own of the last day, or somebody else's.

    Undoing changes what families read like any other change: after a day it needs a second person, and whoever undoes another's
    work is one.
    """
    is_fresh = clock.now() - datetime.datetime.fromisoformat(at) <= _MAY_UNDO_OWN
    return not approval or by != who or is_fresh


@dataclass(frozen=True)
class Undoing:
    """What undoing a job does: worked out before the directory is held, and only true while nobody changed anything."""

    batch: Batch
    restored: int
    removed: int
    kept: tuple[str, ...]


def plan(db: Database, job: str) -> Undoing:
    """Work out what undoing a job does."""
    revision, before = store.revision(db), store.before_job(db, job)
    kept = tuple(service_id for service_id, (_service, since) in before.items() if since)
    ids = before.keys() - set(kept)
    wanted = []
    for service_id in sorted(ids):
        service, _since = before[service_id]
        wanted.append(Wanted(service_id, settled(db, service, together=ids) if service else None, ""))
    restored = sum(one.service is not None for one in wanted)
    return Undoing(batches.plan(db, wanted, revision), restored, len(wanted) - restored, kept)


def undo(db: Database, job: str, by: str, why: str = "", undoing: Undoing | None = None) -> Undone:
    """Put everything back as it was before an import, merge or bulk action. What somebody changed since stays as they left it.

    `undoing` is what `plan` worked out before, if anybody did: it is worked out anew where the directory is another since.
    """
    if not db.conn.in_transaction:
        undoing = plan(db, job)
        with editing.as_one(db):
            return undo(db, job, by, why, undoing)
    if undoing is None or undoing.batch.revision != store.revision(db):
        undoing = plan(db, job)
    batches.write(db, undoing.batch, by, fresh_id(), why)
    return Undone(undoing.restored, undoing.removed, undoing.kept)


def settled(db: Database, service: Service, together: Collection[str]) -> Service:
    """An old version as it can stand today: what other listings (all but `together`) share with it now is not changed for them.

    An organisation is today's; a place that has changed since becomes a place of its own. An address that was hidden since stays
    hidden: whoever brings back an old name must not give away where a refuge is.
    """
    organization = service.organization
    if organization and set(store.services_run_by(db, organization.id)) - set(together):
        organization = store.get_organizations(db, [organization.id]).get(organization.id, organization)
    hidden, places = _hidden_places(db, service.id), []
    for place in service.locations:
        now = store.get_location(db, place.id)
        if place.id in hidden:
            place = replace(place, hides_address=True)
        shared = set(store.services_at(db, place.id)) - set(together)
        places.append(replace(place, id=fresh_id()) if shared and now != place else place)
    return replace(service, organization=organization, locations=tuple(places))


def _hidden_places(db: Database, service_id: str) -> set[str]:
    """Ids of a listing's places that are hidden today; of those that it has no more, as they were last."""
    last: dict[str, bool] = {}
    today = store.get_services(db, [service_id])
    versions = [*today, *(one.service for one in store.revisions(db, service_id) if one.service)]
    for place in (place for version in versions for place in version.locations):
        last.setdefault(place.id, place.hides_address)
    return {id_ for id_, hides in last.items() if hides}
