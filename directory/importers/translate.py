"""From a publisher's nested listing (Open Referral UK 3.0 or 1.0, Outpost's relative of it, or ours) to a Service.

Whatever is not understood is left out and remarked on; only what would leave nothing to show is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.contact import Contact, Phone
from directory.cost import CostOption
from directory.feed.terms import OUR_TAXONOMIES
from directory.identity import derived_id, stable_id
from directory.importers.cleaning import clean_email, clean_line, clean_text, clean_url, number
from directory.importers.publisher import OUR_SOURCES, Nested, Publisher, RefusedError, as_dicts, as_list
from directory.importers.whereabouts import locations
from directory.organization import Organization
from directory.referral import KINDS, ReferralRoute, ReferralStep
from directory.schedule import Schedule
from directory.service import (
    DELIVERIES,
    DEMONSTRATION,
    REACHES,
    STATUSES,
    TERMS,
    Attribute,
    Language,
    Service,
    ServiceArea,
    is_free,
)

_DAYS = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}


def translate(data: Nested, publisher: Publisher) -> Service:
    """The Service that `data` describes. Raises RefusedError, with the reason, where there is no telling."""
    name = clean_line(data.get("name"))[:300]
    if not name:
        raise RefusedError("It has no name.")
    foreign = clean_line(data.get("id"))
    if not foreign:
        raise RefusedError(f"“{name}” has no id, so a later import could not find it again.")
    status = clean_line(data.get("status")).lower() or "active"
    if status not in STATUSES:
        raise RefusedError(f"“{name}” has the status “{status}”; it should be one of {', '.join(STATUSES)}.")
    if data.get("missing_organization"):
        publisher.remarks.append(
            f"“{name}” belongs to organisation {clean_line(data['missing_organization'])}, which is not there."
        )
    id_ = stable_id(publisher.source, "service", foreign)
    description = clean_text(data.get("description"))
    local_offer = data.get("local_offer")
    if isinstance(local_offer, Mapping) and clean_text(local_offer.get("description")) not in {"", description}:
        description = f"{description}\n\n{clean_text(local_offer.get('description'))}".strip()
    minimum_age, maximum_age = _ages(data, name, publisher)
    fees = clean_line(data.get("fees"))
    cost_options = _costs(data)
    attributes = _attributes(data, publisher)
    given_free = data.get("free")
    return Service(
        id=id_,
        source=publisher.source,
        source_id=foreign,
        name=name,
        organization=_organization(data, publisher),
        alternate_name=clean_line(data.get("alternate_name")),
        description=description,
        url=clean_url(data.get("url")),
        email=clean_email(data.get("email")),
        status=status,
        fees=fees,
        fees_description=clean_text(data.get("fees_description")),
        application_process=clean_text(data.get("application_process")),
        eligibility_description=_eligibility(data),
        interpretation_services=clean_text(data.get("interpretation_services")),
        accreditations=clean_text(data.get("accreditations")),
        wait_time=clean_line(data.get("wait_time")),
        minimum_age=minimum_age,
        maximum_age=maximum_age,
        assured_date=clean_line(data.get("assured_date"))[:10],
        assurer_email=clean_email(data.get("assurer_email")),
        alert=clean_text(data.get("alert")),
        last_modified=clean_line(data.get("last_modified") or data.get("updated_at")),
        opening_hours=clean_line(data.get("opening_hours")),
        term=data["term"] if data.get("term") in TERMS else "",
        reach=data["reach"] if data.get("reach") in REACHES else "area",
        free=given_free if isinstance(given_free, bool) else is_free(fees, cost_options),
        categories=_categories(data, attributes, publisher),
        needs=_needs(data, publisher),
        delivery=_deliveries(data),
        referral_route=_route(data),
        locations=locations(data, description, publisher),
        contacts=_contacts(data, ours=publisher.source in OUR_SOURCES),
        phones=_phones(data.get("phones"), ours=publisher.source in OUR_SOURCES),
        schedules=_schedules(data),
        cost_options=cost_options,
        languages=_languages(data),
        service_areas=_areas(data),
        attributes=attributes,
    )


def _organization(data: Nested, publisher: Publisher) -> Organization | None:
    given = data.get("organization") or data.get("organisation")
    if not isinstance(given, Mapping):
        return None
    name, foreign = clean_line(given.get("name")), clean_line(given.get("id"))
    if not name:
        return None
    return Organization(
        id=derived_id(publisher.source, "organization", foreign or name.casefold()),
        name=name,
        alternate_name=clean_line(given.get("alternate_name")),
        description=clean_text(given.get("description")),
        email=clean_email(given.get("email")),
        website=clean_url(given.get("website") or given.get("url")),
        logo=clean_url(given.get("logo")),
        uri=clean_line(given.get("uri")),
        parent_organization_id=clean_line(given.get("parent_organization_id")),
        source_id=foreign,
    )


def _ages(data: Nested, name: str, publisher: Publisher) -> tuple[float | None, float | None]:
    low = number(data.get("minimum_age") if data.get("minimum_age") is not None else data.get("min_age"))
    high = number(data.get("maximum_age") if data.get("maximum_age") is not None else data.get("max_age"))
    for older in as_dicts(data.get("eligibilitys")):  # 1.0 had the ages there
        low = number(older.get("minimum_age")) if low is None else low
        high = number(older.get("maximum_age")) if high is None else high
    if low is not None and not 0 <= low <= 120:
        low = None
    if high is not None and not 0 < high <= 130:
        high = None
    if low is not None and high is not None and low > high:
        publisher.remarks.append(f"“{name}” is for ages {low:g} to {high:g}, which cannot be; no ages were taken.")
        return None, None
    return low, high


def _eligibility(data: Nested) -> str:
    texts = [clean_text(data.get("eligibility_description"))]
    texts += [clean_text(older.get("eligibility")) for older in as_dicts(data.get("eligibilitys"))]
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _costs(data: Nested) -> tuple[CostOption, ...]:
    found = (
        CostOption(
            option=clean_line(cost.get("option")),
            amount=number(cost.get("amount")),
            amount_description=clean_line(cost.get("amount_description") or cost.get("cost_type")),
            currency=clean_line(cost.get("currency")).upper() or "GBP",
            valid_from=clean_line(cost.get("valid_from")),
            valid_to=clean_line(cost.get("valid_to")),
            id=clean_line(cost.get("id")),
        )
        for cost in as_dicts(data.get("cost_options"))
    )
    return tuple(cost for cost in found if cost.option or cost.amount is not None or cost.amount_description)


def _attributes(data: Nested, publisher: Publisher) -> tuple[Attribute, ...]:
    found = []
    for attribute in as_dicts(data.get("attributes")):
        term = attribute.get("taxonomy_term")
        if isinstance(term, Mapping):
            found.append((term, clean_line(attribute.get("link_type")), term.get("taxonomy")))
    found += [(old["taxonomy"], "", old["taxonomy"].get("vocabulary")) for old in as_dicts(data.get("service_taxonomys"))
              if isinstance(old.get("taxonomy"), Mapping)]  # fmt: skip
    found += [(term, "", "") for term in as_dicts(data.get("taxonomies"))]
    # Invented listings of another Linkbook stay marked.
    invented = (Attribute(term="Demonstration", link_type=DEMONSTRATION),) if data.get("demonstration") is True else ()
    return invented + tuple(
        Attribute(
            term=clean_line(term.get("name")),
            taxonomy=clean_line(taxonomy),
            link_type=link_type,
            term_uri=clean_line(term.get("term_uri")),
            id=clean_line(term.get("id")),
        )
        for term, link_type, taxonomy in found
        if clean_line(term.get("name")) and not _is_ours(term, taxonomy, publisher)
    )


def _is_ours(term: Nested, taxonomy: Any, publisher: Publisher) -> bool:
    """Whether a Linkbook's feed says with this term what its `categories` and `needs` say already."""
    name = clean_line(term.get("name"))
    return clean_line(taxonomy) in OUR_TAXONOMIES and bool(publisher.category_of(name) or publisher.need_of(name))


