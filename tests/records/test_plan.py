"""The plan of one section, as tables: what is late, what nobody has said yes to, what changed since it was agreed."""

from __future__ import annotations

import datetime

import pytest

from records import agreeing, editing, ordering
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import due_of
from records.plan import (
    ADDED,
    CHANGED,
    GONE,
    Plan,
    agreed_document,
    as_agreed,
    latest_review,
    plan_of,
    usual_review,
)
from tests.records.people import House

TODAY = datetime.date(2026, 11, 22)
SLEEP = {"kind": "need", "title": "Sleep", "change": "All of us sleep", "order": "1"}
GUARD = {"kind": "action", "need_id": "sleep", "what": "A guard for the bed", "who": "Sara", "by_when": "2026-12-01"}


def entry(id_: str, at: str = "2026-11-01T10:00Z", **document: object) -> Entry:
    document = {name: value for name, value in document.items() if value is not None}
    return Entry(id_, "section", 1, "amina", at, {"v": 1, **document})


def plan(*more: Entry, **guard: object) -> Plan:
    return plan_of([entry("sleep", **SLEEP), entry("guard", **GUARD | guard), *more], TODAY)


def answer(id_: str, says: str, **more: object) -> Entry:
    return entry(id_, kind="answer", action_id="guard", says=says, **{"who": "Sara"} | more)


def agreed(before: Plan, id_: str = "agreed", **more: object) -> Entry:
    return entry(id_, **agreed_document(before, datetime.date(2027, 5, 22)) | more)


def test_an_action_stands_with_what_it_is_for():
    found = plan(
        entry("bus", kind="need", title="The bus", order="2"), entry("form", kind="action", what="A form", need_id="gone")
    )
    assert [thing.need.document["title"] if thing.need else "" for thing in found.things] == ["Sleep", "The bus", ""]
    assert [[one.id for one in thing.actions] for thing in found.things] == [["guard"], [], ["form"]]


def test_what_is_late_is_told_latest_first_and_the_plan_keeps_the_familys_order():
    bus = entry("bus", kind="need", title="The bus", order="2")
    late = [
        entry(name, kind="action", need_id="bus", what=name, by_when=day)
        for name, day in (("b", "2026-11-21"), ("a", "2026-01-05"))
    ]
    found = plan(bus, *late)
    assert [thing.need.id for thing in found.things] == ["sleep", "bus"]
    assert [one.id for one in found.overdue] == ["a", "b"]


def test_actions_of_one_minute_and_one_day_stand_as_they_were_written_and_new_ones_go_last():
    actions = [entry(id_, kind="action", need_id="sleep", what=id_, order=str(place)) for place, id_ in enumerate("zay", start=1)]
    done = entry("done", kind="action", need_id="sleep", what="done", state="done", order="1")
    found = plan(*actions, done, by_when=None)
    # The guard is from before there were places.
    assert [one.id for one in found.actions] == ["guard", "z", "a", "y", "done"]
    assert (found.last_place("action"), found.last_place("need")) == ("4", "2")
    assert [one.id for one in found.beside("a")] == ["guard", "z", "a", "y"]
    assert [one.id for one in found.beside("done")] == ["done"]
    assert found.beside("gone") == ()


def test_an_agreed_plan_is_read_in_the_order_it_had():
    others = [entry(id_, kind="need", title=id_, order=place) for id_, place in (("b", "2"), ("a", "3"))]
    kept = agreed(plan(*others, entry("z", **GUARD, order="1"), entry("y", **GUARD, order="2")))
    assert [thing.need.id for thing in as_agreed(kept).things] == ["sleep", "b", "a"]
    assert [one.id for one in as_agreed(kept).actions] == ["guard", "z", "y"]


@pytest.mark.parametrize(
    ("by_when", "state", "is_late"),
    [
        ("2026-11-21", "open", True),
        ("2026-11-21", None, True),
        ("2026-11-22", "open", False),  # on its day there is still time
        ("2026-11-21", "done", False),
        ("2026-11-21", "dropped", False),
        (None, "open", False),
    ],
)
def test_late_is_what_is_open_after_its_day(by_when, state, is_late):
    action = plan(by_when=by_when, state=state).actions[0]
    assert action.is_overdue == is_late
    assert (due_of(action.entry.document) is not None) == (bool(by_when) and state not in ("done", "dropped"))


