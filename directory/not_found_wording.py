"""What pages call what people could not find: subjects, what happened, areas and times."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from directory import asking_wording
from directory.category import Category
from directory.need import Need
from directory.not_found import ANY, LITTLE_FOUND, NO_WORD, NOTHING_FOUND, QUESTION, UNSAID, Cell, need_of
from directory.unmet_need import REASONS
from plumbing.dates import months_after

# At how many senders a word is said to be typed by "so many or more".
_BANDS = (100, 50, 25, 10, 5)


@dataclass(frozen=True)
class Names:
    """What categories, needs and councils are called."""

    categories: Mapping[str, Category]
    needs: Mapping[str, Need]
    councils: Mapping[str, str]

    def subject(self, subject: str) -> str:
        """What it was about."""
        if need_of(subject):
            need = self.needs.get(need_of(subject))
            return need.label if need else _("Something else")
        category = self.categories.get(subject)
        return category.label if category else _("Something else")

    def area(self, cell: Cell) -> str:
        """Where."""
        if cell.area == ANY:
            return _("All areas")
        if cell.area.startswith("council:"):
            return self.councils.get(cell.council) or _("Not said where")
        return cell.area or _("Not said where")


def sign(name: str) -> str:
    """What happened.

    > A search found nothing
    """
    if name in REASONS:
        return asking_wording.reason(name)
    return {
        NOTHING_FOUND: _("A search found nothing"),
        LITTLE_FOUND: _("A search found one or two"),
        NO_WORD: _("A search had a word that no listing has"),
        QUESTION: _("A question to us"),
        UNSAID: _("“I couldn’t find it”, and not why"),
        ANY: _("Several of these together"),
    }[name]


def band(name: str) -> str:
    """An age band, or that it was not said, or all of them."""
    return _("All ages") if name == ANY else asking_wording.age_band(name) if name else _("Age not said")


def period(name: str) -> str:
    """A month, a quarter or a year.

    > November 2026, October to December 2026, 2026
    """
    year, _dash, rest = name.partition("-")
    if not rest:
        return year
    if not rest.startswith("Q"):
        return asking_wording.month_in_words(name)
    quarters = {
        "Q1": _("January to March %(year)s", year=year),
        "Q2": _("April to June %(year)s", year=year),
        "Q3": _("July to September %(year)s", year=year),
        "Q4": _("October to December %(year)s", year=year),
    }
    return quarters[rest]


def span(since: str, until: str, today: datetime.date) -> str:
    """From one month to another."""
    if since and until:
        first, last = asking_wording.month_in_words(since), asking_wording.month_in_words(until)
        return first if since == until else _("%(first)s to %(last)s", first=first, last=last)
    if since:
        return _("Since %(month)s", month=asking_wording.month_in_words(since))
    # The month that runs is not shown.
    month = asking_wording.month_in_words(until or months_after(today, -1))
    return _("Up to %(month)s", month=month)


def typed_by(senders: int) -> str:
    """How many typed a word, roughly.

    > 10 or more
    """
    return _("%(number)d or more", number=next((least for least in _BANDS if senders >= least), _BANDS[-1]))
