"""A location: where a service happens (HSDS `location`, `address`, `accessibility`).

Some addresses must never be shown: a refuge, a foster home. Such a location says `hides_address`, and `shown` is the
only form of it that pages, search and print are given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from directory.places import postcode_names


@dataclass(frozen=True)
class Address:
    """A UK postal address; `city` is the post town or village that people say."""

    address_1: str = ""
    address_2: str = ""
    city: str = ""
    region: str = ""
    state_province: str = ""
    postal_code: str = ""
    country: str = "GB"
    address_type: str = "physical"
    attention: str = ""
    id: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it is written on an envelope, without its empty lines."""
        parts = (self.attention, self.address_1, self.address_2, self.city, self.state_province, self.postal_code)
        return tuple(part for part in parts if part)


@dataclass(frozen=True)
class Accessibility:
    """One thing about getting in and about: "Step-free entrance"."""

    description: str
    details: str = ""
    url: str = ""
    id: str = ""


@dataclass(frozen=True)
class Location:
    """A place. `precision` says how well `latitude` and `longitude` are known: exact, sector, outcode, or empty (not at all)."""

    id: str
    name: str = ""
    description: str = ""
    location_type: str = "physical"
    transportation: str = ""
    url: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str = ""
    hides_address: bool = False
    addresses: tuple[Address, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    source_id: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None where we do not know."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def city(self) -> str:
        """The town of the first address that has one."""
        return next((address.city for address in self.addresses if address.city), "")

    @property
    def postal_code(self) -> str:
        """The first postcode."""
        return next((address.postal_code for address in self.addresses if address.postal_code), "")

    @property
    def shown(self) -> Location:
        """This location as anybody may see it: a hidden one keeps its town and the first half of its postcode only."""
        if not self.hides_address:
            return self
        towns = tuple(
            Address(id=a.id, city=a.city, state_province=a.state_province, postal_code=_outcode(a.postal_code))
            for a in self.addresses[:1]
        )
        # The name, the bus stop and "ramp on Duke Street" give a refuge away as surely as its street.
        access = tuple(Accessibility(item.description, id=item.id) for item in self.accessibility)
        return Location(
            id=self.id, location_type=self.location_type, hides_address=True, addresses=towns, accessibility=access,
        )  # fmt: skip


def _outcode(postcode: str) -> str:
    """The first half of a postcode however it is written, or nothing where that cannot be told."""
    names = postcode_names(re.sub(r"[^A-Za-z0-9]", "", postcode))
    return names[-1] if names else ""
