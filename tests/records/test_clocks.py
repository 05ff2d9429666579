"""The clocks, as tables. Each row says where its day is from: the law that counts, and a calendar that anybody can check."""

from __future__ import annotations

import datetime
from datetime import date

import pytest

from plumbing import clock
from records.clocks import LAW_AS_OF, RULES, dues, plan_reviews, rules_of, running, school_year
from records.clocks import working_days as work
from records.clocks.rule import BEFORE, CALENDAR, WHO
from records.entry import Entry

NATIONS = ("england", "wales", "scotland", "northern_ireland")
TODAY = date(2026, 11, 22)


def day_of(slug: str, step: str, start: date) -> date:
    return next(due.day for due in dues(RULES[slug], start) if due.step.name == step)


def last_of(slug: str, step: str, start: date) -> date:
    return next(due.last for due in dues(RULES[slug], start) if due.step.name == step)


# England: SI 2014/1530 is the SEND Regulations 2014, CFA the Children and Families Act 2014.
ENGLAND = [
    # "within 6 weeks of receiving a request", SI 2014/1530 reg. 5(1): 42 days after, the first day not counted.
    ("ehc_request", "decide", date(2026, 9, 1), date(2026, 10, 13)),
    ("ehc_request", "no_plan", date(2026, 9, 1), date(2026, 12, 22)),  # 16 weeks, reg. 10(1)
    ("ehc_request", "final", date(2026, 9, 1), date(2027, 1, 19)),  # 20 weeks, reg. 13(2)
    ("ehc_request", "decide", date(2024, 1, 20), date(2024, 3, 2)),  # over 29 February
    ("ehc_request", "decide", date(2026, 3, 1), date(2026, 4, 12)),  # over the clocks going forward
    ("ehc_request", "decide", date(2026, 10, 1), date(2026, 11, 12)),  # and back
    # "at least 15 days, beginning with the day on which the draft plan was served", reg. 13(1): the first day counts.
    ("ehc_draft", "comments", date(2026, 3, 1), date(2026, 3, 15)),
    ("ehc_draft", "comments", date(2028, 2, 20), date(2028, 3, 5)),
    ("ehc_amendment", "comments", date(2026, 12, 20), date(2027, 1, 3)),  # reg. 22(2)(c)
    ("ehc_amendment", "final", date(2026, 12, 20), date(2027, 2, 14)),  # 8 weeks, reg. 22(3)
    # Two months from the decision, Tribunal rule 20: the same day of the month, or its last where it has no such day.
    ("ehc_decision", "adviser", date(2026, 3, 5), date(2026, 5, 5)),  # reg. 33
    ("ehc_decision", "appeal", date(2026, 3, 5), date(2026, 5, 5)),
    ("ehc_decision", "appeal", date(2026, 12, 31), date(2027, 2, 28)),
    ("ehc_decision", "appeal", date(2027, 12, 31), date(2028, 2, 29)),
    ("ehc_certificate", "appeal", date(2027, 1, 31), date(2027, 2, 28)),
    # Three working days over Easter 2026: Friday 3 April and Monday 6 April are bank holidays.
    ("ehc_adviser", "certificate", date(2026, 4, 1), date(2026, 4, 8)),
    ("ehc_adviser", "meeting", date(2026, 4, 1), date(2026, 5, 1)),
    # The annual review: two weeks before, two and four after, twelve in all (regs. 20 and 22, and the Devon judgement).
    ("annual_review", "papers", date(2026, 3, 10), date(2026, 2, 24)),
    ("annual_review", "report", date(2026, 3, 10), date(2026, 3, 24)),
    ("annual_review", "decision", date(2026, 3, 10), date(2026, 4, 7)),
    ("annual_review", "final", date(2026, 3, 10), date(2026, 6, 2)),
    # "in the period of 12 months starting with the date", CFA s. 44(1): it ends the day before.
    ("ehc_plan", "review", date(2026, 9, 1), date(2027, 8, 31)),
    ("ehc_plan", "review", date(2028, 2, 29), date(2029, 2, 28)),
    ("ehc_plan", "review", date(2027, 3, 1), date(2028, 2, 29)),
    ("ehc_under_five", "from", date(2026, 11, 30), date(2027, 2, 28)),  # Code 9.178
    ("ehc_under_five", "by", date(2026, 11, 30), date(2027, 5, 30)),
    # "within 15 working days beginning with the day", reg. 15(2): Monday 14 December, with Christmas and New Year in it.
    ("ehc_move", "pass_on", date(2026, 12, 14), date(2027, 1, 6)),
    ("ehc_moved", "tell", date(2026, 12, 14), date(2027, 1, 25)),
]
WALES = [
    ("idp_council", "decide", date(2026, 9, 1), date(2026, 11, 24)),  # 12 weeks, ALN Code
    ("idp_again", "decide", date(2026, 9, 1), date(2026, 10, 20)),  # 7 weeks, ss. 26 and 27
    ("idp_decision", "appeal", date(2026, 9, 1), date(2026, 10, 27)),  # 8 weeks
    ("idp_school", "decide", date(2026, 9, 7), date(2026, 10, 26)),  # 35 days without weekends
    ("idp_school", "decide", date(2026, 4, 1), date(2026, 5, 26)),  # and without Easter, 4 and 25 May
    ("idp_plan", "review", date(2026, 9, 1), date(2027, 8, 31)),  # "12 months starting with", s. 23(2)
]
SCOTLAND = [
    ("csp_request", "decide", date(2026, 9, 1), date(2026, 10, 27)),  # 8 weeks, reg. 4A
    ("csp_proposal", "plan", date(2026, 9, 1), date(2026, 12, 22)),  # 16 weeks
    ("csp_plan", "review", date(2026, 9, 1), date(2027, 8, 31)),  # "12 months beginning with", s. 10(2)
    ("csp_plan", "finish", date(2026, 9, 1), date(2027, 11, 24)),
    ("csp_review", "finish", date(2026, 9, 1), date(2026, 11, 24)),  # 12 weeks
    ("csp_early", "answer", date(2026, 9, 1), date(2026, 9, 29)),  # 4 weeks, reg. 5A
    ("leaving_school", "ask", date(2027, 6, 30), date(2026, 6, 30)),  # s. 12(6)
    ("leaving_school", "tell", date(2027, 8, 31), date(2027, 2, 28)),  # "no later than 6 months before", s. 13(1)
]
NORTHERN_IRELAND = [
    # "within 6 weeks beginning with the date of receipt", SR 2005/384 reg. 11(2): the first day counts.
    ("statement_request", "decide", date(2026, 9, 1), date(2026, 10, 12)),
    ("statement_request", "proposed", date(2026, 9, 1), date(2027, 1, 4)),  # 18 weeks: 6, 10 and 2
    ("statement_request", "final", date(2026, 9, 1), date(2027, 3, 1)),  # and 8: 26
    ("statement_proposed", "comments", date(2026, 9, 1), date(2026, 9, 15)),
    ("statement_proposed", "final", date(2026, 9, 1), date(2026, 10, 26)),
    ("statement_decision", "appeal", date(2026, 12, 31), date(2027, 2, 28)),
    ("statement_plan", "review", date(2028, 2, 29), date(2029, 2, 28)),
]


