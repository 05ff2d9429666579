"""What pages call the kinds, their fields and choices, the sections, and what is unclear in something typed.

The facts know no language; every label, hint and sentence about them is here, and goes through gettext.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from plumbing.dates import date_in_words, parse_date
from records.age import age_on
from records.kinds import KINDS, kind_of, title_of, when_of
from records.kinds.field import LONGEST_LINE, LONGEST_LIST, LONGEST_TEXT
from records.labels import CHOICES, DOUBTS, HINTS, KIND_NAMES, LABELS, NEW, PROBLEMS, SECTION_HINTS, SECTIONS
from records.meeting_sorts import sort_name

# Where a picture is as good as words.
_PICTURED = {"letter", "about_me"}


def label(kind: str, field: str) -> str:
    """The label of a field.

    >>> label("letter", "from_whom"), label("medicine", "words")
    ('Who is it from?', 'Anything else')
    """
    return str(LABELS.get((kind, field)) or LABELS["", field])


def hint(kind: str, field: str) -> str:
    """A line of help under a label, where there is one."""
    specific = HINTS.get((kind, field)) or HINTS.get(("", field))
    if specific is None and KINDS[kind].field(field).type in {"date", "lines"}:
        specific = HINTS["", KINDS[kind].field(field).type]
    return str(specific or "")


def choice(field: str, option: str) -> str:
    """A choice, in words.

    >>> choice("outcome", "fell_through")
    'It fell through'
    """
    return str(CHOICES.get((field, option), option))


def choices(kind: str, field: str) -> list[tuple[str, str]]:
    """The choices of a field, as a form wants them: the kept value, and its words."""
    return [(option, choice(field, option)) for option in KINDS[kind].field(field).options]


def kind_name(kind: str) -> str:
    """What one entry of a kind is called. It says nothing of what is inside, so page titles may use it.

    >>> kind_name("diary")
    'Diary note'
    """
    return str(KIND_NAMES[kind])


def add(kind: str) -> str:
    """The button that begins a new one.

    >>> add("medicine")
    'Add a medicine'
    """
    return str(NEW[kind])


def section_name(slug: str) -> str:
    """What a section is called until a family renames it.

    >>> section_name("people")
    'People who help us'
    """
    return str(SECTIONS[slug])


def section_hint(slug: str) -> str:
    """What a section is for; empty for one that a family made itself."""
    return str(SECTION_HINTS.get(slug, ""))


def title(document: Mapping[str, Any]) -> str:
    """What to call an entry in a list: the family's own words, else the kindest thing we can say.

    >>> title({"kind": "letter", "from_whom": "Dr Khan"}), title({"kind": "note"})
    ('Letter from Dr Khan', 'Note')
    >>> title({"kind": "contribution", "who": "Dr Jones"})
    'Answer from Dr Jones'
    """
    own = title_of(document)
    if own and document["kind"] in ("answer", "contribution"):
        return _("Answer from %(who)s", who=own)
    if own:
        return own
    if document["kind"] == "letter" and document.get("from_whom"):
        return _("Letter from %(sender)s", sender=document["from_whom"])
    if document["kind"] == "meeting" and document.get("which", "other") != "other":
        return sort_in_words(document)
    when = when_of(document)
    if when:
        return _("%(kind)s, %(day)s", kind=kind_name(document["kind"]), day=date_in_words(when))
    return kind_name(document["kind"])


def sort_in_words(document: Mapping[str, Any]) -> str:
    """What kind of meeting one is, as it is called where the child lives.

    >>> sort_in_words({"which": "annual_review", "nation": "northern_ireland"})
    'Annual review of the statement'
    """
    return sort_name(document["which"], str(document.get("nation") or ""))


def problem(kind: str, field: str, reason: str, called: str = "") -> str:
    """What is unclear in a field and what would help, as one sentence that names the field, as it is `called` on its page.

    >>> problem("letter", "dated", "no_such_day")
    'Date on the letter: there is no such day. Check the day and the month.'
    """
    limits = {"text": LONGEST_TEXT}
    longest = f"{limits.get(KINDS[kind].field(field).type, LONGEST_LINE):,}"
    sentence = str(PROBLEMS[reason]) % {"longest": longest, "most": LONGEST_LIST}
    return _("%(label)s: %(sentence)s", label=(called or label(kind, field)).rstrip("?"), sentence=sentence)


def nothing_written(kind: str) -> str:
    """Why an empty entry is not kept.

    >>> nothing_written("need")
    'Write at least one thing. Nothing here has to be filled in, but one thing has to be.'
    """
    if kind in _PICTURED:
        return _("Write at least one thing, or add a photo. Nothing here has to be filled in, but one thing has to be.")
    return _("Write at least one thing. Nothing here has to be filled in, but one thing has to be.")


def doubt(reason: str) -> str:
    """What may be a slip in something that was kept."""
    return str(DOUBTS[reason])


def value_in_words(kind: str, field: str, value: Any) -> str:
    """A kept value as a page or a printed sheet says it; lists are lines.

    >>> value_in_words("appointment", "time", "14:30"), value_in_words("diary", "how", "call")
    ('2.30pm', 'Phone call')
    >>> value_in_words("medicine", "checked_on", "2026-02-03"), value_in_words("language", "interpreter", False)
    ('3 February 2026', 'No')
    """
    match KINDS[kind].field(field).type:
        case "date":
            day = parse_date(value)
            return date_in_words(day) if day else str(value)
        case "time":
            return time_in_words(value)
        case "choice":
            return choice(field, value)
        case "yes_no":
            return _("Yes") if value else _("No")
        case "lines":
            return "\n".join(value)
    return str(value)


def filled(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is written in an entry, in order: field, label and words. What a machine read, and hidden fields, are not among it."""
    kind = kind_of(document)
    return [
        (field.name, label(kind.name, field.name), _written(kind.name, field.name, document))
        for field in kind.asked
        if field.name in document
    ]


