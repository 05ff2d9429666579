"""The year at a glance: which day stands in which month, whose it is, and what could be one meeting."""

from __future__ import annotations

import datetime

import pytest

from records import paper, year
from records.clocks import running
from records.entry import Entry
from tests.printed import check_accessible, letters, pages, tags, words

TODAY = datetime.date(2026, 11, 22)


def _entry(id_: str, kind: str, /, section: str = "s", saved: str = "2026-11-01T09:00Z", **fields: object) -> Entry:
    return Entry(id_, section, 1, "amina", saved, {"v": 1, "kind": kind, **fields})


def _meeting(id_: str, day: str, which: str, **fields: object) -> Entry:
    return _entry(id_, "meeting", date=day, which=which, **fields)


def _plan(id_: str, review_on: str, section: str = "care", agreed_on: str = "2026-09-01") -> Entry:
    return _entry(id_, "agreed_plan", section=section, agreed_on=agreed_on, review_on=review_on)


def _clock(id_: str, rule: str, start: str, **fields: object) -> Entry:
    return _entry(id_, "review", section="care", rule=rule, what=rule, counted_from=start, **fields)


def _events(*entries: Entry, today: datetime.date = TODAY) -> list[year.Event]:
    return year.events(entries, running.clocks(entries, today), today)


def _together(*entries: Entry, today: datetime.date = TODAY, **more) -> list[tuple[str, str, int]]:
    found = year.together(_events(*entries, today=today), today, **more)
    return [(one.first.key, one.second.key, one.days) for one in found]


# Months


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-11-22", "2026-11-01", "2027-10-01"),
        ("2027-01-31", "2027-01-01", "2027-12-01"),
        ("2028-02-29", "2028-02-01", "2029-01-01"),
        ("2027-12-31", "2027-12-01", "2028-11-01"),
    ],
)
def test_a_year_is_twelve_months_from_this_one(today, first, last):
    found = year.months([], datetime.date.fromisoformat(today))
    assert len(found) == 12
    assert (found[0].first.isoformat(), found[-1].first.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("day", "place"),
    [
        ("2026-10-31", None),
        ("2026-11-01", 0),
        ("2027-02-28", 3),
        # The clocks change on 28 March 2027; a day stays a day.
        ("2027-03-28", 4),
        ("2027-10-31", 11),
        ("2027-11-01", None),
    ],
)
def test_every_day_stands_in_its_month_and_only_there(day, place):
    found = year.months(_events(_entry("a", "appointment", date=day)), TODAY)
    assert [number for number, month in enumerate(found) if month.events] == ([] if place is None else [place])


def test_the_29th_of_february_is_there_in_a_leap_year():
    found = year.months(_events(_entry("a", "appointment", date="2028-02-29")), datetime.date(2027, 3, 31))
    assert [event.day.isoformat() for event in found[11].events] == ["2028-02-29"]


def test_what_was_called_off_is_not_in_the_year():
    off = _entry("a", "appointment", date="2026-12-01", cancelled=True)
    assert not _events(off, _meeting("b", "2026-12-02", "team_around", state="called_off"))


def test_a_day_is_in_the_order_of_its_times():
    found = _events(
        _entry("late", "appointment", date="2026-12-01", time="14:00"),
        _entry("early", "appointment", date="2026-12-01", time="09:30"),
        _entry("all day", "appointment", date="2026-12-01"),
    )
    assert [event.key for event in found] == ["all day", "early", "late"]


def test_what_is_late_stands_above_the_months_and_in_none():
    found = _events(_plan("p", "2026-11-21"), _entry("w", "equipment", name="Wheelchair", next_check="2026-11-02"))
    assert [event.key for event in year.late(found)] == ["w", "p"]
    assert not any(month.events for month in year.months(found, TODAY))


def test_a_clock_gives_its_steps_until_they_are_done_or_it_is_switched_off():
    running_, off = _clock("c", "ehc_request", "2026-11-02"), _clock("c", "ehc_request", "2026-11-02", off=True)
    assert [event.key for event in _events(running_)] == ["c.decide", "c.no_plan", "c.final"]
    assert not _events(off)
    done = _clock("c", "ehc_request", "2026-11-02", done=["decide 2026-11-20"])
    assert [event.key for event in _events(done)] == ["c.no_plan", "c.final"]


