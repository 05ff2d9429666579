"""The plan by its pages: Amina writes it, Sara says how it goes, the family agrees; and who may do nothing of it."""

from __future__ import annotations

import html

import pytest

from plumbing import clock
from plumbing.dates import months_after
from records import editing, plan_wording
from tests.family import Member, fill
from tests.printed import check_accessible, words
from tests.records.pages.conftest import opened
from tests.records.pages.plans import (
    agree,
    agreeing,
    day,
    in_words,
    iso,
    keep,
    plan_in,
    section_of,
    shown,
)
from tests.records.pages.readers import share, write

# The family writes


def test_the_sections_page_is_the_plan(amina, yusuf, page, guard):
    section = page.replace("/plan/", "/sections/")
    assert "Ask for a bed guard" in shown(amina, section)
    assert "This is a draft" in shown(amina, page)


def test_an_empty_plan_asks_for_one_thing_and_a_meeting_is_not_needed(amina, page):
    text = shown(amina, page)
    assert "Write one thing to begin with" in text
    assert "We agree this plan" not in text


def test_what_is_late_and_what_nobody_said_yes_to_stand_first(amina, page, guard):
    text = shown(amina, page)
    late, unsaid, rest = (text.index(words) for words in ("1 thing is late", "Nobody has said yes to 1 thing", "<h2>Sleep</h2>"))
    assert late < unsaid < rest
    assert f'href="#e-{guard}"' in text


def test_an_action_knows_whom_it_names(amina, yusuf, page, sleep):
    person = write(amina, yusuf, "people", kind="person", name="Sara Morgan", agency="social_care")
    keep(amina, f"{page}/new/action?need={sleep}", what="Ask", who="Sara Morgan")
    document = plan_in(amina, yusuf).actions[0].entry.document
    assert (document["person_id"], document["agency"], document["need_id"]) == (person.id, "social_care", sleep)
    action = plan_in(amina, yusuf).actions[0].id
    entry = f"{yusuf}/entries/{action}"
    assert fill(amina.client, f"{entry}/edit", what="Ask", who="Somebody else", version="1").status_code == 302
    changed = plan_in(amina, yusuf).actions[0].entry.document
    assert "person_id" not in changed
    assert changed["need_id"] == sleep, "its form does not have what it is for, and must not lose it"


def test_the_same_form_sent_twice_is_one_action(amina, yusuf, page, sleep):
    once = "a" * 32
    ids = {keep(amina, f"{page}/new/action?need={sleep}", what="Ask", once=once) for _twice in range(2)}
    assert len(ids) == len(plan_in(amina, yusuf).actions) == 1


def test_an_action_for_something_of_the_other_plan_is_refused(amina, yusuf, page, sleep):
    ours = f"{yusuf}/plan/{section_of(amina, yusuf, 'family_plan')}"
    assert amina.client.get(f"{ours}/new/action?need={sleep}").status_code == 404
    keep(amina, f"{ours}/new/need", title="Time for us two")
    assert "Time for us two" not in shown(amina, page)
    assert "Sleep" not in shown(amina, ours)


def test_a_section_without_a_plan_has_none(amina, yusuf):
    diary = section_of(amina, yusuf, "diary")
    assert amina.client.get(f"{yusuf}/plan/{diary}").status_code == 404
    assert amina.client.get(f"{yusuf}/plan/{diary}/new/need").status_code == 404


@pytest.mark.parametrize("kind", ["answer", "progress", "agreed_plan", "note"])
def test_what_others_say_has_forms_of_its_own(amina, yusuf, page, kind):
    assert amina.client.get(f"{page}/new/{kind}").status_code == 404
    assert kind == "note" or amina.client.get(f"{page.replace('/plan/', '/sections/')}/new/{kind}").status_code == 404


def test_two_who_change_an_action_at_once_are_shown_both(amina, yusuf, page, guard):
    edit = f"{yusuf}/entries/{guard}/edit"
    assert fill(amina.client, edit, what="Ask for two", version="1").status_code == 302
    second = fill(amina.client, edit, what="Ask for none", version="1")
    assert second.status_code == 409
    assert "Somebody saved this while you were writing" in second.text
    assert "Ask for two" in second.text
    assert plan_in(amina, yusuf).actions[0].entry.document["what"] == "Ask for two"


