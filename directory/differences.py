"""How two versions of a listing differ, as plain sentences: for history, for whoever approves, and for two who edit at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from directory import wording
from directory.contact import Phone
from directory.location import Location
from directory.service import Service

# What a person can change, in the order of the form. What is not here (ids, where it came from) nobody edits.
LABELS: dict[str, LazyString] = {
    "name": _l("Name"),
    "alternate_name": _l("Other name"),
    "organization": _l("Organisation"),
    "description": _l("What it is"),
    "alert": _l("Important notice"),
    "status": _l("Is it running"),
    "hidden": _l("On the list"),
    "accreditations": _l("Training and inspection"),
    "minimum_age": _l("From age"),
    "maximum_age": _l("To age"),
    "categories": _l("Kind of help"),
    "needs": _l("Needs"),
    "eligibility_description": _l("Who it is for"),
    "languages": _l("Languages"),
    "interpretation_services": _l("Interpreters"),
    "referral_route": _l("How to get it"),
    "application_process": _l("How to apply"),
    "wait_time": _l("Waiting time"),
    "delivery": _l("How help is given"),
    "reach": _l("How far it reaches"),
    "service_areas": _l("Areas"),
    "locations": _l("Place"),
    "schedules": _l("Times"),
    "term": _l("Time of year"),
    "opening_hours": _l("Office hours"),
    "phones": _l("Telephone"),
    "contacts": _l("Contact"),
    "email": _l("E-mail"),
    "url": _l("Website"),
    "free": _l("Free or not"),
    "fees": _l("Cost"),
    "cost_options": _l("Prices"),
    "fees_description": _l("More about cost"),
    "attributes": _l("Terms"),
}


@dataclass(frozen=True)
class Names:
    """What our slugs are called: categories and needs."""

    categories: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One field that differs: what it said, and what it says."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def label(self) -> str:
        """What the field is called."""
        return str(LABELS[self.name])

    @property
    def gone(self) -> tuple[str, ...]:
        """What stands there no more."""
        return tuple(line for line in self.before if line not in self.after)

    @property
    def new(self) -> tuple[str, ...]:
        """What did not stand there before."""
        return tuple(line for line in self.after if line not in self.before)

    def __str__(self) -> str:
        """The difference as a sentence.

        > Telephone: 01632 960001 → 01632 960002
        """
        gone, new = "; ".join(self.gone), "; ".join(self.new)
        if not gone and not new:
            return _("%(label)s: in another order", label=self.label)
        if len(self.gone) <= 1 and len(self.new) <= 1:
            return f"{self.label}: {gone or _('nothing')} → {new or _('nothing')}"
        parts = [_("taken out: %(lines)s", lines=gone)] if gone else []
        parts += [_("added: %(lines)s", lines=new)] if new else []
        return f"{self.label}: {', '.join(parts)}"


def differences(before: Service | None, after: Service | None, names: Names) -> list[Difference]:
    """Every field in which two versions differ, in the order of the form."""
    return [
        Difference(name, _lines(before, name, names), _lines(after, name, names))
        for name in LABELS
        if (getattr(before, name) if before else None) != (getattr(after, name) if after else None)
    ]


def changed(before: Service, after: Service) -> tuple[str, ...]:
    """The names of the fields in which two versions differ."""
    return tuple(name for name in LABELS if getattr(before, name) != getattr(after, name))


def conflicts(base: Service, theirs: Service, mine: Service) -> tuple[str, ...]:
    """The fields that two people changed at once, and not to the same."""
    both = set(changed(base, theirs)) & set(changed(base, mine))
    return tuple(name for name in LABELS if name in both and getattr(theirs, name) != getattr(mine, name))


def merged(base: Service, theirs: Service, mine: Service, keep_mine: frozenset[str]) -> Service:
    """What both changed, put together: of a field that both changed theirs stands, unless it is among `keep_mine`."""
    disputed = conflicts(base, theirs, mine)
    names = [name for name in changed(base, mine) if name not in disputed or name in keep_mine]
    return replace(theirs, **{name: getattr(mine, name) for name in names})


def value_lines(service: Service, name: str, names: Names) -> tuple[str, ...]:
    """What one field says, a line for each thing in it."""
    return _lines(service, name, names)


def _lines(service: Service | None, name: str, names: Names) -> tuple[str, ...]:
    if service is None:
        return ()
    value = getattr(service, name)
    match name:
        case "organization":
            lines = _organization(service)
        case "minimum_age" | "maximum_age":
            lines = [] if value is None else [wording.age(value)]
        case "categories":
            lines = [names.categories.get(slug, slug) for slug in value]
        case "needs":
            lines = [names.needs.get(slug, slug) for slug in value]
        case "delivery":
            lines = [wording.delivery(how) for how in value]
        case "languages" | "service_areas":
            lines = [item.name for item in value]
        case "attributes":
            lines = [item.term for item in value]
        case "referral_route":
            lines = _route(service)
        case "locations":
            lines = [_place(location) for location in value]
        case "schedules":
            lines = [" – ".join(part for part in (wording.times(one), one.notes) if part) for one in value]
        case "phones":
            lines = [phone_line(phone) for phone in value]
        case "contacts":
            lines = [_contact(one) for one in value]
        case "cost_options":
            lines = [wording.price(one) for one in value]
        case _:
            lines = [_word(name, value)]
    return tuple(line for line in lines if line)


def _word(name: str, value: object) -> str:
    """A field with one value."""
    match name:
        case "free":
            return {True: _("Free"), False: _("It costs something"), None: _("Nobody said")}[value]  # type: ignore[index]
        case "reach":
            return wording.reach(str(value))
        case "term":
            return wording.term(str(value))
        case "status":
            return status(str(value))
        case "hidden":
            return hidden(str(value))
    return str(value)


def status(name: str) -> str:
    """Whether a service runs.

    > Closed for now
    """
    return {
        "active": _("Running"),
        "temporarily closed": _("Closed for now"),
        "inactive": _("Not running"),
        "defunct": _("Closed for good"),
    }[name]


def hidden(reason: str) -> str:
    """Why families are not shown a listing.

    > Retired
    """
    return {
        "": _("Listed"),
        "unchecked": _("Not checked for too long"),
        "retired": _("Retired"),
        "draft": _("Draft"),
    }[reason]


def _organization(service: Service) -> list[str]:
    one = service.organization
    return [] if one is None else [" – ".join(part for part in (one.name, one.website, one.email, one.description) if part)]


def _route(service: Service) -> list[str]:
    route = service.referral_route
    steps = [" – ".join(part for part in (one.ask, one.bring, one.wait, one.refused) if part) for one in route.steps]
    return [*(wording.referral_kind(kind) for kind in route.kinds), *steps]


def _place(location: Location) -> str:
    parts = [location.name, *(line for address in location.addresses for line in address.lines)]
    parts += [location.transportation, *(access.description for access in location.accessibility)]
    if location.hides_address:
        parts.append(_("(the address is kept private)"))
    return ", ".join(part for part in parts if part)


def phone_line(phone: Phone) -> str:
    """A number with what stands beside it.

    > 01632 960001 (bookings)
    """
    extension = _("ext. %(number)s", number=phone.extension) if phone.extension else ""
    beside = ", ".join(part for part in (extension, phone.description, "" if phone.is_shown else _("not shown")) if part)
    return f"{phone.number} ({beside})" if beside else phone.number


def _contact(contact: object) -> str:
    parts = [getattr(contact, name) for name in ("name", "title", "department", "email")]
    return ", ".join([*(part for part in parts if part), *(phone_line(phone) for phone in getattr(contact, "phones", ()))])
