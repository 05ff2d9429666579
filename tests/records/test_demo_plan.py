"""What a visitor of the demonstration sees of the plan, its meetings, its dates and the year."""

from __future__ import annotations

import datetime
import re
from collections import Counter

import pytest
from flask import Flask

from plumbing import clock
from records.clocks.running import LATE, clocks
from records.gate import Opened
from records.kinds import when_of
from records.meetings import helpers, line_of, with_all
from records.plan import Plan, as_agreed, plan_of
from tests.records.demonstrated import as_seen, yusufs


def yusufs_plan(opened: Opened, slug: str = "care_plan") -> Plan:
    return plan_of(opened.entries([next(one.id for one in opened.sections if one.slug == slug)]), clock.today())


def test_the_plan_has_four_things_eight_actions_and_every_answer_there_is(demonstration: Flask):
    with demonstration.app_context():
        plan = yusufs_plan(yusufs("joe"))
        assert len([thing for thing in plan.things if thing.need]) == 4
        assert len(plan.actions) == 8
        assert all(one.entry.document["person_id"] and one.entry.document["agency"] for one in plan.actions)
        assert [one.who for one in plan.overdue] == ["Marcus Oyelaran"]
        assert {one.who: one.says for one in plan.unaccepted} == {
            "Becky Thorne": "no",
            "Shona Whitlock": "other_date",
            "Janice Pell": "",
        }
        (done,) = (one for one in plan.actions if not one.is_open)
        assert done.entry.document["how_it_went"].startswith("Two afternoons")
        assert not plan.to_confirm


def test_the_plan_was_agreed_three_months_ago_and_has_changed(demonstration: Flask):
    with demonstration.app_context():
        plan = yusufs_plan(yusufs("amina"))
        (agreed,) = plan.agreed
        assert agreed.document["agreed_on"] == (clock.today() - datetime.timedelta(days=91)).isoformat()
        assert len(as_agreed(agreed).actions) == 4
        assert Counter(one.what for one in plan.changes) == {"added": 4, "changed": 2}
        assert not plan.is_agreed
        assert [name for name, _how, _on in agreed.document["circulated"]] == ["Lucy Ferngrove", "Leanne Roxby"]


@pytest.mark.parametrize("name", ["amina", "joe", "sara"])
def test_the_plans_page_says_what_is_late_and_what_nobody_said_yes_to(demonstration: Flask, name: str):
    page = as_seen(demonstration, name, "/plan/{section}")
    assert page.status_code == 200
    for words in (
        "1 thing is late",
        "Nobody has said yes to 3 things",
        "Nobody is free for the pool until a post is filled",
        "Another date is offered",
        "How it went: Two afternoons with all of Puffin class",
        "It has changed since it was agreed",
    ):
        assert words in page.text
    assert "A break for me" not in page.text, "What Amina needs is not in Yusuf's plan."


def test_what_amina_needs_stands_in_our_familys_plan(demonstration: Flask):
    with demonstration.app_context():
        (thing,) = yusufs_plan(yusufs("amina"), "family_plan").things
        assert thing.need.document["title"] == "A break for me (Amina)"
        assert [(one.who, one.says) for one in thing.actions] == [("Sara Morgan", "yes")]
    assert "A break for me" in as_seen(demonstration, "amina", "/plan/{section}", "family_plan").text


def test_a_meeting_is_planned_and_two_have_answered(demonstration: Flask):
    page = as_seen(demonstration, "joe", "/entries/{entry}", what="Team around Yusuf: after the EEG")
    assert page.status_code == 200
    for words in (
        "Team around the child",
        "What the EEG showed",
        "Rhys sits beside me",
        "Dr Tobias Lennard",
        "I have clinic that morning",
    ):
        assert words in page.text
    with demonstration.app_context():
        opened = yusufs("joe")
        planned = next(one for one in opened.entries() if one.document.get("what") == "Team around Yusuf: after the EEG")
        meeting = with_all(planned, opened.entries())
        assert meeting.is_agreed_to
        assert 20 < (when_of(meeting.document) - clock.today()).days < 24
        known = {line_of(one) for one in helpers(opened.entries(), clock.today())}
        assert set(meeting.document["invited"]) <= known
        assert [one.document["who"] for one in meeting.coming] == ["Sara Morgan"]
        assert len(meeting.unanswered) == len(meeting.document["invited"]) - 2


def test_what_the_family_noted_to_get_ready_is_not_on_the_meetings_page(demonstration: Flask):
    what = "Team around Yusuf: after the EEG"
    assert "Petrol between our two homes" in as_seen(demonstration, "amina", "/meetings/{entry}/getting-ready", what=what).text
    for name in ("amina", "sara"):
        assert "Petrol" not in as_seen(demonstration, name, "/entries/{entry}", what=what).text
    assert as_seen(demonstration, "sara", "/meetings/{entry}/getting-ready", what=what).status_code == 404


def test_what_was_taken_on_at_a_meeting_is_in_the_plan(demonstration: Flask):
    with demonstration.app_context():
        opened = yusufs("amina")
        held = next(one for one in opened.entries() if one.document.get("what") == "Team around Yusuf: nights")
        meeting = with_all(held, opened.entries())
        assert meeting.are_minutes_agreed
        in_plan = {one.id: one for one in yusufs_plan(opened).actions}
        assert {in_plan[one.id].who for one in meeting.actions} == {"Leanne Roxby", "Rhys Carter"}
    page = as_seen(demonstration, "sara", "/entries/{entry}", what="Team around Yusuf: nights")
    assert "She was up 31 times" in page.text
    assert "Ask the panel for a night sitter" in page.text


def test_the_year_offers_one_meeting_to_the_family_and_to_nobody_else(demonstration: Flask):
    asked = re.compile(r"Your plan review and “Annual review of the EHC plan” are \d+ days apart: ask for one meeting\?")
    assert len({*asked.findall(as_seen(demonstration, "amina", "/year").text)}) == 1
    seen = as_seen(demonstration, "sara", "/year").text
    assert "Annual review of the EHC plan" in seen
    assert not asked.search(seen)


def test_one_clock_runs(demonstration: Flask):
    page = as_seen(demonstration, "amina", "/reviews")
    assert "Mrs Hartside holds it early" in page.text
    with demonstration.app_context():
        (running,) = clocks(yusufs("amina").entries(), clock.today())
        assert running.open_lines
        assert not [line for line in running.lines if line.state == LATE]
