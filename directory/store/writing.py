"""Listings into the database, inside a caller's `db.atomic()`."""

from __future__ import annotations

from dataclasses import fields

from sqlite_utils import Database

from directory.check import Check
from directory.contact import Phone
from directory.location import Accessibility, Address, Location
from directory.organization import Organization
from directory.service import Service
from directory.store.outbox import tell_search
from directory.store.rows import CHILDREN, LABELS, LOCATION_COLUMNS, SERVICE_COLUMNS, Row, columns_of, insert, query
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
    for table, kind, facts in (
        ("address", Address, location.addresses),
        ("accessibility", Accessibility, location.accessibility),
    ):
        db.execute(f"DELETE FROM {table} WHERE location_id = ?", [location.id])  # noqa: S608 - two fixed names
        for position, fact in enumerate(facts):
            columns = columns_of(fact, [field.name for field in fields(kind)])
            insert(db, table, columns | {"location_id": location.id, "position": position})


def save_service(db: Database, service: Service, *, imported_digest: str = "", hidden: str | None = None) -> None:
    """Add or replace a service and all that hangs on it. Its checks stay: a new text is no new check.

    Its organisation and locations must have been saved before. `hidden`, where given, counts instead of its own.
    """
    row = columns_of(service, SERVICE_COLUMNS) | {
        "organization_id": service.organization.id if service.organization else None,
        "source": service.source,
        "imported_digest": imported_digest,
        "hidden": service.hidden if hidden is None else hidden,
        "changed_at": clock.now().isoformat(),
    }
    insert(db, "service", row, replacing=True)
    for table in (
        "service_category", "service_need", "service_delivery", "service_referral", "referral_step", "service_at_location",
        "contact", "phone", "schedule", "cost_option", "language", "service_area", "attribute",
    ):  # fmt: skip
        db.execute(f"DELETE FROM {table} WHERE service_id = ?", [service.id])  # noqa: S608 - the names above

    def add(table: str, position: int, columns: Row) -> None:
        insert(db, table, {"service_id": service.id, "position": position} | columns)

    for attribute, table, column in LABELS:
        for position, label in enumerate(dict.fromkeys(getattr(service, attribute))):
            add(table, position, {column: label})
    for position, kind in enumerate(dict.fromkeys(service.referral_route.kinds)):
        add("service_referral", position, {"kind": kind})
    for position, step in enumerate(service.referral_route.steps):
        add("referral_step", position, columns_of(step, ["ask", "bring", "wait", "refused"]))
    for position, location in enumerate({location.id: location for location in service.locations}.values()):
        add("service_at_location", position, {"id": f"{service.id}:{location.id}", "location_id": location.id})
    for attribute, table, fact in CHILDREN:
        for position, child in enumerate(getattr(service, attribute)):
            add(table, position, columns_of(child, [field.name for field in fields(fact)]))
    phone_names = [field.name for field in fields(Phone)]
    phones: list[tuple[Phone, int | None]] = [(phone, None) for phone in service.phones]
    for position, contact in enumerate(service.contacts):
        add("contact", position, columns_of(contact, ["id", "name", "title", "department", "email"]))
        phones += [(phone, position) for phone in contact.phones]
    for position, (phone, contact_position) in enumerate(phones):
        add("phone", position, columns_of(phone, phone_names) | {"contact_position": contact_position})
    tell_search(db, service.id)


def delete_service(db: Database, service_id: str) -> None:
    """Take a listing out altogether."""
    db.execute("DELETE FROM service WHERE id = ?", [service_id])
    tell_search(db, service_id)


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