def test_an_annual_review_that_is_written_down_twice_is_there_once():
    clock, meeting = _clock("c", "annual_review", "2027-03-12"), _meeting("m", "2027-03-12", "annual_review")
    on_the_day = [event.key for event in _events(clock, meeting) if event.day == datetime.date(2027, 3, 12)]
    assert on_the_day == ["m"]
    assert [event.key for event in _events(clock)][1] == "c"


# Whose it is


@pytest.mark.parametrize(
    ("entry", "group"),
    [
        (_entry("a", "appointment", date="2026-12-01", what="Wheelchair clinic"), "medical"),
        (_entry("a", "appointment", date="2026-12-01", what="Short break at Beech House"), "short_break"),
        (_entry("a", "appointment", date="2026-12-01", what="Overnight stay", who_with="Mr Patel"), "short_break"),
        (_entry("a", "appointment", date="2026-12-01", what="A talk", who_with="mr patel"), "school"),
        (_entry("a", "appointment", date="2026-12-01", what="Social worker comes"), "care"),
        (_entry("a", "appointment", date="2026-12-01", what="Drive to the seaside"), "other"),
        (_meeting("a", "2026-12-01", "annual_review"), "school"),
        (_meeting("a", "2026-12-01", "plan_review"), "care"),
        (_meeting("a", "2026-12-01", "cetr"), "medical"),
        (_meeting("a", "2026-12-01", "other", chair="Mr Patel, teacher"), "school"),
        (_plan("a", "2026-12-01"), "care"),
        (_entry("a", "equipment", name="Hoist", next_check="2026-12-01"), "medical"),
        (_clock("a", "health_check", "2026-12-01"), "medical"),
        (_clock("a", "pip", "2026-12-01"), "care"),
    ],
)
def test_whose_a_date_is(entry, group):
    patel = _entry("p", "person", name="Mr Patel", agency="education")
    assert {event.group for event in _events(entry, patel)} == {group}


# Two that could be one


@pytest.mark.parametrize(
    ("second", "days"),
    [
        ("2027-03-03", 0),
        ("2027-03-12", 9),
        ("2027-03-24", 21),
        ("2027-03-25", None),
        ("2027-02-10", 21),
        ("2027-02-09", None),
        # Across the change of the clocks.
        ("2027-03-23", 20),
    ],
)
def test_two_are_near_up_to_three_weeks(second, days):
    found = _together(_plan("p", "2027-03-03"), _meeting("m", second, "annual_review"))
    assert [gap for _first, _second, gap in found] == ([] if days is None else [days])


def test_days_are_counted_over_the_29th_of_february():
    plan, meeting = _plan("p", "2028-02-20"), _meeting("m", "2028-03-12", "annual_review")
    assert _together(plan, meeting, today=datetime.date(2027, 11, 1)) == [("p", "m", 21)]
    later = _meeting("m", "2028-03-13", "annual_review")
    assert not _together(plan, later, today=datetime.date(2027, 11, 1))


@pytest.mark.parametrize(
    "other",
    [
        _meeting("m", "2027-03-12", "annual_review", state="called_off"),
        _meeting("m", "2027-03-12", "annual_review", state="held"),
        _meeting("m", "2027-03-12", "plan_review"),
        _entry("m", "appointment", date="2027-03-12", what="Annual review"),
        _clock("m", "ehc_request", "2027-01-29"),
        _clock("m", "ehc_plan", "2026-03-13", off=True),
        _meeting("m", "", "annual_review"),
    ],
)
def test_nobody_is_asked_to_join_what_cannot_be_joined(other):
    assert not _together(_plan("p", "2027-03-03"), other)


def test_a_review_that_a_law_asks_for_can_be_joined():
    clock = _clock("c", "ehc_plan", "2026-03-13")
    assert _together(_plan("p", "2027-03-03"), clock) == [("p", "c.review", 9)]


def test_what_is_today_or_was_is_not_asked_about():
    plan, meeting = _plan("p", "2027-03-03"), _meeting("m", "2027-03-12", "annual_review")
    assert _together(plan, meeting, today=datetime.date(2027, 3, 2))
    assert not _together(plan, meeting, today=datetime.date(2027, 3, 3))


def test_a_meeting_stands_for_the_review_it_is_held_for():
    review, annual = _meeting("r", "2027-03-01", "plan_review"), _meeting("m", "2027-03-12", "annual_review")
    assert _together(_plan("p", "2027-03-03"), review, annual) == [("r", "m", 11)]


def test_two_meetings_of_no_named_kind_are_two():
    assert _together(_meeting("a", "2027-03-01", "other"), _meeting("b", "2027-03-02", "other")) == [("a", "b", 1)]