def test_done_in_one_tap_and_not_done_after_all(amina, yusuf, page, guard):
    to = f"{page}/actions/{guard}/done"
    for state in ("done", "open"):
        assert fill(amina.client, page, to=to, state=state).status_code == 302
        assert plan_in(amina, yusuf).actions[0].state == state


def test_what_is_part_of_a_plan_is_not_moved_away_from_it(amina, yusuf, page, guard):
    entry = f"{yusuf}/entries/{guard}"
    assert "Put it into another section" not in shown(amina, entry)
    assert fill(amina.client, entry, to=f"{entry}/move").status_code in (400, 404)


def test_what_the_child_says_stands_in_the_childs_plan_alone(amina, yusuf, page):
    write(amina, yusuf, "about_me", kind="about_me", matters="Trains, and my gran")
    write(amina, yusuf, "about_me", kind="note", title="Yes is a smile")
    text = shown(amina, page)
    assert "What Yusuf says" in text
    assert "Trains, and my gran" in text
    assert "Yes is a smile" in text
    ours = f"{yusuf}/plan/{section_of(amina, yusuf, 'family_plan')}"
    assert "What Yusuf says" not in shown(amina, ours)


def test_the_book_prints_the_plan_as_a_plan_and_loses_nothing(amina, yusuf, page, sleep, guard):
    keep(amina, f"{page}/actions/{guard}/answer", says="yes", who="Sara Morgan", reason="With pleasure")
    gone = keep(amina, f"{page}/new/action", what="Ask the old clinic")
    with amina.app.test_request_context():
        of = opened(amina, yusuf)
        editing.revise(of, gone, lambda document: document | {"state": "dropped"})
    bus = keep(amina, f"{page}/new/need", title="The bus")
    fill(amina.client, page, to=f"{page}/entries/{bus}/place", way="up")
    made = amina.client.get(f"{yusuf}/book.pdf").data
    check_accessible(made, "Yusuf’s book")
    text = " ".join(words(made).split())
    plan = text[text.rindex("The bus") :]
    in_order = ("The bus", "Sleep", "All of us sleep", "Ask for a bed guard", "By when", "With pleasure")
    places = [plan.index(one) for one in in_order]
    assert places == sorted(places)
    assert "Ask the old clinic" in plan
    assert plan.count("All of us sleep") == 1
    assert plan.count("Sara Morgan said yes on") == plan.count("With pleasure") == 1
    assert "Who says it?" not in plan, "what is said to an action stands with it"


# In the family's order


def test_what_matters_and_what_is_done_about_it_go_up_and_down_by_a_button(amina, yusuf, page, sleep, guard):
    bus = keep(amina, f"{page}/new/need", title="The bus")
    second = keep(amina, f"{page}/new/action?need={sleep}", what="Ring the shop", by_when=day(-3))
    text = shown(amina, page)
    assert text.index("Ask for a bed guard</h3>") < text.index("Ring the shop</h3>")
    assert text.count("Move up") == text.count("Move down") == 2
    for moved, way in ((bus, "up"), (second, "up")):
        assert fill(amina.client, page, to=f"{page}/entries/{moved}/place", way=way).location.endswith(f"#e-{moved}")
    text = shown(amina, page)
    assert text.index("<h2>The bus</h2>") < text.index("<h2>Sleep</h2>")
    assert text.index("Ring the shop</h3>") < text.index("Ask for a bed guard</h3>")
    assert [one.id for one in plan_in(amina, yusuf).actions] == [second, guard]


def test_only_the_family_orders_its_plan(amina, yusuf, page, sleep, guard, sara):
    share(amina, yusuf, sara, "care_plan", verb="read_and_add")
    bus = keep(sara, f"{page}/new/need", title="The bus")
    assert "Move up" not in shown(sara, page)
    assert fill(sara.client, page, to=f"{page}/entries/{bus}/place", way="up").status_code == 404
    assert fill(amina.client, page, to=f"{page}/entries/{bus}/place", way="sideways").status_code == 400
    assert fill(amina.client, page, to=f"{page}/entries/{'0' * 32}/place", way="up").status_code == 404