@pytest.mark.parametrize(
    ("answers", "more", "is_accepted", "is_unaccepted"),
    [
        ([], {}, False, True),
        ([], {"agency": "family"}, False, False),  # what we do ourselves, we need not promise ourselves
        ([answer("a", "no")], {"agency": "family"}, False, True),
        ([answer("a", "yes")], {}, True, False),
        ([answer("a", "no")], {}, False, True),
        ([answer("a", "other_date", other_date="2027-01-05")], {}, False, True),
        ([answer("a", "other_date", other_date="2027-01-05")], {"by_when": "2027-01-05"}, True, False),
        ([answer("a", "other_date")], {"by_when": None}, False, True),
        ([answer("a", "no")], {"state": "done"}, False, False),
        ([entry("a", kind="answer", action_id="another", says="yes")], {}, False, True),
    ],
)
def test_what_nobody_has_said_yes_to(answers, more, is_accepted, is_unaccepted):
    action = plan(*answers, **more).action("guard")
    assert (action.is_accepted, action.is_unaccepted) == (is_accepted, is_unaccepted)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"on": "2026-11-01"}, {"on": "2026-11-03"}),
        ({"on": "2026-11-03", "turn": "1"}, {"on": "2026-11-03", "turn": "2"}),
        ({"turn": "9"}, {"turn": "10"}),
        ({"at": "2026-11-01T10:00Z"}, {"at": "2026-11-02T10:00Z"}),
        # Noted later, but said earlier: what was said last counts.
        ({"on": "2026-11-01", "at": "2026-11-09T10:00Z"}, {"on": "2026-11-03", "at": "2026-11-03T10:00Z"}),
    ],
)
def test_the_newest_answer_counts(first, second):
    for one, other in (("a", "b"), ("b", "a")):
        assert plan(answer(one, "no", **first), answer(other, "yes", **second)).action("guard").says == "yes"


@pytest.mark.parametrize(
    ("answers", "more", "is_to_ask"),
    [
        ([], {}, True),
        ([answer("a", "yes")], {}, False),
        ([answer("a", "no")], {}, False),
        ([answer("a", "other_date", other_date="2027-01-05")], {}, False),
        ([answer("a", "no")], {"who": "Dr Jones"}, True),  # somebody else is to do it now
        ([answer("a", "yes")], {"who": "Dr Jones"}, False),  # the family noted whose yes counts
        ([answer("a", "no", who=None)], {}, False),
        ([answer("a", "no", who="SARA, key worker")], {}, False),
        ([], {"agency": "family"}, False),
        ([], {"state": "done"}, False),
    ],
)
def test_nobody_is_asked_again(answers, more, is_to_ask):
    assert plan(*answers, **more).action("guard").is_to_ask == is_to_ask


def test_how_it_went_waits_for_the_family():
    said = entry("p", kind="progress", action_id="guard", words="Ordered", is_done=True)
    assert [one.id for one in plan(said).to_confirm] == ["guard"]
    assert not plan(entry("p", **said.document | {"is_confirmed": True})).to_confirm
    assert not plan(said, state="done").to_confirm


def test_what_each_person_has_to_do():
    found = plan(
        entry("b", kind="action", what="Ring", who="Joe"), entry("c", kind="action", what="Old", who="Rhys", state="done")
    )
    assert found.people == ("Sara", "Joe")
    assert [one.id for one in found.actions_of("Joe")] == ["b"]
    assert not found.actions_of("")


# What changed


def test_nothing_is_agreed_until_it_is():
    found = plan()
    assert (found.newest, found.changes, found.is_agreed) == (None, (), False)


def test_added_changed_and_gone_are_told_in_this_order():
    before = agreed(plan(entry("old", kind="action", what="Gone by now")))
    now = plan(before, entry("new", kind="need", title="The bus", order="2"), who="Joe", by_when=None)
    assert [(one.what, one.entry_id) for one in now.changes] == [(ADDED, "new"), (CHANGED, "guard"), (GONE, "old")]
    assert now.changes[1].fields == ("who", "by_when")
    assert not now.is_agreed


@pytest.mark.parametrize(
    ("change", "is_agreed"),
    [
        ({}, True),
        ({"state": "open"}, True),
        ({"state": "done", "how_it_went": "Well"}, True),  # nobody has to agree to good news
        ({"state": "dropped"}, False),
        ({"what": "Two guards"}, False),
        ({"person_id": "another"}, True),
        ({"agency": "health"}, False),
    ],
)
def test_a_plan_is_agreed_until_somebody_wants_something_else(change, is_agreed):
    assert plan(agreed(plan()), **change).is_agreed == is_agreed


def test_only_the_newest_agreed_plan_is_compared_and_the_others_stay_readable():
    first = agreed(plan(), "first", agreed_on="2026-01-05")
    second = agreed(plan(who="Joe"), "second", agreed_on="2026-06-05")
    found = plan(second, first, who="Joe")
    assert [one.id for one in found.agreed] == ["second", "first"]
    assert found.is_agreed
    assert as_agreed(first).actions[0].who == "Sara"
    assert as_agreed(first).today == datetime.date(2026, 1, 5)


def test_every_change_has_a_mark_of_its_own():
    marks = {one.mark for one in (plan(), plan(who="Joe"), plan(agreed(plan())), plan(agreed(plan(), "again")))}
    assert len(marks) == 4
    assert plan().mark == plan(answer("a", "yes")).mark


