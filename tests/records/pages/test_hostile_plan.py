"""What a reader, a guest or a thumb can send that no page of ours has in it; and what must come of it."""

from __future__ import annotations

import pytest

from plumbing import clock
from plumbing.ids import new_id
from records import items
from tests.family import fill
from tests.records.pages.conftest import opened
from tests.records.pages.plans import keep, plan_in, shown
from tests.records.pages.readers import share, write
from tests.records.pages.test_meeting_slip import guest_of, slip_of, waiting
from tests.records.pages.test_meetings import plan
from tests.records.pages.test_plan_given import guest  # noqa: F401 - a fixture


@pytest.fixture
def helper(amina, yusuf, page, sara):
    """Sara, who may add to the plan and to the meetings."""
    share(amina, yusuf, sara, "care_plan", "meetings", verb="read_and_add")
    return sara


def answers_of(member, record, meeting):
    """Everything that was answered to a meeting."""
    with member.app.test_request_context():
        of = opened(member, record).entries()
    return [one for one in of if one.kind == "contribution" and one.document["meeting_id"] == meeting.rsplit("/", 1)[1]]


# What is hidden in an entry is nobody's to send


def test_nobody_hides_how_it_went_from_the_family(amina, yusuf, page, guard, helper):
    keep(helper, f"{page}/actions/{guard}/progress", words="It broke", is_confirmed="yes")
    assert plan_in(amina, yusuf).to_confirm


def test_a_new_action_is_open_and_hangs_on_nothing_that_its_page_did_not_say(amina, yusuf, page, guard, helper):
    meeting = plan(amina, yusuf).rsplit("/", 1)[1]
    forged = {"state": "done", "how_it_went": "Very well", "meeting_id": meeting, "need_id": guard, "order": "0"}
    made = keep(helper, f"{page}/new/action", what="Mine", person_id="f" * 32, **forged)
    document = plan_in(amina, yusuf).action(made).entry.document
    assert document == {"v": 1, "kind": "action", "what": "Mine", "order": "2"}


def test_a_reader_answers_a_meeting_in_no_name_but_their_own(amina, yusuf, helper):
    meeting = plan(amina, yusuf)
    answer = meeting.replace("/entries/", "/meetings/") + "/answer"
    assert fill(helper.client, answer, coming="yes").status_code == 302
    assert fill(amina.client, answer, who="Dr Jones", coming="no").status_code == 302
    (mine,) = (one for one in answers_of(amina, yusuf, meeting) if one.document["who"] == "Sara")
    edit = f"{yusuf}/entries/{mine.id}/edit"
    assert 'name="who"' not in shown(helper, edit)
    assert fill(helper.client, edit, who="Dr Jones", coming="yes", words="I come", version="1").status_code == 302
    said = {one.document["who"]: one.document["coming"] for one in answers_of(amina, yusuf, meeting)}
    assert said == {"Sara": "yes", "Dr Jones": "no"}


# What is said counts, and the later of two


def _file(amina, yusuf, reasons):
    """File the slips that wait, in this order."""
    with amina.app.test_request_context():
        found = {one.document["reason"]: one.id for one in items.waiting(opened(amina, yusuf))}
    for reason in reasons:
        assert fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{found[reason]}/keep").status_code == 302


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_of_two_slips_the_later_counts_whichever_is_filed_first(amina, yusuf, page, guard, guest, order):  # noqa: F811
    slip = f"/pack/actions/{guard}"
    assert fill(guest, slip, says="yes", reason="first").status_code == 302
    with clock.moved(seconds=20):
        assert fill(guest, slip, says="no", reason="second").status_code == 302
    _file(amina, yusuf, order)
    assert plan_in(amina, yusuf).action(guard).says == "no"


def test_of_two_slips_for_a_meeting_too(amina, yusuf):
    meeting = plan(amina, yusuf)
    jones = guest_of(amina, yusuf, meeting)
    assert fill(jones, slip_of(meeting), coming="yes").status_code == 302
    with clock.moved(seconds=20):
        assert fill(jones, slip_of(meeting), coming="no").status_code == 302
    for item in sorted(waiting(amina, yusuf), key=lambda one: one.document["coming"]):
        fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item.id}/keep")
    assert "They are not coming" in shown(amina, meeting)
    assert "They are coming" not in shown(amina, meeting)


def test_a_slip_gone_back_to_and_changed_is_not_lost(amina, yusuf, guard, guest):  # noqa: F811
    once = new_id()
    for says in ("yes", "yes", "no"):
        assert fill(guest, f"/pack/actions/{guard}", says=says, once=once).status_code == 302
    with amina.app.test_request_context():
        assert sorted(one.document["says"] for one in items.waiting(opened(amina, yusuf))) == ["no", "yes"]


def test_an_answer_gone_back_to_and_changed_is_not_lost(amina, yusuf, page, guard):
    once = new_id()
    for says in ("yes", "yes", "no"):
        keep(amina, f"{page}/actions/{guard}/answer", says=says, once=once)
    assert [one.document["says"] for one in plan_in(amina, yusuf).action(guard).answers] == ["no", "yes"]


def test_nobody_answers_on_a_day_to_come_and_stands_above_all_that_is_said_later(amina, yusuf, page, guard, helper):
    answer = fill(helper.client, f"{page}/actions/{guard}/answer", says="yes", on="1 January 2100")
    assert (answer.status_code, "that day is still to come" in answer.text) == (400, True)
    write(amina, yusuf, "care_plan", kind="answer", action_id=guard, says="yes", on="2100-01-01")
    keep(amina, f"{page}/actions/{guard}/answer", says="no", who="Mr Patel")
    assert plan_in(amina, yusuf).action(guard).says == "no"
