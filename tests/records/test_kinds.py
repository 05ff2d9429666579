"""What an entry is: what can be written in it, and how what was typed becomes what is kept."""

from __future__ import annotations

import datetime
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import kinds, sections
from records.age import age_on
from records.kinds import KINDS, clean
from records.kinds.field import LONGEST_LINE, LONGEST_LIST, LONGEST_READ, LONGEST_TEXT, TYPES
from records.kinds.moment import Unclear, read_date, read_time

TODAY = datetime.date(2026, 11, 22)


def _kept(kind: str, **typed: str):
    document, problems = clean(kind, typed, today=TODAY)
    assert not problems
    return document


def test_each_field_is_of_a_type_that_is_there_and_names_are_used_once():
    for kind in KINDS.values():
        names = [field.name for field in kind.fields]
        assert len(names) == len(set(names))
        assert {field.type for field in kind.fields} <= set(TYPES)
        assert all(bool(field.options) == (field.type == "choice") for field in kind.fields)
        # What a store keeps beside the fields may not be written over by one.
        assert not {"v", "kind", "files"} & set(names)


def test_title_day_and_summary_are_fields_of_their_kind():
    for kind in KINDS.values():
        named = {*kind.title, *kind.summary, kind.when, kind.time, kind.due} - {""}
        assert named <= {field.name for field in kind.fields}, kind.name
        assert all(kind.field(name).type == "date" for name in (kind.when, kind.due) if name)


def test_a_filled_in_form_becomes_a_document_without_what_was_left_empty():
    document = _kept("letter", title="  Speech   report ", from_whom="Dr Khan", dated="3/2/2026", note="", other="ignored")
    assert document == {"v": 1, "kind": "letter", "title": "Speech report", "from_whom": "Dr Khan", "dated": "2026-02-03"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_is_compulsory_and_an_empty_entry_is_known_as_one(kind):
    document = _kept(kind)
    assert kinds.is_empty(document)
    assert not kinds.is_empty(document | {"files": {"f": {}}})
    blank = dict.fromkeys((field.name for field in KINDS[kind].fields), " \u200b\u2060 \n")
    assert kinds.is_empty(_kept(kind, **blank)), "what cannot be seen was kept"


def test_one_word_is_enough():
    assert not kinds.is_empty(_kept("note", words="x"))
    assert not kinds.is_empty(_kept("language", interpreter="no"))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3/2/2026", "2026-02-03"),
        ("03.02.2026", "2026-02-03"),
        ("3-2-26", "2026-02-03"),
        ("3 2 2026", "2026-02-03"),
        ("3 Feb 2026", "2026-02-03"),
        ("3rd of February, 2026", "2026-02-03"),
        ("Tuesday 3 February 2026", "2026-02-03"),
        ("Feb 3, 2026", "2026-02-03"),
        ("3 Chwefror 2026", "2026-02-03"),
        ("2026-02-03", "2026-02-03"),
        ("2026-02-03T10:00", "2026-02-03"),
        ("TODAY", "2026-11-22"),
        ("tomorrow", "2026-11-23"),
        ("yfory", "2026-11-23"),
        ("29/2/2024", "2024-02-29"),
        ("1/1/99", "1999-01-01"),
        ("٣/٢/٢٠٢٦", "2026-02-03"),
    ],
)
def test_a_date_is_read_as_it_is_written_in_the_uk(typed, day):
    assert str(read_date(typed, TODAY)) == day


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("31 February 2026", "no_such_day"),
        ("29/2/2026", "no_such_day"),
        ("2/13/2026", "no_such_day"),
        ("0/1/2026", "no_such_day"),
        ("3 Feb", "no_year"),
        ("3/2", "no_year"),
        ("next week", "not_a_date"),
        ("3 Smarch 2026", "not_a_date"),
        ("3/2/1066", "not_a_date"),
        ("3/2/9999", "not_a_date"),
        ("²/2/2026", "not_a_date"),
        ("Monday", "not_a_date"),
    ],
)
def test_a_date_that_is_unclear_is_not_guessed(typed, reason):
    with pytest.raises(Unclear, match=f"^{reason}$"):
        read_date(typed, TODAY)
    document, problems = clean("letter", {"title": "Kept", "dated": typed}, today=TODAY)
    assert problems == {"dated": reason}
    assert document["title"] == "Kept"
    assert "dated" not in document


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("14:30", "14:30"),
        ("14:30:00", "14:30"),
        ("2.30pm", "14:30"),
        ("2:30 p.m.", "14:30"),
        ("1430", "14:30"),
        ("9am", "09:00"),
        ("9.15", "09:15"),
        ("02:30", "02:30"),
        ("12am", "00:00"),
        ("12.30 pm", "12:30"),
        ("0:05", "00:05"),
        ("Midday", "12:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, time):
    assert read_time(typed) == time


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("25:00", "not_a_time"), ("9:75", "not_a_time"), ("13pm", "not_a_time"), ("later", "not_a_time"), ("2.30", "am_or_pm")],
)
def test_a_time_that_is_unclear_is_not_guessed(typed, reason):
    document, problems = clean("appointment", {"what": "Clinic", "time": typed}, today=TODAY)
    assert problems == {"time": reason}
    assert document == {"v": 1, "kind": "appointment", "what": "Clinic"}


