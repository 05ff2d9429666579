"""What a reader, a guest or a thumb can send that no page of ours has in it; and what must come of it."""

from __future__ import annotations

import html
import re

import pytest

from plumbing import clock
from plumbing.ids import new_id
from records import items
from tests.family import fill
from tests.printed import words
from tests.records.pages.conftest import opened
from tests.records.pages.plans import agree, keep, plan_in, section_of, shown
from tests.records.pages.readers import share, write
from tests.records.pages.test_meeting_slip import guest_of, slip_of, waiting
from tests.records.pages.test_meetings import document, pages_of, plan
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


# Nobody is left out, and nobody is told what is not theirs


def test_everybody_who_was_ticked_is_there_to_be_told(amina, yusuf):
    for number in range(12):
        write(amina, yusuf, "people", kind="person", name=f"Professor Somebody Number {number}", phone="0191 496 0000")
    write(amina, yusuf, "people", kind="person", name="Khan, Dr", phone="0191 496 0001")
    page = f"{yusuf}/fell-through"
    ids = re.findall(r'name="people" value="([0-9a-f]{32})"', amina.client.get(page).text)
    answer = fill(amina.client, page, words="The short break", people=ids)
    assert answer.status_code == 302, answer.text
    told = amina.client.get(answer.location).text
    assert told.count('<h3 class="name">') == len(ids) == 13
    assert "Khan, Dr" in told
    with amina.app.test_request_context():
        who = opened(amina, yusuf).entry(answer.location.rsplit("/", 1)[1]).document["who"]
    assert who.endswith(tuple("0123456789")), "Names stand whole in the line."


def test_who_may_only_add_is_not_told_to_see_the_plan(amina, yusuf, page, guard, sara):
    share(amina, yusuf, sara, "care_plan", verb="add")
    assert "Sara Morgan, key worker" not in shown(amina, f"{page}/circulate")
    share(amina, yusuf, sara, "care_plan")
    assert "Sara Morgan, key worker" in shown(amina, f"{page}/circulate")


def test_one_who_is_invited_is_not_told_who_else_is(amina, yusuf):
    meeting = plan(amina, yusuf)
    jones = guest_of(amina, yusuf, meeting)
    read = jones.get("/pack/open").text
    assert "Spring meeting" in read
    for page in (read, jones.get(slip_of(meeting)).text):
        assert "Mr Patel" not in page


def test_the_sheet_of_the_year_does_not_say_that_the_family_has_a_plan_of_its_own(amina, yusuf, page, guard):
    ours = f"{yusuf}/plan/{section_of(amina, yusuf, 'family_plan')}"
    keep(amina, f"{ours}/new/need", title="Time for us two")
    for one in (page, ours):
        assert agree(amina, one).status_code == 302
    sheet = " ".join(words(amina.client.get(f"{yusuf}/year.pdf").data).split())
    assert sheet.count("Look at the plan again") == 1
    assert "Our family" not in sheet
    assert "Our family’s plan: look at it again" in shown(amina, f"{yusuf}/year")


# A thumb, and a crowd


def test_minutes_and_an_action_sent_twice_are_nobody_elses_doing(amina, yusuf):
    meeting = plan(amina, yusuf)
    page = f"{pages_of(meeting)}/minutes"
    sent = {"version": "1", "minutes": "We said", "do": "action", "action_what": "Ring the shop", "once": new_id()}
    assert [fill(amina.client, page, **sent).status_code for _twice in range(2)] == [302, 302]
    assert len(plan_in(amina, yusuf).actions) == 1
    assert fill(amina.client, page, version="1", minutes="Somebody else").status_code == 409


def test_whoever_has_a_long_name_and_a_long_role_can_have_come(amina, yusuf):
    person = write(amina, yusuf, "people", kind="person", name="N" * 190, role="R" * 190)
    meeting = plan(amina, yusuf, person=person.id)
    page = f"{pages_of(meeting)}/minutes"
    came = html.unescape(re.search(r'name="came" value="(N[^"]+)"', amina.client.get(page).text)[1])
    assert fill(amina.client, page, version="1", came=came).status_code == 302


def test_two_hundred_who_are_ticked_are_asked_to_be_fewer(amina, yusuf):
    ids = [write(amina, yusuf, "people", kind="person", name=f"Somebody {number}").id for number in range(101)]
    answer = fill(amina.client, f"{yusuf}/meeting", which="other", what="All of them", person=ids)
    assert answer.status_code == 400
    assert "the list under 100 lines" in answer.text


