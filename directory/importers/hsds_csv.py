"""HSDS as a folder of CSV files, 1.1 and 3.0: rows put together into the nested shape of Open Referral JSON."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from directory.importers import Raw, Remark, UnreadableError

Row = dict[str, str]

# What 3.0 calls a table, and what 1.1 called it.
_TABLES = {
    "organizations": ("organizations", "organization"),
    "services": ("services", "service"),
    "locations": ("locations", "location"),
    "service_at_locations": ("service_at_location", "service_at_locations", "services_at_location"),
    "addresses": ("addresses", "address", "physical_addresses"),
    "accessibility": ("accessibility", "accessibility_for_disabilities"),
    "contacts": ("contacts", "contact"),
    "phones": ("phones", "phone"),
    "schedules": ("schedules", "schedule", "regular_schedules"),
    "cost_options": ("cost_options", "cost_option"),
    "languages": ("languages", "language"),
    "service_areas": ("service_areas", "service_area"),
    "eligibility": ("eligibility",),
    "attributes": ("attributes", "attribute"),
    "services_taxonomy": ("services_taxonomy",),
    "taxonomy_terms": ("taxonomy_terms", "taxonomy_term", "taxonomy"),
}
csv.field_size_limit(10_000_000)


def recognises(path: str) -> bool:
    """Whether this is a folder with a services file."""
    return any((Path(path) / f"{name}.csv").is_file() for name in _TABLES["services"])


def read(path: str) -> Iterator[Raw | Remark]:
    """Every service of the folder, with what the other files say about it."""
    folder = Path(path)
    tables = {table: _table(folder, names) for table, names in _TABLES.items()}
    if not tables["services"]:
        raise UnreadableError(f"There are no services in the folder {folder.name}.")
    yield from _dangling(tables)
    yield from _assemble(tables)


def _table(folder: Path, names: tuple[str, ...]) -> list[Row]:
    for name in names:
        file = folder / f"{name}.csv"
        if file.is_file():
            return read_rows(file)
    return []


def read_rows(file: Path, delimiter: str = ",") -> list[Row]:
    """The rows of a CSV file by column name; UTF-8, or Windows' own letters where it is not."""
    reader = csv.DictReader(io.StringIO(decode(file.read_bytes()).replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        return [
            {(key or "").strip(): value or "" for key, value in row.items() if isinstance(value, str | None)} for row in reader
        ]
    except csv.Error as error:
        raise UnreadableError(f"{file.name} is not readable as CSV: {error}.") from None


def decode(data: bytes) -> str:
    """The text of a file as programs save it: UTF-8, UTF-16 where it says so, or Windows' own letters."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get(column):
            grouped[row[column]].append(row)
    return grouped


def _dangling(tables: dict[str, list[Row]]) -> Iterator[Remark]:
    """Say which rows point at nothing. They are left out; what they hang on is imported all the same."""
    ids = {table: {row.get("id", "") for row in tables[table]} for table in ("services", "locations")}
    for table, column, target in (
        ("service_at_locations", "service_id", "services"),
        ("service_at_locations", "location_id", "locations"),
        ("phones", "service_id", "services"),
        ("schedules", "service_id", "services"),
        ("eligibility", "service_id", "services"),
        ("services_taxonomy", "service_id", "services"),
        ("addresses", "location_id", "locations"),
    ):
        if not ids[target]:
            continue
        empty = sum(1 for row in tables[table] if column in row and not row[column] and not _other_owner(row, column))
        lost = sum(1 for row in tables[table] if row.get(column) and row[column] not in ids[target])
        if empty:
            yield Remark(table, f"{empty} rows do not say which {target[:-1]} they belong to; they were left out.")
        if lost:
            yield Remark(table, f"{lost} rows belong to a {target[:-1]} that is not there; they were left out.")


def _other_owner(row: Row, column: str) -> bool:
    owners = ("service_id", "organization_id", "location_id", "contact_id", "service_at_location_id")
    return any(row.get(owner) for owner in owners if owner != column)


def _assemble(tables: dict[str, list[Row]]) -> Iterator[Raw]:
    organizations = {row["id"]: row for row in tables["organizations"] if row.get("id")}
    terms = {row["id"]: row for row in tables["taxonomy_terms"] if row.get("id")}
    of_service = {
        table: _by(tables[table], "service_id")
        for table in (
            "service_at_locations", "contacts", "phones", "schedules", "cost_options", "languages", "service_areas",
            "eligibility", "services_taxonomy",
        )
    }  # fmt: skip
    attributes = _by(tables["attributes"], "link_id")
    locations = _locations(tables)
    for number, row in enumerate(tables["services"], start=2):  # a spreadsheet's first row of data is its row 2
        id_ = row.get("id", "")
        service: dict[str, Any] = row | _of_a_linkbook(row)
        organization_id = row.get("organization_id", "")
        if organization_id:
            service["organization"] = organizations.get(organization_id)
            if organization_id not in organizations:
                service["missing_organization"] = organization_id
        service["service_at_locations"] = [
            {"location": locations[link["location_id"]]}
            for link in of_service["service_at_locations"][id_]
            if link.get("location_id") in locations
        ]
        service["schedules"] = _schedules(of_service["schedules"][id_])
        service["cost_options"] = of_service["cost_options"][id_]
        service["languages"] = [{"name": r.get("name") or r.get("language", "")} | r for r in of_service["languages"][id_]]
        service["service_areas"] = of_service["service_areas"][id_]
        service["eligibilitys"] = of_service["eligibility"][id_]
        service["attributes"] = [
            {"taxonomy_term": terms[link[column]], "link_type": link.get("link_type", "")}
            for links, column in (
                (attributes[id_], "taxonomy_term_id"),
                (of_service["services_taxonomy"][id_], "taxonomy_id"),
            )
            for link in links
            if link.get(column) in terms
        ]
        service["contacts"], service["phones"] = _contacts(of_service["contacts"][id_], of_service["phones"][id_])
        yield Raw(f"services row {number}", service)


def _of_a_linkbook(row: Row) -> dict[str, Any]:
    """What a Linkbook says beyond HSDS, which a table can hold only as text."""
    found: dict[str, Any] = {"demonstration": row.get("demonstration") == "true"}
    if row.get("free") in {"true", "false"}:
        found["free"] = row["free"] == "true"
    if row.get("referral_kinds") or row.get("referral_steps"):
        try:
            steps = json.loads(row.get("referral_steps") or "[]")
        except (ValueError, RecursionError):
            steps = []
        found["referral_route"] = {"kinds": row.get("referral_kinds", "").split(";"), "steps": steps}
    return found


def _contacts(contacts: list[Row], phones: list[Row]) -> tuple[list[dict[str, Any]], list[Row]]:
    """Contacts with their numbers, and the numbers that belong to no contact."""
    ids = {contact.get("id") for contact in contacts}
    nested = [
        contact | {"phones": [phone for phone in phones if phone.get("contact_id") and phone["contact_id"] == contact.get("id")]}
        for contact in contacts
    ]
    return nested, [phone for phone in phones if phone.get("contact_id") not in ids or not phone.get("contact_id")]


def _locations(tables: dict[str, list[Row]]) -> dict[str, dict[str, Any]]:
    addresses, access = _by(tables["addresses"], "location_id"), _by(tables["accessibility"], "location_id")
    return {
        row["id"]: row | {"addresses": addresses[row["id"]], "accessibility": access[row["id"]]}
        for row in tables["locations"]
        if row.get("id")
    }


def _schedules(rows: list[Row]) -> list[Row]:
    """Schedules, with the rows of one written line ("9:00am-5:00pm, Mon-Fri") brought together under it."""
    written = list(dict.fromkeys(row["original_text"] for row in rows if row.get("original_text")))
    return [row for row in rows if not row.get("original_text")] + [{"description": text} for text in written]