def test_the_nearest_pair_is_asked_about_first():
    found = _together(
        _meeting("a", "2027-03-01", "plan_review"),
        _meeting("b", "2027-03-15", "annual_review"),
        _meeting("c", "2027-03-18", "team_around"),
    )
    assert [(first, second) for first, second, _days in found] == [("b", "c"), ("a", "b"), ("a", "c")]


def test_a_familys_own_plan_is_nobody_elses_business():
    plan, meeting = _plan("p", "2027-03-03", section="family"), _meeting("m", "2027-03-12", "annual_review")
    assert _together(plan, meeting)
    assert not _together(plan, meeting, ours={"family"})


def test_not_these_two_is_remembered_in_whatever_order_they_come():
    plan, meeting = _plan("p", "2027-03-03"), _meeting("m", "2027-03-12", "annual_review")
    for written in ([["p", "m"]], [["m", "p"]]):
        assert not _together(plan, meeting, apart=year.pairs_said_apart(written))
    assert _together(plan, meeting, apart=year.pairs_said_apart([["p", "another"], "x", ["p"]]))


@pytest.mark.parametrize(
    ("entries", "day"),
    [
        ([], None),
        ([_plan("p", "2027-03-03")], "2027-03-03"),
        # Of what was agreed, the newest counts; and it counts more than what a law or a meeting says.
        ([_plan("p", "2027-03-03"), _plan("q", "2027-05-01", agreed_on="2026-11-01")], "2027-05-01"),
        ([_plan("p", "2027-03-03"), _clock("c", "ehc_plan", "2025-12-13")], "2027-03-03"),
        ([_clock("c", "ehc_plan", "2026-03-13")], "2027-03-12"),
        ([_clock("c", "ehc_plan", "2026-03-13", off=True)], None),
        ([_meeting("m", "2027-01-05", "plan_review"), _clock("c", "ehc_plan", "2026-03-13")], "2027-01-05"),
        ([_meeting("m", "2027-01-05", "other", what="Review of the bus plan")], None),
        ([_plan("p", "2026-11-22")], None),  # today is no time to come
        ([_plan("p", "2027-11-22")], "2027-11-22"),
        ([_plan("p", "2027-11-23")], None),
        ([_plan("p", "2026-10-01"), _clock("c", "ehc_plan", "2026-03-13")], "2027-03-12"),
    ],
)
def test_a_plan_is_looked_at_next_as_it_was_agreed_then_as_the_law_says(entries, day):
    found = year.next_review(_events(*entries), TODAY, datetime.date(2027, 11, 22))
    assert (found.isoformat() if found else None) == day


# On paper


def _printed(number: int):
    events = tuple(paper.PrintedEvent(f"Tue {day + 1}, 2.30pm", f"Clinic {day}", "Health") for day in range(number))
    more = tuple(f"and {one} more" for one in range(1, number + 1))
    return [paper.PrintedMonth(f"Month {one}", events, more) for one in range(12)]


_WORDS = {"title": "Yusuf’s year", "dated": "Printed on 22 November 2026", "nothing": "Nothing so far"}


@pytest.mark.parametrize("number", [0, 1, 4, 12, 40])
def test_the_year_is_one_sheet_however_full_it_is(number):
    pdf = paper.year(_printed(number), _WORDS)
    check_accessible(pdf, "Yusuf’s year")
    assert pages(pdf) == 1
    names = [name for name, _alt in tags(pdf)]
    assert (names.count("/H1"), names.count("/H2")) == (1, 12)
    text = words(pdf)
    assert text.count("Nothing so far") == (0 if number else 12)
    # What has no room is counted, and never left out in silence.
    shown = text.count("Clinic")
    missing = 12 * number - shown
    assert (f"and {missing // 12} more" in text) == bool(missing)


def test_large_print_leaves_nothing_out():
    pdf = paper.year(_printed(12), _WORDS, large=True)
    check_accessible(pdf, "Yusuf’s year")
    assert pages(pdf) > 1
    assert words(pdf).count("Clinic") == 144


def test_what_is_typed_is_printed_as_it_was_typed():
    typed = '#read("/etc/passwd") ' + "W" * 90
    events = (paper.PrintedEvent("Tue 1", typed, "Other"),)
    pdf = paper.year([paper.PrintedMonth("May", events, ("and 1 more",))], _WORDS)
    assert '#read("/etc/passwd")' in letters(pdf)
    assert pages(pdf) == 1
