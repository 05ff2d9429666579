"""Three copies of one listing made into one: as its publisher sent it last time, as it is with us now, as they send it today.

What only one side changed is taken from that side. Where both changed the same thing a person decides; until then ours stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace

from directory.location import Location
from directory.service import Service

# Neither a publisher nor a merge decides these: who a listing is, whether we show it, and when it was checked.
_OURS = frozenset({"id", "source", "source_id", "hidden", "check"})
FIELDS = tuple(field.name for field in fields(Service) if field.name not in _OURS)
# What changes at every sending and tells a reader nothing.
QUIET = frozenset({"last_modified", "assurer_email"})


@dataclass(frozen=True)
class Change:
    """One thing in which the copies differ. `by` says who changed it since last time: they, we, or both (and not alike)."""

    field: str
    by: str


def settled(service: Service, known: Service | None = None) -> Service:
    """A publisher's copy in the form in which the directory would keep it: so that only what differs is a difference.

    `known` is the listing as it is with us: an address that we hide stays hidden, whatever they say.
    """
    hidden = {location.id for location in known.locations if location.hides_address} if known else set()
    places: dict[str, Location] = {}
    for location in service.locations:
        if location.id not in places or location.hides_address:
            places[location.id] = location
    return replace(
        service,
        check=None,
        categories=tuple(dict.fromkeys(service.categories)),
        needs=tuple(dict.fromkeys(service.needs)),
        delivery=tuple(dict.fromkeys(service.delivery)),
        referral_route=replace(service.referral_route, kinds=tuple(dict.fromkeys(service.referral_route.kinds))),
        locations=tuple(replace(place, hides_address=place.hides_address or place.id in hidden) for place in places.values()),
    )


def changes(base: Service, ours: Service, theirs: Service) -> list[Change]:
    """Everything in which ours and theirs differ now."""
    found = []
    for name in FIELDS:
        before, here, there = (getattr(copy, name) for copy in (base, ours, theirs))
        if _same(here, there):
            continue
        by = "they" if _same(before, here) else "we" if _same(before, there) else "both"
        found.append(Change(name, by))
    return found


def merged(base: Service, ours: Service, theirs: Service, take: Collection[str] = ()) -> Service:
    """Ours with what they changed. Of what both changed only the fields in `take` are taken from them."""
    taken = {
        change.field: getattr(theirs, change.field)
        for change in changes(base, ours, theirs)
        if change.by == "they" or (change.by == "both" and change.field in take)
    }
    return replace(ours, **taken)


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return re.sub(r"\s+", " ", one).strip() == re.sub(r"\s+", " ", other).strip()
    return one == other
