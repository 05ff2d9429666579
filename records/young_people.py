"""Growing up: at which ages to look together at who can see the record, and what the young person does not want shared.

A birthday is a reason to talk and never a switch. Many of these young people will need somebody else to hold their record all
their lives, so nobody's access begins or ends by itself. What is kept here stands in the book's settings: sealed, to the holders.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plumbing.dates import months_after
from records.age import birthday
from records.book import Book

# Which nations an age matters in; "" is a family that would rather not say where they live.
EVERYWHERE = ("england", "wales", "scotland", "northern_ireland", "")
# The ages, and where each comes from. What a page says about them is in `records/young_wording.py`.
#
# 11  England: GP surgeries review who uses online services for a child. Royal College of GPs, GP Online Services, guidance on
#     proxy access for children and young people; NHS England, DAPB3051 section 7.2. Elsewhere: the age of a new school.
# 12  Scotland: presumed old enough to understand and use their rights over their data (Data Protection Act 2018 s.208), and to
#     instruct a solicitor (Age of Legal Capacity (Scotland) Act 1991 s.2(4A) and (4B)).
# 13  UK: consents for themselves to most online services (UK GDPR art. 8; Data Protection Act 2018 s.9).
# 16  England and Wales: Mental Capacity Act 2005 ss.1(2), 2(5). Scotland: Age of Legal Capacity (Scotland) Act 1991 s.1; Adults
#     with Incapacity (Scotland) Act 2000 s.1(6). Northern Ireland: Mental Capacity Act (Northern Ireland) 2016 ss.1, 2.
# 18  UK: an adult; parental responsibility is over (Family Law Reform Act 1969 s.1; Age of Majority (Scotland) Act 1969 s.1;
#     Age of Majority Act (Northern Ireland) 1969 s.1).
AGES: Mapping[int, tuple[str, ...]] = {
    11: EVERYWHERE,
    12: ("scotland",),
    13: EVERYWHERE,
    16: EVERYWHERE,
    18: EVERYWHERE,
}
MONTHS_AHEAD = 3
MONTHS_LATER = 1
LOOKED, LATER = "looked", "later"
ANSWERS = (LOOKED, LATER)
MOST_NOES = 100
LONGEST_WORDS, LONGEST_PERSON = 1000, 100
_SEEN, _NOES = "young_seen", "young_noes"


@dataclass(frozen=True)
class Prompt:
    """A birthday that is near, or was: `on` is the day, `is_ahead` whether it is still to come."""

    age: int
    on: datetime.date
    nation: str
    is_ahead: bool


@dataclass(frozen=True)
class Answer:
    """What a holder answered to the prompt of an age, and when."""

    what: str
    on: datetime.date

    def settles(self, today: datetime.date) -> bool:
        """Whether it need not be asked today: they looked at it, or asked for a month's peace."""
        return self.what == LOOKED or today < months_after(self.on, MONTHS_LATER)


def prompt(born: datetime.date | None, nation: str, today: datetime.date, seen: Mapping[int, Answer]) -> Prompt | None:
    """What to ask a holder today, if anything: of the ages that are near or past, the newest.

    Whoever looks at 16 has looked at 13.
    """
    if born is None:
        return None
    reached = [
        age for age, nations in AGES.items() if nation in nations and months_after(birthday(born, age), -MONTHS_AHEAD) <= today
    ]
    if not reached:
        return None
    newest = max(reached)
    if newest in seen and seen[newest].settles(today):
        return None
    on = birthday(born, newest)
    return Prompt(newest, on, nation, today < on)


def prompt_of(book: Book, today: datetime.date) -> Prompt | None:
    """The prompt of a record."""
    return prompt(book.born, book.nation, today, answers(book))


def answers(book: Book) -> dict[int, Answer]:
    """What was answered, by age."""
    return {int(age): Answer(what, datetime.date.fromisoformat(on)) for age, (what, on) in book.setting(_SEEN, {}).items()}


def with_answer(book: Book, age: int, answer: Answer) -> Book:
    """With the answer to an age's prompt."""
    return book.with_setting(_SEEN, book.setting(_SEEN, {}) | {str(age): [answer.what, answer.on.isoformat()]})


@dataclass(frozen=True)
class No:
    """Something the young person does not want shared, in their own words.

    `section_id` is empty where it is about the whole record, `person` where it is about everybody; `by` is the account of whoever
    wrote it down, empty where it came with a copy of the record.
    """

    id: str
    words: str = field(repr=False)
    section_id: str
    person: str = field(repr=False)
    by: str
    on: datetime.date

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return {**self.__dict__, "on": self.on.isoformat()}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> No:
        """From JSON."""
        return cls(**{**written, "on": datetime.date.fromisoformat(written["on"])})


def noes(book: Book) -> list[No]:
    """Everything that the young person does not want shared, the newest first."""
    return [No.read(one) for one in reversed(book.setting(_NOES, []))]


def noes_for(book: Book, section_ids: Iterable[str], names: Iterable[str] = ()) -> list[No]:
    """What they said no to that whoever shares these sections has to know; or that names whom they are shared with."""
    wanted, called = {*section_ids, ""}, [set(name.casefold().split()) for name in names]
    return [one for one in noes(book) if one.section_id in wanted or _is_named(one, called)]


def _is_named(no: No, called: Iterable[set[str]]) -> bool:
    person = set(no.person.casefold().split())
    return bool(person) and any(person <= name or name <= person for name in called if name)


def with_no(book: Book, no: No) -> Book:
    """With one more no. Sent twice, it is one and not two."""
    others = [one for one in book.setting(_NOES, []) if one["id"] != no.id]
    return book.with_setting(_NOES, [*others, no.written()])


def without_no(book: Book, no_id: str) -> Book:
    """With a no taken back."""
    return book.with_setting(_NOES, [one for one in book.setting(_NOES, []) if one["id"] != no_id])
