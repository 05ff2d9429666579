"""The one place time comes from, so that tests can stop it."""

from __future__ import annotations

import datetime


def now() -> datetime.datetime:
    """This moment, in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def today() -> datetime.date:
    """Today's date where our readers are (the clock of a UK server; a check is dated by day, not by hour)."""
    return now().date()
