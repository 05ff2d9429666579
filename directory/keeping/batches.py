"""Many listings saved as one step. While the directory is held everybody else waits: all that can be is worked out beforehand.

What a batch cannot do at once (a place or an organisation that other listings have, too; what comes back after it was retired)
goes the way of every other change, `editing.save`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from directory import store
from directory.keeping import editing
from directory.location import Location
from directory.organization import Organization
from directory.service import Service


@dataclass(frozen=True)
class Wanted:
    """A listing as it is to be; without `service` it is taken out. `digest` is given by an import only, as `editing.save` says.

    `text` is the listing as its history will keep it, where somebody has it already.
    """

    id: str
    service: Service | None
    why: str
    digest: str | None = None
    text: str = ""


@dataclass
class Batch:
    """What is to be written, and at which revision of the directory that was worked out: at another it is not true any more."""

    revision: int
    organizations: dict[str, tuple[Organization, str]] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    added: list[tuple[Service, str]] = field(default_factory=list)
    changed: list[tuple[Service, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    slowly: list[Wanted] = field(default_factory=list)
    # Versions that nobody wrote down yet, and those that come now, by the reason.
    earlier: list[tuple[str, str]] = field(default_factory=list)
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))


def plan(db: Database, wanted: Iterable[Wanted], revision: int) -> Batch:
    """Work out what is to be written. Nothing is written yet, and nobody has to wait.

    `revision` is the directory's from before what is wanted was found out: of what changes meanwhile nobody knows which half was
    read before.
    """
    batch, wanted = Batch(revision), list(wanted)
    ids = [one.id for one in wanted]
    ours = {service.id: service for service in store.get_services(db, ids)}
    last, digests = store.last_texts(db, list(ours)), store.digests_of(db, list(ours))
    new = [one.service for one in wanted if one.service and one.id not in ours]
    known_places = store.known_locations(db, {place.id for service in new for place in service.locations})
    known = store.get_organizations(db, {service.organization.id for service in new if service.organization})
    for one in wanted:
        mine = ours.get(one.id)
        if one.service is None:
            if mine is not None:
                batch.removed.append(one.id)
                _note(batch, one, mine, "", last)
        elif mine is None:
            if _is_apart(batch, one.service, known, known_places):
                batch.added.append((one.service, one.digest or ""))
                batch.texts[one.why].append((one.id, one.text or store.text_of(one.service)))
            else:
                batch.slowly.append(one)
        elif _touches_others(mine, one.service) or (mine.hidden == "retired" and one.service.hidden != "retired"):
            batch.slowly.append(one)
        else:
            # What we do not list is not for a publisher to bring back.
            after = replace(one.service, hidden=mine.hidden if one.digest is not None else one.service.hidden, check=mine.check)
            if one.digest is None:
                after = editing.dated(after, mine)
            batch.changed.append((after, digests[one.id] if one.digest is None else one.digest))
            if after != mine:
                _note(batch, one, mine, store.text_of(after), last)
    return batch


def write(db: Database, batch: Batch, by: str, job: str, why: str = "") -> None:
    """Write what was worked out, inside the caller's `editing.as_one`; with `why`, for that reason instead of each one's own."""
    for organization, source in batch.organizations.values():
        store.save_organization(db, organization, source)
    store.add_locations(db, batch.places.values())
    store.add_services(db, batch.added)
    store.replace_services(db, batch.changed)
    store.delete_services(db, batch.removed)
    store.record_all(db, batch.earlier, "", "")
    for reason, texts in batch.texts.items():
        store.record_all(db, texts, by, why or reason, job)
    for one in batch.slowly:
        if one.service:
            editing.save(db, one.service, by, why or one.why, job, imported_digest=one.digest)


def _note(batch: Batch, one: Wanted, mine: Service, text: str, last: dict[str, str]) -> None:
    before = store.text_of(mine)
    if last.get(one.id) != before:
        batch.earlier.append((one.id, before))
    batch.texts[one.why].append((one.id, text))


def _is_apart(batch: Batch, service: Service, known: dict[str, Organization], known_places: dict[str, Location | None]) -> bool:
    """Whether a new listing changes nothing of others: its organisation and places are new, or as they are already."""
    organization = service.organization
    if organization:
        there = known.get(organization.id) or batch.organizations.get(organization.id, (None, ""))[0]
        if there not in (None, organization):
            return False
    for place in service.locations:
        if place.id in known_places and known_places[place.id] != place:
            return False
        if batch.places.get(place.id, place) != place:
            return False
    if organization and organization.id not in known:
        batch.organizations.setdefault(organization.id, (organization, service.source))
    batch.places |= {place.id: place for place in service.locations if place.id not in known_places}
    return True


def _touches_others(mine: Service, after: Service) -> bool:
    places = {place.id: place for place in mine.locations}
    return mine.organization != after.organization or any(places.get(place.id) != place for place in after.locations)
