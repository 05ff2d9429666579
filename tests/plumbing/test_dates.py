"""Dates as UK readers say them."""

from __future__ import annotations

import datetime

import pytest

from plumbing.dates import date_in_words, parse_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-03", datetime.date(2026, 10, 3)),
        ("2026-10-03T09:30:00Z", datetime.date(2026, 10, 3)),
        ("2026-10-03 09:30:00+01:00", datetime.date(2026, 10, 3)),
        ("2024-02-29", datetime.date(2024, 2, 29)),
    ],
)
def test_an_iso_date_is_read(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   ",
        "yesterday",
        "03/10/2026",
        "3 October 2026",
        "2026-13-01",
        "2026-02-30",
        "2023-02-29",
        "2026-10",
        "0000-00-00",
    ],
)
def test_what_is_no_date_is_refused_and_raises_nothing(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime.date(2026, 10, 3), "3 October 2026"),
        (datetime.date(2026, 4, 3), "3 April 2026"),
        (datetime.date(2024, 2, 29), "29 February 2024"),
        (datetime.date(1999, 12, 31), "31 December 1999"),
    ],
)
def test_a_day_is_said_with_its_month_in_words_and_four_digits_of_year(app, day, words):
    with app.test_request_context():
        assert date_in_words(day) == words
