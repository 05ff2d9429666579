"""What the index is told about a listing or a guide: its words, and the values that can be chosen by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from directory.category import Category
from directory.guide import Guide
from directory.need import Need
from directory.service import Service

SERVICE, GUIDE = "service", "guide"
NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")
_JOINING = {"a", "and", "for", "in", "of", "on", "the", "to", "with"}
Point = tuple[float, float]


@dataclass(frozen=True)
class Document:
    """`title` counts most, `keywords` more than `body`. `points` are where it happens, in degrees: never a hidden place's own.
    `areas` are the middles of the areas it serves, which tell one county's help from another's.
    """

    id: str
    kind: str
    title: str
    keywords: str = ""
    body: str = ""
    categories: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ()
    referral: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    nations: tuple[str, ...] = ()
    free: bool = False
    minimum_age: float | None = None
    maximum_age: float | None = None
    reach: str = "area"
    points: tuple[Point, ...] = ()
    areas: tuple[Point, ...] = ()
    unchecked: bool = False


def initials(name: str) -> str:
    """What a long name is called for short, where people would.

    >>> initials("National Deaf Children's Society"), initials("Contact"), initials("Tea and Paperwork")
    ('NDCS', '', '')
    """
    words = [word for word in re.findall(r"[A-Za-z][\w'’]*", name) if word.casefold() not in _JOINING]
    return "".join(word[0] for word in words) if 3 <= len(words) <= 6 and all(word[0].isupper() for word in words) else ""


def service_document(
    service: Service,
    categories: Mapping[str, Category],
    needs: Mapping[str, Need],
    hidden_points: Mapping[str, Point],
    areas: Sequence[Point] = (),
) -> Document:
    """A service as search sees it. `service` has been through `store.shown`; `hidden_points` gives the middle of the
    outcode area for a hidden location, by location id; `areas` the middles of the areas it serves.
    """
    known = [needs[slug] for slug in service.needs if slug in needs]
    # Not the labels of its categories: "speech and language, OT, physio" would make every speech therapist an occupational one.
    # What a category adds to a listing is ranking's to say.
    languages = [language.name for language in service.languages if language.name.casefold() != "english"]
    keywords = [
        service.alternate_name,
        initials(service.name),
        *languages,
        *(need.label for need in known),
        *(a.term for a in service.attributes),
    ]
    body = [
        service.description,
        service.eligibility_description,
        service.organization.name if service.organization else "",
        *(line for location in service.locations for line in (location.name, location.city)),
        *(access.description for location in service.locations for access in location.accessibility),
        *(area.name for area in service.service_areas),
        *(schedule.description for schedule in service.schedules),
        *(step.ask for step in service.referral_route.steps),
        service.interpretation_services,
        service.application_process,
    ]
    points = [location.point or hidden_points.get(location.id) for location in service.locations]
    return Document(
        id=service.id,
        kind=SERVICE,
        title=service.name,
        keywords=" . ".join(part for part in keywords if part),
        body=" . ".join(part for part in body if part),
        categories=service.categories,
        needs=service.needs,
        delivery=service.delivery,
        referral=service.referral_route.kinds,
        languages=tuple(dict.fromkeys(languages)),
        nations=tuple(area.name for area in service.service_areas if area.name in NATIONS),
        free=service.free is True,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        reach=service.reach,
        points=tuple(point for point in points if point),
        areas=tuple(areas),
        unchecked=service.hidden == "unchecked",
    )


def guide_document(guide: Guide, categories: Mapping[str, Category]) -> Document:
    """A guide as search sees it."""
    labels = [categories[slug].label for slug in guide.categories if slug in categories]
    return Document(
        id=guide.slug,
        kind=GUIDE,
        title=guide.title,
        keywords=" . ".join([*guide.words, *labels]),
        body=f"{guide.summary} . {guide.body}",
        categories=guide.categories,
        needs=guide.needs,
        reach="national",
    )
