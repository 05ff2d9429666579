"""Whatever a clock can say has words, and no words are left over."""

from __future__ import annotations

import datetime

import pytest

from records.book import NATIONS
from records.clocks import RULES, dues, running, short, words
from records.entry import Entry

START = datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def in_a_request(app):
    with app.test_request_context():
        yield


def line(rule: str, on: str, today: datetime.date) -> running.Line:
    entry = Entry("e", "s", 1, "a", "", {"v": 1, "kind": "review", "rule": rule, "counted_from": on})
    return running.clock_of(entry, today).lines[0]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.slug)
def test_every_rule_and_step_has_words_with_its_day(rule):
    assert words.name(rule)
    assert words.event(rule)
    assert words.sources(rule)
    for due in dues(rule, START):
        assert words.date_in_words(due.day) in words.step(rule, due)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.slug)
def test_every_step_of_a_rule_is_told_from_its_others_in_a_few_words(rule):
    said = [short.words(rule, step) for step in rule.steps]
    assert len(set(said)) == len(rule.steps)
    assert all(0 < len(one) <= 45 for one in said)


def test_no_words_are_left_over():
    steps = {(rule.slug, step.name) for rule in RULES.values() for step in rule.steps}
    assert words.RULES.keys() == RULES.keys()
    assert {key for key in words.STEPS if key[0]} <= steps
    assert {name for slug, name in words.STEPS if not slug} <= {name for _slug, name in steps}
    assert {key for key in short.STEPS if key[0]} <= steps
    assert {name for slug, name in short.STEPS if not slug} <= {name for _slug, name in steps}
    assert words.NOTES.keys() <= RULES.keys()
    assert words.NOT_YET.keys() == words.AFTER_THAT.keys() == words.GUIDES.keys() == set(NATIONS)


def test_whoever_may_be_late_has_words_of_what_to_do():
    late = {step.who for rule in RULES.values() for step in rule.steps if not step.begins}
    assert late == words.LATE_WORDS.keys()


def test_a_letter_that_must_arrive_on_a_day_off_is_sent_before():
    # 15 days beginning with Saturday 12 December end on Boxing Day.
    assert words.send_by(line("ehc_draft", "2026-12-12", START)) == (
        "Nobody works on that day. To be safe, send it by Thursday 24 December 2026."
    )
    assert not words.send_by(line("ehc_draft", "2026-12-09", START))
    assert not words.send_by(line("ehc_request", "2026-11-14", START))


@pytest.mark.parametrize(
    ("rule", "on", "said"),
    [
        ("ehc_request", "2026-10-12", "1 day left."),
        ("ehc_request", "2026-10-11", "Today is the last day."),
        ("ehc_request", "2026-10-10", "1 day late."),
        ("ehc_request", "2026-10-01", "10 days late."),
        ("pip", "2026-11-01", "That is so now."),
        ("idp_school", "2026-01-05", "Ask the school for its day."),
    ],
)
def test_what_is_left_is_said_in_days(rule, on, said):
    assert words.standing(line(rule, on, START)) == said
