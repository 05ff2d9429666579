"""The feed out of the database: which listings somebody asked for, and their documents, read in bulk."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from directory import reference, store
from directory.feed.documents import (
    brief_document,
    full_document,
    link_id,
    minimal_document,
    organization_document,
    places,
)
from directory.feed.naming import Naming, as_uuid, claimed_twice
from directory.feed.terms import CATEGORIES, NEEDS, Document, Terms
from directory.location import Location
from directory.places import EARTH_DIAMETER_MILES, miles_between
from directory.service import Service

CHUNK = 500
METRES_A_MILE = 1609.344
FORMS = ("minimal", "brief", "full")


@dataclass(frozen=True)
class Index:
    """Ids of the feed, as of one revision of the directory: what each stands for with us."""

    revision: int
    naming: Naming
    # Ids of every shown service, in order; whether one is shown still is asked again when it is read.
    services: Sequence[str] = field(repr=False)
    organizations: Mapping[str, str] = field(repr=False)
    links: Mapping[str, str] = field(repr=False)


class Feed:
    """Keeps the `Index` of this process. Safe to share between threads."""

    def __init__(self) -> None:
        self._index: Index | None = None
        self._lock = threading.Lock()

    def index(self, db: Database) -> Index:
        """The index as it is now."""
        revision = store.revision(db)
        index = self._index
        if index is None or index.revision != revision:
            with self._lock:
                index = self._index
                if index is None or index.revision != revision:
                    index = self._index = read_index(db, revision)
        return index


def read_index(db: Database, revision: int) -> Index:
    """Read every id anew: some tens of milliseconds for ten thousand listings."""
    terms = Terms.of(reference.get_categories(db).values(), reference.get_needs(db).values())
    owners = [(row["id"], row["source_id"]) for row in db.query("SELECT id, source_id FROM organization ORDER BY id")]
    sites = [(row["id"], row["source_id"]) for row in db.query("SELECT id, source_id FROM location ORDER BY id")]
    claims = [as_uuid(foreign) or own for own, foreign in owners + sites]
    naming = Naming(terms, claimed_twice(claims))
    links: dict[str, str] = {}
    for row in db.query(
        "SELECT sl.service_id, sl.position, l.id, l.source_id, l.hides_address FROM service_at_location sl "
        "JOIN location l ON l.id = sl.location_id ORDER BY sl.service_id, sl.position"
    ):
        place = Location(id=row["id"], source_id=row["source_id"], hides_address=bool(row["hides_address"]))
        links[link_id(row["service_id"], naming.location(row["service_id"], row["position"], place))] = row["service_id"]
    public = {naming.id_of(own, foreign): own for own, foreign in owners}
    return Index(revision, naming, store.all_service_ids(db), public, links)


# -- which listings


def with_term(db: Database, index: Index, term: str) -> set[str]:
    """Ids of services that carry a term: one of ours by id or slug, one of the LGA's list, or a publisher's by id or address."""
    categories, needs = index.naming.terms.slugs(term)
    found = _services(db, "SELECT service_id FROM service_category WHERE category", categories)
    found |= _services(db, "SELECT service_id FROM service_need WHERE need", needs)
    theirs = "SELECT service_id FROM attribute WHERE term_uri = :term OR lower(id) = :id"
    return found | {row["service_id"] for row in db.query(theirs, {"term": term, "id": term.lower()})}


def with_taxonomy(db: Database, taxonomy: str) -> set[str]:
    """Ids of services that carry any term of a taxonomy: ours by id, a publisher's by name."""
    ours = {CATEGORIES["id"]: "service_category", NEEDS["id"]: "service_need"}.get(taxonomy.lower())
    if ours:
        return {row["service_id"] for row in db.query(f"SELECT DISTINCT service_id FROM {ours}")}  # noqa: S608 - two fixed names
    return {row["service_id"] for row in db.query("SELECT service_id FROM attribute WHERE taxonomy = ?", [taxonomy])}


def _services(db: Database, sql: str, values: Sequence[str]) -> set[str]:
    marks = ",".join("?" * len(values))
    return {row["service_id"] for row in db.query(f"{sql} IN ({marks})", list(values))} if values else set()


def of_organization(db: Database, index: Index, organization: str) -> set[str]:
    """Ids of the services of an organisation, by its id in the feed."""
    own = index.organizations.get(organization.lower())
    return {row["id"] for row in db.query("SELECT id FROM service WHERE organization_id = ?", [own])} if own else set()


def modified_after(db: Database, moment: str) -> set[str]:
    """Ids of services that came, changed or were checked here at a moment (in UTC) or later, whatever their publisher says."""
    changed = {row["id"] for row in db.query("SELECT id FROM service WHERE changed_at >= ?", [moment])}
    checked = db.query("SELECT service_id FROM service_check WHERE checked_on >= ?", [moment[:10]])
    return changed | {row["service_id"] for row in checked}


