"""A plain spreadsheet: a row for each listing, for people. Its columns are the ones that our own import knows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import IO, Any

from directory.cells import harmless
from directory.exporting.batches import Batches
from directory.feed.terms import Document

# As the import of spreadsheets reads them again; in English, like the names of columns there.
_REFERRAL = {
    "self": "self",
    "gp": "GP",
    "school": "school",
    "social_worker": "social worker",
    "health_visitor": "health visitor",
    "assessment": "assessment",
    "ehc_plan": "EHC plan",
}
_DELIVERY = {"in_person": "in person", "online": "online", "phone": "phone", "home": "home"}
_TERM = {"term_time": "term time only", "holidays": "school holidays", "all_year": "all year"}
COLUMNS = (
    "ID", "Name", "Organisation", "Description", "Phone", "Email", "Website", "Contact", "Venue", "Address", "Address 2", "Town",
    "County", "Postcode", "Confidential address", "Other places", "Accessibility", "Area", "Delivery", "Minimum age",
    "Maximum age", "Eligibility", "Cost", "Times", "Term", "Category", "Needs", "How to get it", "Waiting time", "Languages",
    "Status", "Note", "Last checked",
)  # fmt: skip


def write(file: IO[bytes], batches: Batches) -> None:
    """The rows, with the mark by which spreadsheet programs know UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for document in batches.documents():
        values = _row(document)
        writer.writerow([harmless(values.get(column, "")) for column in COLUMNS])
    text.detach()


def _row(service: Document) -> dict[str, str]:
    places = [link["location"] for link in service.get("service_at_locations", ())]
    place = places[0] if places else {}
    address: Document = next(iter(place.get("addresses", ())), {})
    kinds = [_REFERRAL[kind] for kind in service.get("referral_route", {}).get("kinds", ())]
    values = {
        "ID": service["id"],
        "Name": service["name"],
        "Organisation": service.get("organization", {}).get("name"),
        "Description": service.get("description"),
        "Phone": _joined(phone["number"] for phone in _phones(service)),
        "Email": service.get("email"),
        "Website": service.get("url"),
        "Contact": next((contact["name"] for contact in service.get("contacts", ()) if contact.get("name")), ""),
        "Venue": place.get("name"),
        "Address": address.get("address_1"),
        "Address 2": address.get("address_2"),
        "Town": address.get("city"),
        "County": address.get("state_province"),
        "Postcode": address.get("postal_code"),
        "Confidential address": "yes" if place.get("hides_address") else "",
        "Other places": _joined(_place(other) for other in places[1:]),
        "Accessibility": _joined(item["description"] for item in place.get("accessibility", ())),
        "Area": ", ".join(area["name"] for area in service.get("service_areas", ())),
        "Delivery": _joined(_DELIVERY[how] for how in service.get("delivery", ())),
        "Minimum age": service.get("minimum_age"),
        "Maximum age": service.get("maximum_age"),
        "Eligibility": service.get("eligibility_description"),
        "Cost": service.get("fees") or ("Free" if service.get("free") else _joined(map(_cost, service.get("cost_options", ())))),
        "Times": _joined(map(_times, service.get("schedules", ()))) or service.get("opening_hours"),
        "Term": _TERM.get(service.get("term", ""), ""),
        "Category": _joined(service.get("categories", ())),
        "Needs": _joined(service.get("needs", ())),
        "How to get it": service.get("application_process") or _joined(kinds),
        "Waiting time": service.get("wait_time"),
        "Languages": _joined(language["name"] for language in service.get("languages", ())),
        "Status": service["status"],
        "Note": service.get("alert"),
        "Last checked": service.get("assured_date"),
    }
    return {column: "" if value is None else str(value) for column, value in values.items()}


def _phones(service: Document) -> list[Document]:
    return [
        *service.get("phones", ()),
        *(phone for contact in service.get("contacts", ()) for phone in contact.get("phones", ())),
    ]


def _place(location: Document) -> str:
    lines = [address.get(part) for address in location.get("addresses", ())[:1] for part in ("address_1", "city", "postal_code")]
    return ", ".join(line for line in (location.get("name"), *lines) if line)


def _cost(cost: Document) -> str:
    amount = f"£{cost['amount']:.2f}" if "amount" in cost and "currency" not in cost else str(cost.get("amount", ""))
    return " ".join(part for part in (cost.get("option"), amount, cost.get("amount_description")) if part)


def _times(schedule: Document) -> str:
    hours = " to ".join(time for time in (schedule.get("opens_at"), schedule.get("closes_at")) if time)
    return schedule.get("description") or " ".join(part for part in (schedule.get("byday"), hours) if part)


def _joined(parts: Iterable[Any]) -> str:
    return "; ".join(str(part) for part in parts if part)
