"""What a program asked for, read out of its address. What we do not know is passed over; what is wrong is named and refused."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from directory.feed.values import instant
from directory.search.query import LONGEST

MOST_A_PAGE = 500
USUAL_A_PAGE = 50
LAST_PAGE = 1_000_000
FORMATS = ("json", "ndjson")
FARTHEST = 2_000_000
_YES, _NO = {"true", "1", "yes", "on"}, {"false", "0", "no", "off", ""}


class WrongParameterError(Exception):
    """A parameter that cannot be; `name` says which, the message what it should be."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name


@dataclass(frozen=True)
class Slice:
    """Which page of a list, and in what form; `per_page` is 0 where nobody said."""

    page: int = 1
    per_page: int = 0
    format: str = "json"


def asked_slice() -> Slice:
    """The page that is asked for."""
    chosen = text("format").lower() or "json"
    if chosen not in FORMATS:
        raise WrongParameterError("format", _("Should be %(one)s or %(other)s.", one=FORMATS[0], other=FORMATS[1]))
    return Slice(whole("page", LAST_PAGE) or 1, whole("per_page", MOST_A_PAGE), chosen)


def text(name: str, longest: int = 200) -> str:
    """A text, without white space round it; empty where it is not there."""
    value = request.args.get(name, "").strip()
    if len(value) > longest:
        raise WrongParameterError(name, _("Should have %(number)d letters at most.", number=longest))
    if "\0" in value:
        raise WrongParameterError(name, _("Should be text."))
    return value


def search() -> str:
    """The words to look for: `search`, or `text` as Open Referral UK 1.0 called it; both are looked for where both are there."""
    return " ".join(filter(None, (text("search", LONGEST), text("text", LONGEST))))


def whole(name: str, most: int) -> int:
    """A whole number from 1 to `most`; 0 where it is not there."""
    value = request.args.get(name)
    if value is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= most:
        raise WrongParameterError(name, _("Should be a whole number from 1 to %(most)d.", most=most))
    return int(value)


def yes(name: str) -> bool:
    """Whether something is asked for."""
    value = request.args.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise WrongParameterError(name, _("Should be true or false."))
    return value in _YES


def moment(name: str) -> str:
    """A day or a moment, in UTC as our rows keep it; empty where it is not there."""
    # A plus sign in an address means a space, and who forgets that meant the plus of a time zone.
    value = re.sub(r"(?<=[0-9]) (?=[0-9]{2}:?[0-9]{2}$)", "+", text(name)) if "T" in text(name) else text(name)
    if not value:
        return ""
    try:
        read = datetime.datetime.fromisoformat(instant(value))
        return read.astimezone(datetime.UTC).isoformat()
    except (ValueError, OverflowError):
        words = _("Should be a day or a moment, like 2026-11-22 or 2026-11-22T09:30:00Z.")
        raise WrongParameterError(name, words) from None


def metres(name: str) -> float | None:
    """A distance in metres; None where it is not there."""
    value = text(name)
    if not value:
        return None
    try:
        found = float(value) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) else math.nan
    except ValueError:
        found = math.nan
    if not 0 < found <= FARTHEST:
        raise WrongParameterError(name, _("Should be a distance in metres, from 1 to %(most)d.", most=FARTHEST))
    return found
