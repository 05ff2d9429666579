"""Where a publisher's listing happens: its locations, or a postcode in its prose; never more exact than it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from directory.identity import derived_id
from directory.importers.cleaning import clean_line, clean_text, clean_url, number
from directory.importers.publisher import Nested, Publisher, as_dicts
from directory.location import Accessibility, Address, Location
from directory.places import postcodes_in

_NOT_HIDDEN = {"", "none", "false", "0", "0.0", "no", "n", "f", "off"}
# A postcode in such a text may be the very thing that must not be found.
_SECRET = re.compile(
    r"\b(refuges?|safe house|undisclosed|confidential|address (is )?(withheld|not disclosed))\b",
    re.IGNORECASE,
)


def locations(data: Nested, description: str, publisher: Publisher) -> tuple[Location, ...]:
    """Every location of a listing, each known as well as its publisher gave it: exact, sector or outcode."""
    given = [link.get("location") for link in as_dicts(data.get("service_at_locations"))]
    given += as_dicts(data.get("locations"))  # Outpost hangs them on the service itself
    found = [_location(location, publisher) for location in given if isinstance(location, Mapping)]
    kept = [location for location in found if location]
    return tuple(kept) or _location_in_text(data, description, publisher)


def _location(data: Nested, publisher: Publisher) -> Location | None:
    inline = [data] if any(data.get(key) for key in ("postal_code", "address_1", "city")) else []
    addresses = tuple(
        address
        for address in map(_address, as_dicts(data.get("addresses")) or as_dicts(data.get("physical_addresses")) or inline)
        if any((address.address_1, address.city, address.postal_code))
    )
    access = as_dicts(data.get("accessibility")) or as_dicts(data.get("accessibility_for_disabilities"))
    access += as_dicts(data.get("accessibilities"))
    name = clean_line(data.get("name"))
    # A word for yes that we do not know must hide as well: what is shown by mistake cannot be taken back.
    asked = (data.get(name) for name in ("hides_address", "mask_exact_address"))
    hides = any(str(value).strip().lower() not in _NOT_HIDDEN for value in asked)
    latitude, longitude, precision = _point(data, addresses, publisher)
    if not (name or addresses or precision):
        return None
    foreign = clean_line(data.get("id")) or "|".join([name, *(line for a in addresses for line in a.lines)]).lower()
    return Location(
        id=derived_id(publisher.source, "location", foreign),
        source_id=clean_line(data.get("id")),
        name=name,
        description=clean_text(data.get("description")),
        location_type=clean_line(data.get("location_type")) or "physical",
        transportation=clean_text(data.get("transportation")),
        url=clean_url(data.get("url")),
        latitude=latitude,
        longitude=longitude,
        precision=precision,
        hides_address=hides,
        addresses=addresses,
        accessibility=tuple(
            Accessibility(text, clean_text(item.get("details")), clean_url(item.get("url")), clean_line(item.get("id")))
            for item in access
            if (text := clean_line(item.get("description") or item.get("accessibility") or item.get("name")))
        ),
    )


def _address(data: Nested) -> Address:
    return Address(
        id=clean_line(data.get("id")),
        attention=clean_line(data.get("attention")),
        address_1=clean_line(data.get("address_1")),
        address_2=clean_line(data.get("address_2")),
        city=clean_line(data.get("city")),
        region=clean_line(data.get("region")),
        state_province=clean_line(data.get("state_province")),
        postal_code=clean_line(data.get("postal_code")).upper(),
        country=clean_line(data.get("country")),
        address_type=clean_line(data.get("address_type")) or "physical",
    )


def _point(data: Nested, addresses: tuple[Address, ...], publisher: Publisher) -> tuple[float | None, float | None, str]:
    latitude, longitude = number(data.get("latitude")), number(data.get("longitude"))
    geometry = data.get("geometry")
    if isinstance(geometry, Mapping) and isinstance(geometry.get("coordinates"), list) and len(geometry["coordinates"]) == 2:
        longitude, latitude = number(geometry["coordinates"][0]), number(geometry["coordinates"][1])
    if latitude is not None and longitude is not None and (latitude or longitude):
        if -90 <= latitude <= 90 and -180 <= longitude <= 180:
            return latitude, longitude, "exact"
        publisher.remarks.append(f"The point {latitude:g}, {longitude:g} is not on Earth; it was left out.")
    for address in addresses:
        place = publisher.locate(address.postal_code) if address.postal_code else None
        if place:
            return place.latitude, place.longitude, "outcode" if place.kind == "outcode" else "sector"
    return None, None, ""


def _location_in_text(data: Nested, description: str, publisher: Publisher) -> tuple[Location, ...]:
    """A place for a listing whose only address is in its prose: known to the sector, never more, and never for a secret one."""
    text = f"{description} {clean_text(data.get('name'))}"
    organization = data.get("organization")
    beside = clean_text(organization.get("description")) if isinstance(organization, Mapping) else ""
    if _SECRET.search(text) or _SECRET.search(beside):
        return ()
    for postcode in postcodes_in(text):
        place = publisher.locate(postcode)
        # To the sector, even where we could know more: every postcode of it is one place here.
        place = publisher.locate(place.label) if place else None
        if place:
            id_ = derived_id(publisher.source, "location", f"sector {place.label}")
            precision = "outcode" if place.kind == "outcode" else "sector"
            address = Address(postal_code=place.label)
            return (
                Location(
                    id=id_,
                    latitude=place.latitude,
                    longitude=place.longitude,
                    precision=precision,
                    addresses=(address,),
                ),
            )
    return ()
