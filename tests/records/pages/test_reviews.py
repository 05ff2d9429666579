"""Reviews and dates, by their pages: what is counted, what is late, what a birthday brings, and who may do what."""

from __future__ import annotations

import datetime
import re
from itertools import chain
from pathlib import Path

import pytest

from plumbing import clock
from records.clocks import running, words
from records.clocks.working_days import working_day_by
from tests.family import Member, fill
from tests.records.pages.conftest import opened
from tests.records.pages.readers import lines, share, url_of, write
from tests.records.pages.test_feed import confirm, rows

ROOT = Path(__file__).resolve().parents[3]
SARA_ADDS = {"verb": "read_and_add"}


def start(member: Member, record: str, rule: str = "ehc_request", on: str = "today", **fields: str):
    """Say what happened."""
    nation = fields.pop("nation", "england")
    address = f"{record}/reviews/new?nation={nation}"
    return fill(member.client, address, f"{record}/reviews/new", rule=rule, counted_from=on, nation=nation, **fields)


def page(member: Member, record: str) -> str:
    return " ".join(member.client.get(f"{record}/reviews").text.split())


def clocks(member: Member, record: str) -> list[running.Clock]:
    with member.app.test_request_context():
        there = opened(member, record)
        return running.clocks(there.entries(), there.today)


def act(member: Member, record: str, what: str, **fields: str):
    """Press a button of the page."""
    return fill(member.client, f"{record}/reviews", f"{record}/reviews/{what}", **fields)


def in_words(days: int) -> str:
    day = clock.today() + datetime.timedelta(days=days)
    return f"{day.day} {day:%B} {day.year}"


def ago(days: int) -> str:
    return in_words(-days)


# Counting


def test_a_request_is_counted_to_its_three_days(amina, yusuf):
    assert start(amina, yusuf, on=ago(30), note="By e-mail\nto the SEND team").status_code == 302
    shown = page(amina, yusuf)
    assert f"By {in_words(12)} the council must tell you if it will assess." in shown
    assert "12 days left." in shown
    assert f"you must have the final one by {in_words(110)}." in shown
    assert "By e-mail<br>to the SEND team" in shown
    assert "Special Educational Needs and Disability Regulations 2014, reg. 5(1)" in shown
    assert "They follow the law as it was on" in shown


def test_what_is_late_says_so_and_what_one_can_do(amina, yusuf):
    start(amina, yusuf, on=ago(45))
    shown = page(amina, yusuf)
    assert "3 days late." in shown
    assert "Write to the council" in shown
    assert "Local Government and Social Care Ombudsman" in shown


def test_a_guide_that_is_not_there_is_not_linked_to(amina, yusuf):
    start(amina, yusuf, on=ago(45))
    assert "/guides/" not in page(amina, yusuf).partition("Ombudsman")[2].partition("</li>")[0], "This directory is empty."
    amina.app.extensions["guide_is_there"] = {"ehc-plans"}.__contains__
    shown = page(amina, yusuf)
    assert '<a href="/guides/ehc-plans">' in shown
    assert "how-to-complain" not in shown


def test_the_guides_that_are_named_are_there():
    for slug, _name in chain.from_iterable(words.GUIDES.values()):
        assert (ROOT / "data" / "reference" / "guides" / f"{slug}.md").is_file()


def test_a_school_that_counts_school_days_is_never_called_late(amina, yusuf):
    start(amina, yusuf, rule="idp_school", on=ago(80), nation="wales")
    shown = page(amina, yusuf)
    assert "Ask the school for its day." in shown
    assert "days late" not in shown


def test_the_last_day_is_a_day_in_time(amina, yusuf):
    start(amina, yusuf, on=ago(42))
    assert "Today is the last day." in page(amina, yusuf)


def test_a_step_that_is_done_goes_and_can_come_back(amina, yusuf):
    start(amina, yusuf, on=ago(45))
    entry = clocks(amina, yusuf)[0].entry.id
    assert act(amina, yusuf, f"{entry}/done", step="decide").status_code == 302
    shown = page(amina, yusuf)
    assert "days late" not in shown
    assert f"Done on {in_words(0)}." in shown
    act(amina, yusuf, f"{entry}/done", step="decide", done="no")
    assert "3 days late." in page(amina, yusuf)


