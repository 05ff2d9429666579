"""A category: what kind of help, in plain English. There are 44."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """`examples` are things that belong here; `words` are what people type when they want it; `group` orders the browse page;
    `esd_service_ids` are the LGA's ids of such services."""

    slug: str
    label: str
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    send_area: str = ""
    group: str = ""
    esd_service_ids: tuple[str, ...] = ()
    position: int = 0
