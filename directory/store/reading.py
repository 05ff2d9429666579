"""Listings out of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from directory.check import Check
from directory.contact import Contact, Phone
from directory.location import Accessibility, Address, Location
from directory.organization import Organization
from directory.referral import ReferralRoute, ReferralStep
from directory.service import Service
from directory.store.rows import CHILDREN, CHUNK, LABELS, LOCATION_COLUMNS, SERVICE_COLUMNS, Row, fact, grouped, query
from plumbing.dates import parse_date


def get_services(db: Database, ids: Sequence[str]) -> list[Service]:
    """The services with these ids, in the order of `ids`, whatever their status; unknown ids are left out."""
    ids = list(dict.fromkeys(ids))
    rows = {row["id"]: row for start in range(0, len(ids), CHUNK) for row in _rows_of(db, ids[start : start + CHUNK])}
    present = [id_ for id_ in ids if id_ in rows]
    labels = {attribute: grouped(db, table, "service_id", present) for attribute, table, _ in LABELS}
    children = {attribute: grouped(db, table, "service_id", present) for attribute, table, _ in CHILDREN}
    referral_kinds = grouped(db, "service_referral", "service_id", present)
    steps = grouped(db, "referral_step", "service_id", present)
    contacts = grouped(db, "contact", "service_id", present)
    phones = grouped(db, "phone", "service_id", present)
    locations = _locations(db, present)
    checks = _latest_checks(db, present)
    organizations = get_organizations(db, [rows[id_]["organization_id"] for id_ in present if rows[id_]["organization_id"]])

    def build(id_: str) -> Service:
        row = rows[id_]
        by_contact: dict[int | None, list[Phone]] = defaultdict(list)
        for phone in phones[id_]:
            by_contact[phone["contact_position"]].append(fact(Phone, phone))
        parts: dict[str, Any] = {name: row[name] for name in SERVICE_COLUMNS}
        parts["free"] = None if row["free"] is None else bool(row["free"])
        for attribute, _, kind in CHILDREN:
            parts[attribute] = tuple(fact(kind, child) for child in children[attribute][id_])
        for attribute, _, column in LABELS:
            parts[attribute] = tuple(label[column] for label in labels[attribute][id_])
        return Service(
            **parts,
            source=row["source"],
            organization=organizations.get(row["organization_id"]),
            referral_route=ReferralRoute(
                tuple(kind["kind"] for kind in referral_kinds[id_]),
                tuple(fact(ReferralStep, step) for step in steps[id_]),
            ),
            locations=tuple(locations[id_]),
            contacts=tuple(
                replace(fact(Contact, contact), phones=tuple(by_contact[contact["position"]])) for contact in contacts[id_]
            ),
            phones=tuple(by_contact[None]),
            check=checks.get(id_),
        )

    return [build(id_) for id_ in present]


def _rows_of(db: Database, ids: Sequence[str]) -> list[Row]:
    return query(db, f"SELECT * FROM service WHERE id IN ({','.join('?' * len(ids))})", ids)  # noqa: S608 - marks only


def get_shown_services(db: Database, ids: Sequence[str]) -> list[Service]:
    """Like `get_services`, with only what families may see: shown statuses, and hidden addresses taken out."""
    return [shown(service) for service in get_services(db, ids) if service.is_shown]


def shown(service: Service) -> Service:
    """A service as anybody may see it."""
    return replace(service, locations=tuple(location.shown for location in service.locations))


def _locations(db: Database, service_ids: Sequence[str]) -> dict[str, list[Location]]:
    links = grouped(db, "service_at_location", "service_id", service_ids)
    ids = sorted({link["location_id"] for group in links.values() for link in group})
    addresses = grouped(db, "address", "location_id", ids)
    accessibility = grouped(db, "accessibility", "location_id", ids)
    found: dict[str, Location] = {}
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        for row in query(db, f"SELECT * FROM location WHERE id IN ({','.join('?' * len(part))})", part):  # noqa: S608
            found[row["id"]] = Location(
                **{name: row[name] for name in LOCATION_COLUMNS if name != "hides_address"},
                hides_address=bool(row["hides_address"]),
                addresses=tuple(fact(Address, address) for address in addresses[row["id"]]),
                accessibility=tuple(fact(Accessibility, access) for access in accessibility[row["id"]]),
            )
    return defaultdict(list, {id_: [found[link["location_id"]] for link in group] for id_, group in links.items()})


def _latest_checks(db: Database, service_ids: Sequence[str]) -> dict[str, Check]:
    latest: dict[str, Check] = {}
    for start in range(0, len(service_ids), CHUNK):
        part = service_ids[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        for row in query(
            db,
            f"SELECT * FROM service_check WHERE service_id IN ({marks}) ORDER BY service_id, checked_on, id",  # noqa: S608
            part,
        ):
            checked_on = parse_date(row["checked_on"])
            if checked_on:
                latest[row["service_id"]] = Check(
                    checked_on, row["how"], row["checked_by"], row["outcome"], parse_date(row["next_due"])
                )
    return latest


def get_organizations(db: Database, ids: Iterable[str]) -> dict[str, Organization]:
    """Organisations by id; unknown ids are left out."""
    wanted = sorted(set(ids))
    found: dict[str, Organization] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for row in query(db, f"SELECT * FROM organization WHERE id IN ({','.join('?' * len(part))})", part):  # noqa: S608
            found[row["id"]] = fact(Organization, row)
    return found


def services_of_organization(db: Database, organization_id: str) -> list[str]:
    """Ids of an organisation's shown services, by name."""
    rows = query(
        db,
        "SELECT id FROM shown_service WHERE organization_id = ? ORDER BY name COLLATE NOCASE, id",
        [organization_id],
    )
    return [row["id"] for row in rows]