def test_when_the_last_step_is_done_all_of_it_is(amina, yusuf):
    start(amina, yusuf, on=ago(45))
    act(amina, yusuf, f"{clocks(amina, yusuf)[0].entry.id}/done", step="final")
    assert "All of it is done." in page(amina, yusuf)
    assert "days late" not in page(amina, yusuf)


def test_a_clock_is_switched_off_and_on_again(amina, yusuf):
    start(amina, yusuf, on=ago(45))
    entry = clocks(amina, yusuf)[0].entry.id
    act(amina, yusuf, f"{entry}/switch", off="yes")
    assert "days late" not in page(amina, yusuf)
    assert "days late" not in amina.client.get(f"{yusuf}/dates").text
    assert "Switch it on again" in page(amina, yusuf)
    act(amina, yusuf, f"{entry}/switch", off="no")
    assert "3 days late." in page(amina, yusuf)


def test_its_day_can_be_changed_and_nothing_else_is_lost(amina, yusuf):
    start(amina, yusuf, on=ago(45))
    found = clocks(amina, yusuf)[0].entry
    act(amina, yusuf, f"{found.id}/done", step="decide")
    fill(amina.client, f"{yusuf}/entries/{found.id}/edit", what="EHC needs assessment", counted_from=ago(10), version="2")
    changed = clocks(amina, yusuf)[0]
    assert (changed.rule.slug, changed.lines[0].state) == ("ehc_request", "done")
    assert changed.start == clock.today() - datetime.timedelta(days=10)


def test_in_the_bin_it_counts_no_more(amina, yusuf):
    start(amina, yusuf, on=ago(45))
    entry = clocks(amina, yusuf)[0].entry.id
    fill(amina.client, f"{yusuf}/entries/{entry}", f"{yusuf}/entries/{entry}/bin")
    assert "days late" not in page(amina, yusuf)
    assert act(amina, yusuf, f"{entry}/done", step="decide").status_code == 404


def test_the_same_form_sent_twice_is_one_clock(amina, yusuf):
    for _time in range(2):
        start(amina, yusuf, once="a" * 32)
    assert len(clocks(amina, yusuf)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rule": ""}, "Choose what happened"),
        ({"rule": "health_check"}, "Choose what happened"),
        ({"rule": "csp_request"}, "Choose what happened"),
        ({"on": ""}, "Write the day it happened"),
        ({"on": "soon"}, "On which day: we cannot read this date"),
        ({"on": "30 February 2026"}, "there is no such day"),
        ({"on": "3 March 1926"}, "Check the year"),
        ({"note": "x" * 20_001}, "this is too long"),
    ],
)
def test_a_slip_is_said_and_what_was_typed_stays(amina, yusuf, fields, said):
    answer = start(amina, yusuf, **{"note": "By e-mail", **fields})
    assert answer.status_code == 400
    assert said in answer.text
    assert "<title>Error:" in answer.text
    assert "note" in fields or "By e-mail" in answer.text
    assert not clocks(amina, yusuf)


@pytest.mark.parametrize("nation", ["", "france", "england²"])
def test_no_other_law_is_counted_by(amina, yusuf, nation):
    answer = fill(amina.client, f"{yusuf}/reviews/new", rule="ehc_request", counted_from="today", nation=nation)
    assert answer.status_code == 404


def test_a_step_that_is_not_of_its_rule_is_refused(amina, yusuf):
    start(amina, yusuf)
    entry = clocks(amina, yusuf)[0].entry.id
    assert act(amina, yusuf, f"{entry}/done", step="appeal").status_code == 404
    assert act(amina, yusuf, f"{'0' * 32}/done", step="decide").status_code == 404
    note = write(amina, yusuf, "care_plan", kind="note", words="x")
    assert act(amina, yusuf, f"{note.id}/switch", off="yes").status_code == 404


