"""An unmet need: "I couldn't find it, or it was no use". A count for those who plan services, and nothing about a person.

The month, the first half of a postcode, an age band, the kind of help and the reason: no name, no account, no record, no day.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

AGE_BANDS = ("under_5", "5_10", "11_15", "16_18", "19_25")
REASONS = ("nothing", "waiting", "refused", "far", "transport", "cancelled", "access", "language", "cost")
WAITED = ("under_3_months", "3_to_6_months", "6_to_12_months", "over_a_year")


@dataclass(frozen=True)
class UnmetNeed:
    """What was not to be had, or was no use. Everything but the month may be left out; `waited` goes with "waiting"."""

    month: str
    category: str = ""
    outcode: str = ""
    age_band: str = ""
    reason: str = ""
    waited: str = ""


@dataclass(frozen=True)
class Count:
    """How many unmet needs are alike in all five things."""

    month: str
    category: str
    outcode: str
    age_band: str
    reason: str
    number: int


def month_of(day: datetime.date) -> str:
    """The month, which is all that is kept of a day.

    >>> month_of(datetime.date(2026, 11, 22))
    '2026-11'
    """
    return f"{day:%Y-%m}"
