"""HSDS 3.0 as tables: a zip of CSV files with the `datapackage.json` that describes them.

This is for programs: a number stays "+44 ...". People who open lists in a spreadsheet program have `spreadsheet.py`.
"""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any

from directory.exporting.batches import Batches
from directory.feed.terms import TAXONOMIES, Document
from directory.identity import derived_id

_TABLES = {
    "organizations": "id name alternate_name description email website logo uri parent_organization_id",
    "services": (
        "id organization_id name alternate_name description url email status fees fees_description accreditations minimum_age "
        "maximum_age assured_date alert last_modified application_process eligibility_description interpretation_services "
        "wait_time opening_hours term reach free delivery categories needs referral_kinds referral_steps demonstration"
    ),
    "locations": "id location_type name description transportation url latitude longitude hides_address",
    "service_at_location": "id service_id location_id",
    "addresses": "id location_id attention address_1 address_2 city region state_province postal_code country address_type",
    "accessibility": "id location_id description details url",
    "contacts": "id service_id name title department email",
    "phones": "id service_id contact_id number extension type description",
    "schedules": (
        "id service_id valid_from valid_to dtstart freq interval byday bymonthday description opens_at closes_at schedule_link "
        "attending_type notes"
    ),
    "cost_options": "id service_id valid_from valid_to option amount currency amount_description",
    "languages": "id service_id name code note",
    "service_areas": "id service_id name description",
    "attributes": "id link_id link_entity link_type taxonomy_term_id",
    "taxonomies": "id name description",
    "taxonomy_terms": "id name description taxonomy taxonomy_id term_uri code",
}
TABLES = {name: tuple(columns.split()) for name, columns in _TABLES.items()}
_CHILDREN = ("schedules", "cost_options", "languages", "service_areas")
# Which column points at which table.
_KEYS = {
    "organization_id": "organizations",
    "service_id": "services",
    "location_id": "locations",
    "contact_id": "contacts",
    "taxonomy_term_id": "taxonomy_terms",
    "taxonomy_id": "taxonomies",
}
_NUMBERS = {"minimum_age", "maximum_age", "latitude", "longitude", "amount", "interval"}
Row = tuple[str, Mapping[str, Any]]


def write(file: IO[bytes], batches: Batches) -> None:
    """The zip. The tables are filled together, listing by listing, each in a file of its own on the disk."""
    with ExitStack() as stack:
        files = {name: stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="")) for name in TABLES}
        writers = {name: csv.writer(files[name], lineterminator="\r\n") for name in TABLES}
        for name, columns in TABLES.items():
            writers[name].writerow(columns)
        for table, row in _once(_rows(batches)):
            writers[table].writerow([_cell(row.get(column)) for column in TABLES[table]])
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            # A date of its own in each entry would make two exports of the same listings differ.
            for name, opened in files.items():
                opened.seek(0)
                with archive.open(zipfile.ZipInfo(f"{name}.csv"), "w") as entry:
                    while part := opened.read(1 << 16):
                        entry.write(part.encode())
            archive.writestr(zipfile.ZipInfo("datapackage.json"), json.dumps(datapackage(), indent=1))


def _once(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, each once: a place or an organisation that many listings have stands once in its table."""
    seen: set[tuple[str, str]] = set()
    for table, row in rows:
        key = table, row["id"]
        if key not in seen:
            seen.add(key)
            yield table, row


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(str(one) for one in value)
    return "" if value is None else str(value)


def _rows(batches: Batches) -> Iterator[Row]:
    yield from (("taxonomies", taxonomy) for taxonomy in TAXONOMIES)
    yield from (("taxonomy_terms", term) for term in batches.index.naming.terms.all)
    owners: dict[str, str] = {}
    for document in batches.documents():
        yield from _rows_of(document, owners)


def _rows_of(service: Document, owners: dict[str, str]) -> Iterator[Row]:
    """The rows that a listing makes; `owners` says what each id so far hangs on.

    Publishers give one id to what hangs on many things. In a table it stands once: the others get one of ours.
    """
    id_ = service["id"]

    def hung(table: str, rows: Iterable[Document], key: str, owner: str, **more: str) -> Iterator[tuple[str, Document]]:
        for row in rows:
            mine = owners.setdefault(f"{table} {row['id']}", owner) == owner
            own_id = row["id"] if mine else derived_id(owner, table, row["id"])
            yield table, row | {"id": own_id, key: owner} | more

    if "organization" in service:
        yield "organizations", service["organization"]
    route = service.get("referral_route", {})
    steps = json.dumps(route["steps"], ensure_ascii=False) if route.get("steps") else ""
    yield "services", service | {"referral_kinds": route.get("kinds"), "referral_steps": steps}
    for link in service.get("service_at_locations", ()):
        yield "service_at_location", link
        yield "locations", link["location"]
        for table in ("addresses", "accessibility"):
            yield from hung(table, link["location"].get(table, ()), "location_id", link["location_id"])
    yield from hung("phones", service.get("phones", ()), "service_id", id_)
    for table, contact in hung("contacts", service.get("contacts", ()), "service_id", id_):
        yield table, contact
        yield from hung("phones", contact.get("phones", ()), "service_id", id_, contact_id=contact["id"])
    for table in _CHILDREN:
        yield from hung(table, service.get(table, ()), "service_id", id_)
    for attribute in service.get("attributes", ()):
        term = attribute["taxonomy_term"]
        yield "taxonomy_terms", term
        yield "attributes", attribute | {"link_id": id_, "link_entity": "service", "taxonomy_term_id": term["id"]}


def datapackage() -> Document:
    """What the tables are, as Frictionless Data has it."""
    return {"profile": "tabular-data-package", "name": "linkbook", "resources": [_resource(name) for name in TABLES]}


def _resource(name: str) -> Document:
    columns = TABLES[name]
    schema: Document = {
        "primaryKey": "id",
        "fields": [{"name": column, "type": "number" if column in _NUMBERS else "string"} for column in columns],
        "foreignKeys": [
            {"fields": column, "reference": {"resource": _KEYS[column], "fields": "id"}} for column in columns if column in _KEYS
        ],
    }
    resource = {"name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv"}
    return resource | {"encoding": "utf-8", "dialect": {"lineTerminator": "\r\n"}, "schema": schema}
