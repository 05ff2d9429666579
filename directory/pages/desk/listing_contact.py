"""The step of the form that says how to get in touch: numbers, and who answers them."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlite_utils import Database

from directory.contact import Contact, Phone
from directory.identity import fresh_id
from directory.pages.desk import form_rows as rows
from directory.pages.desk.form_rows import line, rows_of
from directory.pages.desk.listing_step import StepForm
from directory.service import Service


class ContactForm(StepForm):
    """How to get in touch."""

    phones = rows_of(rows.PhoneRow)
    contacts = rows_of(rows.ContactRow)
    email = line(_l("E-mail of the service"), rows.is_email)
    url = line(_l("Website"), rows.is_web_address)

    def offer(self, db: Database, service: Service) -> None:
        """Who can answer a number."""
        whose = [("", _("The service itself"))]
        whose += [(str(number), _whom(contact, number)) for number, contact in enumerate(service.contacts)]
        for entry in self.phones:
            entry.form.contact.choices = whose

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        return {
            "phones": rows.filled([_phone_fields(phone, whose) for phone, whose in _all_phones(service)], type="voice"),
            "contacts": rows.filled(
                [{name: getattr(one, name) for name in ("name", "title", "department", "email")} for one in service.contacts]
            ),
            "email": service.email,
            "url": service.url,
        }

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it."""
        before = [phone for phone, _whose in _all_phones(service)]
        numbers: dict[str, list[Phone]] = {}
        for row in (entry.form for entry in self.phones):
            if row.counts:
                numbers.setdefault(row.contact.data or "", []).append(_phone(row, row.old(before)))
        contacts = []
        for row in (entry.form for entry in self.contacts):
            theirs = tuple(numbers.pop(row.was.data, ())) if row.was.data else ()
            if not row.remove.data and (theirs or not row.is_empty):
                old = row.old(service.contacts) or Contact(id=fresh_id())
                names = ("name", "title", "department", "email")
                contacts.append(dataclasses.replace(old, **{name: row[name].data for name in names}, phones=theirs))
            elif theirs:
                # Nobody is lost with whoever used to answer: the number is then the service's own.
                numbers.setdefault("", []).extend(theirs)
        own = [phone for phones in numbers.values() for phone in phones]
        return dataclasses.replace(service, phones=tuple(own), contacts=tuple(contacts), email=self.email.data, url=self.url.data)


def _whom(contact: Contact, number: int) -> str:
    said = ", ".join(part for part in (contact.name, contact.title, contact.department, contact.email) if part)
    return said or _("Contact %(number)d", number=number + 1)


def _all_phones(service: Service) -> list[tuple[Phone, str]]:
    """Every number of a listing, and the place of the contact who answers it."""
    own = [(phone, "") for phone in service.phones]
    return own + [(phone, str(place)) for place, contact in enumerate(service.contacts) for phone in contact.phones]


def _phone_fields(phone: Phone, whose: str) -> dict[str, Any]:
    names = ("number", "type", "extension", "description")
    return {name: getattr(phone, name) for name in names} | {"contact": whose, "show": phone.is_shown}


def _phone(row: Any, old: Phone | None) -> Phone:
    phone = old or Phone("", id=fresh_id())
    # How sure we were belongs to the number that it was: a new one is as good as the person who typed it.
    same = old is not None and old.number == row.number.data
    confidence = phone.confidence if same else ""
    if same and row.show.data and not phone.is_shown:
        confidence = "checked"
    if old is not None and not row.show.data:
        confidence = phone.confidence if same and not phone.is_shown else "withheld"
    return dataclasses.replace(
        phone,
        number=row.number.data,
        type=row.type.data or "voice",
        extension=row.extension.data,
        description=row.description.data,
        confidence=confidence,
    )