@pytest.mark.parametrize("nation", ["england", "wales", "scotland", "northern_ireland"])
def test_every_rule_that_is_offered_can_be_started_and_read(amina, yusuf, nation):
    form = amina.client.get(f"{yusuf}/reviews/new?nation={nation}").text
    slugs = re.findall(r'name="rule" value="([a-z_]+)"', form)
    assert slugs
    for slug in slugs:
        assert start(amina, yusuf, rule=slug, nation=nation).status_code == 302
    assert sorted(one.rule.slug for one in clocks(amina, yusuf)) == sorted(slugs)
    assert amina.client.get(f"{yusuf}/reviews").status_code == 200


# What comes with age


def begin(member: Member, born: str, nation: str = "england") -> str:
    return fill(member.client, "/records/new", called="Yusuf", born=born, nation=nation).location


@pytest.fixture
def nearly_16(amina: Member) -> str:
    """The record of a Yusuf who is 16 in half a year or so."""
    return begin(amina, f"3 May {clock.today().year - 15 - (clock.today() < datetime.date(clock.today().year, 5, 3))}")


def test_what_a_birthday_brings_is_offered_and_not_shared_until_it_is_added(amina, nearly_16):
    shown = page(amina, nearly_16)
    assert "From DLA to PIP" in shown
    assert not clocks(amina, nearly_16)
    assert act(amina, nearly_16, "offered", rule="pip", answer="yes").status_code == 302
    (added,) = clocks(amina, nearly_16)
    assert (added.rule.slug, added.start.month, added.start.day) == ("pip", 5, 3)
    assert "Add it: From DLA to PIP" not in page(amina, nearly_16)
    act(amina, nearly_16, "offered", rule="pip", answer="yes")
    assert len(clocks(amina, nearly_16)) == 1


def test_what_is_not_for_us_goes_and_can_be_asked_for_again(amina, nearly_16):
    act(amina, nearly_16, "offered", rule="pip", answer="no")
    shown = page(amina, nearly_16)
    assert "Add it: From DLA to PIP" not in shown
    assert "Show it again: From DLA to PIP" in shown
    assert lines(amina, nearly_16, amina)[-1]["what"] == "reviews"
    act(amina, nearly_16, "offered", rule="pip", answer="again")
    assert "Add it: From DLA to PIP" in page(amina, nearly_16)


@pytest.mark.parametrize("slug", ["", "made_up", "ehc_request²"])
def test_no_other_rule_is_answered(amina, nearly_16, slug):
    assert act(amina, nearly_16, "offered", rule=slug, answer="yes").status_code == 404


def test_what_was_not_offered_is_not_added(amina, nearly_16):
    act(amina, nearly_16, "offered", rule="phase_school", answer="yes")
    act(amina, nearly_16, "offered", rule="ehc_request", answer="no")
    assert not clocks(amina, nearly_16)
    assert "Show it again" not in page(amina, nearly_16)


@pytest.mark.parametrize(("born", "nation"), [("", "england"), ("3 May 2012", "")])
def test_without_a_birthday_or_a_nation_the_page_asks_for_them(amina, born, nation):
    shown = page(amina, begin(amina, born, nation))
    assert "If you add the date of birth, and where you live" in shown
    assert "Add it: " not in shown


# Where else they stand


def test_the_page_of_dates_shows_what_is_next(amina, yusuf):
    assert "See by when the council, the school and others have to answer" in amina.client.get(f"{yusuf}/dates").text
    start(amina, yusuf, on=ago(30))
    shown = amina.client.get(f"{yusuf}/dates").text
    assert "12 days left." in shown
    assert "See all reviews and dates" in shown


def test_the_plan_says_when_it_is_looked_at_again(amina, yusuf):
    soon = clock.today() + datetime.timedelta(days=20)
    write(amina, yusuf, "care_plan", kind="agreed_plan", agreed_on="2026-05-03", review_on="2026-05-04")
    write(amina, yusuf, "care_plan", kind="agreed_plan", agreed_on="2026-06-03", review_on=soon.isoformat())
    shown = page(amina, yusuf)
    assert f"On {in_words(20)}, as you agreed." in shown
    assert "4 May 2026" not in shown


