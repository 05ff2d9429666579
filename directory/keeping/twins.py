"""Likely twins: finding them, saying that they are two, and making one of two with nothing lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlite_utils import Database

from directory import merging, store
from directory import twins as matching
from directory.keeping import editing, history
from directory.keeping.history import Undone
from directory.keeping.provider_links import fingerprint
from directory.service import Service
from directory.store import following
from directory.store import twins as rows
from directory.twins import Card, Pair
from plumbing import clock
from plumbing.db import at_once
from plumbing.ids import new_id

# Whether a listing runs is asked of it, and when it was changed of nobody.
MERGED = tuple(name for name in merging.FIELDS if name not in {"last_modified", "assured_date", "assurer_email"})


@dataclass(frozen=True)
class Twin:
    """A listing that may be the same as another: its card, how likely (to 100), and what they share."""

    card: Card
    score: int
    same: tuple[str, ...]


def likely(db: Database, service: Service, most: int = 5) -> list[Twin]:
    """The likely twins of a listing, saved or not, the likeliest first."""
    card = rows.card_of(service)
    others = {other.id: other for other in rows.service_cards(db)}
    pairs = matching.likely_for(card, others.values(), unlike=rows.not_twins(db))
    return [Twin(others[pair.one if pair.one != card.id else pair.other], pair.score, pair.same) for pair in pairs[:most]]


def find(db: Database) -> bool:
    """Look for twins everywhere, where anything changed since that was last done; returns whether it was done."""
    revision = store.revision(db)
    if rows.twins_found_at(db) == revision:
        return False
    unlike = rows.not_twins(db)
    found = {
        "service": matching.likely(rows.service_cards(db), unlike=unlike),
        "organization": matching.likely(rows.organization_cards(db), unlike=unlike),
    }
    with at_once(db):
        for kind, pairs in found.items():
            rows.keep_twins(db, kind, pairs)
        # Whoever said meanwhile that two are not twins is not asked again.
        db.execute("DELETE FROM twin WHERE (one, other) IN (SELECT one, other FROM not_twins)")
        rows.twins_are_found(db, revision)
    return True


def are_two(db: Database, one: str, other: str, who: str) -> None:
    """Remember that these are not twins."""
    with at_once(db):
        rows.remember_not_twins(db, one, other, who, clock.now().isoformat())


def differing(one: Service, other: Service) -> tuple[str, ...]:
    """The fields in which two listings differ, and which of them to keep is therefore asked."""
    return tuple(name for name in MERGED if getattr(one, name) != getattr(other, name))


def together(keep: Service, other: Service, take: Collection[str]) -> Service:
    """`keep` with the fields in `take` from the other."""
    return replace(keep, **{name: getattr(other, name) for name in take if name in MERGED})


def merge(db: Database, keep_id: str, other_id: str, take: Collection[str], who: str, versions: tuple[int, int]) -> str:
    """Make one of two; returns the job, by which it can be undone.

    The other is retired with its whole history, and its address leads to the one that was kept, as do what people reported of
    it, the links its provider has, and the leaflets and answers that name it. Its checks count for the one that was kept only
    where that says now all that the other said; else they are history. Raises ChangedMeanwhileError where either is not at the
    version that was seen, and LookupError where one is not there.
    """
    job = new_id()
    with editing.as_one(db):
        found = {service.id: service for service in store.get_services(db, [keep_id, other_id])}
        if len(found) != 2 or rows.follow(db, [keep_id, other_id]):
            raise LookupError("one of the two is not there")
        if store.version(db, other_id) != versions[1]:
            raise editing.ChangedMeanwhileError(store.version(db, other_id))
        keep, other = found[keep_id], found[other_id]
        editing.save(db, together(keep, other, take), who, "merge", job, expected=versions[0])
        # What it said stays in its history: only its being listed ends.
        editing.save(db, replace(other, hidden="retired"), who, "merge", job)
        following.follow_listing(
            db,
            job,
            other_id,
            keep_id,
            with_checks=set(differing(keep, other)) <= set(take),
            fingerprint=fingerprint(store.get_services(db, [keep_id])[0]),
        )
        rows.add_moved(db, other_id, keep_id, job)
        db.execute("DELETE FROM twin WHERE ? IN (one, other)", [other_id])
    return job


def merge_organizations(db: Database, keep_id: str, other_id: str, who: str) -> str:
    """Have one organisation run what both did; returns the job. The other goes; its address leads to the one that was kept."""
    job = new_id()
    with editing.as_one(db):
        found = store.get_organizations(db, [keep_id, other_id])
        if len(found) != 2 or rows.follow(db, [keep_id, other_id]):
            raise LookupError("one of the two is not there")
        for service in store.get_services(db, store.services_run_by(db, other_id)):
            editing.save(db, replace(service, organization=found[keep_id]), who, "merge", job)
        following.follow_organization(db, job, other_id, keep_id)
        rows.add_moved(db, other_id, keep_id, job)
        db.execute("DELETE FROM twin WHERE ? IN (one, other)", [other_id])
    return job


def unmerge(db: Database, job: str, who: str) -> Undone:
    """Make two of one again. A listing that was changed since the merge keeps that change, and only the other comes back."""
    with editing.as_one(db):
        following.come_back(db, job)
        undone = history.undo(db, job, who, "undo")
        rows.remove_moved(db, job)
    return undone


__all__ = [
    "MERGED",
    "Pair",
    "Twin",
    "are_two",
    "differing",
    "find",
    "likely",
    "merge",
    "merge_organizations",
    "together",
    "unmerge",
]
