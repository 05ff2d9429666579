"""What people could not find, by subject, area, age and month, with what can be done about it from each row.

Everything on these pages, the file and the note is made of `searches.release` and of nothing else that was counted.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlite_utils import Database

from directory import asking_wording, not_found, reference
from directory import not_found_wording as wording
from directory.cells import harmless
from directory.chart import bars
from directory.desk import Waiting
from directory.keeping import drafting, searches, synonyms
from directory.not_found import ANY, SIGNS, Cell, Choice
from directory.not_found_wording import Names
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, finder, settings
from directory.pages.desk.writer import writer
from directory.store import searches as rows
from directory.unmet_need import AGE_BANDS, month_of
from plumbing import clock

_MOST_WORDS = 40
_MOST_BARS = 12
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Numbers:
    """Everything that may be shown, what is chosen of it, and what things are called."""

    choice: Choice
    every: Mapping[Cell, int]
    shown: Mapping[Cell, int]
    council_of: Mapping[str, str]
    names: Names

    def council(self, cell: Cell) -> str:
        """The code of the council a number is of; "" where it is of none, or not told."""
        return cell.council or self.council_of.get(cell.area, "")

    @property
    def asked(self) -> dict[str, str]:
        """What is chosen, for an address: never what somebody else put into ours."""
        return {name: value for name, value in asdict(self.choice).items() if value}

    @property
    def subjects(self) -> list[tuple[str, str, int]]:
        """What was missed, most first: the subject, what it is called, and how many at least."""
        return [(one, self.names.subject(one), n) for one, n in not_found.sums(self.shown, lambda cell: cell.subject)]

    @property
    def signs(self) -> list[tuple[str, int]]:
        """What happened, most first."""
        return [(wording.sign(one), n) for one, n in not_found.sums(self.shown, lambda cell: cell.sign)]

    def rows_of(self, subject: str) -> list[tuple[Cell, int]]:
        """The numbers of one subject, newest first, and of those the largest."""
        found = [(cell, n) for cell, n in self.shown.items() if cell.subject == subject]
        return sorted(sorted(found, key=lambda one: (-one[1], one[0])), key=lambda one: one[0].period, reverse=True)


def waiting(db: Database, today: date) -> Waiting | None:
    """Subjects of the newest month that can be shown: one that is not over is not shown, so that nobody can watch it grow."""
    shown = searches.release(db, today)
    newest = max((not_found.months_of(cell.period)[1] for cell in shown), default="")
    subjects = {cell.subject for cell in shown if not_found.months_of(cell.period)[1] == newest}
    if not subjects:
        return None
    sentence = _(
        "In %(month)s. Add a synonym, write a listing, or tell those who plan.", month=asking_wording.month_in_words(newest)
    )
    return Waiting(_("What people could not find"), len(subjects), "directory.desk_not_found", "search", 65, 0, sentence)


def upkeep() -> str | None:
    """At each tidying: count questions that are settled, and erase what has been kept long enough."""
    db = database()
    counted = searches.count_questions(db)
    erased = searches.forget(db, settings().not_found_months, clock.today())
    return f"{counted} questions counted, {erased} rows erased" if counted or erased else None


def numbers(values: Mapping[str, str]) -> Numbers:
    """What an address or a form asks for; what it cannot mean is left out."""
    db = database()
    council_of, councils = rows.councils_of_outcodes(db), rows.council_names(db)
    every = searches.release(db, clock.today())
    since, until = (value if _MONTH.fullmatch(value) else "" for value in (values.get("since", ""), values.get("until", "")))
    sign, band, council = values.get("sign", ""), values.get("age_band", ""), values.get("council", "")
    choice = Choice(
        subject=_known(values.get("subject", ""), {cell.subject for cell in every}),
        sign=_known(sign, {*SIGNS, ANY}),
        council=_known(council, councils),
        age_band=_known(band, AGE_BANDS),
        since=since,
        until=until,
    )
    fitting = {cell: number for cell, number in every.items() if choice.fits(cell, council_of)}
    names = Names(reference.get_categories(db), reference.get_needs(db), councils)
    return Numbers(choice, every, fitting, council_of, names)


def _known(value: str, values: object) -> str:
    return value if value in values else ""  # type: ignore[operator]


def chart(found: list[tuple[str, int]], alt: str = "") -> Markup:
    """The largest of these as bars."""
    return Markup(bars(found[:_MOST_BARS], alt))  # noqa: S704 - drawn by us, with every word escaped


@blueprint.get("/directory/not-found")
@officers_only
def desk_not_found() -> ResponseReturnValue:
    """Words, and counts."""
    found = numbers(request.args)
    return render_template(
        "directory/desk/not_found.html",
        found=found,
        chart=chart([(words, number) for _subject, words, number in found.subjects]),
        filters=_filters(found),
        asked=found.asked,
        words=_words(),
        wording=wording,
        fewest=not_found.FEWEST,
        this_month=month_of(clock.today()),
        shown_from=not_found.ends(month_of(clock.today())),
    )


def _words() -> list[tuple[str, str, synonyms.Found]]:
    """The words that enough people typed, those of one meaning together, most first, with what the first finds now."""
    db = database()
    most = searches.words_by_meaning(db, finder().vocabulary(db))[:_MOST_WORDS]
    return [(", ".join(words), wording.typed_by(senders), synonyms.find(db, finder(), words[0])) for words, senders in most]


def _filters(found: Numbers) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The lists to choose from: what is nowhere in the numbers is in no list."""
    every, names = found.every, found.names
    subjects = sorted({(names.subject(cell.subject), cell.subject) for cell in every if cell.subject})
    signs = [sign for sign in (*SIGNS, ANY) if any(cell.sign == sign for cell in every)]
    councils = sorted({(names.councils[code], code) for cell in every if (code := found.council(cell)) in names.councils})
    bands = [band for band in AGE_BANDS if any(cell.age_band == band for cell in every)]
    months = sorted({month for cell in every for month in not_found.months_of(cell.period)})
    in_words = [(month, asking_wording.month_in_words(month)) for month in months]
    choice = found.choice
    return [
        ("subject", _("What it was about"), [(value, words) for words, value in subjects], choice.subject),
        ("sign", _("What happened"), [(sign, wording.sign(sign)) for sign in signs], choice.sign),
        ("council", _("Area"), [(value, words) for words, value in councils], choice.council),
        ("age_band", _("Age"), [(band, wording.band(band)) for band in bands], choice.age_band),
        ("since", _("From"), in_words, choice.since),
        ("until", _("To"), in_words, choice.until),
    ]