def test_reminders_know_the_familys_last_day_and_nobody_elses(amina, yusuf):
    confirm(amina, "amina@example.org")
    fill(amina.client, f"{yusuf}/reminders", wanted="yes")
    start(amina, yusuf, on=ago(30))
    assert not rows(amina), "what the council must do by then is no reminder"
    start(amina, yusuf, rule="ehc_draft", on=in_words(1))
    last = working_day_by(clock.today() + datetime.timedelta(days=15), "england")
    assert rows(amina) == [(amina.id, last.isoformat(), 0)]
    (draft,) = (one.entry.id for one in clocks(amina, yusuf) if one.rule.slug == "ehc_draft")
    act(amina, yusuf, f"{draft}/done", step="comments")
    assert not rows(amina)


# Others


def test_whoever_sees_the_plan_sees_its_dates_and_changes_none_of_them(amina, sara, nearly_16):
    start(amina, nearly_16, on=ago(30))
    share(amina, nearly_16, sara, "care_plan")
    entry = clocks(amina, nearly_16)[0].entry.id
    shown = page(sara, nearly_16)
    assert "12 days left." in shown
    for hidden in ("What comes with age", "Switch it off", "count the days", "Done</button>"):
        assert hidden not in shown
    token = "x"
    for what in (f"{entry}/done", f"{entry}/switch", "offered", "new"):
        answer = sara.client.post(f"{nearly_16}/reviews/{what}", data={"csrf_token": token, "step": "decide", "rule": "pip"})
        assert answer.status_code in {400, 404}, what
    for what in (f"{entry}/done", f"{entry}/switch", "offered", "new"):
        fields = {"step": "decide", "off": "yes", "rule": "pip", "answer": "yes", "nation": "england"}
        assert fill(sara.client, f"{nearly_16}/dates", f"{nearly_16}/reviews/{what}", **fields).status_code == 404, what
    assert sara.client.get(f"{nearly_16}/reviews/new").status_code == 404
    assert "listed" in [line["what"] for line in lines(amina, nearly_16, sara)]


def test_whoever_may_add_starts_a_clock_and_ends_only_their_own(amina, sara, yusuf):
    start(amina, yusuf, on=ago(30))
    share(amina, yusuf, sara, "care_plan", **SARA_ADDS)
    amina_s = clocks(amina, yusuf)[0].entry.id
    assert "Whose law counts?" not in sara.client.get(f"{yusuf}/reviews/new").text
    assert start(sara, yusuf, rule="annual_review", on=in_words(60)).status_code == 302
    (sara_s,) = (one.entry.id for one in clocks(amina, yusuf) if one.rule.slug == "annual_review")
    assert act(sara, yusuf, f"{amina_s}/switch", off="yes").status_code == 404
    assert act(sara, yusuf, f"{sara_s}/switch", off="yes").status_code == 302
    assert [one.is_off for one in clocks(amina, yusuf) if one.entry.id == sara_s] == [True]


def test_a_reader_where_no_clock_runs_says_whose_law_counts(amina, sara, yusuf):
    share(amina, yusuf, sara, "care_plan", **SARA_ADDS)
    shown = sara.client.get(f"{yusuf}/reviews/new").text
    assert "Whose law counts?" in shown
    assert 'name="rule"' not in shown


def test_without_the_plan_there_are_no_dates_of_it(amina, sara, yusuf):
    start(amina, yusuf, on=ago(30))
    share(amina, yusuf, sara, "diary")
    assert sara.client.get(f"{yusuf}/reviews").status_code == 404
    assert "Reviews and dates by law" not in sara.client.get(f"{yusuf}/dates").text


def test_nobody_else_sees_them(amina, joe, yusuf):
    start(amina, yusuf)
    assert joe.client.get(f"{yusuf}/reviews").status_code == 404
    assert joe.client.post(f"{yusuf}/reviews/new").status_code in {400, 404}


def test_the_section_of_the_plan_offers_no_empty_form_for_one(amina, yusuf):
    section = url_of(amina, yusuf, "care_plan")
    assert amina.client.get(f"{section}/new/review").status_code == 404
