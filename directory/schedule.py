"""When a service is open (HSDS `schedule`, whose `freq` and `byday` follow iCalendar, RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """When a service is open. Times are "HH:MM" local time; `byday` is like "MO,WE" or, for a month, "1TU"."""

    freq: str = ""
    byday: str = ""
    opens_at: str = ""
    closes_at: str = ""
    description: str = ""
    interval: int = 1
    bymonthday: str = ""
    dtstart: str = ""
    valid_from: str = ""
    valid_to: str = ""
    schedule_link: str = ""
    attending_type: str = ""
    notes: str = ""
    id: str = ""