@pytest.mark.parametrize(("slug", "step", "start", "day"), [*ENGLAND, *WALES, *SCOTLAND, *NORTHERN_IRELAND])
def test_a_step_is_due_on_the_day_that_its_law_says(slug, step, start, day):
    assert day_of(slug, step, start) == day


def test_every_deadline_stands_in_a_table_above():
    shown = {(slug, step) for slug, step, *_days in (*ENGLAND, *WALES, *SCOTLAND, *NORTHERN_IRELAND)}
    counted = {
        (rule.slug, step.name) for rule in RULES.values() for step in rule.steps if step.counted != BEFORE and not step.begins
    }
    assert not counted - shown


# What comes with age. In England a year group is those born from 1 September to 31 August.
BIRTHS = [
    ("phase_school", date(2023, 5, 3), date(2027, 2, 15)),  # Reception in September 2027
    ("phase_secondary", date(2015, 8, 31), date(2026, 2, 15)),  # Year 7 in September 2026
    ("phase_secondary", date(2015, 9, 1), date(2027, 2, 15)),  # a day younger, a year later
    ("phase_secondary", date(2016, 2, 29), date(2027, 2, 15)),
    ("phase_college", date(2010, 12, 31), date(2027, 3, 31)),  # Year 12 in September 2027
    ("adult_life", date(2013, 8, 31), date(2026, 9, 1)),  # Year 9: 13 on the day before
    ("adult_life", date(2013, 9, 1), date(2027, 9, 1)),
    ("health_check", date(2012, 5, 3), date(2026, 5, 3)),
    ("health_check", date(2012, 2, 29), date(2026, 3, 1)),  # born on 29 February: a year older on 1 March
    ("pip", date(2012, 2, 29), date(2028, 2, 29)),
    ("pip", date(2011, 5, 3), date(2027, 5, 3)),
    ("appointee", date(2011, 5, 3), date(2027, 5, 3)),
    ("wales_pip", date(2011, 5, 3), date(2027, 5, 3)),
    ("wales_appointee", date(2011, 5, 3), date(2027, 5, 3)),
    ("disability_payment", date(2011, 5, 3), date(2027, 5, 3)),
    ("scotland_health_check", date(2011, 5, 3), date(2027, 5, 3)),
    ("statement_fourteen", date(2012, 2, 29), date(2026, 3, 1)),
    ("northern_ireland_pip", date(2011, 5, 3), date(2027, 5, 3)),
]


