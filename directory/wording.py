"""What pages call the facts: times, prices, ages, routes and checks as a person would say them.

The facts hold values and know no language; every sentence about them is here, and goes through gettext.
"""

from __future__ import annotations

import datetime
import re

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from directory.check import Check
from directory.contact import Phone
from directory.cost import CostOption
from directory.referral import ReferralRoute
from directory.schedule import Schedule
from directory.service import Service
from plumbing.clock import as_here, today
from plumbing.dates import date_in_words

_OLD_DAYS = 365


def times(schedule: Schedule) -> str:
    """When a service is open; the publisher's own words win where there are some.

    > Mondays and Wednesdays, 9.30am to 12pm
    """
    if schedule.description:
        return schedule.description
    parts = [_days(schedule), _interval(schedule), _hours(schedule.opens_at, schedule.closes_at)]
    return ", ".join(part for part in parts if part)


def _interval(schedule: Schedule) -> str:
    """Every how many weeks or months, where it is not every one: a door that is shut every other week must say so."""
    if schedule.interval < 2:
        return ""
    return {
        "DAILY": _("every %(number)d days", number=schedule.interval),
        "MONTHLY": _("every %(number)d months", number=schedule.interval),
    }.get(schedule.freq, _("every %(number)d weeks", number=schedule.interval))


def _days(schedule: Schedule) -> str:
    names = {
        "MO": _("Mondays"),
        "TU": _("Tuesdays"),
        "WE": _("Wednesdays"),
        "TH": _("Thursdays"),
        "FR": _("Fridays"),
        "SA": _("Saturdays"),
        "SU": _("Sundays"),
    }
    if schedule.bymonthday:
        return _("On day %(days)s of the month", days=schedule.bymonthday.replace(",", ", "))
    codes = [code.strip().upper() for code in schedule.byday.split(",") if code.strip()]
    if codes == ["MO", "TU", "WE", "TH", "FR"]:
        return _("Monday to Friday")
    if len(codes) == 7:
        return _("Every day")
    words = [word for word in (_nth(code, names) for code in codes) if word]
    if not words:
        return _("Every day") if schedule.freq == "DAILY" and schedule.interval < 2 else ""
    return words[0] if len(words) == 1 else _("%(some)s and %(last)s", some=", ".join(words[:-1]), last=words[-1])


def _nth(code: str, names: dict[str, str]) -> str:
    match = re.fullmatch(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)", code)
    if not match:
        return ""
    if not match[1]:
        return names[match[2]]
    which = {
        "1": _("First"),
        "2": _("Second"),
        "3": _("Third"),
        "4": _("Fourth"),
        "5": _("Fifth"),
        "-1": _("Last"),
        "-2": _("Last but one"),
    }.get(match[1].lstrip("+"))
    day = names[match[2]].removesuffix("s")
    return _("%(which)s %(day)s of the month", which=which, day=day) if which else ""


def time_of_day(time: str) -> str:
    """A clock time as families write it.

    >>> time_of_day("09:30:00"), time_of_day("18:00"), time_of_day("nonsense")
    ('9.30am', '6pm', 'nonsense')
    """
    match = re.match(r"(\d{1,2}):(\d{2})", time)
    if not match or int(match[1]) > 24 or int(match[2]) > 59:
        return time
    hour, minute = int(match[1]) % 24, int(match[2])
    clock = f"{hour % 12 or 12}" + (f".{minute:02}" if minute else "")
    return clock + ("am" if hour < 12 else "pm")


def moment_in_words(moment: str) -> str:
    """When something was written down, by the clocks of our readers.

    > 3 October 2026, 2.05pm
    """
    here = as_here(datetime.datetime.fromisoformat(moment))
    return f"{date_in_words(here.date())}, {time_of_day(here.strftime('%H:%M'))}"


def _hours(opens_at: str, closes_at: str) -> str:
    if opens_at and closes_at:
        return _("%(opens)s to %(closes)s", opens=time_of_day(opens_at), closes=time_of_day(closes_at))
    return _("from %(opens)s", opens=time_of_day(opens_at)) if opens_at else ""


def price(cost: CostOption) -> str:
    """A price.

    > Session: £6 a session
    """
    text = cost.amount_description
    if cost.amount is not None:
        sign = "£" if cost.currency.upper() in {"GBP", ""} else cost.currency.upper() + " "
        amount = f"{cost.amount:,.2f}".removesuffix(".00")
        text = _("Free") if cost.amount == 0 else f"{sign}{amount} {cost.amount_description}".strip()
    return f"{cost.option}: {text}" if cost.option and text else cost.option or text


def age(years: float) -> str:
    """An age in years as a person says it.

    > 18 months
    """
    if _in_months(years):
        return ngettext("%(num)d month", "%(num)d months", round(years * 12))
    if years == 1:
        return _("1 year")
    return _("%(number)s years", number=f"{years:g}")


