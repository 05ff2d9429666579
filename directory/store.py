"""Listings in and out of `directory.db`. Every list comes in an order that stays the same.

Writing is done inside a caller's `db.atomic()`, so that a job is all or nothing; each change leaves the service's id in
`search_outbox` within the same transaction, so that the search index can never miss one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlite_utils import Database

from directory.check import Check
from directory.contact import Contact, Phone
from directory.cost import CostOption
from directory.location import Accessibility, Address, Location
from directory.organization import Organization
from directory.referral import ReferralRoute, ReferralStep
from directory.report import Report
from directory.schedule import Schedule
from directory.service import SHOWN_STATUSES, Attribute, Language, Service, ServiceArea
from plumbing import clock
from plumbing.dates import parse_date

Row = dict[str, Any]
# More would meet SQLite's limit of variables in one statement.
_CHUNK = 500

_SERVICE_COLUMNS = tuple(
    name
    for name in (field.name for field in fields(Service))
    if name
    not in {
        "organization", "categories", "needs", "delivery", "referral_route", "locations", "contacts", "phones", "schedules",
        "cost_options", "languages", "service_areas", "attributes", "source", "check",
    }
)  # fmt: skip
_LOCATION_COLUMNS = tuple(
    field.name for field in fields(Location) if field.name not in {"addresses", "accessibility"}
)
# attribute of Service, table, fact: what hangs on a service with no more to it than its own columns.
_CHILDREN: tuple[tuple[str, str, type], ...] = (
    ("schedules", "schedule", Schedule),
    ("cost_options", "cost_option", CostOption),
    ("languages", "language", Language),
    ("service_areas", "service_area", ServiceArea),
    ("attributes", "attribute", Attribute),
)
_LABELS: tuple[tuple[str, str, str], ...] = (
    ("categories", "service_category", "category"),
    ("needs", "service_need", "need"),
    ("delivery", "service_delivery", "delivery"),
)


def _query(db: Database, sql: str, values: Sequence[object] = ()) -> list[Row]:
    return list(db.query(sql, list(values)))


def _grouped(db: Database, table: str, key: str, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Rows of `table` whose `key` is among `ids`, in their order, by key."""
    found: dict[str, list[Row]] = defaultdict(list)
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        for row in _query(db, f"SELECT * FROM {table} WHERE {key} IN ({marks}) ORDER BY {key}, position", part):  # noqa: S608
            found[row[key]].append(row)
    return found


def _fact(kind: Callable[..., Any], row: Row) -> Any:
    return kind(**{field.name: row[field.name] for field in fields(kind) if field.name in row})  # type: ignore[arg-type]


# -- reading -------------------------------------------------------------------------------------------------------------


def get_services(db: Database, ids: Sequence[str]) -> list[Service]:
    """The services with these ids, in the order of `ids`, whatever their status; unknown ids are left out."""
    ids = list(dict.fromkeys(ids))
    rows = {row["id"]: row for start in range(0, len(ids), _CHUNK) for row in _rows_of(db, ids[start : start + _CHUNK])}
    present = [id_ for id_ in ids if id_ in rows]
    labels = {attribute: _grouped(db, table, "service_id", present) for attribute, table, _ in _LABELS}
    children = {attribute: _grouped(db, table, "service_id", present) for attribute, table, _ in _CHILDREN}
    referral_kinds = _grouped(db, "service_referral", "service_id", present)
    steps = _grouped(db, "referral_step", "service_id", present)
    contacts = _grouped(db, "contact", "service_id", present)
    phones = _grouped(db, "phone", "service_id", present)
    locations = _locations(db, present)
    checks = _latest_checks(db, present)
    organizations = get_organizations(db, [rows[id_]["organization_id"] for id_ in present if rows[id_]["organization_id"]])

    def build(id_: str) -> Service:
        row = rows[id_]
        by_contact: dict[int | None, list[Phone]] = defaultdict(list)
        for phone in phones[id_]:
            by_contact[phone["contact_position"]].append(_fact(Phone, phone))
        service = Service(
            **{name: row[name] for name in _SERVICE_COLUMNS if name != "free"},
            free=None if row["free"] is None else bool(row["free"]),
            source=row["source"],
            organization=organizations.get(row["organization_id"]),
            referral_route=ReferralRoute(
                tuple(kind["kind"] for kind in referral_kinds[id_]), tuple(_fact(ReferralStep, step) for step in steps[id_])
            ),
            locations=tuple(locations[id_]),
            contacts=tuple(
                replace(_fact(Contact, contact), phones=tuple(by_contact[contact["position"]])) for contact in contacts[id_]
            ),
            phones=tuple(by_contact[None]),
            check=checks.get(id_),
        )
        return replace(
            service,
            **{attribute: tuple(_fact(kind, child) for child in children[attribute][id_]) for attribute, _, kind in _CHILDREN},
            **{attribute: tuple(label[column] for label in labels[attribute][id_]) for attribute, _, column in _LABELS},
        )

    return [build(id_) for id_ in present]