def test_a_line_holds_nothing_that_turns_or_hides():
    document = _kept("note", title="\u202egpj.exe\u2066 \x00\x07a\r\nb\ud800", words="one\r\ntwo\x0b\u202ethree \n\n")
    assert document["title"] == "gpj.exe a b"
    assert document["words"] == "one\ntwo\nthree"


def test_what_people_write_in_their_own_language_stays():
    family = "👩\u200d👧 می\u200cخواهم Llŷn"
    assert _kept("note", title=family)["title"] == family
    assert _kept("note", title=unicodedata.normalize("NFD", "Llŷn"))["title"] == "Llŷn"


@pytest.mark.parametrize(
    ("kind", "field", "typed", "reason"),
    [
        ("letter", "title", "x" * (LONGEST_LINE + 1), "too_long"),
        ("note", "words", "x" * (LONGEST_TEXT + 1), "too_long"),
        ("appointment", "bring", "x\n" * (LONGEST_LIST + 1), "too_many"),
        ("appointment", "bring", "x" * (LONGEST_LINE + 1), "too_long"),
        ("diary", "how", "pigeon", "not_a_choice"),
        ("appointment", "cancelled", "maybe", "not_a_choice"),
    ],
)
def test_what_cannot_be_kept_has_a_reason(kind, field, typed, reason):
    assert clean(kind, {field: typed}, today=TODAY) == ({"v": 1, "kind": kind}, {field: reason})


def test_the_longest_that_may_be_written_is_kept_whole():
    assert len(_kept("letter", title="x" * LONGEST_LINE)["title"]) == LONGEST_LINE
    assert len(_kept("note", words="x" * LONGEST_TEXT)["words"]) == LONGEST_TEXT


def test_lists_are_lines_and_answers_are_yes_and_no():
    document = _kept("appointment", bring=" Red book \n\n Glasses\r\n", cancelled="on")
    assert document["bring"] == ["Red book", "Glasses"]
    assert document["cancelled"] is True
    assert _kept("language", interpreter="no")["interpreter"] is False


def test_a_form_cannot_write_what_a_machine_reads_and_does_not_lose_it():
    before = kinds.with_found_text({"v": 1, "kind": "letter", "title": "Old", "files": {"f": {"key": "k"}}}, "Dear family")
    document, _ = clean("letter", {"title": "New", "found_text": "forged"}, before=before, today=TODAY)
    assert document == {"v": 1, "kind": "letter", "title": "New", "found_text": "Dear family", "files": {"f": {"key": "k"}}}
    assert "found_text" not in kinds.with_found_text(document, " ")


def test_a_cleared_field_does_not_come_back_from_the_version_before():
    document, _ = clean("letter", {"title": "New"}, before={"v": 1, "kind": "letter", "title": "Old", "note": "gone"})
    assert "note" not in document


def test_what_a_machine_read_is_cut_and_never_refused():
    assert len(kinds.with_found_text({"v": 1, "kind": "letter"}, "x" * (LONGEST_READ + 5))["found_text"]) == LONGEST_READ


def test_numbers_and_addresses_are_kept_as_typed_and_only_doubted():
    document = _kept("person", phone="ask for Jan", mobile="+44 7700 900123 ext. 4", email="sara at example", until="1/2/26")
    assert document["email"] == "sara at example"
    assert kinds.doubts(document) == {"phone": "phone", "email": "email"}
    assert not kinds.doubts(_kept("person", email="sara@example.org", phone="999"))


def test_an_end_before_its_beginning_is_doubted():
    assert kinds.doubts(_kept("appointment", time="3pm", ends="2pm")) == {"ends": "ends_before"}
    assert kinds.doubts(_kept("person", since="1/2/2026", until="1/1/2026")) == {"until": "ends_before"}
    assert not kinds.doubts(_kept("appointment", time="2pm", ends="3pm"))