@pytest.mark.parametrize(("slug", "born", "start"), BIRTHS)
def test_what_comes_with_age_is_worked_out_from_the_day_of_birth(slug, born, start):
    assert RULES[slug].from_birth(born) == start


def test_everything_that_comes_with_age_stands_in_the_table_above():
    assert {slug for slug, *_days in BIRTHS} == {rule.slug for rule in RULES.values() if rule.from_birth}


def test_the_letter_in_northern_ireland_comes_at_15_years_and_7_months():
    assert day_of("northern_ireland_pip", "letter", date(2027, 5, 3)) == date(2026, 12, 3)


@pytest.mark.parametrize("slug", ["phase_school", "phase_secondary", "phase_other", "phase_college"])
def test_before_a_day_means_that_the_day_itself_is_too_late(slug):
    assert last_of(slug, "plan", date(2027, 2, 15)) == date(2027, 2, 14)


def test_everybody_of_one_school_year_is_in_one_year_group():
    first, one_day = date(2014, 9, 1), datetime.timedelta(days=1)
    year = [first + one_day * number for number in range(365)]
    assert {school_year.begins(born, 7) for born in year} == {date(2026, 9, 1)}
    assert {school_year.begins(born, 7) for born in (first - one_day, year[-1] + one_day)} == {date(2025, 9, 1), date(2027, 9, 1)}


