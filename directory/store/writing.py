"""Listings into the database, inside a caller's `db.atomic()`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from sqlite_utils import Database

from directory.check import Check
from directory.contact import Phone
from directory.location import Accessibility, Address, Location
from directory.organization import Organization
from directory.service import Service
from directory.store.outbox import tell_search
from directory.store.rows import CHILDREN, LABELS, LOCATION_COLUMNS, SERVICE_COLUMNS, Row, columns_of, insert, insert_all, query
from plumbing import clock


def ensure_source(db: Database, source: str, name: str, *, format_: str = "", address: str = "") -> None:
    """Note where listings come from, and that they came now."""
    row = {"id": source, "name": name, "format": format_, "imported_at": clock.now().isoformat(), "address": address}
    insert(db, "source", row, replacing=True)


def save_organization(db: Database, organization: Organization, source: str) -> None:
    """Add or replace an organisation."""
    names = [field.name for field in fields(Organization)]
    insert(db, "organization", columns_of(organization, names) | {"source": source}, replacing=True)


def save_location(db: Database, location: Location, *, may_show: bool = False) -> None:
    """Add or replace a location with its addresses and access. `may_show` says that a person decided whether it is hidden."""
    hidden = query(db, "SELECT 1 FROM location WHERE id = ? AND hides_address = 1", [location.id])
    # Hidden once is hidden until a person says otherwise: an import that forgets to say so must not unmask a refuge.
    row = columns_of(location, LOCATION_COLUMNS) | ({"hides_address": True} if hidden and not may_show else {})
    insert(db, "location", row, replacing=True)
    for table in ("address", "accessibility"):
        db.execute(f"DELETE FROM {table} WHERE location_id = ?", [location.id])  # noqa: S608 - two fixed names
    for table, row in _parts_of_location(location):
        insert(db, table, row)


def add_locations(db: Database, locations: Iterable[Location]) -> None:
    """Add many locations, none of which is there yet."""
    locations = list(locations)
    insert_all(db, "location", [columns_of(location, LOCATION_COLUMNS) for location in locations])
    _insert_parts(db, (part for location in locations for part in _parts_of_location(location)))


def _parts_of_location(location: Location) -> Iterator[tuple[str, Row]]:
    for table, kind, facts in (
        ("address", Address, location.addresses),
        ("accessibility", Accessibility, location.accessibility),
    ):
        names = [field.name for field in fields(kind)]
        for position, fact in enumerate(facts):
            yield table, columns_of(fact, names) | {"location_id": location.id, "position": position}


def save_service(db: Database, service: Service, *, imported_digest: str = "", hidden: str | None = None) -> None:
    """Add or replace a service and all that hangs on it. Its checks stay: a new text is no new check.

    Its organisation and locations must have been saved before. `hidden`, where given, counts instead of its own.
    """
    insert(db, "service", _row_of(service, imported_digest, hidden), replacing=True)
    for table in _TABLES:
        db.execute(f"DELETE FROM {table} WHERE service_id = ?", [service.id])  # noqa: S608 - the names below
    for table, row in _parts_of(service):
        insert(db, table, row)
    tell_search(db, service.id)


def add_services(db: Database, services: Iterable[tuple[Service, str]]) -> None:
    """Add many services, none of which is there yet, each with what tells whether its publisher sends something new."""
    services = list(services)
    insert_all(db, "service", [_row_of(service, digest) for service, digest in services])
    _insert_parts(db, (part for service, _digest in services for part in _parts_of(service)))
    insert_all(db, "search_outbox", [{"service_id": service.id} for service, _digest in services])


def replace_services(db: Database, services: Sequence[tuple[Service, str]]) -> None:
    """Write many services that are there already; their organisations and locations are as they were."""
    if services:
        rows = [_row_of(service, digest) for service, digest in services]
        sets = ", ".join(f"{name} = ?" for name in rows[0] if name != "id")
        changes = [[*(value for name, value in row.items() if name != "id"), row["id"]] for row in rows]
        db.conn.executemany(f"UPDATE service SET {sets} WHERE id = ?", changes)  # noqa: S608 - names of columns
    for table in _TABLES:
        db.conn.executemany(f"DELETE FROM {table} WHERE service_id = ?", [[service.id] for service, _digest in services])  # noqa: S608
    _insert_parts(db, (part for service, _digest in services for part in _parts_of(service)))
    insert_all(db, "search_outbox", [{"service_id": service.id} for service, _digest in services])


_TABLES = (
    "service_category", "service_need", "service_delivery", "service_referral", "referral_step", "service_at_location",
    "contact", "phone", "schedule", "cost_option", "language", "service_area", "attribute",
)  # fmt: skip


def _insert_parts(db: Database, parts: Iterable[tuple[str, Row]]) -> None:
    by_table: dict[str, list[Row]] = defaultdict(list)
    for table, row in parts:
        by_table[table].append(row)
    for table, rows in by_table.items():
        insert_all(db, table, rows)


def _row_of(service: Service, imported_digest: str, hidden: str | None = None) -> Row:
    return columns_of(service, SERVICE_COLUMNS) | {
        "organization_id": service.organization.id if service.organization else None,
        "source": service.source,
        "imported_digest": imported_digest,
        "hidden": service.hidden if hidden is None else hidden,
        "changed_at": clock.now().isoformat(),
    }


def _parts_of(service: Service) -> Iterator[tuple[str, Row]]:
    """The table and columns of everything that hangs on a service."""

    def part(table: str, position: int, columns: Row) -> tuple[str, Row]:
        return table, {"service_id": service.id, "position": position} | columns

    for attribute, table, column in LABELS:
        for position, label in enumerate(dict.fromkeys(getattr(service, attribute))):
            yield part(table, position, {column: label})
    for position, kind in enumerate(dict.fromkeys(service.referral_route.kinds)):
        yield part("service_referral", position, {"kind": kind})
    for position, step in enumerate(service.referral_route.steps):
        yield part("referral_step", position, columns_of(step, ["ask", "bring", "wait", "refused"]))
    for position, location in enumerate({location.id: location for location in service.locations}.values()):
        yield part("service_at_location", position, {"id": f"{service.id}:{location.id}", "location_id": location.id})
    for attribute, table, fact in CHILDREN:
        names = [field.name for field in fields(fact)]
        for position, child in enumerate(getattr(service, attribute)):
            yield part(table, position, columns_of(child, names))
    phones: list[tuple[Phone, int | None]] = [(phone, None) for phone in service.phones]
    for position, contact in enumerate(service.contacts):
        yield part("contact", position, columns_of(contact, ["id", "name", "title", "department", "email"]))
        phones += [(phone, position) for phone in contact.phones]
    names = [field.name for field in fields(Phone)]
    for position, (phone, contact_position) in enumerate(phones):
        yield part("phone", position, columns_of(phone, names) | {"contact_position": contact_position})


def delete_service(db: Database, service_id: str) -> None:
    """Take a listing out altogether."""
    delete_services(db, [service_id])


def delete_services(db: Database, service_ids: Sequence[str]) -> None:
    """Take many listings out altogether."""
    db.conn.executemany("DELETE FROM service WHERE id = ?", [[id_] for id_ in service_ids])
    insert_all(db, "search_outbox", [{"service_id": id_} for id_ in service_ids])


def add_check(db: Database, service_id: str, check: Check) -> None:
    """Write down a check; the same one of the same day is written once."""
    row = {
        "service_id": service_id,
        "checked_on": check.checked_on.isoformat(),
        "how": check.how,
        "checked_by": check.checked_by,
        "outcome": check.outcome,
        "next_due": check.next_due.isoformat() if check.next_due else None,
    }
    same = query(
        db,
        "SELECT 1 FROM service_check WHERE service_id = ? AND checked_on = ? AND how = ? AND checked_by = ?",
        [row["service_id"], row["checked_on"], row["how"], row["checked_by"]],
    )
    if not same:
        insert(db, "service_check", row)


def remove_source(db: Database, source: str) -> int:
    """Take out every listing of a source, with what nothing else uses; returns how many listings."""
    ids = [row["id"] for row in query(db, "SELECT id FROM service WHERE source = ?", [source])]
    for id_ in ids:
        tell_search(db, id_)
    db.execute("DELETE FROM service WHERE source = ?", [source])
    db.execute(
        "DELETE FROM organization WHERE source = ? AND id NOT IN "
        "(SELECT organization_id FROM service WHERE organization_id IS NOT NULL)",
        [source],
    )
    remove_unused_locations(db)
    db.execute("DELETE FROM source WHERE id = ? AND id NOT IN (SELECT source FROM organization)", [source])
    return len(ids)


def remove_unused_locations(db: Database) -> None:
    """Take out locations where nothing happens any more."""
    db.execute("DELETE FROM location WHERE id NOT IN (SELECT location_id FROM service_at_location)")
