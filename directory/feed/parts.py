"""What hangs on a listing, as Open Referral UK 3.0 writes it."""

from __future__ import annotations

from collections.abc import Iterable

from directory.contact import Phone
from directory.feed.naming import Ids
from directory.feed.terms import Document
from directory.feed.values import filled, is_day, is_time, is_uri, plain_number
from directory.schedule import Schedule
from directory.service import Service

_FREQUENCIES = {"WEEKLY", "MONTHLY"}


def phones(given: Iterable[Phone], ids: Ids) -> list[Document]:
    """The numbers that a page would show. One that nobody has checked stays here."""
    return [
        {"id": ids.next(phone.id), "number": phone.number}
        | filled(extension=phone.extension, type=phone.type, description=phone.description)
        for phone in given
        if phone.is_shown
    ]


def contacts(service: Service) -> list[Document]:
    """The contacts that a publisher printed with a listing, each with its numbers."""
    ids, phone_ids, found = Ids(service.id, "contact"), Ids(service.id, "contact phone"), []
    for contact in service.contacts:
        numbers = phones(contact.phones, phone_ids)
        if contact.name or contact.email or numbers:
            found.append({"id": ids.next(contact.id)} | filled(
                name=contact.name, title=contact.title, department=contact.department, email=contact.email, phones=numbers,
            ))  # fmt: skip
    return found


def schedules(service: Service) -> list[Document]:
    """When it is open. What no program could read as a day or a time is said in words instead."""
    ids = Ids(service.id, "schedule")
    return [
        {"id": ids.next(one.id)} | document
        for one in service.schedules
        if (document := _schedule(one)).keys() & {"description", "byday", "opens_at"}
    ]


def _schedule(one: Schedule) -> Document:
    description = one.description
    if not description and not (is_time(one.opens_at) or one.byday):
        description = " – ".join(time for time in (one.opens_at, one.closes_at) if time)
    return filled(
        valid_from=one.valid_from if is_day(one.valid_from) else "",
        valid_to=one.valid_to if is_day(one.valid_to) else "",
        dtstart=one.dtstart if is_day(one.dtstart) else "",
        freq=one.freq if one.freq in _FREQUENCIES else "",
        interval=one.interval if one.interval > 1 else None,
        byday=one.byday,
        bymonthday=one.bymonthday,
        description=description,
        opens_at=one.opens_at if is_time(one.opens_at) else "",
        closes_at=one.closes_at if is_time(one.closes_at) else "",
        schedule_link=one.schedule_link if is_uri(one.schedule_link) else "",
        attending_type=one.attending_type,
        notes=one.notes,
    )


def service_areas(service: Service) -> list[Document]:
    """Where its families live."""
    ids = Ids(service.id, "service area")
    return [{"id": ids.next(area.id)} | filled(name=area.name, description=area.description) for area in service.service_areas]


def languages(service: Service) -> list[Document]:
    """The languages spoken there, each once."""
    ids = Ids(service.id, "language")
    distinct = {language.name: language for language in service.languages if language.name}
    return [
        {"id": ids.next(language.id)} | filled(name=language.name, code=language.code, note=language.note)
        for language in distinct.values()
    ]


def costs(service: Service) -> list[Document]:
    """What it costs."""
    ids = Ids(service.id, "cost option")
    return [
        {"id": ids.next(cost.id)}
        | filled(
            valid_from=cost.valid_from if is_day(cost.valid_from) else "",
            valid_to=cost.valid_to if is_day(cost.valid_to) else "",
            option=cost.option,
            amount=plain_number(cost.amount),
            currency=cost.currency if cost.currency != "GBP" else "",
            amount_description=cost.amount_description,
        )
        for cost in service.cost_options
        if cost.option or cost.amount is not None or cost.amount_description
    ]
