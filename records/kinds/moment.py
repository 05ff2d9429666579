"""Dates and times as people in the UK type them, read into the one way they are kept."""

from __future__ import annotations

import calendar
import datetime
import re

EARLIEST, LATEST = 1900, 2100
# English and Welsh; three letters tell them all apart.
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "ion chw maw ebr mai meh gor aws med hyd tac rha",
    )
    for number, name in enumerate(names.split(), 1)
}
_ALIASES = {"today": 0, "tomorrow": 1, "yesterday": -1, "heddiw": 0, "yfory": 1, "ddoe": -1}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})(?:[-/. ]+(\d{4}|\d{2}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: of)?[-/. ]*([^\W\d_]{3,})[-/., ]*(\d{4}|\d{2})?")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?(?:[-/., ]+(\d{4}|\d{2}))?")
_WHOLE_MONTH = re.compile(r"(?:(?:the )?end of )?([^\W\d_]{3,}) ?(\d{4})?")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? +")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?(?:[:.]\d{2})? *(am|pm|a\.m\.?|p\.m\.?)?")


class Unclear(ValueError):
    """What was typed cannot be kept. Its text is a reason that `records.wording.problem` has a sentence for."""


def read_date(text: str, today: datetime.date) -> datetime.date:
    """The day somebody typed, day before month.

    >>> day = datetime.date(2026, 11, 22)
    >>> [str(read_date(text, day)) for text in ("3/2/2026", "3rd Feb 2026", "2026-02-03", "Tues 3 February 26", "today")]
    ['2026-02-03', '2026-02-03', '2026-02-03', '2026-02-03', '2026-11-22']
    """
    words = " ".join(text.casefold().split())
    if words in _ALIASES:
        return today + datetime.timedelta(days=_ALIASES[words])
    words = _WEEKDAY.sub("", words, count=1)
    year, month, day = _parts(words)
    if not year:
        raise Unclear("no_year")
    number = _whole_year(year, today)
    if not EARLIEST <= number <= LATEST:
        raise Unclear("not_a_date")
    try:
        return datetime.date(number, month, int(day))
    except ValueError:
        raise Unclear("no_such_day") from None


def read_last_day(text: str, today: datetime.date) -> datetime.date:
    """The last day of something that is still to come: a month means its last day, and without a year the next one.

    >>> day = datetime.date(2026, 11, 22)
    >>> [str(read_last_day(text, day)) for text in ("31 July", "end of July", "February 2028", "22 Nov", "3/5/2027", "1 June")]
    ['2027-07-31', '2027-07-31', '2028-02-29', '2026-11-22', '2027-05-03', '2027-06-01']
    """
    words = " ".join(text.casefold().split())
    if words not in _ALIASES and (match := _WHOLE_MONTH.fullmatch(words)):
        month = _month(match[1])
        year = int(match[2] or (today.year if month >= today.month else today.year + 1))
        if not EARLIEST <= year <= LATEST:
            raise Unclear("not_a_date")
        return datetime.date(year, month, calendar.monthrange(year, month)[1])
    try:
        return read_date(words, today)
    except Unclear as unclear:
        if unclear.args != ("no_year",):
            raise
    _year, month, number = _parts(_WEEKDAY.sub("", words, count=1))
    this_year = read_date(f"{number}/{month}/{today.year}", today)
    return this_year if this_year >= today else read_date(f"{number}/{month}/{today.year + 1}", today)


def _parts(words: str) -> tuple[str, int, str]:
    """Year (empty where none was given), month and day."""
    if match := _ISO.fullmatch(words):
        return match[1], int(match[2]), match[3]
    if match := _NUMBERS.fullmatch(words):
        return match[3] or "", int(match[2]), match[1]
    if match := _DAY_FIRST.fullmatch(words):
        return match[3] or "", _month(match[2]), match[1]
    if match := _MONTH_FIRST.fullmatch(words):
        return match[3] or "", _month(match[1]), match[2]
    raise Unclear("not_a_date")


def _month(name: str) -> int:
    if name[:3] not in _MONTHS:
        raise Unclear("not_a_date")
    return _MONTHS[name[:3]]


def _whole_year(year: str, today: datetime.date) -> int:
    """Two digits mean the nearest such year that is not more than twenty years ahead: families write of births and of plans."""
    if len(year) == 4:
        return int(year)
    whole = today.year // 100 * 100 + int(year)
    return whole - 100 if whole > today.year + 20 else whole


def read_time(text: str) -> str:
    """The time somebody typed, on the 24-hour clock.

    >>> [read_time(text) for text in ("2.30pm", "14:30", "9am", "10.15", "noon")]
    ['14:30', '14:30', '09:00', '10:15', '12:00']
    """
    words = " ".join(text.casefold().split())
    if words in {"noon", "midday", "midnight"}:
        return "00:00" if words == "midnight" else "12:00"
    match = _CLOCK.fullmatch(words)
    if not match:
        raise Unclear("not_a_time")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
    if minute > 59 or hour > 23 or (half and hour > 12):
        raise Unclear("not_a_time")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour <= 7 and not match[1].startswith("0"):
        # "2.30" is an afternoon to one reader and a night to a computer: ask, never guess.
        raise Unclear("am_or_pm")
    return f"{hour:02}:{minute:02}"