# Working days. gov.uk/bank-holidays has each nation's list.
BANK_HOLIDAYS = [
    (date(2026, 1, 2), "scotland"),
    (date(2026, 3, 17), "northern_ireland"),  # St Patrick's Day
    (date(2026, 4, 6), "england wales northern_ireland"),  # Easter Monday: not in Scotland
    (date(2026, 7, 13), "northern_ireland"),  # the Boyne, on a Sunday this year
    (date(2026, 8, 3), "scotland"),
    (date(2026, 8, 31), "england wales northern_ireland"),
    (date(2026, 11, 30), "scotland"),  # St Andrew's Day
    (date(2026, 12, 25), "england wales scotland northern_ireland"),
    (date(2026, 12, 28), "england wales scotland northern_ireland"),  # Boxing Day, on a Saturday this year
    (date(2022, 9, 19), "england wales scotland northern_ireland"),  # the Queen's funeral
    (date(2026, 11, 21), "england wales scotland northern_ireland"),  # a Saturday
    (date(2026, 11, 24), ""),  # a Tuesday
]


@pytest.mark.parametrize(("day", "where"), BANK_HOLIDAYS)
def test_each_nation_has_its_own_bank_holidays(day, where):
    assert [nation for nation in NATIONS if not work.is_working_day(day, nation)] == where.split()


def test_working_days_count_from_the_day_after():
    assert work.working_days_after(date(2026, 11, 20), 1, "england") == date(2026, 11, 23)
    assert work.working_days_after(date(2026, 11, 20), 0, "england") == date(2026, 11, 20)
    assert work.working_day_by(date(2026, 12, 28), "england") == date(2026, 12, 24)
    assert work.working_day_by(date(2026, 11, 24), "england") == date(2026, 11, 24)


# The rules themselves


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.slug)
def test_every_rule_says_where_it_is_written_and_who_must_do_what(rule):
    assert rule.nation in NATIONS
    assert rule.steps
    for step in rule.steps:
        assert step.source
        assert step.who in WHO
        assert all(source.since is None or source.since <= LAW_AS_OF for source in step.source)
        assert step.days_are == CALENDAR or step.days, "only days can be working days"


def test_each_nation_has_its_rules_and_no_slug_is_used_twice():
    assert sum(len(rules_of(nation)) for nation in NATIONS) == len(RULES)
    assert all(rules_of(nation) for nation in NATIONS)
    assert rules_of("") == ()


def test_every_day_after_today_is_worked_out_for_any_start():
    for rule in RULES.values():
        for number in range(0, 1500, 7):
            start = date(2026, 1, 1) + datetime.timedelta(days=number)
            for due in dues(rule, start):
                if due.step.who == "family":
                    assert work.is_working_day(work.working_day_by(due.last, rule.nation), rule.nation)


# Running


def entry(rule: str = "ehc_request", counted_from: str = "2026-10-13", **document) -> Entry:
    inside = {"v": 1, "kind": "review", "rule": rule, "counted_from": counted_from, **document}
    return Entry("e" * 32, "s" * 32, 1, "amina", "2026-11-01T09:00Z", inside)


def states(found: Entry, today: date = TODAY) -> list[str]:
    return [line.state for line in running.clock_of(found, today).lines]


@pytest.mark.parametrize(
    ("start", "state", "left"),
    [
        ("2026-10-12", "coming", 1),
        ("2026-10-11", "coming", 0),
        ("2026-10-10", "late", -1),
    ],
)
def test_a_step_is_late_from_the_day_after_its_last(start, state, left):
    line = running.clock_of(entry(counted_from=start), TODAY).lines[0]
    assert (line.state, line.days_left) == (state, left)


def test_days_left_are_whole_days_over_the_clocks_changing():
    for today in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 24), date(2026, 10, 25)):
        start = today - datetime.timedelta(weeks=6) + datetime.timedelta(days=2)
        assert running.clock_of(entry(counted_from=start.isoformat()), today).lines[0].days_left == 2


def test_today_is_the_familys_day_and_not_the_servers():
    late_at_night = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)
    with clock.moved(seconds=(late_at_night - clock.now()).total_seconds()):
        assert clock.today() == date(2026, 7, 1)


def test_what_stands_before_a_step_that_is_done_is_over():
    assert states(entry(counted_from="2026-01-05")) == ["late", "late", "late"]
    assert states(entry(counted_from="2026-01-05", done=["no_plan 2026-04-01"])) == ["over", "done", "late"]
    assert running.clock_of(entry(done=["final 2026-11-01"]), TODAY).is_over