# Yes and no


def test_beside_what_nobody_has_said_yes_to_stands_what_there_is_instead(amina, yusuf, page, sleep, guard):
    lift = keep(amina, f"{page}/new/action?need={sleep}", what="Show us how to lift", who="Priya Shah")
    keep(amina, f"{page}/new/action?need={sleep}", what="Ring the shop", who="Joe")
    keep(amina, f"{page}/actions/{guard}/answer", says="no", who="Sara Morgan", reason="Nobody is free")
    keep(amina, f"{page}/actions/{lift}/answer", says="other_date", other_date=day(40), who="Priya Shah")
    text = shown(amina, page)
    waits = text[text.index("Nobody has said yes to 3 things") : text.index("Read this to me")]
    assert "said no" in waits
    assert f"Priya Shah · offers {plan_wording.day(day(40))}" in waits
    assert "Joe · no answer yet" in waits


def test_what_is_done_says_how_it_went_and_no_longer_who_said_yes(amina, yusuf, page, guard):
    keep(amina, f"{page}/actions/{guard}/answer", says="yes", who="Sara Morgan", how="by phone")
    assert "Sara Morgan said yes, by phone," in shown(amina, page)
    fill(amina.client, page, to=f"{page}/actions/{guard}/done", state="done")
    text = shown(amina, page)
    assert "Sara Morgan said yes" not in text
    assert "Answer, change, done" not in text


def test_the_family_notes_a_yes_by_phone(amina, yusuf, page, guard):
    keep(amina, f"{page}/actions/{guard}/answer", says="yes", how="by phone", who="Sara Morgan", on="3 March 2026")
    text = shown(amina, page)
    assert "Sara Morgan said yes, by phone, on 3 March 2026." in text
    assert "Nobody has said yes" not in text


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"reason": "No time"}, "Choose yes, no, or yes on another date"),
        ({"says": "other_date"}, "Which other date: write the day"),
        ({"says": "other_date", "other_date": "soon"}, "Which other date: we cannot read this date."),
        ({"says": "maybe"}, "choose one of the answers"),
    ],
)
def test_an_answer_that_says_nothing_is_not_kept(amina, yusuf, page, guard, typed, problem):
    answer = fill(amina.client, f"{page}/actions/{guard}/answer", **typed)
    assert answer.status_code == 400
    assert problem in html.unescape(answer.text)
    assert not plan_in(amina, yusuf).actions[0].answers


def test_another_date_is_taken_in_one_tap(amina, yusuf, page, guard):
    keep(amina, f"{page}/actions/{guard}/answer", says="other_date", other_date=day(20), who="Sara Morgan")
    assert "Take that date" in shown(amina, page)
    assert plan_in(amina, yusuf).unaccepted
    assert fill(amina.client, page, to=f"{page}/actions/{guard}/date").status_code == 302
    found = plan_in(amina, yusuf)
    assert found.actions[0].entry.document["by_when"] == iso(20)
    assert not found.unaccepted
    assert not found.overdue


def test_a_date_that_nobody_offered_is_not_taken(amina, yusuf, page, guard):
    assert fill(amina.client, page, to=f"{page}/actions/{guard}/date").status_code == 400


# Somebody who was given the section


@pytest.fixture
def adding(amina: Member, yusuf: str, sara: Member, guard: str) -> Member:
    """Sara, who may read the care plan and add to it."""
    share(amina, yusuf, sara, "care_plan", verb="read_and_add")
    return sara


@pytest.fixture
def reading(amina: Member, yusuf: str, sara: Member, guard: str) -> Member:
    """Sara, who may only read it."""
    share(amina, yusuf, sara, "care_plan")
    return sara


def test_who_may_add_says_yes_and_how_it_went_and_the_family_confirms(amina, yusuf, adding, page, guard):
    keep(adding, f"{page}/actions/{guard}/answer", says="yes", who="Sara Morgan")
    assert not plan_in(amina, yusuf).unaccepted
    progress = f"{page}/actions/{guard}/progress"
    keep(adding, progress, words="It is ordered", is_done="yes", who="Sara Morgan")
    text = shown(amina, page)
    assert "Somebody said how it went" in text
    assert "It is ordered" in text
    said = plan_in(amina, yusuf).actions[0].progress[0].id
    assert fill(amina.client, page, to=f"{page}/progress/{said}/confirm").status_code == 302
    action = plan_in(amina, yusuf).actions[0]
    assert (action.state, action.entry.document["how_it_went"]) == ("done", "It is ordered")
    assert "Somebody said how it went" not in shown(amina, page)