def _rows_of(db: Database, ids: Sequence[str]) -> list[Row]:
    return _query(db, f"SELECT * FROM service WHERE id IN ({','.join('?' * len(ids))})", ids)  # noqa: S608 - marks only


def get_shown_services(db: Database, ids: Sequence[str]) -> list[Service]:
    """Like `get_services`, with only what families may see: shown statuses, and hidden addresses taken out."""
    return [shown(service) for service in get_services(db, ids) if service.is_shown]


def shown(service: Service) -> Service:
    """A service as anybody may see it."""
    return replace(service, locations=tuple(location.shown for location in service.locations))


def _locations(db: Database, service_ids: Sequence[str]) -> dict[str, list[Location]]:
    links = _grouped(db, "service_at_location", "service_id", service_ids)
    ids = sorted({link["location_id"] for group in links.values() for link in group})
    addresses = _grouped(db, "address", "location_id", ids)
    accessibility = _grouped(db, "accessibility", "location_id", ids)
    found: dict[str, Location] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        for row in _query(db, f"SELECT * FROM location WHERE id IN ({','.join('?' * len(part))})", part):  # noqa: S608
            found[row["id"]] = Location(
                **{name: row[name] for name in _LOCATION_COLUMNS if name != "hides_address"},
                hides_address=bool(row["hides_address"]),
                addresses=tuple(_fact(Address, address) for address in addresses[row["id"]]),
                accessibility=tuple(_fact(Accessibility, access) for access in accessibility[row["id"]]),
            )
    return defaultdict(list, {id_: [found[link["location_id"]] for link in group] for id_, group in links.items()})