def all_service_ids(db: Database) -> list[str]:
    """Ids of every shown service, in order of id."""
    rows = query(db, "SELECT id FROM shown_service ORDER BY id")
    return [row["id"] for row in rows]


def id_of_source(db: Database, source: str, source_id: str) -> str | None:
    """Our id of a publisher's service, or None."""
    rows = query(db, "SELECT id FROM service WHERE source = ? AND source_id = ?", [source, source_id])
    return rows[0]["id"] if rows else None


def any_hidden(db: Database, ids: Sequence[str]) -> bool:
    """Whether any of these services happens at a place that must not be found."""
    hidden = query(
        db,
        "SELECT sl.service_id AS id FROM service_at_location sl JOIN location l ON l.id = sl.location_id "
        "WHERE l.hides_address = 1",
    )
    return not set(ids).isdisjoint(row["id"] for row in hidden)


def has_source_id(db: Database, source: str, source_id: str) -> bool:
    """Whether a source has a service of this own id."""
    return id_of_source(db, source, source_id) is not None


def counts_by_source(db: Database) -> dict[str, int]:
    """How many shown services each source has."""
    rows = query(db, "SELECT source, count(*) AS n FROM shown_service GROUP BY source ORDER BY source")
    return {row["source"]: row["n"] for row in rows}


def has_source(db: Database, source: str) -> bool:
    """Whether any service, whatever its status, came from this source."""
    return bool(query(db, "SELECT 1 FROM service WHERE source = ? LIMIT 1", [source]))


def imported_digests(db: Database, source: str) -> dict[str, str]:
    """The digest of each service of a source as it was last imported, by id."""
    rows = query(db, "SELECT id, imported_digest FROM service WHERE source = ?", [source])
    return {row["id"]: row["imported_digest"] for row in rows}


def hidden_of_source(db: Database, source: str) -> dict[str, str]:
    """Why each hidden listing of a source is hidden, by id."""
    rows = query(db, "SELECT id, hidden FROM service WHERE source = ? AND hidden != ''", [source])
    return {row["id"]: row["hidden"] for row in rows}


def imported_digest(db: Database, service_id: str) -> str:
    """The digest of a service as it was last imported; empty where it never was."""
    rows = query(db, "SELECT imported_digest FROM service WHERE id = ?", [service_id])
    return rows[0]["imported_digest"] if rows else ""


def digests_of(db: Database, ids: Sequence[str]) -> dict[str, str]:
    """The digest of each of these services as it was last imported; empty where it never was."""
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return {row["id"]: row["imported_digest"] for chunk in chunks for row in _rows_of(db, chunk)}


def source_of_organization(db: Database, organization_id: str) -> str:
    """The source that an organisation stands under; empty where there is no such organisation."""
    rows = query(db, "SELECT source FROM organization WHERE id = ?", [organization_id])
    return rows[0]["source"] if rows else ""


def sources_of(db: Database, ids: Sequence[str]) -> dict[str, str]:
    """The source that each of these services stands under; unknown ids are left out."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), CHUNK):
        found |= {row["id"]: row["source"] for row in _rows_of(db, ids[start : start + CHUNK])}
    return found