@blueprint.get("/directory/not-found.csv")
@officers_only
def desk_not_found_file() -> ResponseReturnValue:
    """The same numbers as a file for a spreadsheet."""
    found = numbers(request.args)
    written = io.StringIO()
    writing = csv.writer(written)
    writing.writerow([_("When"), _("What it was about"), _("What happened"), _("Area"), _("Age"), _("How many")])
    for cell, number in sorted(found.shown.items()):
        row = [wording.period(cell.period), found.names.subject(cell.subject), wording.sign(cell.sign)]
        row += [found.names.area(cell), wording.band(cell.age_band), str(number)]
        writing.writerow([harmless(text) for text in row])
    answer = Response(written.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=not-found.csv"
    return answer


@blueprint.post("/directory/not-found/listing")
@officers_only
def desk_write_what_is_missing() -> ResponseReturnValue:
    """Begin a listing for what was missed, with its words and its category filled in."""
    db, me = database(), writer()
    words = " ".join(request.form.get("words", "").split())[:90]
    category = _known(request.form.get("category", ""), reference.get_categories(db))
    draft = drafting.begin_new(db, me)
    service = replace(draft.service, name=words[:1].upper() + words[1:], categories=(category,) if category else ())
    drafting.keep(db, draft, service, draft.saves)
    return redirect(url_for("directory.desk_draft", draft_id=draft.id, slug="name"))