def test_who_may_add_does_not_decide_for_the_family(amina, yusuf, adding, page, guard):
    keep(adding, f"{page}/actions/{guard}/progress", words="Done", is_done="yes")
    said = plan_in(amina, yusuf).actions[0].progress[0].id
    text = shown(adding, page)
    assert "We agree this plan" not in text
    assert "Yes, it is done" not in text
    for address in ("agree", "circulate"):
        assert adding.client.get(f"{page}/{address}").status_code == 404
    for to in (
        f"progress/{said}/confirm",
        f"actions/{guard}/done",
        f"actions/{guard}/date",
        "agree",
        "circulate",
        "circulate/link",
    ):
        assert fill(adding.client, page, to=f"{page}/{to}", state="done").status_code == 404, to
    assert adding.client.get(f"{yusuf}/fell-through").status_code == 404
    assert plan_in(amina, yusuf).actions[0].is_open


def test_who_may_add_changes_what_they_added_and_nothing_else(amina, yusuf, adding, page, sleep, guard):
    own = keep(adding, f"{page}/new/action?need={sleep}", what="Visit on Monday", who="Sara Morgan")
    assert fill(adding.client, page, to=f"{page}/actions/{own}/done", state="done").status_code == 302
    assert adding.client.get(f"{yusuf}/entries/{guard}/edit").status_code == 404
    assert {one.id: one.state for one in plan_in(amina, yusuf).actions} == {own: "done", guard: "open"}


def test_who_reads_may_only_read(amina, yusuf, reading, page, sleep, guard):
    text = shown(reading, page)
    assert "Ask for a bed guard" in text
    assert "Say yes or no" not in text
    for to in ("new/need", f"new/action?need={sleep}", f"actions/{guard}/answer", f"actions/{guard}/progress"):
        assert reading.client.get(f"{page}/{to}").status_code == 404, to
        assert fill(reading.client, page, to=f"{page}/{to}", title="Mine", says="yes", words="Mine").status_code == 404, to
    assert len(plan_in(amina, yusuf).actions[0].answers) == 0


def test_who_sees_the_childs_plan_sees_nothing_of_our_familys(amina, yusuf, adding):
    ours = f"{yusuf}/plan/{section_of(amina, yusuf, 'family_plan')}"
    for address in (ours, f"{ours}/new/need", f"{ours}/plan.pdf", f"{ours}/agree"):
        assert adding.client.get(address).status_code == 404


def test_who_has_nothing_to_do_with_it_sees_nothing(joe, page, guard):
    for to in ("", "/plan.pdf", "/agree", "/circulate", f"/actions/{guard}/answer", "/new/need"):
        assert joe.client.get(page + to).status_code == 404


def test_who_reads_is_not_told_whom_else_the_plan_was_given_to(amina, yusuf, reading, page):
    agree(amina, page)
    fill(amina.client, f"{page}/circulate", name="Mr Patel", how_much="whole", how="paper")
    made = plan_in(amina, yusuf).newest
    assert "Mr Patel" in shown(amina, f"{page}/agreed/{made.id}")
    assert "Mr Patel" not in shown(reading, f"{page}/agreed/{made.id}")
    assert "Mr Patel" not in shown(reading, f"{yusuf}/entries/{made.id}")


# Agreed, and changed


def test_a_plan_is_agreed_and_what_changes_then_is_told(amina, yusuf, page, guard):
    assert f'value="{in_words(months_after(clock.today(), 6))}"' in shown(amina, f"{page}/agree")
    assert agree(amina, page).status_code == 302
    assert "You agreed this plan on" in shown(amina, page)
    edit = f"{yusuf}/entries/{guard}/edit"
    fill(amina.client, edit, what="Ask for a bed guard", who="Joe", agency="health", by_when=day(-3), version="1")
    text = shown(amina, page)
    assert "It has changed since it was agreed" in text
    assert "Who will do it: Joe. Before: Sara Morgan" in text
    first = plan_in(amina, yusuf).newest.id
    assert agree(amina, page).status_code == 302
    found = plan_in(amina, yusuf)
    assert len(found.agreed) == 2
    assert "Sara Morgan" in shown(amina, f"{page}/agreed/{first}")
    assert "Before: Sara Morgan" in shown(amina, f"{page}/agreed/{found.newest.id}")


