"""The one place time comes from, so that tests can stop it."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


def now() -> datetime.datetime:
    """This moment, in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def today() -> datetime.date:
    """Today's date where our readers are: on a summer night it is tomorrow there an hour before it is in UTC."""
    return now().astimezone(_LONDON).date()
