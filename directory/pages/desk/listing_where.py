"""The step of the form that says where: places, of which other listings may use the same, and how far it reaches."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlite_utils import Database
from wtforms import RadioField, SelectMultipleField

from directory import gazetteer, store, wording
from directory.identity import fresh_id
from directory.location import Accessibility, Address, Location
from directory.pages.desk import form_rows as rows
from directory.pages.desk.form_rows import rows_of, text
from directory.pages.desk.listing_step import StepForm, in_order
from directory.service import DELIVERIES, REACHES, Service, ServiceArea


class WhereForm(StepForm):
    """Where it happens, and how far it reaches."""

    delivery = SelectMultipleField(_l("How help is given"))
    places = rows_of(rows.PlaceRow)
    reach = RadioField(_l("How far does it reach?"))
    areas = text(_l("Areas whose families may come: one on each line"))
    shared: Mapping[int, int]

    def offer(self, db: Database, service: Service) -> None:
        """The ways to choose from; and for each place, how many other listings use it."""
        self.delivery.choices = [(how, wording.delivery(how)) for how in DELIVERIES]
        self.reach.choices = [(how, wording.reach(how)) for how in REACHES]
        self.shared = {
            number: others
            for number, place in enumerate(service.locations)
            if (others := len([id_ for id_ in store.services_at(db, place.id) if id_ != service.id]))
        }

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        return {
            "delivery": list(service.delivery),
            "places": rows.filled([_place_fields(place) for place in service.locations]),
            "reach": service.reach,
            "areas": "\n".join(area.name for area in service.service_areas),
        }

    def is_shared(self, row: Any) -> int:
        """How many other listings use the place that a row was."""
        place = row.was.data or ""
        return self.shared.get(int(place), 0) if place.isascii() and place.isdigit() else 0

    def needs_a_word(self, service: Service) -> bool:
        """Whether a place that others use was changed, and nobody said for whom: then the row says so."""
        missing = False
        for row in (entry.form for entry in self.places):
            old = row.old(service.locations)
            asked = old and row.counts and self.is_shared(row) and row.share.data not in {"all", "here"}
            if asked and _place_typed(row) != _place_fields(old):
                row.share.errors = [_("Say for which listings this place has changed")]
                missing = True
        return missing

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it."""
        places = []
        for row in (entry.form for entry in self.places):
            if row.counts:
                old = row.old(service.locations)
                place = _place(db, row, old)
                if old and place != old and self.is_shared(row) and row.share.data == "here":
                    place = dataclasses.replace(place, id=fresh_id())
                places.append(place)
        areas = {area.name: area for area in service.service_areas}
        return dataclasses.replace(
            service,
            delivery=in_order(service.delivery, self.delivery.data),
            locations=tuple(places),
            reach=self.reach.data,
            service_areas=tuple(areas.get(name) or ServiceArea(name) for name in rows.lines_of(self.areas.data)),
        )


_ADDRESS = ("address_1", "address_2", "city", "state_province", "postal_code")


def _place_fields(place: Location) -> dict[str, Any]:
    address = place.addresses[0] if place.addresses else Address()
    return {
        "name": place.name,
        **{name: getattr(address, name) for name in _ADDRESS},
        "transportation": place.transportation,
        "access": "\n".join(_access_line(one) for one in place.accessibility),
        "hides_address": place.hides_address,
    }


def _place_typed(row: Any) -> dict[str, Any]:
    names = ("name", *_ADDRESS, "transportation", "access", "hides_address")
    return {name: row[name].data for name in names}


def _access_line(access: Accessibility) -> str:
    return f"{access.description}: {access.details}" if access.details else access.description


def _place(db: Database, row: Any, old: Location | None) -> Location:
    if old and _place_typed(row) == _place_fields(old):
        return old
    place = old or Location(id=fresh_id())
    first = place.addresses[0] if place.addresses else Address(id=fresh_id())
    address = dataclasses.replace(first, **{name: row[name].data for name in _ADDRESS})
    access = {_access_line(one): one for one in place.accessibility}
    changed = dataclasses.replace(
        place,
        name=row.name.data,
        transportation=row.transportation.data,
        hides_address=bool(row.hides_address.data),
        addresses=(address, *place.addresses[1:]) if any(row[name].data for name in _ADDRESS) else place.addresses[1:],
        accessibility=tuple(access.get(one) or Accessibility(one) for one in rows.lines_of(row.access.data)),
    )
    moved = [getattr(first, name) for name in _ADDRESS] != [getattr(address, name) for name in _ADDRESS]
    return _located(db, changed) if moved or not old else changed


def _located(db: Database, place: Location) -> Location:
    """A place with the point that its new postcode or town has: an old point would send families to the old door."""
    found = gazetteer.find_postcode(db, place.postal_code) if place.postal_code else None
    if not found:
        return dataclasses.replace(place, latitude=None, longitude=None, precision="")
    precision = "outcode" if found.kind == "outcode" else "sector"
    return dataclasses.replace(place, latitude=found.latitude, longitude=found.longitude, precision=precision)