@pytest.mark.parametrize("review_on", ["yesterday", "today", "soon", "", "1/1/2090"])
def test_a_plan_is_looked_at_again_within_a_year(amina, yusuf, page, guard, review_on):
    assert agree(amina, page, review_on=review_on).status_code == 400
    assert not plan_in(amina, yusuf).agreed


@pytest.mark.parametrize(
    ("born", "agreed_on", "review_on", "problem"),
    [
        ("", "1 March 2026", "1 March 2027", ""),
        ("", "1 March 2026", "2 March 2027", "Choose a day after 1 March 2026, up to 1 March 2027"),
        ("", "1 March 2026", "1 March 2026", "Choose a day after 1 March 2026, up to 1 March 2027"),
        ("", "1 March 2026", "", "Choose a day after 1 March 2026, up to 1 March 2027"),
        ("", "1 March 2090", "2 March 2090", "Write the day on which you agreed it: today, or a day before"),
        ("", "", "2 March 2027", "Write the day on which you agreed it: today, or a day before"),
        ("1 May 2022", "1 March 2026", "1 September 2026", ""),
        ("1 May 2022", "1 March 2026", "2 September 2026", "Choose a day after 1 March 2026, up to 1 September 2026"),
    ],
)
def test_the_rule_holds_where_an_agreed_plans_day_is_changed_by_hand(
    amina, yusuf, page, guard, born, agreed_on, review_on, problem
):
    agree(amina, page)
    plan = plan_in(amina, yusuf).newest
    fill(amina.client, f"{yusuf}/about", called="Yusuf", born=born, nation="england")
    answer = fill(amina.client, f"{yusuf}/entries/{plan.id}/edit", agreed_on=agreed_on, review_on=review_on, version="1")
    assert answer.status_code == (400 if problem else 302)
    if problem:
        assert problem in html.unescape(answer.text)
        assert f'value="{review_on}"' in answer.text, "what was typed is kept"
    assert (plan_in(amina, yusuf).newest.document == plan.document) == bool(problem)


def test_an_earlier_day_that_the_rule_forbids_is_not_brought_back(amina, yusuf, page, guard):
    agree(amina, page)
    with amina.app.test_request_context():
        of, plan = opened(amina, yusuf), plan_in(amina, yusuf).newest
        far = editing.revise(of, plan.id, lambda document: document | {"review_on": iso(900)})
        editing.revise(of, plan.id, lambda document: document | {"review_on": iso(30)})
    history = f"{yusuf}/entries/{plan.id}/history"
    answer = fill(amina.client, history, to=f"{history}/{far.version}")
    assert answer.status_code == 400
    assert "Choose a day after" in answer.text
    assert plan_in(amina, yusuf).newest.document["review_on"] == iso(30)
    assert fill(amina.client, history, to=f"{history}/1").status_code == 302
    assert plan_in(amina, yusuf).newest.document["review_on"] == plan.document["review_on"]


def test_a_plan_that_changed_while_it_was_read_is_shown_again(amina, yusuf, page, guard, sleep):
    read = agreeing(amina, page)
    keep(amina, f"{page}/new/action?need={sleep}", what="Something else")
    answer = amina.client.post(f"{page}/agree", data=read)
    assert answer.status_code == 409
    assert "Somebody changed the plan while you were reading." in answer.text
    assert "Something else" in answer.text
    assert not plan_in(amina, yusuf).agreed


def test_agreed_twice_by_a_thumb_is_agreed_once(amina, yusuf, page, guard):
    read = agreeing(amina, page)
    assert {amina.client.post(f"{page}/agree", data=read).status_code for _twice in range(2)} == {302}
    assert len(plan_in(amina, yusuf).agreed) == 1
