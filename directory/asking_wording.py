"""What pages call what people ask, tell and read: age bands, reasons, topics, kinds of document, and how far a question is."""

from __future__ import annotations

import datetime

from flask_babel import format_date
from flask_babel import gettext as _

from directory.question import Question
from plumbing.dates import date_in_words


def month_in_words(month: str | datetime.date) -> str:
    """A month as "2026-11", or that of a day, as a page says it.

    > November 2026
    """
    day = datetime.date.fromisoformat(f"{month}-01") if isinstance(month, str) else month
    return format_date(day, "MMMM y")


def age_band(band: str) -> str:
    """A child's age, roughly.

    > 5 to 10
    """
    return {
        "under_5": _("Under 5"),
        "5_10": _("5 to 10"),
        "11_15": _("11 to 15"),
        "16_18": _("16 to 18"),
        "19_25": _("19 to 25"),
    }[band]


def reason(name: str) -> str:
    """Why a need was not met.

    > We were told no
    """
    return {
        "nothing": _("There is nothing like it here"),
        "waiting": _("We are on a waiting list"),
        "refused": _("We were told no"),
        "far": _("It is too far away"),
        "transport": _("We cannot get there: no transport"),
        "cancelled": _("It was cancelled or closed"),
        "access": _("My child cannot get in or join in: it is not accessible"),
        "language": _("It is not in our language"),
        "cost": _("It costs too much"),
    }[name]


def waited(name: str) -> str:
    """How long a family has waited.

    > 3 to 6 months
    """
    return {
        "under_3_months": _("Less than 3 months"),
        "3_to_6_months": _("3 to 6 months"),
        "6_to_12_months": _("6 to 12 months"),
        "over_a_year": _("More than a year"),
    }[name]


def comment_topic(topic: str) -> str:
    """What a comment is about.

    > These pages
    """
    return {
        "directory": _("These pages"),
        "local_offer": _("The local offer: what there is for disabled children here"),
        "services": _("How services work together, or how one gets them"),
        "other": _("Something else"),
    }[topic]


def document_kind(kind: str) -> str:
    """What a document is.

    > Short Breaks Statement
    """
    return {
        "short_breaks": _("Short Breaks Statement"),
        "local_offer": _("About the local offer"),
        "accessibility": _("Accessibility plan or strategy"),
        "complaints": _("How to complain"),
        "other": _("Another document"),
    }[kind]


def standing(question: Question) -> str:
    """How far a question is, for whoever asked it.

    > We answer by 25 November 2026
    """
    due = date_in_words(question.due_on)
    return {
        "new": _("We answer by %(day)s", day=due),
        "taken": _("Somebody is looking into it. We answer by %(day)s", day=due),
        "asked_around": _("We have asked somebody who may know"),
        "asked_back": _("We have asked you something"),
        "answered": _("Answered"),
        "closed": _("Closed"),
    }[question.status]


def desk_standing(question: Question) -> str:
    """How far a question is, for those who answer.

    > Nobody has taken it
    """
    return {
        "new": _("Nobody has taken it"),
        "taken": _("Taken by %(name)s", name=question.taken_by),
        "asked_around": _("We have asked somebody else"),
        "asked_back": _("Waits for the family"),
        "answered": _("Answered"),
        "closed": _("Closed"),
    }[question.status]
