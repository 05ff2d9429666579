"""Calendars: what others are told of a family's dates, read back as calendars read it."""

from __future__ import annotations

import datetime

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.calendar import FeedDate, calendar_file, deadlines, feed_date
from records.entry import Entry

NOW = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.UTC)


def _appointment(**fields: object) -> Entry:
    document = {"v": 1, "kind": "appointment", "what": "Canary clinic", "date": "2026-12-01", "place": "Canary ward", **fields}
    return Entry("e" * 32, "s", 3, "amina", "2026-11-01T09:00Z", document)


def _read(*dates: FeedDate, name: str = ""):
    return icalendar.Calendar.from_ical(calendar_file(dates, NOW, "Appointment", name))


def _event(date: FeedDate):
    (event,) = _read(date).walk("VEVENT")
    return event


def test_a_title_is_neutral_unless_its_words_are_asked_for():
    neutral = calendar_file([feed_date(_appointment())], NOW, "Appointment")
    assert b"Canary" not in neutral
    assert _event(feed_date(_appointment()))["summary"] == "Appointment"
    told = _event(feed_date(_appointment(), with_words=True))
    assert (told["summary"], told["location"]) == ("Canary clinic", "Canary ward")


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("2026-12-01", "10:15", "2026-12-01T10:15:00+00:00"),
        ("2026-07-01", "10:15", "2026-07-01T09:15:00+00:00"),
        ("2026-07-01", "00:15", "2026-06-30T23:15:00+00:00"),
        # The clocks go back at two: the first of the two half past ones.
        ("2026-10-25", "01:30", "2026-10-25T00:30:00+00:00"),
        # The clocks go forward at one: half past one is not there, and half past two is an hour later.
        ("2026-03-29", "01:30", "2026-03-29T01:30:00+00:00"),
    ],
)
def test_a_time_by_the_clock_on_the_wall_is_the_right_moment_everywhere(day, time, utc):
    start = _event(FeedDate("a", day, time))["dtstart"].dt
    assert start.isoformat() == utc


def test_without_a_time_it_is_all_day_and_nobody_is_busy():
    event = _event(FeedDate("a", "2026-12-31"))
    assert event["dtstart"].dt == datetime.date(2026, 12, 31)
    assert event["dtend"].dt == datetime.date(2027, 1, 1)
    assert event["transp"] == "TRANSPARENT"


def test_an_end_is_told_unless_it_is_before_the_start():
    assert _event(FeedDate("a", "2026-12-01", "10:00", ends="11:30"))["dtend"].dt.hour == 11
    assert "dtend" not in _event(FeedDate("a", "2026-12-01", "10:00", ends="09:30"))
    assert "dtend" not in _event(FeedDate("a", "2026-12-01", "10:00"))


def test_a_changed_or_cancelled_date_is_the_same_date():
    before, after = _event(feed_date(_appointment())), _event(feed_date(_appointment(date="2026-12-02", cancelled=True)))
    assert before["uid"] == after["uid"] == f"{'e' * 32}@linkbook"
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert after["sequence"] == 3
    assert after["dtstamp"].dt == NOW


def test_a_feed_says_when_to_come_back_and_one_date_does_not():
    feed = _read(FeedDate("a", "2026-12-01"), FeedDate("b", "2026-12-02"), name="Dates")
    assert feed["refresh-interval"].dt == datetime.timedelta(hours=6)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in calendar_file([], NOW, "Appointment", "Dates")
    assert len({str(event["uid"]) for event in feed.walk("VEVENT")}) == 2
    assert feed["method"] == "PUBLISH"
    assert "refresh-interval" not in _read(FeedDate("a", "2026-12-01"))


def test_what_has_no_day_to_be_at_has_no_place_in_a_calendar():
    assert feed_date(_appointment(date="")) is None
    assert feed_date(Entry("a", "s", 1, "amina", "2026-11-01", {"v": 1, "kind": "letter", "dated": "2026-12-01"})) is None


def _clock(rule: str, start: str, **fields: object) -> Entry:
    document = {"v": 1, "kind": "review", "rule": rule, "what": "Canary review", "counted_from": start, **fields}
    return Entry("c" * 32, "care", 2, "amina", "2026-11-01T09:00Z", document)


def _plan(kind: str, **fields: object) -> Entry:
    return Entry(kind[0] * 32, "care", 1, "amina", "2026-11-01T09:00Z", {"v": 1, "kind": kind, **fields})


@pytest.mark.parametrize(
    ("entry", "days"),
    [
        (_clock("ehc_request", "2026-11-02"), ["2026-12-14", "2027-02-22", "2027-03-22"]),
        (_clock("ehc_request", "2026-11-02", off=True), []),
        (_clock("ehc_request", "2026-11-02", done=["decide 2026-11-20"]), ["2027-02-22", "2027-03-22"]),
        # 15 days beginning with Saturday 12 December end on Boxing Day: it has to be sent before.
        (_clock("ehc_draft", "2026-12-12"), ["2026-12-24"]),
        (_plan("agreed_plan", agreed_on="2026-11-01", review_on="2027-05-01"), ["2027-05-01"]),
        (_plan("action", what="Canary", agency="family", by_when="2026-12-05"), ["2026-12-05"]),
        (_plan("action", what="Canary", agency="family", by_when="2026-12-05", state="done"), []),
        (_plan("action", what="Canary", agency="family"), []),
        (_plan("action", what="Canary", agency="health", by_when="2026-12-05"), []),
        (_appointment(), []),
    ],
)
def test_last_days_are_those_of_clocks_of_plans_and_of_what_the_family_does(entry, days):
    found = deadlines([entry], NOW.date())
    assert [one.date for one in found] == days
    file = calendar_file(found, NOW, "Appointment", "Dates", "Reminder")
    assert b"anary" not in file
    assert file.count(b"SUMMARY:Reminder") == len(days)
    assert len({one.id for one in found}) == len(days)


def test_last_days_have_words_only_where_those_are_asked_for():
    entries = [_clock("ehc_plan", "2026-03-13"), _plan("agreed_plan", agreed_on="2026-11-01", review_on="2027-05-01")]
    assert [one.title for one in deadlines(entries, NOW.date(), {"care": "Care plan"})] == ["Canary review", "Care plan"]
    assert all(_event(one)["transp"] == "TRANSPARENT" for one in deadlines(entries, NOW.date()))


def test_the_sealed_list_keeps_a_date_whole():
    date = feed_date(_appointment(time="10:15"), with_words=True)
    assert FeedDate(**date.as_json()) == date


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80) | st.just("a\r\nBEGIN:VEVENT\nEND:VCALENDAR")
)
def test_no_title_can_break_out_of_its_line(title):
    event = _event(FeedDate("a", "2026-12-01", title=title, place=title))
    assert event["status"] == "CONFIRMED"
    assert str(event["summary"]).split() == (title or "Appointment").split()