@dataclass(frozen=True)
class Site:
    """A shown service at one of its places, with the metres to where somebody asked from (None: not known, or not to be told)."""

    service_id: str
    position: int
    metres: float | None = None


def sites(db: Database, services: Sequence[str], centre: tuple[float, float] | None, within: float | None) -> list[Site]:
    """The places of these services, in their order, or nearest first from `centre` and no farther than `within` metres.

    How far a private place is from anywhere is never told: by asking from three sides it could be found.
    """
    rank = {id_: number for number, id_ in enumerate(services)}
    found = []
    for row in db.query(
        "SELECT sl.service_id, sl.position, l.latitude, l.longitude, l.hides_address FROM service_at_location sl "
        "JOIN location l ON l.id = sl.location_id"
    ):
        if row["service_id"] not in rank:
            continue
        metres = None
        if centre and not row["hides_address"] and row["latitude"] is not None and row["longitude"] is not None:
            metres = miles_between(centre, (row["latitude"], row["longitude"])) * METRES_A_MILE
        if within is None or (metres is not None and metres <= within):
            found.append(Site(row["service_id"], row["position"], metres))
    farthest = EARTH_DIAMETER_MILES * METRES_A_MILE * 2
    return sorted(
        found,
        key=lambda site: (farthest if centre and site.metres is None else site.metres or 0, rank[site.service_id], site.position),
    )


# -- their documents


def documents(db: Database, index: Index, ids: Sequence[str], form: str = "full") -> list[Document]:
    """The documents of those of these services that are shown, in order; `form` is one of FORMS."""
    changed = changed_at(db, ids)

    def document(service: Service) -> Document:
        if form == "minimal":
            return minimal_document(service, changed[service.id])
        make = full_document if form == "full" else brief_document
        return make(service, changed[service.id], index.naming)

    return [document(service) for service in store.get_services(db, ids) if service.is_shown]


def minimal_documents(db: Database, ids: Sequence[str]) -> Iterator[Document]:
    """Id, name, status and time of shown services, without reading all that hangs on them."""
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        rows = {row["id"]: row for row in db.query(
            f"SELECT id, name, status, last_modified, changed_at FROM service WHERE id IN ({marks})", part  # noqa: S608
        )}  # fmt: skip
        for id_ in part:
            if id_ in rows:
                row = rows[id_]
                service = Service(id=id_, name=row["name"], status=row["status"], last_modified=row["last_modified"])
                yield minimal_document(service, row["changed_at"])


def changed_at(db: Database, ids: Sequence[str]) -> dict[str, str]:
    """When each of these services was last written here."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), CHUNK):
        part = list(ids[start : start + CHUNK])
        marks = ",".join("?" * len(part))
        found |= {row["id"]: row["changed_at"] for row in db.query(
            f"SELECT id, changed_at FROM service WHERE id IN ({marks})", part  # noqa: S608
        )}  # fmt: skip
    return found


def site_documents(db: Database, index: Index, wanted: Sequence[Site], *, full: bool) -> list[Document]:
    """Services at places: short, or with everything nested."""
    ids = list(dict.fromkeys(site.service_id for site in wanted))
    services = {service.id: service for service in store.get_services(db, ids) if service.is_shown}
    changed = changed_at(db, ids)
    found = []
    for site in wanted:
        service = services.get(site.service_id)
        if service is None or site.position >= len(service.locations):
            continue
        link, place = places(service, index.naming)[site.position]
        if full:
            nested = full_document(service, changed[service.id], index.naming)
            nested.pop("service_at_locations")
        else:
            nested = brief_document(service, changed[service.id], index.naming)
            place = {name: value for name, value in place.items() if name not in {"addresses", "accessibility"}}
        found.append(link | {"location": place, "service": nested})
    return found


def organization_ids(db: Database, services: Sequence[str]) -> dict[str, list[str]]:
    """Our ids of the organisations that run these services, in order, each with its services."""
    shown = set(services)
    found: dict[str, list[str]] = {}
    for row in db.query("SELECT id, organization_id FROM service WHERE organization_id IS NOT NULL ORDER BY organization_id, id"):
        if row["id"] in shown:
            found.setdefault(row["organization_id"], []).append(row["id"])
    return found


def organization_documents(
    db: Database, index: Index, wanted: Mapping[str, Sequence[str]], *, services: str = ""
) -> list[Document]:
    """Organisations in order; `services` is one of FORMS where their services go along."""
    known = store.get_organizations(db, wanted)
    nested: dict[str, Document] = {}
    if services:
        ids = [id_ for part in wanted.values() for id_ in part]
        nested = {document["id"]: document for document in documents(db, index, ids, services)}
    found = []
    for id_, own in wanted.items():
        document = organization_document(known[id_], index.naming)
        if services:
            document["services"] = [nested[service] for service in own if service in nested]
        found.append(document)
    return found
