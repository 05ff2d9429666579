"""A report from the public: "tell us something is wrong"."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

TOPICS = ("phone", "closed", "times", "who", "other")


@dataclass(frozen=True)
class Report:
    """What somebody told us about a listing; `reply_to` is an e-mail address, if they left one."""

    service_id: str
    topic: str
    words: str
    reply_to: str
    received_at: datetime.datetime
    status: str = "new"
    id: int | None = None