def test_what_begins_is_never_late():
    assert states(entry("pip", "2026-12-01")) == ["coming"]
    assert states(entry("pip", "2020-12-01")) == ["begun"]
    assert states(entry("idp_school", "2020-12-01")) == ["perhaps"]


def test_what_is_off_or_unknown_needs_nobody():
    assert not running.open_lines([entry(off=True), entry("a_newer_rule"), entry(counted_from="")], TODAY)
    assert running.clock_of(Entry("e", "s", 1, "a", "", {"v": 1, "kind": "note"}), TODAY) is None


def test_the_oldest_stands_first():
    found = running.open_lines([entry(), entry("ehc_draft", "2026-11-01")], TODAY)
    assert [line.due.step.name for line in found] == ["comments", "decide", "no_plan", "final"]


def test_a_family_is_reminded_of_its_own_last_working_day_until_it_is_done():
    # 15 days beginning with Saturday 12 December end on Boxing Day, a Saturday; Friday is Christmas.
    assert running.days_for_us(entry("ehc_draft", "2026-12-12"), TODAY) == [date(2026, 12, 24)]
    assert not running.days_for_us(entry("ehc_draft", "2026-12-12", done=["comments 2026-12-13"]), TODAY)
    assert not running.days_for_us(entry("ehc_draft", "2026-12-12", off=True), TODAY)
    assert not running.days_for_us(entry("ehc_request"), TODAY)
    assert not running.days_for_us(entry("appointee"), TODAY)


def test_done_and_not_done_again():
    document = running.with_done(entry().document, "decide", TODAY)
    assert running.done_steps(document) == {"decide": TODAY}
    assert running.with_done(document, "decide", None) == entry().document


@pytest.mark.parametrize(
    ("born", "nation", "offered"),
    [
        (date(2016, 5, 3), "england", ["phase_secondary"]),  # Year 7 in September 2027: known of in good time
        (date(2018, 5, 3), "england", []),
        (date(2011, 5, 3), "england", ["adult_life", "health_check", "phase_college", "pip", "appointee"]),
        (date(2011, 5, 3), "wales", ["wales_pip", "wales_appointee"]),
        (date(2011, 5, 3), "northern_ireland", ["statement_fourteen", "northern_ireland_pip"]),
        (date(2011, 5, 3), "scotland", ["disability_payment", "scotland_health_check"]),
        (date(2000, 5, 3), "england", []),  # grown up
        (date(2011, 5, 3), "", []),
        (None, "england", []),
    ],
)
def test_what_is_near_is_offered(born, nation, offered):
    assert [one.rule.slug for one in running.offers(born, nation, TODAY)] == offered


def test_what_is_known_is_not_offered_again():
    assert not running.offers(date(2016, 5, 3), "england", TODAY, ["phase_secondary"])


# The family's own plan


def test_of_what_was_agreed_the_newest_counts_in_each_section():
    def agreed(section: str, on: str, again: str, turn: str = "1") -> Entry:
        inside = {"v": 1, "kind": "agreed_plan", "agreed_on": on, "review_on": again, "turn": turn}
        return Entry(on, section, 1, "a", "", inside)

    plans = [
        agreed("care", "2026-06-01", "2026-12-02", "2"),
        agreed("care", "2026-05-01", "2027-05-01", "3"),
        agreed("care", "2026-06-01", "2026-12-01"),
        agreed("ours", "2025-06-01", ""),
        agreed("made elsewhere", "2026-06-01", "2027-01-01", "last²"),
    ]
    found = [(one.section_id, one.on) for one in plan_reviews.plan_reviews(plans)]
    assert found == [("care", date(2026, 12, 2)), ("made elsewhere", date(2027, 1, 1))]
