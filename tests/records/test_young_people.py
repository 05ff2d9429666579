"""Growing up: when a holder is asked to look at sharing together, what the young person said no to, and who decides what."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import pytest

from records import editing, supported, young_people
from records.age import birthday
from records.book import Book
from records.supported import Supported
from records.young_people import LATER, LOOKED, Answer, No

DAY = datetime.date.fromisoformat
BORN = DAY("2016-05-03")
LEAP = DAY("2016-02-29")


def asked(born, nation, today, seen=()) -> int | None:
    """The age that a holder is asked about."""
    answers = {age: Answer(what, DAY(on)) for age, what, on in seen}
    found = young_people.prompt(DAY(born) if born else None, nation, DAY(today), answers)
    return found.age if found else None


@pytest.mark.parametrize(
    ("nation", "today", "age"),
    [
        # Three months ahead, to the day.
        ("england", "2027-02-02", None),
        ("england", "2027-02-03", 11),
        ("england", "2027-05-03", 11),
        # 12 is for Scotland alone; whoever does not say where they live is not taken for Scotland.
        ("england", "2028-04-30", 11),
        ("scotland", "2028-02-02", 11),
        ("scotland", "2028-02-03", 12),
        ("", "2028-04-30", 11),
        # Of several that were never looked at, only the newest is asked about.
        ("wales", "2029-02-03", 13),
        ("northern_ireland", "2032-02-02", 13),
        ("northern_ireland", "2032-02-03", 16),
        ("england", "2034-02-03", 18),
        # An adult whose record is begun today.
        ("scotland", "2060-01-01", 18),
    ],
)
def test_the_age_that_is_near_is_asked_about(nation, today, age):
    assert asked("2016-05-03", nation, today) == age


@pytest.mark.parametrize(
    ("today", "age"),
    [("2026-11-30", None), ("2026-12-01", 11), ("2028-10-31", 11), ("2028-12-01", 13), ("2031-11-28", 13), ("2031-11-29", 16)],
)
def test_somebody_born_on_29_february_has_their_day_on_1_march(today, age):
    assert asked("2016-02-29", "england", today) == age


def test_the_day_is_said_and_whether_it_is_still_to_come():
    found = young_people.prompt(LEAP, "england", DAY("2027-02-28"), {})
    assert found
    assert (found.on, found.is_ahead) == (DAY("2027-03-01"), True)
    later = young_people.prompt(LEAP, "england", DAY("2027-03-01"), {})
    assert later
    assert not later.is_ahead


@pytest.mark.parametrize(
    ("today", "seen", "age"),
    [
        ("2029-03-01", [(13, LOOKED, "2029-02-28")], None),
        # For good: until the next age.
        ("2032-02-02", [(13, LOOKED, "2029-02-28")], None),
        ("2032-02-03", [(13, LOOKED, "2029-02-28")], 16),
        # Later is a month, and can be said again.
        ("2029-03-27", [(13, LATER, "2029-02-28")], None),
        ("2029-03-28", [(13, LATER, "2029-02-28")], 13),
        ("2029-03-28", [(13, LATER, "2029-03-28")], None),
        # An answer to one age is none to another.
        ("2029-03-01", [(11, LOOKED, "2027-05-01")], 13),
        ("2029-03-01", [(16, LOOKED, "2027-05-01")], 13),
    ],
)
def test_an_answer_is_remembered_for_its_own_age(today, seen, age):
    assert asked("2016-05-03", "england", today, seen) == age


@pytest.mark.parametrize("born", ["", "2027-01-01"])
def test_nobody_is_asked_without_a_date_of_birth_or_before_it(born):
    assert asked(born, "england", "2026-11-22") is None


@pytest.mark.parametrize("born", [LEAP, DAY("1930-12-31")])
def test_through_a_life_each_age_comes_once_and_in_its_order(born):
    days = [born + datetime.timedelta(days=step) for step in range(365 * 90)]
    found = [young_people.prompt(born, "scotland", day, {}) for day in days]
    ages = [one.age if one else 0 for one in found]
    assert ages == sorted(ages)
    assert set(ages) == {0, *young_people.AGES}
    firsts = [days[ages.index(age)] for age in young_people.AGES]
    assert all(85 <= (birthday(born, age) - day).days <= 93 for age, day in zip(young_people.AGES, firsts, strict=True))


def test_settings_survive_being_sealed_and_leave_the_others_alone(yusuf):
    no = No("a" * 32, "Not my weight", "", "Mr Patel", yusuf.person.account_id, yusuf.today)
    note = Supported("b" * 32, "Amina", "Health", supported.DEPUTY, DAY("2026-05-03"), "An order")
    editing.change_book(yusuf, lambda book: book.with_setting("other", [1]))
    editing.change_book(yusuf, lambda book: young_people.with_no(book, no), "young_no")
    editing.change_book(yusuf, lambda book: supported.with_note(book, note), "supported")
    editing.change_book(yusuf, lambda book: young_people.with_answer(book, 13, Answer(LATER, yusuf.today)), "young_later")
    book = yusuf.book
    assert young_people.noes(book) == [no]
    assert supported.supported(book) == [note]
    assert young_people.answers(book) == {13: Answer(LATER, yusuf.today)}
    assert book.setting("other") == [1]


def test_what_the_young_person_said_is_nowhere_in_the_database_to_be_read(house, yusuf):
    no = No("a" * 32, "Not my weight", "", "Mr Patel", yusuf.person.account_id, yusuf.today)
    note = Supported("b" * 32, "Grandfather Rhys", "Health", supported.DEPUTY)
    editing.change_book(yusuf, lambda book: supported.with_note(young_people.with_no(book, no), note), "young_no")
    house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    kept = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
    for words in (b"Not my weight", b"Mr Patel", b"Grandfather Rhys", b"deputy"):
        assert words not in kept
    assert young_people.noes(yusuf.book)[0].words == "Not my weight"


def test_whoever_only_reads_has_neither_what_was_said_nor_the_birthday(house, yusuf):
    no = No("a" * 32, "Not my weight", "", "", yusuf.person.account_id, yusuf.today)
    note = Supported("b" * 32, "Amina", "Health", supported.DEPUTY)
    editing.change_book(yusuf, lambda book: supported.with_note(young_people.with_no(book, no), note), "young_no")
    sara = house.person("sara", "key_worker")
    house.share(yusuf, sara, len(yusuf.sections))
    book = house.enter(sara, yusuf.record_id).book
    assert (young_people.noes(book), supported.supported(book), young_people.answers(book)) == ([], [], {})
    assert young_people.prompt_of(book, DAY("2099-01-01")) is None
    assert young_people.prompt_of(yusuf.book, DAY("2099-01-01")) is not None


BOOK = Book("Yusuf", BORN, "england")


def _no(no_id: str, section_id: str = "", words: str = "No") -> No:
    return No(no_id, words, section_id, "", "amina", DAY("2026-11-22"))


def test_whoever_would_share_a_section_sees_what_was_said_of_it_and_of_everything():
    book = BOOK
    for no in (_no("1", "letters"), _no("2", "diary"), _no("3")):
        book = young_people.with_no(book, no)
    assert [one.id for one in young_people.noes_for(book, ["letters"])] == ["3", "1"]
    assert [one.id for one in young_people.noes_for(book, ["letters", "diary"])] == ["3", "2", "1"]
    assert [one.id for one in young_people.noes_for(book, [])] == ["3"]


def test_a_no_that_was_taken_back_is_gone_and_one_sent_twice_is_one():
    book = young_people.with_no(young_people.with_no(BOOK, _no("1", words="No")), _no("1", words="Not that"))
    assert [one.words for one in young_people.noes(book)] == ["Not that"]
    book = young_people.without_no(book, "1")
    assert book.settings == {}
    assert young_people.without_no(book, "nobody's") == book


def test_a_note_is_changed_in_its_place_and_taken_away():
    first, second = Supported("1", "Amina", "Health", supported.OWN_VIEW), Supported("2", "Joe", "Money", supported.APPOINTEE)
    book = supported.with_note(supported.with_note(BOOK, first), second)
    book = supported.with_note(book, replace(first, footing=supported.BEST_INTERESTS))
    assert [(one.id, one.footing) for one in supported.supported(book)] == [("1", "best_interests"), ("2", "appointee")]
    assert supported.supported(supported.without_note(book, "1")) == [second]


def test_what_was_said_is_in_no_repr():
    kept = repr([_no("1", words="Not my weight"), Supported("1", "Amina", "Health", supported.OTHER, None, "Order 12")])
    assert not [words for words in ("weight", "Amina", "Health", "Order") if words in kept]


def test_everything_kept_is_plain_json():
    book = supported.with_note(young_people.with_no(BOOK, _no("1")), Supported("1", "A", "B", supported.OTHER))
    assert Book.read(json.loads(json.dumps(book.written()))) == book