def test_a_yes_says_who_wrote_it_down_where_that_was_not_the_family(amina, page, guard, helper):
    keep(helper, f"{page}/actions/{guard}/answer", says="yes", who="Mr Patel")
    text = shown(amina, page)
    assert "Mr Patel said yes on" in text
    assert "Added by Sara" in text
    keep(amina, f"{page}/actions/{guard}/answer", says="no", who="Mr Patel")
    assert "Added by Sara" not in shown(amina, page)


# A yes is to what was read


def test_a_yes_to_one_kind_of_meeting_is_none_to_another_by_any_form(amina, yusuf):
    meeting = plan(amina, yusuf)
    assert fill(amina.client, f"{meeting}/edit", version="1", which="team_around", what="Summer meeting").status_code == 302
    assert "agreed_to_meet_on" in document(amina, yusuf, meeting)
    assert fill(amina.client, f"{meeting}/edit", version="2", which="looked_after_review").status_code == 302
    assert "agreed_to_meet_on" not in document(amina, yusuf, meeting)


def test_agreed_minutes_that_are_changed_by_any_form_are_not_agreed(amina, yusuf):
    meeting = plan(amina, yusuf, date="today")
    assert fill(amina.client, f"{pages_of(meeting)}/minutes", version="1", minutes="We said").status_code == 302
    assert document(amina, yusuf, meeting)["state"] == "held", "It is today."
    assert fill(amina.client, meeting, to=f"{pages_of(meeting)}/minutes/agree", version="2").status_code == 302
    assert document(amina, yusuf, meeting)["minutes_agreed"] is True
    assert fill(amina.client, f"{meeting}/edit", version="3", which="team_around", minutes="They said").status_code == 302
    assert not {"minutes_agreed", "minutes_agreed_on"} & document(amina, yusuf, meeting).keys()


def test_what_is_noted_before_the_day_does_not_make_a_meeting_over(amina, yusuf):
    meeting = plan(amina, yusuf)
    jones = guest_of(amina, yusuf, meeting)
    assert fill(amina.client, f"{pages_of(meeting)}/minutes", version="1", minutes="To begin with: the bus").status_code == 302
    assert document(amina, yusuf, meeting)["state"] == "planned"
    assert f'href="{pages_of(meeting)}/plan"' in shown(amina, meeting)
    assert fill(jones, slip_of(meeting), coming="yes").status_code == 302


def test_a_page_gone_back_to_undoes_nothing(amina, yusuf, page, guard, helper):
    keep(helper, f"{page}/actions/{guard}/progress", words="It came", is_done="yes")
    said = plan_in(amina, yusuf).action(guard).progress[0].id
    confirm = f"{page}/progress/{said}/confirm"
    assert fill(amina.client, page, to=confirm).status_code == 302
    assert fill(amina.client, page, to=f"{page}/actions/{guard}/done", state="open").status_code == 302
    assert fill(amina.client, page, to=confirm).status_code == 302
    assert plan_in(amina, yusuf).action(guard).is_open


# What was promised to be given


def test_telling_it_once_by_a_link_gives_of_those_who_help_what_the_paper_gives(amina, yusuf):
    kept = {"name": "Aunt Zainab", "phone": "0191 496 0000", "address": "12 Quiet Lane", "keeps": "Quokka report"}
    person = write(amina, yusuf, "people", kind="person", **kept)
    form = {"name": "Dr Jones", "last_day": "tomorrow", "entries": [person.id]}
    read = _read(amina, fill(amina.client, f"{yusuf}/tell/pack", **form)).get("/pack/open").text
    assert "0191 496 0000" in read
    assert not any(one in read for one in ("Quiet Lane", "Quokka"))


def test_what_is_noted_to_get_ready_goes_along_with_nothing(amina, yusuf):
    ours = section_of(amina, yusuf, "family_plan")
    keep(amina, f"{yusuf}/plan/{ours}/new/need", title="Time for us two")
    assert fill(amina.client, f"{pages_of(plan(amina, yusuf))}/getting-ready", not_to_raise="The divorce").status_code == 302
    form = {"name": "Dr Jones", "last_day": "tomorrow", "how_much": "all"}
    read = _read(amina, fill(amina.client, f"{yusuf}/sections/{ours}/pack", **form)).get("/pack/open").text
    assert "Time for us two" in read
    assert "divorce" not in read


def _read(amina, given):
    """A browser in which the pack that was just made is open."""
    assert given.status_code == 302, given.text
    text, client = amina.client.get(given.location).text, amina.app.test_client()
    code, pin = re.search(r'/pack#([0-9A-Z-]{34})"', text)[1], "".join(re.findall(r"<li>(\d{3})</li>", text))
    assert fill(client, "/pack", code=code, pin=pin).status_code == 303
    return client
