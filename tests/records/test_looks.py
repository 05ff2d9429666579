"""How often somebody looked: what is one look, whose it is, and where counting stops."""

from __future__ import annotations

import datetime

import pytest

from records.log import UNREADABLE, Line
from records.looks import NEVER, Looks, looks, since
from records.who_wording import looked

SARA, RHYS = "5" * 32, "7" * 32


def lines(*said: tuple[str, str, str]) -> list[Line]:
    """Lines as the log gives them, newest first: when, who, what."""
    return [Line(number, {"at": at, "who": who, "what": what}) for number, (at, who, what) in enumerate(said)][::-1]


def test_what_is_done_within_half_an_hour_is_one_look():
    found = looks(
        lines(
            ("2026-11-20T09:00Z", SARA, "listed"),
            ("2026-11-20T09:04Z", SARA, "opened"),
            ("2026-11-20T09:30Z", SARA, "fetched"),
            ("2026-11-20T11:00Z", SARA, "listed"),
            ("2026-11-21T23:50Z", SARA, "opened"),
        )
    )
    assert found == {SARA: Looks(3, datetime.date(2026, 11, 21))}


def test_a_look_knows_for_which_files_somebody_copied(empty_app):
    copied = Line(0, {"at": "2026-11-20T09:00Z", "who": SARA, "what": "agency_copy", "agency": "Early help", "sections": []})
    found = looks([copied, copied])
    assert found == {SARA: Looks(1, datetime.date(2026, 11, 20), ("Early help",))}
    with empty_app.test_request_context():
        assert looked(found[SARA], datetime.date(2026, 11, 20)) == "Looked once, today. Copied for the file “Early help”."


def test_each_person_is_counted_apart_and_whoever_did_not_look_is_not_there():
    found = looks(
        lines(
            ("2026-11-20T09:00Z", SARA, "listed"),
            ("2026-11-20T09:05Z", RHYS, "listed"),
            ("2026-11-20T09:10Z", SARA, "opened"),
        )
    )
    assert {who: one.times for who, one in found.items()} == {SARA: 1, RHYS: 1}
    assert found.get("0" * 32, NEVER) == Looks(0, None)


def test_writing_giving_guests_and_what_was_touched_are_no_looks_of_anybody():
    found = looks(
        lines(
            ("2026-11-20T09:00Z", SARA, "saved"),
            ("2026-11-20T09:00Z", SARA, "took_up_words"),
            ("2026-11-20T09:00Z", "", "guest_opened"),
            ("2026-11-20T09:00Z", "", UNREADABLE),
        )
    )
    assert found == {}


def test_no_older_line_is_opened_than_the_first_before_the_day():
    asked = []

    def opening():
        for line in lines(*((f"2026-11-{day:02d}T09:00Z", SARA, "listed") for day in range(1, 21))):
            asked.append(line.number)
            yield line

    kept = list(since(opening(), datetime.date(2026, 11, 18)))
    assert [line.number for line in kept] == [19, 18, 17]
    assert asked == [19, 18, 17, 16]


@pytest.mark.parametrize(
    ("times", "days_ago", "is_all", "said"),
    [
        (0, 0, True, "Has not looked yet."),
        (0, 0, False, "Has not looked for a long time."),
        (1, 0, True, "Looked once, today."),
        (4, 1, True, "Looked 4 times, last yesterday."),
        (4, 5, True, "Looked 4 times, last on Tuesday."),
        (4, 7, True, "Looked 4 times, last on 15 November 2026."),
        (4, 0, False, "Looked at least 4 times, last today."),
    ],
)
def test_looks_are_said_as_people_say_them(times, days_ago, is_all, said, empty_app):
    today = datetime.date(2026, 11, 22)
    counted = Looks(times, today - datetime.timedelta(days=days_ago)) if times else NEVER
    with empty_app.test_request_context():
        assert looked(counted, today, is_all) == said
