"""A listing as schema.org has it, for search engines. It says what the page says that it stands on."""

from __future__ import annotations

from typing import Any

from directory.feed.documents import INVENTED
from directory.feed.values import filled, plain_number
from directory.location import Address, Location
from directory.service import Service

_DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday", "SU": "Sunday"}


def service_data(service: Service, address: str) -> dict[str, Any]:
    """A shown service whose page is at `address`."""
    organization = service.organization
    provider = filled(name=organization.name, url=organization.website, email=organization.email) if organization else {}
    phones = [phone.number for phone in service.all_phones if not phone.is_text]
    return {"@context": "https://schema.org", "@type": "Service", "@id": address} | filled(
        name=service.name,
        alternateName=service.alternate_name,
        description=service.description,
        disambiguatingDescription=INVENTED if service.is_demonstration else "",
        url=address,
        sameAs=service.url,
        provider={"@type": "Organization"} | provider if provider else None,
        areaServed=[area.name for area in service.service_areas],
        isAccessibleForFree=service.free,
        audience=_audience(service),
        availableChannel=[
            {"@type": "ServiceChannel"} | channel
            for channel in (
                filled(serviceUrl=service.url),
                *(filled(servicePhone={"@type": "ContactPoint", "telephone": number}) for number in phones),
                *(_place(location) for location in service.locations),
            )
            if channel
        ],
        hoursAvailable=[_hours(days, opens, closes) for days, opens, closes in _times(service)],
    )


def _audience(service: Service) -> dict[str, Any] | None:
    ages = filled(suggestedMinAge=plain_number(service.minimum_age), suggestedMaxAge=plain_number(service.maximum_age))
    return {"@type": "PeopleAudience"} | ages if ages else None


def _place(location: Location) -> dict[str, Any]:
    # What stands here was masked already; a place that is kept private has nothing but its town.
    shown = location.shown
    address = _address(shown.addresses[0]) if shown.addresses else None
    point = {"@type": "GeoCoordinates", "latitude": shown.latitude, "longitude": shown.longitude}
    place = filled(name=shown.name, address=address, geo=point if shown.precision == "exact" else None)
    return {"serviceLocation": {"@type": "Place"} | place} if place else {}


def _address(address: Address) -> dict[str, Any] | None:
    lines = filled(
        streetAddress=", ".join(line for line in (address.address_1, address.address_2) if line),
        addressLocality=address.city,
        addressRegion=address.state_province,
        postalCode=address.postal_code,
    )
    return {"@type": "PostalAddress"} | lines | {"addressCountry": address.country or "GB"} if lines else None


def _times(service: Service) -> list[tuple[list[str], str, str]]:
    weekly = [one for one in service.schedules if one.byday and one.opens_at and one.closes_at and one.freq in {"", "WEEKLY"}]
    found = [([_DAYS[day] for day in one.byday.split(",") if day in _DAYS], one.opens_at, one.closes_at) for one in weekly]
    return [one for one in found if one[0]]


def _hours(days: list[str], opens: str, closes: str) -> dict[str, Any]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": [f"https://schema.org/{day}" for day in days],
        "opens": opens,
        "closes": closes,
    }
