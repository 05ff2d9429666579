"""The year at a glance in sentences, and the letter that asks for one meeting where there would be two."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from plumbing.dates import date_in_words, weekday_in_words
from records import wording
from records.book import Book
from records.clocks import short
from records.clocks import words as clock_words
from records.sections import FAMILY_PLAN
from records.year import ANNUAL_REVIEW, CHECK, PLAN_REVIEW, Event, Month, Together

GROUPS = {
    "medical": _l("Health"),
    "school": _l("School"),
    "short_break": _l("Short break"),
    "care": _l("Care and support"),
    "other": _l("Other"),
}
ICONS = {"medical": "heart", "school": "school", "short_break": "star", "care": "people", "other": "calendar"}
# As a sentence has them, with "and" between two.
_NAMES = {
    PLAN_REVIEW: _l("your plan review"),
    ANNUAL_REVIEW: _l("the school’s annual review"),
    "team_around": _l("the Team around the child"),
    "looked_after_review": _l("the looked-after review"),
    "cetr": _l("the Care (Education) and Treatment Review"),
}
# As a letter has them, to people who need not know whose plan "your plan" is.
_IN_A_LETTER = {
    PLAN_REVIEW: _l("the review of our plan"),
    ANNUAL_REVIEW: _l("the annual review"),
    "team_around": _l("the Team around the child meeting"),
    "looked_after_review": _l("the looked-after review"),
    "cetr": _l("the Care (Education) and Treatment Review"),
}
# Who a letter is to, where nobody is named who leads it.
_TO = {
    PLAN_REVIEW: _l("everybody who helps with our plan"),
    ANNUAL_REVIEW: _l("everybody who plans the annual review"),
    "team_around": _l("the Team around the child"),
    "looked_after_review": _l("whoever leads the looked-after review"),
    "cetr": _l("whoever leads the Care (Education) and Treatment Review"),
}
REASONS = {
    "once": _l("we would tell our story once, and not twice"),
    "work": _l("we would take less time off work"),
    "siblings": _l("we would need somebody to look after our other children only once"),
    "travel": _l("getting there is hard for us"),
    "school_day": _l("our child would miss less of school"),
    "hear": _l("everybody would hear the same things"),
}


def month(one: Month) -> str:
    """What a month is called: "November 2026"."""
    return format_date(one.first, "LLLL y")


def title(event: Event, book: Book) -> str:
    """What something on a day is called."""
    if event.line or event.entry.kind == "review":
        return str(event.entry.document.get("what") or wording.title(event.entry.document))
    if event.entry.kind == "agreed_plan":
        section = book.section(event.entry.section_id)
        return _("%(plan)s: look at it again", plan=section.name) if section else _("Look at the plan again")
    if event.sort == CHECK:
        return _("%(what)s: next check", what=wording.title(event.entry.document))
    return wording.title(event.entry.document)


def short_title(event: Event, book: Book) -> str:
    """The same on paper, where no note stands beside it: "Annual review of the EHC plan: report sent".

    Who comes by and reads the sheet does not learn from it that the family has a plan of its own.
    """
    section = book.section(event.entry.section_id)
    is_ours = event.entry.kind == "agreed_plan" and section is not None and section.slug == FAMILY_PLAN
    name = _("Look at the plan again") if is_ours else title(event, book)
    if event.line:
        return _("%(name)s: %(step)s", name=name, step=short.words(event.line.rule, event.line.due.step))
    return _("%(name)s: %(step)s", name=name, step=short.MEETING) if event.entry.kind == "review" else name


def full_title(event: Event, book: Book) -> str:
    """The same with what is to be done on that day: one clock has several in a year, and its name does not tell them apart."""
    name = title(event, book)
    return _("%(name)s: %(step)s", name=name, step=short.words(event.line.rule, event.line.due.step)) if event.line else name


def note(event: Event) -> str:
    """What is to be done by then, where a law says it."""
    return clock_words.step(event.line.rule, event.line.due) if event.line else ""


def day(event: Event) -> str:
    """Its day and time: "Tuesday 3, 2pm" under the name of its month."""
    words = format_date(event.day, "EEEE d")
    return f"{words}, {wording.time_in_words(event.time)}" if event.time else words


def short_day(event: Event) -> str:
    """The same where there is little room."""
    words = format_date(event.day, "EEE d")
    return f"{words}, {wording.time_in_words(event.time)}" if event.time else words


def late_since(event: Event) -> str:
    """When it should have been."""
    return _("It was for %(day)s", day=date_in_words(event.day))


def _name(event: Event, names: dict[str, str]) -> str:
    if event.sort == ANNUAL_REVIEW and event.entry.kind == "review":
        return _("“%(title)s”", title=event.entry.document.get("what") or wording.title(event.entry.document))
    known = names.get(event.sort)
    return str(known) if known else _("“%(title)s”", title=wording.title(event.entry.document))


def could_be_one(pair: Together) -> str:
    """The question: "Your plan review and the school’s annual review are 9 days apart: ask for one meeting?" """
    names = {"first": _name(pair.first, _NAMES), "second": _name(pair.second, _NAMES)}
    if not pair.days:
        said = _("%(first)s and %(second)s are on the same day: ask for one meeting?", **names)
    else:
        said = ngettext(
            "%(first)s and %(second)s are one day apart: ask for one meeting?",
            "%(first)s and %(second)s are %(num)d days apart: ask for one meeting?",
            pair.days,
            **names,
        )
    return said[0].upper() + said[1:]


def letter(pair: Together, called: str, sender: str, reasons: Iterable[str], own: str) -> str:
    """The letter to both, to be changed as they like before anybody gets it. `own` is a reason in the family's own words."""
    said = [str(REASONS[one]) for one in reasons if one in REASONS] + [line.strip() for line in own.splitlines() if line.strip()]
    parts = [
        _("Hello %(people)s,", people=_people(pair)) if _people(pair) else _("Hello,"),
        _("Two meetings about %(called)s are close to each other:", called=called),
        "\n".join(f"- {_in_a_letter(event)}" for event in (pair.first, pair.second)),
        _("Many of the same people are asked to both. Please could we hold them as one meeting, on one day?"),
        "\n".join([_("It would help us, because:"), *(f"- {one}" for one in said)]) if said else "",
        _("Each part can still have its own time and its own notes. If they cannot be one, please tell us why."),
        _("Please tell us which day would suit you. We are sending this letter to both of you."),
        _("Thank you,") + f"\n{sender}",
    ]
    return "\n\n".join(part for part in parts if part)


def _in_a_letter(event: Event) -> str:
    name, when = _name(event, _IN_A_LETTER), weekday_in_words(event.day)
    name = name[0].upper() + name[1:]
    return _("%(name)s, on %(day)s", name=name, day=when) if event.is_meeting else _("%(name)s, by %(day)s", name=name, day=when)


def _people(pair: Together) -> str:
    to = (_leads(event) or str(_TO.get(event.sort, "")) for event in (pair.first, pair.second))
    return _(" and ").join(dict.fromkeys(name for name in to if name))


def _leads(event: Event) -> str:
    return str(event.entry.document.get("chair") or "").partition(",")[0].strip()