def _in_months(years: float) -> bool:
    return years < 2 and years != int(years)


def ages(service: Service) -> str:
    """Who is old enough and young enough for a service; empty where there is no limit.

    > 6 months to 4 years
    """
    low, high = service.minimum_age, service.maximum_age
    if low and high is not None and high < 99:
        if _in_months(low) or _in_months(high):
            return _("%(low)s to %(high)s", low=age(low), high=age(high))
        return _("%(low)s to %(high)s years", low=f"{low:g}", high=f"{high:g}")
    if low:
        return _("%(low)s and over", low=age(low))
    if high is not None and high < 99:
        return _("up to %(high)s", high=age(high))
    return ""


def delivery(how: str) -> str:
    """How help is given.

    > At your home
    """
    return {
        "in_person": _("In person"),
        "online": _("Online"),
        "phone": _("By phone"),
        "home": _("At your home"),
    }[how]


def reach(how_far: str) -> str:
    """How far a service reaches.

    > Whole county
    """
    return {"area": _("Local"), "county": _("Whole county"), "national": _("National")}[how_far]


def term(when: str) -> str:
    """When in the school year; empty where nobody said.

    > Term time only
    """
    return {
        "": "",
        "term_time": _("Term time only"),
        "holidays": _("School holidays only"),
        "all_year": _("All year round"),
    }[when]


def referral_kind(kind: str) -> str:
    """What one kind of referral route is called.

    > Refer yourself
    """
    return {
        "self": _("Refer yourself"),
        "gp": _("Through your GP"),
        "school": _("Through school or the SENCO"),
        "social_worker": _("Through a social worker"),
        "health_visitor": _("Through a health visitor"),
        "assessment": _("Assessment needed"),
        "ehc_plan": _("EHC plan needed"),
    }[kind]


def referral(route: ReferralRoute) -> str:
    """The kinds of a route, joined.

    > Refer yourself, or through your GP
    """
    words = [referral_kind(kind) for kind in route.kinds]
    # Only a capital that belongs to the sentence is lowered, never one of an abbreviation.
    lowered = [word[0].lower() + word[1:] if word[1:2].islower() else word for word in words[1:]]
    return _(", or ").join(words[:1] + lowered)


def checked(check: Check | None) -> str:
    """When a listing was last checked, and how; said the other way round where that was long ago.

    > Checked by phone on 3 October 2026
    > Not checked since 5 June 2020
    """
    if check is None:
        return _("Not checked by us yet")
    day = date_in_words(check.checked_on)
    if is_old(check):
        return _("Not checked since %(day)s", day=day)
    return {
        "phoned": _("Checked by phone on %(day)s", day=day),
        "emailed": _("Checked by e-mail on %(day)s", day=day),
        "website": _("Checked on their website on %(day)s", day=day),
        "visited": _("Checked by a visit on %(day)s", day=day),
        "publisher": _("Its publisher checked it on %(day)s", day=day),
    }[check.how]


def is_old(check: Check | None) -> bool:
    """Whether the last check was due again long ago: then the reader should ring before they go.

    A publisher's own check names no day; a year is long for it.
    """
    if check is None:
        return False
    if check.next_due is None:
        return (today() - check.checked_on).days > _OLD_DAYS
    after: int = current_app.extensions["settings"].unchecked_words_days
    return bool(after) and (today() - check.next_due).days > after


def where(service: Service) -> str:
    """Where a service is for, in a word or two: its town, its county, its nations.

    > All of Northumberland
    """
    areas = [area.name for area in service.service_areas]
    if service.reach == "area" and service.city:
        return service.city
    if service.reach == "county" and len(areas) == 1 and len(areas[0]) < 30:
        return _("All of %(area)s", area=areas[0])
    if service.reach == "national" and areas and "UK" not in areas and len(areas) < 3:
        return _(" and ").join(areas)
    return reach(service.reach)


def phone_caution(phone: Phone) -> str:
    """What must stand beside a number that we have not checked; empty where nothing need be said.

    > from their own pages; not yet checked by us
    """
    return _("from their own pages; not yet checked by us") if phone.from_their_own_pages else ""


def distance(miles: float) -> str:
    """How far away. We know most places to the postcode sector only, so we say "about".

    > about 3 miles
    """
    if miles < 1:
        return _("within about a mile")
    number = f"{miles:.0f}"
    return _("about 1 mile") if number == "1" else _("about %(number)s miles", number=number)


def report_topic(topic: str) -> str:
    """What somebody says is wrong.

    > A phone number, e-mail or web address is wrong
    """
    return {
        "phone": _("A phone number, e-mail or web address is wrong"),
        "closed": _("It has closed or moved"),
        "times": _("The times, ages or cost are wrong"),
        "who": _("It is not for the families it says"),
        "other": _("Something else"),
        "provider": _("What its provider asks us to put right"),
    }[topic]
