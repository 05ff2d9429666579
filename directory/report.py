"""A report from the public: "tell us something is wrong". Somebody answers within two days, and the reporter can see it."""

from __future__ import annotations

import datetime
import re
import secrets
from dataclasses import dataclass

TOPICS = ("phone", "closed", "times", "who", "other")
# What a provider says by the link we sent them; nobody chooses it in a form.
FROM_PROVIDER = "provider"
NEW, LOOKING = "new", "looking"
CLOSED = ("mended", "right", "not_ours", "spam")
STATUSES = (NEW, LOOKING, *CLOSED)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none can be taken for another
_LENGTH, _GROUP = 16, 4


@dataclass(frozen=True)
class Report:
    """What somebody told us about a listing; `reply_to` is an e-mail address, if they left one.

    `reference` is how they follow it without an account: it says nothing of them, and cannot be guessed.
    """

    service_id: str
    topic: str
    words: str
    reply_to: str
    received_at: datetime.datetime
    status: str = NEW
    id: int | None = None
    reference: str = ""


def new_reference() -> str:
    """A reference of 80 random bits: sixteen letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def show_reference(reference: str) -> str:
    """A reference as a person reads it out.

    >>> show_reference("K7M2XQ9DR4TB06HW")
    'K7M2-XQ9D-R4TB-06HW'
    """
    return "-".join(reference[start : start + _GROUP] for start in range(0, len(reference), _GROUP))


def read_reference(typed: str) -> str:
    """The reference in what somebody typed; empty where there is none.

    >>> read_reference("k7m2 xq9d-r4tb 06hw"), read_reference("K7M2XQ9DR4TBO6HW"), read_reference("K7M2")
    ('K7M2XQ9DR4TB06HW', 'K7M2XQ9DR4TB06HW', '')
    """
    text = re.sub(r"[\s-]", "", typed).upper().translate(str.maketrans("OIL", "011"))
    return text if len(text) == _LENGTH and set(text) <= set(_LETTERS) else ""


def is_late(received_at: datetime.datetime, now: datetime.datetime, hours: int) -> bool:
    """Whether an open report has waited longer than we promise."""
    return now - received_at > datetime.timedelta(hours=hours)
