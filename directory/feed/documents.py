"""A listing as Open Referral UK 3.0 writes it. What is empty is left out, except what its schemas ask for.

The order of properties stays the same, so that the same listing is the same bytes.
"""

from __future__ import annotations

from typing import Any

from directory.feed.naming import Ids, Naming, as_uuid
from directory.feed.parts import contacts, costs, languages, phones, schedules, service_areas
from directory.feed.terms import CATEGORIES, NEEDS, Document
from directory.feed.values import filled, instant, is_day, is_uri, plain_number
from directory.identity import derived_id
from directory.location import Address, Location
from directory.organization import Organization
from directory.referral import KINDS, ReferralRoute
from directory.service import DEMONSTRATION, Service

# Written into the listing itself, in one language: who takes the feed may know none of our properties, and must not send a family
# to a place that nobody has built.
INVENTED = "This listing is invented, to show how Linkbook works."
_LOCATION_TYPES = {"physical", "postal", "virtual"}


def organization_document(organization: Organization, naming: Naming) -> Document:
    """An organisation with nothing nested."""
    required = {"id": naming.organization(organization), "name": organization.name, "description": organization.description}
    return required | filled(
        alternate_name=organization.alternate_name,
        email=organization.email,
        website=organization.website,
        logo=organization.logo if is_uri(organization.logo) else "",
        uri=organization.uri if is_uri(organization.uri) else "",
        parent_organization_id=as_uuid(organization.parent_organization_id),
    )


def minimal_document(service: Service, changed_at: str) -> Document:
    """As little as tells one listing from another, and whether it has changed."""
    return {
        "id": service.id,
        "name": service.name,
        "status": service.status,
        "last_modified": instant(service.last_modified) or instant(changed_at),
    }


def brief_document(service: Service, changed_at: str, naming: Naming) -> Document:
    """A listing with only what there is one of, and its organisation."""
    organization = organization_document(service.organization, naming) if service.organization else None
    required = {"id": service.id, "name": service.name, "status": service.status}
    return required | filled(
        organization_id=organization["id"] if organization else "",
        alternate_name=service.alternate_name,
        description=service.description,
        url=service.url,
        email=service.email,
        fees=service.fees,
        fees_description=service.fees_description,
        accreditations=service.accreditations,
        minimum_age=plain_number(service.minimum_age),
        maximum_age=plain_number(service.maximum_age),
        assured_date=_assured(service),
        alert=_alert(service),
        last_modified=instant(service.last_modified) or instant(changed_at),
        application_process=service.application_process,
        eligibility_description=service.eligibility_description,
        interpretation_services=service.interpretation_services,
        wait_time=service.wait_time,
        opening_hours=service.opening_hours,
        term=service.term,
        reach=service.reach,
        free=service.free,
        delivery=list(service.delivery),
        categories=list(service.categories),
        needs=list(service.needs),
        referral_route=_route(service.referral_route),
        demonstration=service.is_demonstration or None,
        organization=organization,
    )


def full_document(service: Service, changed_at: str, naming: Naming) -> Document:
    """A listing with everything that hangs on it. `service` has its places as they are stored: hidden ones are masked here."""
    return brief_document(service, changed_at, naming) | filled(
        phones=phones(service.phones, Ids(service.id, "phone")),
        contacts=contacts(service),
        schedules=schedules(service),
        service_areas=service_areas(service),
        service_at_locations=[link | {"location": place} for link, place in places(service, naming)],
        languages=languages(service),
        cost_options=costs(service),
        attributes=_attributes(service, naming),
    )


def places(service: Service, naming: Naming) -> list[tuple[Document, Document]]:
    """Where a service happens: for each place the link (`service_at_location`) and the place itself."""
    found = []
    for position, location in enumerate(service.locations):
        id_ = naming.location(service.id, position, location)
        link = {"id": link_id(service.id, id_), "service_id": service.id, "location_id": id_}
        found.append((link, location_document(location, id_)))
    return found


def link_id(service_id: str, location_id: str) -> str:
    """The id of a service at a location."""
    return derived_id(service_id, "service_at_location", location_id)


def location_document(location: Location, id_: str) -> Document:
    """A place as anybody may see it. A point is given only where it is the door's: the middle of a postcode area is none."""
    shown = location.shown
    exact = shown.precision == "exact"
    address_ids = Ids(id_, "address", ours_only=shown.hides_address)
    access_ids = Ids(id_, "accessibility", ours_only=shown.hides_address)
    kind = shown.location_type if shown.location_type in _LOCATION_TYPES else "physical"
    return {"id": id_, "location_type": kind} | filled(
        name=shown.name,
        description=shown.description,
        transportation=shown.transportation,
        url=shown.url,
        latitude=shown.latitude if exact else None,
        longitude=shown.longitude if exact else None,
        hides_address=shown.hides_address or None,
        addresses=[
            _address(address, address_ids.next(address.id))
            for address in shown.addresses
            if address.address_1 or address.city or address.postal_code
        ],
        accessibility=[
            {"id": access_ids.next(item.id)} | filled(description=item.description, details=item.details, url=item.url)
            for item in shown.accessibility
        ],
    )


def _address(address: Address, id_: str) -> Document:
    required = {
        "id": id_,
        "address_1": address.address_1,
        "city": address.city,
        "state_province": address.state_province,
        "postal_code": address.postal_code,
        "country": address.country or "GB",
        "address_type": address.address_type if address.address_type in _LOCATION_TYPES else "physical",
    }
    return required | filled(attention=address.attention, address_2=address.address_2, region=address.region)


def _attributes(service: Service, naming: Naming) -> list[Document]:
    """Our terms for its categories and needs, then its publisher's own."""
    terms = naming.terms
    ours = [(CATEGORIES["name"], terms.categories.get(slug)) for slug in service.categories]
    ours += [(NEEDS["name"], terms.needs.get(slug)) for slug in service.needs]
    found: list[tuple[str, Document]] = [(kind, term) for kind, term in ours if term]
    for attribute in service.attributes:
        if attribute.link_type == DEMONSTRATION:
            continue
        id_ = as_uuid(attribute.id) or derived_id(
            attribute.taxonomy, "term", attribute.id or attribute.term_uri or attribute.term
        )
        found.append((attribute.link_type, {"id": id_, "name": attribute.term, "description": attribute.term} | filled(
            taxonomy=attribute.taxonomy,
            term_uri=attribute.term_uri if is_uri(attribute.term_uri) else "",
        )))  # fmt: skip
    distinct = {term["id"]: (kind, term) for kind, term in reversed(found)}
    return [
        {"id": derived_id(service.id, "attribute", term["id"])} | filled(link_type=kind, taxonomy_term=term)
        for kind, term in reversed(distinct.values())
    ]


def _assured(service: Service) -> str:
    """The day it was last checked: "checked" on a page and here are the same day."""
    if service.check:
        return service.check.checked_on.isoformat()
    return service.assured_date if is_day(service.assured_date) else ""


def _alert(service: Service) -> str:
    if not service.is_demonstration or INVENTED in service.alert:
        return service.alert
    return f"{INVENTED}\n\n{service.alert}".strip()


def _route(route: ReferralRoute) -> dict[str, Any]:
    steps = [filled(ask=step.ask, bring=step.bring, wait=step.wait, refused=step.refused) for step in route.steps]
    return filled(kinds=[kind for kind in KINDS if kind in route.kinds], steps=[step for step in steps if step.get("ask")])