def _categories(data: Nested, attributes: tuple[Attribute, ...], publisher: Publisher) -> tuple[str, ...]:
    terms = [clean_line(term) for term in as_list(data.get("categories")) if isinstance(term, str)]
    terms += [text for attribute in attributes for text in (attribute.term_uri, attribute.id, attribute.term)]
    found = (publisher.category_of(term) for term in terms if term)
    return tuple(dict.fromkeys(slug for slug in found if slug))


def _needs(data: Nested, publisher: Publisher) -> tuple[str, ...]:
    terms = [clean_line(term) for term in as_list(data.get("needs")) if isinstance(term, str)]
    terms += [clean_line(term.get("name")) for term in as_dicts(data.get("send_needs"))]
    found = (publisher.need_of(term) for term in terms if term)
    return tuple(dict.fromkeys(slug for slug in found if slug))


def _deliveries(data: Nested) -> tuple[str, ...]:
    given = [clean_line(how) for how in as_list(data.get("delivery")) if isinstance(how, str)]
    kinds = clean_line(data.get("attending_type")).lower() + " " + clean_line(data.get("deliverable_type")).lower()
    marks = {"in_person": "venue", "online": "online", "phone": "phone", "home": "home"}
    return tuple(how for how in DELIVERIES if how in given or marks[how] in kinds)


