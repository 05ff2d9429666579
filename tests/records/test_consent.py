"""Until when a grant lasts: the last day is a whole day where its family is, in summer too, and never more than a year off."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbing import clock
from records import consent, visits
from records.consent import Granted, day_number, day_of, latest_last_day, usual_last_day
from records.gate import Gate, NotShared
from tests.records.people import TODAY

DAYS = st.dates(datetime.date(2026, 1, 1), datetime.date(2100, 12, 31))
LEAP = datetime.date(2028, 2, 29)


@given(DAYS)
def test_a_day_comes_back_from_its_number_and_numbers_are_in_the_order_of_days(day):
    assert day_of(day_number(day)) == day
    assert day_number(day) < day_number(day + datetime.timedelta(days=1))


@given(DAYS, st.none() | DAYS)
def test_a_grant_lasts_at_least_a_day_and_a_year_at_most(today, review):
    last = usual_last_day(today, review)
    assert today < last <= latest_last_day(today) <= today + datetime.timedelta(days=366)
    assert last in (review, usual_last_day(today))


@given(DAYS)
def test_a_year_ends_on_the_same_day_of_the_same_month(today):
    latest = latest_last_day(today)
    assert latest.year == today.year + 1
    assert (latest.month, latest.day) == (today.month, today.day) or (today.day, latest.day) == (29, 28)


@pytest.mark.parametrize(
    ("today", "usual", "latest"),
    [
        (LEAP, datetime.date(2028, 8, 29), datetime.date(2029, 2, 28)),
        (datetime.date(2027, 8, 31), LEAP, datetime.date(2028, 8, 31)),
        (datetime.date(2026, 8, 29), datetime.date(2027, 2, 28), datetime.date(2027, 8, 29)),
        (datetime.date(2027, 12, 31), datetime.date(2028, 6, 30), datetime.date(2028, 12, 31)),
    ],
)
def test_where_a_month_has_no_such_day_it_is_its_last(today, usual, latest):
    assert (usual_last_day(today), latest_last_day(today)) == (usual, latest)


@pytest.mark.parametrize(
    ("review", "is_taken"),
    [
        (TODAY, False),
        (TODAY + datetime.timedelta(days=1), True),
        (datetime.date(2027, 11, 22), True),
        (datetime.date(2027, 11, 23), False),
        (TODAY - datetime.timedelta(days=30), False),
    ],
)
def test_the_next_review_is_taken_where_it_is_ahead_and_within_a_year(review, is_taken):
    assert (usual_last_day(TODAY, review) == review) is is_taken


@given(DAYS, st.integers(0, 800))
def test_what_has_ended_is_remembered_for_a_year(ended_on, days):
    terms = consent.Consent("Sara", "", ("s",), "read", "", day_number(ended_on), day_number(ended_on))
    first, second = (Granted(name, "a", 1, "f", terms) for name in ("first", "second"))
    later = ended_on + datetime.timedelta(days=days)
    over = consent.Given((first, second)).ending([first], ended_on, consent.WITHDRAWN).ending([second], later, consent.PAUSED)
    assert over.grants == ()
    assert over.over("second").on == day_number(later)
    if not 364 < days < 367:  # a year has a day more or less
        assert (over.over("first") is not None) is (days < 366)
    assert consent.Given.read(over.written()) == over


def moment(day: datetime.date, hour: int, minute: int) -> float:
    """How many seconds off a moment in UTC is from now."""
    wanted = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=datetime.UTC)
    return (wanted - clock.now()).total_seconds()


@pytest.mark.parametrize(
    ("last_day", "still", "over"),
    [
        # In winter the day ends when it does in UTC; on a summer night it is tomorrow in Newcastle an hour earlier.
        (datetime.date(2026, 12, 3), (0, 23, 59), (1, 0, 0)),
        (datetime.date(2027, 7, 3), (0, 22, 59), (0, 23, 0)),
        # The clocks go forward on 28 March 2027 at one, and back on 31 October at two.
        (datetime.date(2027, 3, 27), (0, 23, 59), (1, 0, 0)),
        (datetime.date(2027, 3, 28), (0, 22, 59), (0, 23, 0)),
        (datetime.date(2027, 10, 30), (0, 22, 59), (0, 23, 0)),
        (datetime.date(2027, 10, 31), (0, 23, 59), (1, 0, 0)),
        (LEAP, (0, 23, 59), (1, 0, 0)),
    ],
)
def test_the_last_day_is_a_whole_day_by_the_clocks_of_its_family(house, yusuf, last_day, still, over):
    sara = house.person("sara")
    house.share(yusuf, sara, last_day=day_number(last_day))

    def enters(days: int, hour: int, minute: int) -> bool:
        with clock.moved(seconds=moment(last_day + datetime.timedelta(days=days), hour, minute)):
            Gate(house.db, house.office, sara, clock.today()).enter(yusuf.record_id)
        return True

    assert enters(*still)
    with pytest.raises(NotShared):
        enters(*over)
    # And a holder's next visit says so.
    with clock.moved(seconds=moment(last_day + datetime.timedelta(days=1), 12, 0)):
        opened = house.enter(yusuf.person, yusuf.record_id, clock.today())
        visits.attend(opened)
    assert [one.why for one in opened.roster.given.untold] == [consent.EXPIRED]
