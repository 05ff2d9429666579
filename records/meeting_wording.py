"""What is said of meetings: who may hold which, what agreeing means, and how a family invites somebody in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from plumbing.dates import parse_date, weekday_in_words
from records import meeting_sorts, wording

ONE_IS_NOT_ANOTHER = _l("Saying yes to this meeting is not saying yes to another one, nor to another kind of meeting.")
# What somebody says of themselves.
I_AM = {
    "yes": _l("I am coming"),
    "no": _l("I am not coming"),
    "instead": _l("I am not coming, and send what I want to say"),
}
# What a calendar that others see may say.
NEUTRAL = _l("Meeting")
SUBJECT = _l("You are invited to a meeting")


def mail() -> tuple[str, str]:
    """The subject and the words of our mail: the same for everybody, and about nobody."""
    return str(SUBJECT), _(
        "You are invited to a meeting. The family will tell you more.\n\nPlease answer them, and not this mail: nobody reads"
        " answers to it. If you do not know who that could be, you need do nothing."
    )


def when(document: Mapping[str, Any]) -> str:
    """Day and time in a line: "Tuesday 3 March 2027, 2pm to 3pm"."""
    day = parse_date(document.get("date"))
    words = weekday_in_words(day) if day else ""
    time, ends = document.get("time"), document.get("ends")
    if words and time and ends:
        return _("%(day)s, %(time)s to %(ends)s", day=words, time=wording.time_in_words(time), ends=wording.time_in_words(ends))
    return f"{words}, {wording.time_in_words(time)}" if words and time else words


def kind_in_words(document: Mapping[str, Any]) -> str:
    """What kind of meeting it is; empty where nobody said, or it is none of those with a name."""
    which = str(document.get("which") or "")
    return wording.sort_in_words(document) if which and which != "other" else ""


def held_by(document: Mapping[str, Any]) -> str:
    """Who may hold it, and what it needs."""
    return meeting_sorts.held_by(str(document.get("which") or "other"), str(document.get("nation") or ""))


def letter(document: Mapping[str, Any], called: str, sender: str) -> str:
    """The family's own letter, to be changed as they like before they send it."""
    name = str(document.get("what") or kind_in_words(document))
    parts = [
        _("Hello,"),
        _("We would like you to come to a meeting about %(called)s.", called=called)
        + (" " + _("It is: %(name)s.", name=name) if name else ""),
        "\n".join(_facts(document)),
        _listed(_("What we would like to talk about:"), document.get("agenda", [])),
        _listed(_("What helps us take part:"), _lines(document.get("support"))),
        _listed(_("How %(called)s takes part:", called=called), _lines(document.get("childs_way"))),
        _("Please tell us if you are coming. If you cannot come, send us what you want to say: it will be read out."),
        _("Thank you,") + f"\n{sender}",
    ]
    return "\n\n".join(part for part in parts if part)


def text_message(document: Mapping[str, Any], called: str, sender: str) -> str:
    """The same in a few words, for a phone."""
    parts = [
        _("Hello, you are invited to a meeting about %(called)s.", called=called),
        *_facts(document),
        _("Please tell us if you are coming, or send us your words instead. %(sender)s", sender=sender),
    ]
    return " ".join(part if part.endswith((".", "?")) or part == parts[-1] else f"{part}." for part in parts)


def _facts(document: Mapping[str, Any]) -> list[str]:
    moment = when(document)
    return [
        *([_("When: %(when)s", when=moment)] if moment else []),
        *([_("Where: %(place)s", place=document["place"])] if document.get("place") else []),
        *([_("It is led by: %(name)s", name=document["chair"])] if document.get("chair") else []),
    ]


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines()


def _listed(heading: str, lines: list[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines if line.strip())]) if lines else ""
