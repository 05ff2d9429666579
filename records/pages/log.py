"""What was done, and when: the log in sentences, a day at a time. Days only: nobody sees at what hour another was up."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby, islice

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from accounts.current import family, secrets
from accounts.forms import is_spoken_for
from accounts.store import get_account
from records import wording
from records.entry import Entry
from records.gate import Opened
from records.log import Line
from records.log_wording import link_name, log_sentence, looks_sentence, pack_name
from records.looks import LISTING, LOOKING, OPENING, day_of
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.given import named

# A page opens no more lines than this, so that a log of ten thousand is as quick as a short one.
MOST_LINES = 500
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Sentence:
    """A sentence of one day, and the entries that it is about, where they are still there to be opened."""

    words: str
    entries: tuple[Entry, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Day:
    """A day and what was done on it, the newest first."""

    day: datetime.date
    sentences: list[Sentence]


@dataclass(frozen=True)
class Names:
    """What to call whoever stands in the log, and what they looked at."""

    opened: Opened
    people: dict[str, str]
    entries: dict[str, Entry] = field(repr=False)
    given: dict[str, str]

    @classmethod
    def of(cls, opened: Opened, lines: Iterable[Line]) -> Names:
        """Names for these lines: as the family calls them, or else as they call themselves."""
        asked = {id_ for line in lines for id_ in (line.words["who"], line.words.get("whom", ""))}
        known = names_given(opened)
        people = _told_apart({id_: known.get(id_) or _shown_name(id_) for id_ in asked}, opened.person.account_id)
        everything = [*opened.entries(), *opened.entries(state="binned")] if any("entry" in one.words for one in lines) else []
        return cls(
            opened,
            people | {"": _("Somebody"), opened.person.account_id: _("You")},
            {one.id: one for one in everything},
            _given(opened),
        )

    def subject(self, line: Line) -> str:
        """Who did it."""
        words = line.words
        if words["who"] or not words.keys() & {"pack", "link"}:
            return self.people[words["who"]]
        if "link" in words:
            return link_name(words.get("name", ""))
        # One that wrong PINs ended never said whose it was: the family's own list knows.
        known = {one.id: one.name for one in self.opened.roster.given.packs}
        return pack_name(str(words.get("name") or known.get(words["pack"], "")))

    def object(self, line: Line) -> str:
        """To whom it was done, where a line that somebody signed in wrote names anybody."""
        words, given = line.words, self.opened.roster.given
        if not words["who"]:
            return ""
        if words.get("name"):
            return str(self.given.get(words.get("grant", "")) or words["name"])
        if words.get("whom") == self.opened.person.account_id:
            return _("you")
        if words.get("whom") and words["what"] != "holder_left":
            return self.people[words["whom"]]
        over = given.over(words["grant"]) if "grant" in words and words["what"] == "answered" else None
        return over.granted.consent.name if over else ""

    def sections(self, ids: Iterable[str]) -> list[str]:
        """The names of sections; the first page is none."""
        shown = {one.id: one.name for one in self.opened.sections}
        return list(dict.fromkeys(shown.get(id_, _("a section that is gone")) for id_ in ids if id_ != self.opened.root_id))


def _told_apart(people: dict[str, str], own_id: str) -> dict[str, str]:
    """Names by account. One that another has too, or that our sentences mean somebody else by, has its sign-in name beside it."""
    others = [name.casefold() for id_, name in people.items() if id_ not in ("", own_id)]
    account = get_account(family(), secrets().server_key, own_id)
    taken = {account.shown_name.casefold()} if account else set()
    return {
        id_: _with_sign_in_name(id_, name)
        if others.count(name.casefold()) > 1 or name.casefold() in taken or is_spoken_for(name)
        else name
        for id_, name in people.items()
    }


def _with_sign_in_name(account_id: str, name: str) -> str:
    account = get_account(family(), secrets().server_key, account_id)
    return _("“%(name)s” (%(sign_in)s)", name=name, sign_in=account.sign_in_name) if account else name


def _given(opened: Opened) -> dict[str, str]:
    """Who each grant is for, as the family calls them and as they sign in."""
    given = opened.roster.given
    return {one.grant_id: named(one) for one in (*(over.granted for over in given.ended), *given.standby, *given.grants)}


def names_given(opened: Opened) -> dict[str, str]:
    """What the family calls those it has given something, by account."""
    given = opened.roster.given
    over = [one.granted for one in reversed(given.ended)]
    return {one.account_id: named(one) for one in (*over, *given.standby, *given.grants)}


def _shown_name(account_id: str) -> str:
    account = get_account(family(), secrets().server_key, account_id)
    return account.shown_name if account else _("Somebody who has left")


@blueprint.get("/records/<id:record_id>/log")
@signed_in()
def log(record_id: str) -> ResponseReturnValue:
    """Who did what, newest first; `below` is the oldest line of the page before."""
    opened, below = enter_as_holder(record_id), request.args.get("below", "")
    number = int(below) if below.isascii() and below.isdigit() and len(below) <= _MOST_DIGITS else None
    lines, more = page_of(opened, number)
    return render_template("records/log.html", opened=opened, days=days_of(opened, lines), below=number, more=more)


def page_of(opened: Opened, below: int | None) -> tuple[list[Line], int | None]:
    """Lines of whole days, and below which line the next page begins; a day that fills a page is cut."""
    lines = list(islice(opened.newest_lines(below), MOST_LINES + 1))
    if len(lines) <= MOST_LINES:
        return lines, None
    whole = [line for line in lines if day_of(line) > day_of(lines[-1])] or lines[:MOST_LINES]
    return whole, whole[-1].number


def days_of(opened: Opened, lines: list[Line]) -> list[Day]:
    """The log in sentences, a day at a time."""
    names = Names.of(opened, lines)
    return [Day(day, _sentences(names, list(of_day))) for day, of_day in groupby(lines, key=day_of)]


def _sentences(names: Names, lines: list[Line]) -> list[Sentence]:
    """One day: all that one person looked at is one sentence, and so is all of one kind that they did to one other."""
    collapsed: dict[tuple[str, str, str, str, str], list[Line]] = {}
    for line in lines:
        what = line.words["what"]
        done = ("looked", "", "") if what in LOOKING else (what, names.object(line), line.words.get("whom", ""))
        # By account first: two who are called the same are still two.
        collapsed.setdefault((line.words["who"], names.subject(line), *done), []).append(line)
    return [
        _looked(names, who, alike) if what == "looked" else Sentence(log_sentence(who, what, len(alike), name))
        for (_id, who, what, name, _whom), alike in collapsed.items()
    ]


def _looked(names: Names, who: str, lines: list[Line]) -> Sentence:
    seen = dict.fromkeys(line.words["entry"] for line in lines if line.words["what"] in OPENING and "entry" in line.words)
    known = tuple(names.entries[id_] for id_ in seen if id_ in names.entries)
    letters = sum(one.kind == "letter" for one in known)
    listed = names.sections(id_ for line in lines if line.words["what"] in LISTING for id_ in line.words.get("sections", ()))
    copies: dict[str, list[str]] = {}
    for line in lines:
        if line.words["what"] == "agency_copy":
            copies.setdefault(line.words.get("agency", ""), []).extend(line.words["sections"])
    copied = {file: names.sections(ids) for file, ids in copies.items()}
    searched = any(line.words["what"] == "searched" for line in lines)
    words = looks_sentence(who, (letters, len(seen) - letters), listed, copied, searched)
    return Sentence(words, tuple(sorted(known, key=lambda one: wording.title(one.document).casefold())))
