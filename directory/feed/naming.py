"""Ids in the feed: a publisher's own UUIDs given back, and for all else ones that stay the same from one export to the next."""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from directory.feed.terms import Terms
from directory.identity import derived_id
from directory.location import Location
from directory.organization import Organization


def as_uuid(text: str) -> str:
    """A UUID as it is usually written, or nothing where the text is none.

    >>> as_uuid("AC148810-D857-441C-9679-408F346DE14B"), as_uuid("136")
    ('ac148810-d857-441c-9679-408f346de14b', '')
    """
    # Most texts are none: told by their length, which is quicker than trying.
    if len(text) < 32:
        return ""
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        return ""


def claimed_twice(claims: Iterable[str]) -> frozenset[str]:
    """The ids among these that are there more than once."""
    return frozenset(id_ for id_, times in Counter(claims).items() if times > 1)


@dataclass(frozen=True)
class Naming:
    """What names in the feed follow from, beside the listing itself.

    `contested` are UUIDs that two publishers use for an organisation or a place of their own: there both get ours instead, for
    an id must not mean two things.
    """

    terms: Terms = field(default_factory=Terms)
    contested: frozenset[str] = frozenset()

    def organization(self, organization: Organization) -> str:
        """The id of an organisation."""
        return self.id_of(organization.id, organization.source_id)

    def location(self, service_id: str, position: int, location: Location) -> str:
        """The id of a place. One that is kept private gets an id that follows from nothing about it: where a publisher's id is
        the address in words, anybody could try addresses until one gives the same id."""
        if location.hides_address:
            return derived_id(service_id, "private place", position)
        return self.id_of(location.id, location.source_id)

    def id_of(self, own: str, foreign: str) -> str:
        """The publisher's id where it is a UUID that nobody else uses, or our own."""
        given = as_uuid(foreign)
        return given if given and given not in self.contested else own


class Ids:
    """Ids of what hangs on one thing: the publisher's where it is a UUID that is not used yet, else made from its place."""

    def __init__(self, owner: str, kind: str, *, ours_only: bool = False) -> None:
        self._owner, self._kind, self._ours_only = owner, kind, ours_only
        self._used: set[str] = set()
        self._numbers = itertools.count()

    def next(self, foreign: str = "") -> str:
        """The id of the next one in line."""
        number = next(self._numbers)
        given = "" if self._ours_only else as_uuid(foreign)
        found = given if given and given not in self._used else derived_id(self._owner, self._kind, number)
        self._used.add(found)
        return found
