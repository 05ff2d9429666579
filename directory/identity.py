"""Ids of listings: UUIDs, as Open Referral UK asks, and the same ones at every import."""

from __future__ import annotations

import uuid

# Any fixed UUID will do; changing it would give every imported listing a new address.
_NAMESPACE = uuid.UUID("8f0c7a52-5e0e-4b7e-9d7e-6c1b0a4f2d11")


def derived_id(source: str, kind: str, foreign: object) -> str:
    """The id of a publisher's organisation or location: made from source, kind and its id, whatever that looks like.

    A publisher's own UUID would let one feed write over what another said of "the same" place: a refuge could be unmasked.
    """
    return str(uuid.uuid5(_NAMESPACE, f"{source}/{kind}/{str(foreign).strip()}"))


def stable_id(source: str, kind: str, foreign: object) -> str:
    """The id of a publisher's service: its own where that is a UUID, else one made from source, kind and its id.

    >>> stable_id("national", "service", "nat-001") == stable_id("national", "service", "nat-001")
    True
    >>> stable_id("feed", "service", "AC148810-d857-441c-9679-408f346de14b")
    'ac148810-d857-441c-9679-408f346de14b'
    """
    text = str(foreign).strip()
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return derived_id(source, kind, text)


def fresh_id() -> str:
    """An id for a listing, a place or an organisation that began here."""
    return str(uuid.uuid4())
