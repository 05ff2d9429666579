"""The sentences of "Who can see": what somebody has and until when, how often they looked, and why something ended."""

from __future__ import annotations

import datetime

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from plumbing.dates import date_in_words
from records.consent import CHANGED, EXPIRED, LEFT, NEW_KEYS, PAUSED, WITHDRAWN, Consent, Ended, day_of
from records.consent_wording import VERBS
from records.looks import Looks

_A_WEEK = 7
_ENDED = {
    WITHDRAWN: _l("You took it back on %(day)s."),
    PAUSED: _l("Paused on %(day)s."),
    EXPIRED: _l("The last day was %(day)s."),
    CHANGED: _l("Changed on %(day)s."),
    LEFT: _l("Their account had ended on %(day)s. They may have left their job."),
    NEW_KEYS: _l("They had new keys on %(day)s."),
}
_TOLD = {
    EXPIRED: _l("%(name)s can see nothing any more: the last day has passed."),
    LEFT: _l("%(name)s can see nothing any more: their account has ended."),
    NEW_KEYS: _l("Is this still %(name)s? They have new keys, and see nothing until you say so."),
}

# What another holder did that opens or ends something, as it is told at the door.
BY_ANOTHER = {
    "taken_away": _l("%(who)s took a copy of the whole record away %(when)s."),
    "paused_all": _l("%(who)s paused all sharing %(when)s."),
    "resumed_all": _l("%(who)s let all sharing go on %(when)s."),
    "invited_to_hold": _l("%(who)s made words %(when)s for %(whom)s to hold this record with you."),
    "holder_joined": _l("%(who)s made %(whom)s a holder of this record %(when)s."),
    "holder_left": _l(
        "%(who)s left %(when)s. The links, packs and the calendar feed of this record ended with that: make new ones where you"
        " need them."
    ),
}


def called(consent: Consent) -> str:
    """Who it is, and what they do: "Sara Morgan, key worker"."""
    return _("%(name)s, %(role)s", name=consent.name, role=consent.role) if consent.role else consent.name


def named(name: str, shown: str) -> str:
    """What the family calls somebody, and what their own account says where that is another name.

    >>> named("Becky Thorne", "Mr Patel"), named("Sara Morgan", "sara"), named("Sara", "")
    ('Becky Thorne (signs in as Mr Patel)', 'Sara Morgan', 'Sara')
    """
    ours, theirs = set(name.casefold().split()), set(shown.casefold().split())
    return name if ours <= theirs or theirs <= ours else _("%(name)s (signs in as %(shown)s)", name=name, shown=shown)


def terms(consent: Consent) -> str:
    """What they may do, and until when: "Read and add, until 3 March 2027"."""
    day = date_in_words(day_of(consent.last_day))
    return _("%(verb)s, until %(day)s", verb=VERBS[consent.verb].label, day=day)


def looked(looks: Looks, today: datetime.date, is_all: bool = True) -> str:
    """How often somebody looked, "Looked 4 times, last on Tuesday.", and for which files they copied; not `is_all` where older
    lines were not counted."""
    copied = (_("Copied for the file “%(file)s”.", file=one) for one in looks.files)
    return " ".join([_how_often(looks, today, is_all), *copied])


def _how_often(looks: Looks, today: datetime.date, is_all: bool) -> str:
    if looks.last is None:
        return _("Has not looked yet.") if is_all else _("Has not looked for a long time.")
    number = looks.times
    day = when(looks.last, today)
    if not is_all:
        return ngettext("Looked at least once, %(when)s.", "Looked at least %(num)d times, last %(when)s.", number, when=day)
    return ngettext("Looked once, %(when)s.", "Looked %(num)d times, last %(when)s.", number, when=day)


def when(day: datetime.date, today: datetime.date) -> str:
    """A day as people say it within a week of it."""
    days = (today - day).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if 1 < days < _A_WEEK:
        return _("on %(day)s", day=format_date(day, "EEEE"))
    return _("on %(day)s", day=date_in_words(day))


def ended(over: Ended) -> str:
    """Why it ended, and when."""
    # That it had passed is noticed at a holder's next visit: a day or a month later.
    day = over.granted.consent.last_day if over.why == EXPIRED else over.on
    return str(_ENDED[over.why]) % {"day": date_in_words(day_of(day))}


def told(over: Ended) -> str:
    """What ended without anybody's doing, as it is told at the next visit."""
    return str(_TOLD[over.why]) % {"name": over.granted.consent.name}


def counted(people: int, packs: int, links: int) -> str:
    """In one line: "2 people, 1 pack"; empty where there is nobody but whoever reads it.

    A link to the letter-box shows nothing, but it is a way in that is open.
    """
    parts = [
        ngettext("%(num)d person", "%(num)d people", people) if people else "",
        ngettext("%(num)d pack", "%(num)d packs", packs) if packs else "",
        ngettext("%(num)d link to put letters in", "%(num)d links to put letters in", links) if links else "",
    ]
    return ", ".join(part for part in parts if part)
