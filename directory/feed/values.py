"""Values as the feed writes them: nothing empty, numbers without idle zeros, days and moments that programs can read."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlsplit


def filled(**values: Any) -> dict[str, Any]:
    """What is not empty, in its order. False and 0 say something.

    >>> filled(a="", b=0, c=[], d=False, e=None)
    {'b': 0, 'd': False}
    """
    return {name: value for name, value in values.items() if value or isinstance(value, int | float)}


def plain_number(value: float | None) -> float | int | None:
    """A number without a decimal point where it needs none.

    >>> plain_number(5.0), plain_number(0.5), plain_number(None)
    (5, 0.5, None)
    """
    return int(value) if value is not None and float(value).is_integer() else value


def is_day(text: str) -> bool:
    """Whether this is a day as ISO 8601 has it.

    >>> is_day("2026-11-22"), is_day("22/11/2026"), is_day("2026-02-30")
    (True, False, False)
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """Whether this is a time of day: "09:30", "09:30:00", "09:30:00Z".

    >>> is_time("09:30"), is_time("9am"), is_time("25:00")
    (True, False, False)
    """
    return bool(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-9]{2}:[0-9]{2})?", text))


def instant(text: str) -> str:
    """A moment as RFC 3339 has it, or nothing where the text is none. One without a zone is taken for UTC.

    >>> instant("2023-03-15T10:30:45.123Z"), instant("2023-03-15"), instant("2023-03-15 10:30:45"), instant("in March")
    ('2023-03-15T10:30:45.123Z', '2023-03-15T00:00:00Z', '2023-03-15T10:30:45Z', '')
    """
    found = re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9:]{5,8})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?)?", text.strip()
    )
    if not found or not is_day(found[1]):
        return ""
    time = found[2] or "00:00:00"
    time = f"{time}:00" if len(time) == 5 else time
    zone = found[4] or "Z"
    zone = zone if zone == "Z" or ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return f"{found[1]}T{time}{found[3] or ''}{'Z' if zone == '+00:00' else zone}" if is_time(time) else ""


def is_uri(text: str) -> bool:
    """Whether this is a whole address (RFC 3986): a scheme, and no white space.

    >>> is_uri("https://example.org/a"), is_uri("esdServiceType:1790"), is_uri("example.org"), is_uri("https://a b")
    (True, True, False, False)
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme not in {"http", "https"} or bool(parts.netloc)
