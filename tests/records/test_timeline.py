"""One timeline of everything."""

from __future__ import annotations

import datetime

import pytest

from records.entry import Entry
from records.timeline import next_appointment, timeline

TODAY = datetime.date(2026, 11, 22)


def _entry(id_: str, kind: str, /, saved: str = "2026-11-01T09:00Z", **fields: object) -> Entry:
    return Entry(id_, "s", 1, "amina", saved, {"v": 1, "kind": kind, **fields})


def _ids(moments) -> list[str]:
    return [moment.entry.id for moment in moments]


def test_what_is_to_come_stands_first_and_soonest_first():
    line = timeline(
        [
            _entry("later", "appointment", date="2026-12-24"),
            _entry("afternoon", "appointment", date="2026-12-01", time="14:00"),
            _entry("morning", "appointment", date="2026-12-01", time="09:00"),
            _entry("some time", "meeting", date="2026-12-01"),
            _entry("past", "appointment", date="2026-11-21"),
        ],
        TODAY,
    )
    assert _ids(line.coming_up) == ["some time", "morning", "afternoon", "later"]
    assert [_ids(month.moments) for month in line.months] == [["past"]]


def test_what_has_been_is_by_year_and_month_newest_first():
    line = timeline(
        [
            _entry("a", "letter", dated="2025-12-31"),
            _entry("b", "letter", dated="2026-02-01"),
            _entry("c", "diary", date="2026-02-03", time="09:00"),
            _entry("d", "diary", date="2026-02-03", time="15:00"),
            _entry("e", "note", saved="2026-03-09T23:10Z"),
        ],
        TODAY,
    )
    assert [(year, [month.month for month in months]) for year, months in line.years] == [(2026, [3, 2]), (2025, [12])]
    assert [_ids(month.moments) for month in line.months] == [["e"], ["d", "c", "b"], ["a"]]


def test_a_day_that_was_only_the_day_of_saving_says_so():
    (month,) = timeline([_entry("a", "medicine", name="Melatonin")], TODAY).months
    assert month.moments[0].reason == "saved"
    assert month.moments[0].day == datetime.date(2026, 11, 1)


def test_todays_appointment_is_to_come_all_day_and_todays_letter_has_come():
    line = timeline(
        [_entry("a", "appointment", date="2026-11-22", time="00:05"), _entry("b", "letter", dated="2026-11-22")], TODAY
    )
    assert _ids(line.coming_up) == ["a"]
    assert _ids(line.months[0].moments) == ["b"]


def test_a_promise_stands_at_its_day_and_at_the_day_it_was_to_be_kept():
    promise = _entry("p", "diary", date="2026-11-20", promised_by_date="2026-11-22")
    line = timeline([promise], TODAY)
    assert [(moment.reason, moment.day.day) for moment in line.coming_up] == [("due", 22)]
    assert _ids(line.months[0].moments) == ["p"]
    assert timeline([promise], TODAY + datetime.timedelta(days=1)).coming_up == ()


def test_what_was_saved_is_never_to_come_though_clocks_differ():
    assert timeline([_entry("a", "note", saved="2026-11-23T00:10Z")], TODAY).coming_up == ()


def test_an_empty_record_has_an_empty_timeline():
    assert timeline([], TODAY).years == []
    assert next_appointment([], datetime.datetime(2026, 11, 22, 9)) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-12-01 08:00", "early"),
        ("2026-12-01 09:00", "early"),
        ("2026-12-01 09:01", "all day"),
        ("2026-12-02 00:00", "late"),
        ("2026-12-09 00:00", None),
    ],
)
def test_the_next_appointment_is_the_next_that_was_not_called_off(now, expected):
    entries = [
        _entry("off", "appointment", date="2026-12-01", time="08:30", cancelled=True),
        _entry("early", "appointment", date="2026-12-01", time="09:00"),
        _entry("all day", "meeting", date="2026-12-01"),
        _entry("late", "appointment", date="2026-12-08", time="23:59"),
        _entry("a letter", "letter", dated="2026-12-02"),
        _entry("some day", "appointment", what="When they ring"),
    ]
    # Without a time it stands before the others of its day: the order of the timeline.
    entries = [entry for entry in entries if not (expected == "early" and entry.id == "all day")]
    moment = next_appointment(entries, datetime.datetime.fromisoformat(now))
    assert (moment.entry.id if moment else None) == expected


def test_a_cancelled_appointment_stays_in_sight_and_is_marked():
    (moment,) = timeline([_entry("off", "appointment", date="2026-12-01", cancelled=True)], TODAY).coming_up
    assert moment.is_cancelled


def test_what_is_done_is_not_due_and_only_the_newest_agreed_plan_is_looked_at_again():
    line = timeline(
        [
            _entry("open", "action", what="Ask", by_when="2026-12-01"),
            _entry("done", "action", what="Asked", by_when="2026-12-01", state="done"),
            _entry("first", "agreed_plan", agreed_on="2026-06-01", review_on="2026-12-02", turn="1"),
            _entry("second", "agreed_plan", agreed_on="2026-10-01", review_on="2027-04-01", turn="2"),
        ],
        TODAY,
    )
    assert _ids(line.coming_up) == ["open", "second"]
