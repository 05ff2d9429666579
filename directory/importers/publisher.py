"""What a translation needs to know beside the listing itself, and how it looks into nested data that may hold anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.places import Place

Nested = Mapping[str, Any]
# Sources of our own: an import can never write over them.
OUR_SOURCES = ("national", "demonstration")


class RefusedError(Exception):
    """This listing cannot be taken; the message is the reason, in words."""


@dataclass
class Publisher:
    """What a translation needs to know beside the listing itself.

    `locate` finds a postcode's place (or None); `category_of` and `need_of` find our slug for a publisher's term (or None);
    `remarks` collects what a person should know about the listing at hand.
    """

    source: str
    locate: Callable[[str], Place | None]
    category_of: Callable[[str], str | None] = lambda _term: None
    need_of: Callable[[str], str | None] = lambda _term: None
    remarks: list[str] = field(default_factory=list)


def as_list(value: Any) -> list[Any]:
    """A list from a list, or from a text with commas or semicolons; empty for anything else."""
    if isinstance(value, str):
        return [part for part in re.split(r"\s*[;,]\s*", value) if part]
    return value if isinstance(value, list) else []


def as_dicts(value: Any) -> list[Nested]:
    """The nested things among a list."""
    return [item for item in as_list(value) if isinstance(item, Mapping)]
