"""What a new letter probably is."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.entry import Entry
from records.suggestion import Suggestion, senders, suggest

TODAY = datetime.date(2026, 11, 22)
CLINIC = """Harbourne Children's Hospital
NHS Trust
Date: 14 October 2026        Clinic date: 12 December 2026
RE: Maya, DOB: 04/05/2019
Dear parent, an appointment has been made with our paediatric consultant. Please bring a list of medicines."""


def _entry(number: int, kind: str, section: str, **fields: str) -> Entry:
    return Entry(f"{number:032x}", section, 1, "amina", "2026-11-01T09:00Z", {"v": 1, "kind": kind, **fields})


def test_a_letter_that_was_read_is_suggested_from_its_head():
    found = suggest(CLINIC, [], TODAY)
    assert found == Suggestion(datetime.date(2026, 10, 14), "Harbourne Children's Hospital", "appointment", "", "health_letters")


def test_a_letter_that_nobody_read_is_of_today_and_goes_where_the_last_one_went():
    earlier = [
        _entry(1, "letter", "old", from_whom="School", dated="2026-01-05"),
        _entry(2, "letter", "new", from_whom="Clinic", dated="2026-10-05"),
    ]
    assert suggest("", earlier, TODAY) == Suggestion(TODAY, section_id="new")
    assert suggest("", [], TODAY) == Suggestion(TODAY)


def test_somebody_who_wrote_before_is_known_again_and_their_letters_stay_together():
    earlier = [
        _entry(1, "letter", "s1", from_whom="Dr Ána Khan", dated="2026-01-05"),
        _entry(2, "letter", "s1", from_whom="Dr Ána Khan", dated="2026-02-05"),
        _entry(3, "letter", "s2", from_whom="Dr Ána Khan", dated="2026-03-05"),
        _entry(4, "letter", "s3", from_whom="Nobody", dated="2026-03-06"),
    ]
    found = suggest("From the desk of DR ANA KHAN\nHarbourne Hospital", earlier, TODAY)
    assert (found.from_whom, found.section_id) == ("Dr Ána Khan", "s1")


@pytest.mark.parametrize(
    "text",
    [
        "Born 4 May 2024, seen at home",
        "D.O.B. 04/05/2024",
        "Your visit is on 3 December 2026",
        "Since 1 January 1999",
        "31/02/2026",
        "Ref 12/10/20261",
        "",
    ],
)
def test_a_birthday_a_day_to_come_and_no_day_are_not_the_date_of_a_letter(text):
    assert suggest(text, [], TODAY).dated == TODAY


@pytest.mark.parametrize(
    ("text", "topic", "section"),
    [
        ("Annual review of the EHC plan at school", "meeting", "education_letters"),
        ("Disability Living Allowance: our decision about your benefits", "benefit", "care_letters"),
        ("DISCHARGE SUMMARY ward 3", "discharge", "health_letters"),
        ("Hello there", "", ""),
    ],
)
def test_topic_and_section_come_from_the_words(text, topic, section):
    found = suggest(text, [], TODAY)
    assert (found.topic, found.section) == (topic, section)


def test_senders_are_offered_commonest_first_and_medicines_are_not_people():
    earlier = [
        _entry(1, "letter", "s", from_whom="Zoe"),
        _entry(2, "letter", "s", from_whom="Zoe"),
        _entry(3, "person", "p", name="Anna"),
        _entry(4, "medicine", "h", name="Melatonin"),
        _entry(5, "letter", "s"),
    ]
    assert senders(earlier) == ["Zoe", "Anna"]


@given(st.text(max_size=400))
def test_whatever_was_read_there_is_something_to_offer(text):
    assert suggest(text, [_entry(1, "letter", "s", from_whom="Dr Khan")], TODAY).dated <= TODAY
