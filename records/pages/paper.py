"""The book on paper: About me on one page, all of it with dividers, or the dividers alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Protocol

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.dates import date_in_words, parse_date
from plumbing.headers import private
from plumbing.paper import CannotSet, Picture
from records import paper, printed_plan, timeline, wording
from records.entry import Entry, File
from records.pages.about_me import the_page
from records.pages.blueprint import blueprint, enter_as_holder
from records.plan import plan_of


@blueprint.get("/records/<id:record_id>/paper")
@signed_in()
def paper_(record_id: str) -> ResponseReturnValue:
    """What can be printed, and how to take the whole record along."""
    opened = enter_as_holder(record_id)
    return render_template("records/paper.html", opened=opened, page=the_page(opened))


@blueprint.get("/records/<id:record_id>/about-me.pdf")
@signed_in()
def print_about_me(record_id: str) -> ResponseReturnValue:
    """About me as one page; `large` in the address for large print."""
    opened = enter_as_holder(record_id)
    page = the_page(opened)
    if page is None:
        abort(404)
    called = opened.book.called
    words = {
        "title": _("About %(called)s", called=called),
        "photo": _("A photo of %(called)s", called=called),
        "dated": _("As it was written on %(day)s", day=_saved_on(page)),
    }
    answers = [paper.Answer(label, text, name) for name, label, text in wording.filled(page.document)]
    photo = picture(opened, page, page.document["photo"]["image"]) if page.document.get("photo") else None
    made = paper.about_me(answers, words, photo, language(), large="large" in request.args)
    return pdf(made, "about-me")


@blueprint.get("/records/<id:record_id>/book.pdf")
@signed_in()
def print_book(record_id: str) -> ResponseReturnValue:
    """The whole book, with a divider for each section that is not hidden. Just us is never in it."""
    opened = enter_as_holder(record_id)
    shown = [one for one in opened.sections if not one.hidden]
    sections = []
    for section in shown:
        entries = sorted(opened.entries([section.id]), key=lambda one: (timeline.day_of(one), one.saved_at), reverse=True)
        sections.append(printed_section(opened, section.name, entries, opened.today))
    words = {
        "title": _("%(called)s’s book", called=opened.book.called),
        "subtitle": _("Printed on %(day)s", day=date_in_words(opened.today)),
        "contents": _("What is in it"),
        "empty": _("Nothing yet."),
        **printed_plan.words(),
    }
    return pdf(paper.book(sections, words, language()), "book")


@blueprint.get("/records/<id:record_id>/dividers.pdf")
@signed_in()
def dividers(record_id: str) -> ResponseReturnValue:
    """A page for each section, to put between the papers at home."""
    opened = enter_as_holder(record_id)
    names = [one.name for one in opened.sections if not one.hidden]
    return pdf(paper.dividers(names, _("Dividers"), language()), "dividers")


def printed_section(of: Reads, name: str, entries: Sequence[Entry], today: datetime.date) -> paper.PrintedSection:
    """A section as the book has it: a plan as a plan, and everything that does not stand in it by its day."""
    plan = plan_of(entries, today)
    stands = printed_plan.stands_in(plan)
    others = tuple(printed(of, one) for one in entries if one.id not in stands)
    return paper.PrintedSection(name, others, tuple(printed_plan.things(plan, with_said=True)))


class Reads(Protocol):
    """Whoever can open attachments: a record, or a pack that a guest was given."""

    def file(self, file: File) -> bytes:
        """An attachment's bytes."""


def printed(opened: Reads, entry: Entry) -> paper.PrintedEntry:
    """An entry as the book has it, with its sheets."""
    facts = tuple(paper.Answer(label, text) for _name, label, text in wording.filled(entry.document))
    pages = entry.document.get("pages", [])
    sheets = tuple(
        (
            picture(opened, entry, page["image"]).at_most(paper.SHEET_PIXELS),
            _("Page %(number)d of %(of)d", number=number, of=len(pages)),
        )
        for number, page in enumerate(pages, start=1)
    )
    return paper.PrintedEntry(wording.title(entry.document), date_in_words(timeline.day_of(entry)), facts, sheets)


def picture(opened: Reads, entry: Entry, file_id: str) -> Picture:
    """A picture that hangs on an entry."""
    jpeg = opened.file(entry.files[file_id])
    return Picture(jpeg, *_size_of(jpeg))


def _size_of(jpeg: bytes) -> tuple[int, int]:
    """How wide and high a JPEG is: it stands in its first start-of-frame segment (ITU T.81, B.2.2)."""
    place = 2
    while place + 9 < len(jpeg):
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(jpeg[place + 7 : place + 9], "big"), int.from_bytes(jpeg[place + 5 : place + 7], "big")
        place += 2 + length
    raise CannotSet


def _saved_on(entry: Entry) -> str:
    day = parse_date(entry.saved_at)
    return date_in_words(day) if day else ""


def language() -> str:
    """The language of what is printed."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def pdf(made: bytes, name: str) -> Response:
    """A PDF to look at, under a name that says nothing of what is in it."""
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename={name}.pdf"
    return private(response)
