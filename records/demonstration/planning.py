"""The plan, its meetings and its dates, done again: each step as its page does it, by whoever did it, on its day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plumbing import clock
from plumbing.ids import once_id
from records import agreeing, editing, meetings
from records.demonstration.family import Step
from records.demonstration.scene import Scene, piece_of, section_of
from records.entry import Entry
from records.gate import Opened
from records.kinds.meeting import HELD, PLANNED
from records.kinds.plan import OPEN
from records.pages.plan import plan_in, with_person
from records.pages.plan_said import about, confirm
from records.plan import Action, usual_review


def _add(scene: Scene, step: Step, **hidden: Any) -> Entry:
    """Put in what the step brings, with what its page adds to it; kept in mind by its name, where it has one."""
    opened, piece = scene.opened(step.said.get("who", "")), piece_of(step)
    entry = editing.add(opened, section_of(opened, piece.section), piece.document | hidden)
    if "called" in step.said:
        scene.called[step.said["called"]] = entry.id
    return entry


def _today() -> str:
    return clock.today().isoformat()


# The plan


def _needs(scene: Scene, step: Step) -> None:
    opened = scene.opened()
    plan, _entries = plan_in(opened, section_of(opened, piece_of(step).section))
    _add(scene, step, order=plan.last_place("need"))


def _acts(scene: Scene, step: Step) -> None:
    """An action: for something that matters, or taken on at a meeting."""
    of = {f"{name}_id": scene.called[step.said[name]] for name in ("need", "meeting") if name in step.said}
    is_open = {"state": OPEN} if "meeting" in step.said else {}
    opened, piece = scene.opened(), piece_of(step)
    plan, _entries = plan_in(opened, section_of(opened, piece.section))
    _add(scene, step, **with_person(opened, piece.document) | of | is_open, order=plan.last_place("action"))


def _action(scene: Scene, step: Step, opened: Opened) -> Action:
    plan, _entries = plan_in(opened, opened.entry(scene.called[step.said["action"]]).section_id)
    action = plan.action(scene.called[step.said["action"]])
    if action is None:
        raise ValueError("no such action")
    return action


def _answers(scene: Scene, step: Step) -> None:
    _add(scene, step, **about(_action(scene, step, scene.opened())), on=_today())


def _takes_date(scene: Scene, step: Step) -> None:
    """The family takes the other date that was offered."""
    opened = scene.opened()
    action = _action(scene, step, opened)
    if action.answer is None:
        raise ValueError("no other date")
    other = action.answer.document["other_date"]
    editing.revise(opened, action.id, lambda document: document | {"by_when": other})


def _says_how(scene: Scene, step: Step) -> None:
    """How it went; the family reads it on the same day."""
    said = _add(scene, step, action_id=scene.called[step.said["action"]], on=_today())
    opened = scene.opened()
    confirm(opened, _action(scene, step, opened), said)


def _agrees_plan(scene: Scene, step: Step) -> None:
    opened = scene.opened()
    section_id = section_of(opened, step.said["section"])
    plan, _entries = plan_in(opened, section_id)
    agreeing.agree(opened, section_id, plan.mark, usual_review(opened.today, opened.book.born))


def _circulates(scene: Scene, step: Step) -> None:
    opened = scene.opened()
    plan, _entries = plan_in(opened, section_of(opened, step.said["section"]))
    if plan.newest is None:
        raise ValueError("no plan was agreed")
    agreeing.note_given(opened, plan.newest.id, step.said["name"], step.said["how"])


def _starts_clock(scene: Scene, step: Step) -> None:
    _add(scene, step)


# Meetings


def _plans_meeting(scene: Scene, step: Step) -> None:
    _add(scene, step, state=PLANNED, agreed_to_meet_on=_today())


def _answers_meeting(scene: Scene, step: Step) -> None:
    opened = scene.opened()
    meeting = opened.entry(scene.called[step.said["meeting"]])
    turn = meetings.next_turn(meeting, opened.entries([meeting.section_id]))
    _add(scene, step, meeting_id=meeting.id, turn=turn)


def _gets_ready(scene: Scene, step: Step) -> None:
    opened, piece, meeting_id = scene.opened(), piece_of(step), scene.called[step.said["meeting"]]
    # The sheet of a meeting has an id of its own, so that two holders who begin at once begin one.
    sheet_id = once_id(meeting_id, opened.record_id, piece.document["kind"])
    document = piece.document | {"meeting_id": meeting_id}
    editing.add(opened, section_of(opened, piece.section), document, entry_id=sheet_id)


def _revise_meeting(scene: Scene, step: Step, **fields: Any) -> None:
    editing.revise(scene.opened(), scene.called[step.said["meeting"]], lambda document: document | fields)


def _takes_minutes(scene: Scene, step: Step) -> None:
    _revise_meeting(scene, step, who_came=step.said["who_came"], minutes=step.said["minutes"], state=HELD)


def _agrees_minutes(scene: Scene, step: Step) -> None:
    _revise_meeting(scene, step, minutes_agreed=True, minutes_agreed_on=_today(), state=HELD)


PLANNING: Mapping[str, Callable[[Scene, Step], None]] = {
    "needs": _needs,
    "acts": _acts,
    "answers": _answers,
    "takes_date": _takes_date,
    "says_how": _says_how,
    "agrees_plan": _agrees_plan,
    "circulates": _circulates,
    "starts_clock": _starts_clock,
    "plans_meeting": _plans_meeting,
    "answers_meeting": _answers_meeting,
    "gets_ready": _gets_ready,
    "takes_minutes": _takes_minutes,
    "agrees_minutes": _agrees_minutes,
}