def _written(kind: str, field: str, document: Mapping[str, Any]) -> str:
    is_sort = (kind, field) == ("meeting", "which")
    return sort_in_words(document) if is_sort else value_in_words(kind, field, document[field])


def time_in_words(time: str) -> str:
    """A time as families write it.

    >>> time_in_words("09:30"), time_in_words("12:00"), time_in_words("00:05")
    ('9.30am', '12pm', '12.05am')
    """
    hour, minute = int(time[:2]), int(time[3:5])
    return f"{hour % 12 or 12}" + (f".{minute:02}" if minute else "") + ("am" if hour < 12 else "pm")


def age_in_words(born: datetime.date, today: datetime.date) -> str:
    """How old a child is: in days at first, then weeks, months, and years from two; empty before the birth.

    >>> age_in_words(datetime.date(2019, 5, 4), datetime.date(2026, 11, 22))
    '7 years'
    """
    age = age_on(born, today)
    if age is None:
        return ""
    if age.years >= 2:
        return ngettext("%(num)d year", "%(num)d years", age.years)
    if age.months >= 2:
        return ngettext("%(num)d month", "%(num)d months", age.months)
    if age.weeks >= 2:
        return ngettext("%(num)d week", "%(num)d weeks", age.weeks)
    return ngettext("%(num)d day", "%(num)d days", age.days)


def suggested_title(topic: str, sender: str) -> str:
    """A title to offer for a new letter; empty where we cannot tell.

    >>> suggested_title("report", "Speech and language therapy"), suggested_title("", "")
    ('Report from Speech and language therapy', '')
    """
    name = str(TOPICS[topic]) if topic else _("Letter") if sender else ""
    return _("%(what)s from %(sender)s", what=name, sender=sender) if name and sender else name


TOPICS = {
    "appointment": _l("Appointment"),
    "report": _l("Report"),
    "discharge": _l("Discharge letter"),
    "plan": _l("Plan"),
    "benefit": _l("Benefits letter"),
    "transport": _l("Transport letter"),
    "meeting": _l("Meeting invitation"),
    "decision": _l("Decision"),
    "prescription": _l("Prescription"),
    "results": _l("Test results"),
    "waiting": _l("Waiting list letter"),
}
NEUTRAL_APPOINTMENT = _l("Appointment")
NEUTRAL_DEADLINE = _l("Reminder")
EVERY_WORD_FAILED = _l("Nothing has all of those words. These have some of them.")
COMING_UP = _l("Coming up")


def meant_instead(typed: str, meant: str) -> str:
    """What search looked for instead of a word that is nowhere."""
    return _("“%(typed)s” is nowhere in your record. We looked for “%(meant)s”.", typed=typed, meant=meant)