def _latest_checks(db: Database, service_ids: Sequence[str]) -> dict[str, Check]:
    latest: dict[str, Check] = {}
    for start in range(0, len(service_ids), _CHUNK):
        part = service_ids[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        for row in _query(
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
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        for row in _query(db, f"SELECT * FROM organization WHERE id IN ({','.join('?' * len(part))})", part):  # noqa: S608
            found[row["id"]] = _fact(Organization, row)
    return found


def services_of_organization(db: Database, organization_id: str) -> list[str]:
    """Ids of an organisation's shown services, by name."""
    rows = _query(
        db,
        "SELECT id FROM service WHERE organization_id = ? AND status IN (?, ?) ORDER BY name COLLATE NOCASE, id",
        [organization_id, *SHOWN_STATUSES],
    )
    return [row["id"] for row in rows]


def all_service_ids(db: Database) -> list[str]:
    """Ids of every shown service, in order of id."""
    rows = _query(db, "SELECT id FROM service WHERE status IN (?, ?) ORDER BY id", SHOWN_STATUSES)
    return [row["id"] for row in rows]


def id_of_source(db: Database, source: str, source_id: str) -> str | None:
    """Our id of a publisher's service, or None."""
    rows = _query(db, "SELECT id FROM service WHERE source = ? AND source_id = ?", [source, source_id])
    return rows[0]["id"] if rows else None


def counts_by_source(db: Database) -> dict[str, int]:
    """How many shown services each source has."""
    rows = _query(
        db,
        "SELECT source, count(*) AS n FROM service WHERE status IN (?, ?) GROUP BY source ORDER BY source",
        SHOWN_STATUSES,
    )
    return {row["source"]: row["n"] for row in rows}


def has_source(db: Database, source: str) -> bool:
    """Whether any service, whatever its status, came from this source."""
    return bool(_query(db, "SELECT 1 FROM service WHERE source = ? LIMIT 1", [source]))


def revision(db: Database) -> int:
    """A number that grows with every change to the directory: what caches are kept by."""
    return _query(db, "SELECT number FROM revision")[0]["number"]


# -- writing -------------------------------------------------------------------------------------------------------------


def bump(db: Database) -> None:
    """Say that something changed; once a job is enough."""
    db.execute("UPDATE revision SET number = number + 1")


def _insert(db: Database, table: str, row: Row, *, replacing: bool = False) -> None:
    marks = ",".join("?" * len(row))
    update = ""
    if replacing:
        update = " ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{c} = excluded.{c}" for c in row if c != "id")
    db.execute(f"INSERT INTO {table} ({','.join(row)}) VALUES ({marks}){update}", list(row.values()))  # noqa: S608


def _columns(fact: object, names: Iterable[str]) -> Row:
    return {name: getattr(fact, name) for name in names}


def ensure_source(db: Database, source: str, name: str, *, format_: str = "", address: str = "") -> None:
    """Note where listings come from, and that they came now."""
    row = {"id": source, "name": name, "format": format_, "imported_at": clock.now().isoformat(), "address": address}
    _insert(db, "source", row, replacing=True)


def save_organization(db: Database, organization: Organization, source: str) -> None:
    """Add or replace an organisation."""
    names = [field.name for field in fields(Organization)]
    _insert(db, "organization", _columns(organization, names) | {"source": source}, replacing=True)


def save_location(db: Database, location: Location) -> None:
    """Add or replace a location with its addresses and access."""
    _insert(db, "location", _columns(location, _LOCATION_COLUMNS), replacing=True)
    for table, kind, facts in (("address", Address, location.addresses), ("accessibility", Accessibility, location.accessibility)):
        db.execute(f"DELETE FROM {table} WHERE location_id = ?", [location.id])  # noqa: S608 - two fixed names
        for position, fact in enumerate(facts):
            columns = _columns(fact, [field.name for field in fields(kind)])
            _insert(db, table, columns | {"location_id": location.id, "position": position})


def save_service(db: Database, service: Service, *, imported_digest: str = "") -> None:
    """Add or replace a service and all that hangs on it. Its checks stay: a new text is no new check.

    Its organisation and locations must have been saved before.
    """
    row = _columns(service, _SERVICE_COLUMNS) | {
        "organization_id": service.organization.id if service.organization else None,
        "source": service.source,
        "imported_digest": imported_digest,
        "changed_at": clock.now().isoformat(),
    }
    _insert(db, "service", row, replacing=True)
    for table in (
        "service_category", "service_need", "service_delivery", "service_referral", "referral_step", "service_at_location",
        "contact", "phone", "schedule", "cost_option", "language", "service_area", "attribute",
    ):  # fmt: skip
        db.execute(f"DELETE FROM {table} WHERE service_id = ?", [service.id])  # noqa: S608 - the names above

    def add(table: str, position: int, columns: Row) -> None:
        _insert(db, table, {"service_id": service.id, "position": position} | columns)

    for attribute, table, column in _LABELS:
        for position, label in enumerate(dict.fromkeys(getattr(service, attribute))):
            add(table, position, {column: label})
    for position, kind in enumerate(dict.fromkeys(service.referral_route.kinds)):
        add("service_referral", position, {"kind": kind})
    for position, step in enumerate(service.referral_route.steps):
        add("referral_step", position, _columns(step, ["ask", "bring", "wait", "refused"]))
    for position, location in enumerate({location.id: location for location in service.locations}.values()):
        add("service_at_location", position, {"id": f"{service.id}:{location.id}", "location_id": location.id})
    for attribute, table, fact in _CHILDREN:
        for position, child in enumerate(getattr(service, attribute)):
            add(table, position, _columns(child, [field.name for field in fields(fact)]))
    phone_names = [field.name for field in fields(Phone)]
    phones: list[tuple[Phone, int | None]] = [(phone, None) for phone in service.phones]
    for position, contact in enumerate(service.contacts):
        add("contact", position, _columns(contact, ["id", "name", "title", "department", "email"]))
        phones += [(phone, position) for phone in contact.phones]
    for position, (phone, contact_position) in enumerate(phones):
        add("phone", position, _columns(phone, phone_names) | {"contact_position": contact_position})
    _tell_search(db, service.id)


def _tell_search(db: Database, service_id: str) -> None:
    # A row a change, not a row a service: one made while the index reads must outlive that reading.
    db.execute("INSERT INTO search_outbox (service_id) VALUES (?)", [service_id])


def imported_digests(db: Database, source: str) -> dict[str, str]:
    """The digest of each service of a source as it was last imported, by id."""
    rows = _query(db, "SELECT id, imported_digest FROM service WHERE source = ?", [source])
    return {row["id"]: row["imported_digest"] for row in rows}


def sources_of(db: Database, ids: Sequence[str]) -> dict[str, str]:
    """The source that each of these services stands under; unknown ids are left out."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        found |= {row["id"]: row["source"] for row in _rows_of(db, ids[start : start + _CHUNK])}
    return found


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
    same = _query(
        db,
        "SELECT 1 FROM service_check WHERE service_id = ? AND checked_on = ? AND how = ? AND checked_by = ?",
        [row["service_id"], row["checked_on"], row["how"], row["checked_by"]],
    )
    if not same:
        _insert(db, "service_check", row)


def remove_source(db: Database, source: str) -> int:
    """Take out every listing of a source, with its organisations and locations that nothing else uses; returns how many listings."""
    ids = [row["id"] for row in _query(db, "SELECT id FROM service WHERE source = ?", [source])]
    for id_ in ids:
        _tell_search(db, id_)
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


# -- what search has still to be told ------------------------------------------------------------------------------------


def untold(db: Database) -> tuple[list[str], int]:
    """Ids of services that changed since search was last told, each once, and the number up to which this is."""
    rows = _query(db, "SELECT number, service_id FROM search_outbox ORDER BY number")
    return list(dict.fromkeys(row["service_id"] for row in rows)), rows[-1]["number"] if rows else 0


def told(db: Database, number: int) -> None:
    """Search knows everything up to `number`."""
    db.execute("DELETE FROM search_outbox WHERE number <= ?", [number])


# -- reports -------------------------------------------------------------------------------------------------------------


def add_report(db: Database, report: Report) -> int:
    """Keep a report from the public; returns its number."""
    name = _query(db, "SELECT name FROM service WHERE id = ?", [report.service_id])[0]["name"]
    row = _columns(report, ["service_id", "topic", "words", "reply_to", "status"]) | {
        "service_name": name,
        "received_at": report.received_at.isoformat(),
    }
    with db.atomic():
        _insert(db, "report", row)
        return _query(db, "SELECT last_insert_rowid() AS id")[0]["id"]


def list_reports(db: Database) -> list[Row]:
    """Every report, newest first."""
    return _query(db, "SELECT * FROM report ORDER BY received_at DESC, id DESC")