@pytest.mark.parametrize(
    "document",
    [
        {"v": 2, "kind": "letter"},
        {"v": 0, "kind": "letter"},
        {"v": True, "kind": "letter"},
        {"v": "1", "kind": "letter"},
        {"kind": "letter"},
        {"v": 1},
        {"v": 1, "kind": "spell"},
        {"v": 1, "kind": ["letter"]},
    ],
)
def test_a_document_of_another_shape_is_refused_and_nothing_in_it_is_said(document):
    with pytest.raises(kinds.NotReadable) as refused:
        kinds.upgrade(document | {"title": "canary"})
    assert str(refused.value) == ""


def test_todays_document_is_taken_as_it_is_with_all_that_is_kept_beside_it():
    document = {"v": 1, "kind": "letter", "title": "A", "files": {}}
    assert kinds.upgrade(document) == document


def test_title_day_and_second_line():
    letter = _kept("letter", title="Speech report", from_whom="Dr Khan", dated="3/2/2026", note="Read it\nby Friday")
    assert kinds.title_of(letter) == "Speech report"
    assert kinds.when_of(letter) == datetime.date(2026, 2, 3)
    assert kinds.summary_of(letter) == "Dr Khan · Read it by Friday"
    assert kinds.title_of(_kept("person", service_title="Harbourne Sleep Line")) == "Harbourne Sleep Line"
    assert kinds.when_of(_kept("medicine", name="Melatonin", checked_on="today")) is None
    promised = _kept("diary", who="Housing", promised_by_date="1 Dec 2026", time="10am")
    assert kinds.due_of(promised) == datetime.date(2026, 12, 1)
    assert kinds.time_of(promised) == "10:00"


def test_a_second_line_is_short_and_ends_at_a_word():
    line = kinds.summary_of(_kept("note", words="word " * 100))
    assert len(line) <= 141
    assert line.endswith("word…")
    assert len(kinds.summary_of(_kept("note", words="x" * 500))) <= 141


def test_somebody_who_used_to_help_is_former_from_that_day_on():
    person = _kept("person", name="Sara", until="22 November 2026")
    assert kinds.is_former(person, TODAY)
    assert not kinds.is_former(person, TODAY - datetime.timedelta(days=1))
    assert not kinds.is_former(_kept("person", name="Sara"), TODAY)


def test_search_looks_at_words_but_not_at_hidden_things():
    person = _kept("person", name="Sara", service_id="abc", service_title="Sleep Line", agency="health", since="1/1/2020")
    assert kinds.searchable(person) == [("name", "Sara"), ("service_title", "Sleep Line")]
    letter = kinds.with_found_text(_kept("letter", title="A", note="B"), "C")
    assert [name for name, _ in kinds.searchable(letter)] == ["title", "note", "found_text"]


@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(st.sampled_from("title name words date time how bring email".split()), st.text()),
)
def test_whatever_is_typed_is_kept_or_has_a_reason_and_reads_the_same_again(kind, typed):
    document, problems = clean(kind, typed, today=TODAY)
    assert not problems.keys() & document.keys()
    assert json.loads(json.dumps(document)) == document
    json.dumps(document, ensure_ascii=False).encode()
    again, none = clean(kind, kinds.as_typed(document), today=TODAY)
    assert (again, none) == (document, {})
    kinds.title_of(document), kinds.summary_of(document), kinds.searchable(document), kinds.doubts(document)


def test_every_kind_has_a_place_and_every_place_a_kind():
    placed = {kind for section in sections.DEFAULT_SECTIONS for kind in section.kinds}
    assert placed == set(KINDS)
    assert len(sections.BY_SLUG) == len(sections.DEFAULT_SECTIONS) == 13
    assert sections.kinds_for("") == sections.EVERYDAY
    assert set(sections.EVERYDAY) <= set(KINDS)


def test_addresses_of_the_family_live_only_in_our_home():
    for section in sections.DEFAULT_SECTIONS:
        assert ("address" in section.kinds) == (section.slug == "our_home")
    assert "address" not in sections.EVERYDAY


def test_just_us_can_never_be_shared():
    assert [section.slug for section in sections.DEFAULT_SECTIONS if not section.can_be_shared] == ["just_us"]


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        ((2019, 5, 4), (2026, 5, 3), (6, 83)),
        ((2019, 5, 4), (2026, 5, 4), (7, 84)),
        ((2024, 2, 29), (2025, 2, 28), (0, 11)),
        ((2024, 2, 29), (2025, 3, 1), (1, 12)),
        ((2026, 10, 31), (2026, 11, 30), (0, 0)),
        ((2026, 11, 22), (2026, 11, 22), (0, 0)),
    ],
)
def test_an_age_is_counted_in_birthdays(born, today, age):
    assert age_on(datetime.date(*born), datetime.date(*today))[:2] == age


def test_nobody_has_an_age_before_the_birth():
    assert age_on(TODAY, TODAY - datetime.timedelta(days=1)) is None
