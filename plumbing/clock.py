"""The one place time comes from, so that tests can stop it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_moved = datetime.timedelta(0)


def now() -> datetime.datetime:
    """This moment, in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0) + _moved


def minute() -> str:
    """Now, in UTC, to the minute: as what was written keeps it.

    > 2026-11-22T09:30Z
    """
    return now().strftime("%Y-%m-%dT%H:%MZ")


def second() -> str:
    """Now, in UTC, to the second: where of two in one minute the later counts.

    > 2026-11-22T09:30:07Z
    """
    return now().strftime("%Y-%m-%dT%H:%M:%SZ")


def here() -> datetime.datetime:
    """This moment by the clocks of our readers."""
    return now().astimezone(_LONDON)


def as_here(moment: datetime.datetime) -> datetime.datetime:
    """A moment by the clocks of our readers."""
    return moment.astimezone(_LONDON)


def today() -> datetime.date:
    """Today's date where our readers are: on a summer night it is tomorrow there an hour before it is in UTC."""
    return here().date()


@contextmanager
def moved(**by: float) -> Iterator[None]:
    """Within this it is later everywhere in this process, by what a timedelta takes: how tests let an hour pass."""
    global _moved
    before = _moved
    _moved += datetime.timedelta(**by)
    try:
        yield
    finally:
        _moved = before
