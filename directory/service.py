"""A service: one listing (HSDS `service`), with what Open Referral UK has no field for and families need."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from directory.check import Check
from directory.contact import Contact, Phone
from directory.cost import CostOption
from directory.location import Location
from directory.organization import Organization
from directory.referral import ReferralRoute
from directory.schedule import Schedule

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
# A temporarily closed service is shown and says so: its families look for it by name.
SHOWN_STATUSES = ("active", "temporarily closed")
# What else there is to say of a listing: nobody has checked it for too long (then it is shown after all others: what may still be
# there is not to be lost), we no longer list it, or it was never published. The view `shown_service` asks the same in SQL.
HIDDEN = ("unchecked", "retired", "draft")
SHOWN_HIDDEN = ("", "unchecked")
DELIVERIES = ("in_person", "online", "phone", "home")
REACHES = ("area", "county", "national")
TERMS = ("", "term_time", "holidays", "all_year")
# Where a listing came from: the source that invented listings stand under.
DEMONSTRATION = "demonstration"


@dataclass(frozen=True)
class Language:
    """A language spoken there; `code` is ISO 639."""

    name: str
    code: str = ""
    note: str = ""
    id: str = ""


@dataclass(frozen=True)
class ServiceArea:
    """Where its families live."""

    name: str
    description: str = ""
    id: str = ""


@dataclass(frozen=True)
class Attribute:
    """A term of somebody else's taxonomy, kept so that it can be given back."""

    term: str
    taxonomy: str = ""
    link_type: str = ""
    term_uri: str = ""
    id: str = ""


@dataclass(frozen=True)
class Service:
    """A listing as it is stored. Ages are years as decimals (a baby is 0.5); None means no limit.

    `free` is True, False, or None where nobody said. What a page is given has been through `store.shown`, which takes out the
    addresses that must not be seen.
    """

    id: str
    name: str
    organization: Organization | None = None
    alternate_name: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    status: str = "active"
    fees: str = ""
    fees_description: str = ""
    application_process: str = ""
    eligibility_description: str = ""
    interpretation_services: str = ""
    accreditations: str = ""
    wait_time: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    assured_date: str = ""
    assurer_email: str = ""
    alert: str = ""
    last_modified: str = ""
    opening_hours: str = ""
    term: str = ""
    reach: str = "area"
    free: bool | None = None
    categories: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ()
    referral_route: ReferralRoute = field(default_factory=ReferralRoute)
    locations: tuple[Location, ...] = ()
    contacts: tuple[Contact, ...] = ()
    phones: tuple[Phone, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    cost_options: tuple[CostOption, ...] = ()
    languages: tuple[Language, ...] = ()
    service_areas: tuple[ServiceArea, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    source: str = ""
    source_id: str = ""
    hidden: str = ""
    check: Check | None = None

    @property
    def is_shown(self) -> bool:
        """Whether families may see it."""
        return self.status in SHOWN_STATUSES and self.hidden in SHOWN_HIDDEN

    @property
    def is_demonstration(self) -> bool:
        """Whether it is invented: ours, or another Linkbook's, whose feed marks it."""
        return self.source == DEMONSTRATION or any(attribute.link_type == DEMONSTRATION for attribute in self.attributes)

    @property
    def city(self) -> str:
        """The town of its first location that has one."""
        return next((location.city for location in self.locations if location.city), "")

    @property
    def all_phones(self) -> tuple[Phone, ...]:
        """Every number a page may show, its own first, none twice."""
        numbers = self.phones + tuple(phone for contact in self.contacts for phone in contact.phones)
        shown: dict[str, Phone] = {}
        for phone in numbers:
            if phone.is_shown:
                shown.setdefault(phone.same_as, phone)
        return tuple(shown.values())

    @property
    def has_number_kept_back(self) -> bool:
        """Whether there is a number that we do not trust enough to show."""
        numbers = self.phones + tuple(phone for contact in self.contacts for phone in contact.phones)
        return any(not phone.is_shown for phone in numbers)


_ALL = r"(?:all |every )?(?:families|everyone|everybody|anyone|all|you)"
_FREE = re.compile(
    rf"(?:it is |it's |this is |all )?free(?: of charge)?(?: to (?:use|join|attend|come|hire|borrow))?(?: (?:to|for) {_ALL})?"
    r"|(?:there is )?no (?:charge|cost|fee)|none|nil|no",
    re.IGNORECASE,
)
_BUT = re.compile(r"\b(if|then|after|unless|only|other|others|fees?|pay|charges?|costs?|deposit)\b", re.IGNORECASE)


def is_free(fees: str, cost_options: tuple[CostOption, ...]) -> bool | None:
    """What a publisher's words say about cost: True (free), False (it costs), None (they do not say).

    "Free if you get Universal Credit" is not free: a family without it would be misled.

    >>> is_free("Free.", ()), is_free("£6 a session", ()), is_free("", ()), is_free("Free for under 5s; £3 for others", ())
    (True, False, None, False)
    """
    amounts = [option.amount for option in cost_options if option.amount is not None]
    if any(amounts) or re.search(r"[£$]\s?[\d.,]*[1-9]", fees):
        return False
    first, *rest = re.split(r"[.,;:!(]", fees.strip(), maxsplit=1)
    if _FREE.fullmatch(first.strip()) and not _BUT.search("".join(rest)):
        return True
    return True if amounts else None