@pytest.mark.parametrize(
    ("today", "born", "usual", "latest"),
    [
        ((2026, 11, 22), None, (2027, 5, 22), (2027, 11, 22)),
        ((2026, 11, 22), (2019, 5, 3), (2027, 5, 22), (2027, 11, 22)),
        ((2026, 11, 22), (2023, 5, 3), (2027, 2, 22), (2027, 5, 22)),
        ((2026, 8, 31), None, (2027, 2, 28), (2027, 8, 31)),
        ((2024, 2, 29), None, (2024, 8, 29), (2025, 2, 28)),
        # Born on 29 February, five on 1 March.
        ((2025, 2, 28), (2020, 2, 29), (2025, 5, 28), (2025, 8, 28)),
        ((2025, 3, 1), (2020, 2, 29), (2025, 9, 1), (2026, 3, 1)),
    ],
)
def test_when_a_plan_is_looked_at_again(today, born, usual, latest):
    day, birth = datetime.date(*today), datetime.date(*born) if born else None
    assert usual_review(day, birth) == datetime.date(*usual)
    assert latest_review(day, birth) == datetime.date(*latest)


# In the family's order, in a record


@pytest.mark.parametrize(
    ("moves", "order"),
    [
        ([("c", "up")], "acb"),
        ([("a", "down"), ("a", "down")], "bca"),
        ([("a", "up"), ("c", "down")], "abc"),
        ([("c", "up"), ("c", "up")], "cab"),
    ],
)
@pytest.mark.parametrize("places", ["123", "000", "011"])
def test_what_matters_goes_up_and_down(yusuf: Opened, moves, order, places):
    section_id = yusuf.book.by_slug("diary").id
    ids = {
        name: editing.add(yusuf, section_id, SLEEP | {"v": 1, "title": name, "order": place}, entry_id=new_id(name)).id
        for name, place in zip("abc", places, strict=True)
    }
    for name, way in moves:
        ordering.move(yusuf, section_id, ids[name], way)
    assert "".join(thing.need.document["title"] for thing in _plan(yusuf, section_id).things) == order


def test_one_place_up_makes_versions_of_two_and_is_no_change_of_the_plan(yusuf: Opened):
    section_id = _in(yusuf)
    ids = [editing.add(yusuf, section_id, GUARD | {"v": 1, "need_id": "", "order": place}).id for place in "123"]
    agreeing.agree(yusuf, section_id, _plan(yusuf, section_id).mark, datetime.date(2027, 5, 22))
    ordering.move(yusuf, section_id, ids[2], ordering.UP)
    found = _plan(yusuf, section_id)
    assert [one.id for one in found.actions] == [ids[0], ids[2], ids[1]]
    assert [yusuf.entry(one).version for one in ids] == [1, 2, 2]
    assert found.is_agreed
    assert [one.id for one in as_agreed(found.newest).actions] == ids


def test_what_is_not_in_the_plan_is_not_moved(yusuf: Opened):
    section_id = _in(yusuf)
    with pytest.raises(NotYours):
        ordering.move(yusuf, section_id, new_id("x"), ordering.UP)


def new_id(name: str) -> str:
    return name.encode().hex().ljust(32, "0")


# Agreeing, in a record


def _in(opened: Opened) -> str:
    section_id = opened.book.by_slug("diary").id
    editing.add(opened, section_id, {"v": 1, **SLEEP})
    return section_id


def _plan(opened: Opened, section_id: str) -> Plan:
    return plan_of(opened.entries([section_id]), opened.today)


def test_two_who_agree_at_once_agree_once(house: House, yusuf: Opened, amina):
    section_id, review = _in(yusuf), datetime.date(2027, 5, 22)
    there = house.enter(amina, yusuf.record_id)
    mark = _plan(there, section_id).mark
    agreeing.agree(yusuf, section_id, _plan(yusuf, section_id).mark, review)
    with pytest.raises(agreeing.ChangedMeanwhile):
        agreeing.agree(there, section_id, mark, review)
    assert len(_plan(there, section_id).agreed) == 1


def test_a_plan_that_changed_while_it_was_read_is_not_agreed(yusuf: Opened):
    section_id = _in(yusuf)
    mark = _plan(yusuf, section_id).mark
    editing.add(yusuf, section_id, {"v": 1, **GUARD})
    with pytest.raises(agreeing.ChangedMeanwhile):
        agreeing.agree(yusuf, section_id, mark, datetime.date(2027, 5, 22))
    assert not _plan(yusuf, section_id).agreed


def test_whoever_was_given_a_plan_is_noted_once(yusuf: Opened):
    section_id = _in(yusuf)
    made = agreeing.agree(yusuf, section_id, _plan(yusuf, section_id).mark, datetime.date(2027, 5, 22))
    for _twice in range(2):
        agreeing.note_given(yusuf, made.id, "Mr Patel", "own_paper")
    assert yusuf.entry(made.id).document["circulated"] == [["Mr Patel", "own_paper", yusuf.today.isoformat()]]
