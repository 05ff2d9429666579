"""A plan that is taken away and brought in again: what names each other still does, and what was agreed stays agreed."""

from __future__ import annotations

import json

import pytest

from records import agreeing, copy_format, copy_reading, editing, taking
from records.copy_format import NotACopy
from records.gate import Opened
from records.plan import Plan, agreed_of, plan_of
from tests.records.people import TODAY, House
from tests.records.test_round_trip import bring, packed, zip_of


def _plan(opened: Opened) -> Plan:
    return plan_of(opened.entries(), TODAY)


@pytest.fixture
def planned(yusuf: Opened) -> Opened:
    """A need with an action and a yes to it, agreed; one more action that was agreed and is gone."""
    section_id = yusuf.sections[2].id
    need = editing.add(yusuf, section_id, {"v": 1, "kind": "need", "title": "Sleep", "order": "1"})
    action = {"v": 1, "kind": "action", "need_id": need.id, "what": "A guard", "who": "Sara", "by_when": "2026-12-01"}
    kept, gone = (editing.add(yusuf, section_id, action) for _both in range(2))
    editing.add(yusuf, section_id, {"v": 1, "kind": "answer", "action_id": kept.id, "says": "yes", "who": "Sara"})
    made = agreeing.agree(yusuf, section_id, _plan(yusuf).mark, TODAY.replace(year=2027))
    agreeing.note_given(yusuf, made.id, "Mr Patel", "paper")
    editing.put_into_bin(yusuf, gone.id)
    return yusuf


def test_a_plan_comes_back_as_it_was(house: House, amina, planned):
    before, after = _plan(planned), _plan(bring(house, amina, zip_of(planned)))
    assert [(thing.need.document["title"], len(thing.actions)) for thing in after.things] == [("Sleep", 1)]
    assert after.actions[0].is_accepted
    assert after.actions[0].id != before.actions[0].id
    assert [(one.what, one.fields) for one in after.changes] == [(one.what, one.fields) for one in before.changes]
    assert [one.what for one in after.changes] == ["gone"]
    assert after.newest.document["circulated"] == [["Mr Patel", "paper", TODAY.isoformat()]]
    assert {document["need_id"] for _id, document in agreed_of(after.newest) if "need_id" in document} == {
        after.things[0].need.id
    }


def _changed(planned: Opened, kind: str, **document: object) -> bytes:
    whole = json.loads(copy_format.written(taking.copy_of(packed(planned)), TODAY))
    for section in whole["sections"]:
        for entry in section["entries"]:
            if entry["document"]["kind"] == kind:
                entry["document"] |= document
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("action", {"need_id": "../../etc"}),
        ("action", {"need_id": 7}),
        ("agreed_plan", {"agreed": "all"}),
        ("agreed_plan", {"agreed": [["x", {"v": 1, "kind": "need", "title": "A"}]]}),
        ("agreed_plan", {"agreed": [["0" * 32, {"v": 1, "kind": "letter", "title": "A"}]]}),
        ("agreed_plan", {"agreed": [["0" * 32, {"v": 1, "kind": "need", "title": "A", "agreed": []}]]}),
        ("agreed_plan", {"agreed": [["0" * 32]]}),
        ("agreed_plan", {"circulated": [["Mr Patel", "pigeon", "2026-11-22"]]}),
        ("agreed_plan", {"circulated": [["Mr Patel", "paper", "soon"]]}),
        ("agreed_plan", {"circulated": [["", "paper", "2026-11-22"]]}),
    ],
)
def test_a_plan_of_another_shape_is_refused(planned, kind, document):
    copy_reading.read(_changed(planned, kind), TODAY)
    with pytest.raises(NotACopy):
        copy_reading.read(_changed(planned, kind, **document), TODAY)


def test_two_entries_of_one_name_are_refused(planned):
    whole = json.loads(_changed(planned, "need"))
    entries = next(one["entries"] for one in whole["sections"] if one["entries"])
    entries[1]["id"] = entries[0]["id"]
    with pytest.raises(NotACopy):
        copy_reading.read(json.dumps(whole).encode(), TODAY)


def test_a_copy_from_before_entries_had_names_is_taken_in(planned):
    whole = json.loads(_changed(planned, "need"))
    for section in whole["sections"]:
        for entry in section["entries"]:
            del entry["id"]
    assert copy_reading.read(json.dumps(whole).encode(), TODAY).entries
