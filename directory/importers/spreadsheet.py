"""A plain council spreadsheet saved as CSV: columns are known by their names, and those that are not are reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from directory.cells import meant
from directory.importers import Raw, Remark, UnreadableError
from directory.importers.hsds_csv import Row, decode, read_rows
from directory.referral import KINDS
from directory.service import DELIVERIES

# What a column may be called, in plain lower-case words.
_COLUMNS = {
    "id": "id, service id, reference, ref, unique id, record id, listing id, external id",
    "name": "name, service name, title, service title, service, name of service, listing name, activity",
    "organization": "organisation, organization, organisation name, organization name, provider, provider name, run by",
    "description": "description, about, details, what we do, summary, service description, what is it, about the service",
    "phone": "phone, telephone, tel, phone number, telephone number, contact number, contact phone, contact telephone",
    "email": "email, e mail, email address, e mail address, contact email",
    "url": "url, website, web, web address, link, web site, website address, web page",
    "contact": "contact, contact name, contact person, named contact",
    "venue": "venue, venue name, location, location name, place, where",
    "address_1": "address, address 1, address line 1, street, street address, full address, venue address",
    "address_2": "address 2, address line 2, address line 3, address 3",
    "city": "town, city, town city, post town, area town",
    "county": "county, state province, state",
    "postal_code": "postcode, post code, postal code, venue postcode, zip",
    "latitude": "latitude, lat",
    "longitude": "longitude, lon, long, lng",
    "ages": "ages, age, age range, age group, age groups, who is it for age, suitable ages",
    "minimum_age": "minimum age, min age, age from, from age, lowest age, youngest",
    "maximum_age": "maximum age, max age, age to, to age, highest age, oldest",
    "fees": "cost, costs, price, prices, fee, fees, charge, charges, how much",
    "times": "times, opening hours, opening times, hours, when, days and times, session times, dates and times, time",
    "categories": "category, categories, type, service type, type of service, types",
    "needs": "needs, need, conditions, condition, send needs, disability, disabilities",
    "referral": (
        "referral, referral route, how to access, how to refer, how to get it, access route, how to apply, application process"
    ),
    "eligibility_description": "eligibility, eligibility criteria, who is it for, who for, who can use it, criteria",
    "wait_time": "waiting time, wait, waiting list, wait time",
    "hides_address": "address confidential, confidential address, confidential, hide address, hidden address, private address",
    "accessibility": "accessibility, access, disabled access, facilities, venue access",
    "languages": "languages, language",
    "delivery": "delivery, how delivered, how is it delivered, delivery method",
    "service_area": "area, area covered, areas covered, service area, coverage",
    "status": "status",
    "assured_date": "checked, last checked, date checked, reviewed, last reviewed, assured date, last updated, date reviewed",
    "term": "term time, term, when in the year",
}
_KNOWN = {word: column for column, words in _COLUMNS.items() for word in words.split(", ")}
# So many columns are named in a sentence.
_TOLD = 30


def recognises(path: str) -> bool:
    """Whether this is a single CSV (or tab-separated) file."""
    return Path(path).is_file() and Path(path).suffix.lower() in {".csv", ".tsv", ".txt"}


def read(path: str) -> Iterator[Raw | Remark]:
    """Every row of the file that has something in it, with remarks on the columns that were not understood."""
    file = Path(path)
    rows = read_rows(file, _delimiter(file))
    headers = list(rows[0]) if rows else []
    matched = match_columns(headers)
    if "name" not in matched.values():
        raise UnreadableError(
            f"{file.name} has no column for the name of a service. Its columns are: {_some(headers) or 'none'}."
        )
    unknown = [header for header in headers if header and header not in matched]
    if unknown:
        yield Remark(file.name, f"These columns were not understood, and left out: {_some(unknown)}.")
    for number, row in enumerate(rows, start=2):
        if any(value.strip() for value in row.values()):
            cells = {matched[header]: meant(value).strip() for header, value in row.items() if header in matched}
            yield Raw(f"row {number}", _nest({column: text for column, text in cells.items() if text}))


def _some(headers: list[str]) -> str:
    """The names of columns for a sentence: a spreadsheet may have a million."""
    told = ", ".join(header[:60] for header in headers[:_TOLD])
    return told if len(headers) <= _TOLD else f"{told} ... ({len(headers)} in all)"


def match_columns(headers: list[str]) -> dict[str, str]:
    """Which of our columns each of theirs is; the first of two that mean the same wins.

    >>> match_columns(["Service Name", "Tel.", "Colour"])
    {'Service Name': 'name', 'Tel.': 'phone'}
    """
    matched: dict[str, str] = {}
    for header in headers:
        column = _KNOWN.get(" ".join(re.findall(r"[a-z0-9]+", header.lower())))
        if column and column not in matched.values():
            matched[header] = column
    return matched


def _delimiter(file: Path) -> str:
    """What stands between the columns: whichever of the four usual marks the first line has most of."""
    with file.open("rb") as opened:
        first = decode(opened.readline(100_000)[:100_000])
    return max(",;\t|", key=first.count)


def _nest(values: Row) -> dict[str, Any]:
    low, high = parse_ages(values.get("ages", ""))
    address = {
        "address_1": values.get("address_1", ""),
        "address_2": values.get("address_2", ""),
        "city": values.get("city", ""),
        "state_province": values.get("county", ""),
        "postal_code": values.get("postal_code", ""),
        "country": "GB",
    }
    location = {
        # A spreadsheet has no ids for places: the same words in the same town are the same place.
        "id": "|".join([values.get("venue", ""), *address.values()]).lower(),
        "name": values.get("venue", ""),
        "hides_address": values.get("hides_address", ""),
        "latitude": values.get("latitude"),
        "longitude": values.get("longitude"),
        "addresses": [address],
        "accessibility": [{"description": text} for text in _list(values.get("accessibility", ""))],
    }
    has_place = any(address[key] for key in ("address_1", "city", "postal_code")) or location["name"] or location["latitude"]
    organization = values.get("organization", "")
    return {
        "id": values.get("id") or "|".join([values.get("name", ""), organization, values.get("postal_code", "")]).lower(),
        "name": values.get("name", ""),
        "description": values.get("description", ""),
        "url": values.get("url", ""),
        "email": values.get("email", ""),
        "status": values.get("status", "active"),
        "fees": values.get("fees", ""),
        "minimum_age": values.get("minimum_age") or low,
        "maximum_age": values.get("maximum_age") or high,
        "eligibility_description": values.get("eligibility_description", ""),
        "wait_time": values.get("wait_time", ""),
        "assured_date": _uk_date(values.get("assured_date", "")),
        "organization": {"id": organization.lower(), "name": organization} if organization else None,
        "schedules": [{"description": values["times"]}] if values.get("times") else [],
        "service_at_locations": [{"location": location}] if has_place else [],
        "service_areas": [{"name": values["service_area"]}] if values.get("service_area") else [],
        "languages": [{"name": name} for name in _list(values.get("languages", ""))],
        "contacts": [{"name": values["contact"]}] if values.get("contact") else [],
        "phones": [{"number": number} for number in re.split(r"\s*(?:[;/]|\bor\b)\s*", values.get("phone", "")) if number],
        "categories": _list(values.get("categories", "")),
        "needs": _list(values.get("needs", "")),
        "delivery": _delivery(values.get("delivery", "")),
        "term": _term(values.get("term", "") + " " + values.get("times", "")),
        **_referral(values.get("referral", "")),
    }


def _list(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,|\n]", text) if part.strip()]


def parse_ages(text: str) -> tuple[float | None, float | None]:
    """Lowest and highest age from a person's words.

    >>> parse_ages("5-11"), parse_ages("0 to 18 months"), parse_ages("under 5s"), parse_ages("8+"), parse_ages("all")
    ((5.0, 11.0), (0.0, 1.5), (None, 5.0), (8.0, None), (None, None))
    """
    text = text.lower()
    scale = 1 / 12 if "month" in text and "year" not in text else 1.0
    numbers = [float(found) * scale for found in re.findall(r"\d+(?:\.\d+)?", text)]
    if len(numbers) >= 2:
        return numbers[0], numbers[1]
    if len(numbers) == 1:
        if re.search(r"under|up to|below", text):
            return None, numbers[0]
        if re.search(r"\+|over|plus|and up|from", text):
            return numbers[0], None
        return numbers[0], numbers[0]
    return None, None


def _uk_date(text: str) -> str:
    day = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else text


def _delivery(text: str) -> list[str]:
    text = text.lower().replace("-", " ")
    words = {"in_person": ("in person", "face", "venue", "centre"), "online": ("online", "virtual", "web", "zoom"),
             "phone": ("phone",), "home": ("home",)}  # fmt: skip
    return [delivery for delivery in DELIVERIES if any(word in text for word in words[delivery])]


def _term(text: str) -> str:
    text = text.lower()
    if "term time" in text or "term-time" in text:
        return "term_time"
    return "holidays" if re.search(r"holidays? only|school holidays", text) else ""


def _referral(text: str) -> dict[str, Any]:
    """A route from a person's words: its kinds as far as we know them, and the words themselves kept."""
    marks = {
        "self": ("self", "yourself", "direct", "drop in", "drop-in", "open to all", "no referral"),
        "gp": ("gp", "doctor"),
        "school": ("school", "senco"),
        "social_worker": ("social worker", "social care", "children's services"),
        "health_visitor": ("health visitor",),
        "assessment": ("assess",),
        "ehc_plan": ("ehc", "education, health"),
    }
    found = [kind for kind in KINDS if any(re.search(rf"\b{re.escape(mark)}", text.lower()) for mark in marks[kind])]
    return {"referral_route": {"kinds": found}, "application_process": text}