def _route(data: Nested) -> ReferralRoute:
    given = data.get("referral_route")
    if not isinstance(given, Mapping):
        return ReferralRoute()
    steps = tuple(
        ReferralStep(*(clean_text(step.get(part)) for part in ("ask", "bring", "wait", "refused")))
        for step in as_dicts(given.get("steps"))
        if clean_text(step.get("ask"))
    )
    return ReferralRoute(tuple(kind for kind in KINDS if kind in as_list(given.get("kinds"))), steps)


def _phones(value: Any, *, ours: bool) -> tuple[Phone, ...]:
    # How sure we are of a number is ours to say, and no publisher's.
    found = (
        Phone(
            number=clean_line(phone.get("number")).strip('"')[:60],
            type=clean_line(phone.get("type")) or "voice",
            description=clean_line(phone.get("description")),
            extension=clean_line(phone.get("extension")),
            confidence=clean_line(phone.get("confidence")) if ours else "",
            id=clean_line(phone.get("id")),
        )
        for phone in as_dicts(value)
    )
    return tuple(phone for phone in found if any(c.isdigit() for c in phone.number))


def _contacts(data: Nested, *, ours: bool) -> tuple[Contact, ...]:
    found = []
    for contact in as_dicts(data.get("contacts")):
        phones = _phones(contact.get("phones"), ours=ours)
        if not phones and contact.get("phone"):
            phones = _phones([{"number": contact["phone"]}], ours=ours)
        found.append(
            Contact(
                name=clean_line(contact.get("name")),
                title=clean_line(contact.get("title")),
                department=clean_line(contact.get("department")),
                email=clean_email(contact.get("email")),
                phones=phones,
                id=clean_line(contact.get("id")),
            )
        )
    return tuple(contact for contact in found if contact.phones or contact.email or contact.name)


def _languages(data: Nested) -> tuple[Language, ...]:
    found = (
        Language(
            name=clean_line(language.get("name") or language.get("language")),
            code=clean_line(language.get("code")),
            note=clean_line(language.get("note")),
            id=clean_line(language.get("id")),
        )
        for language in as_dicts(data.get("languages"))
    )
    return tuple({language.name: language for language in found if language.name}.values())


def _areas(data: Nested) -> tuple[ServiceArea, ...]:
    found = (
        ServiceArea(
            name=clean_line(area.get("name") or area.get("service_area")),
            description=clean_text(area.get("description")),
            id=clean_line(area.get("id")),
        )
        for area in as_dicts(data.get("service_areas"))
    )
    return tuple(area for area in found if area.name)


def _schedules(data: Nested) -> tuple[Schedule, ...]:
    given = as_dicts(data.get("schedules")) or as_dicts(data.get("regular_schedules"))
    found = tuple(
        Schedule(
            freq=clean_line(schedule.get("freq")).upper(),
            byday=_byday(schedule),
            opens_at=clean_line(schedule.get("opens_at")),
            closes_at=clean_line(schedule.get("closes_at")),
            description=clean_line(schedule.get("description")),
            interval=int(number(schedule.get("interval")) or 1),
            bymonthday=clean_line(schedule.get("bymonthday")),
            dtstart=clean_line(schedule.get("dtstart")),
            valid_from=clean_line(schedule.get("valid_from")),
            valid_to=clean_line(schedule.get("valid_to")),
            schedule_link=clean_url(schedule.get("schedule_link")),
            attending_type=clean_line(schedule.get("attending_type")),
            notes=clean_text(schedule.get("notes")),
            id=clean_line(schedule.get("id")),
        )
        for schedule in given
    )
    return tuple(schedule for schedule in found if schedule.description or schedule.byday or schedule.opens_at)


def _byday(schedule: Nested) -> str:
    text = clean_line(schedule.get("byday") or schedule.get("weekday"))
    codes = [_DAYS.get(part.strip().lower()[:3], part.strip().upper()) for part in text.split(",") if part.strip()]
    return ",".join(codes)
