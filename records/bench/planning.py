"""A plan with many actions, agreed many times: opened and put together, and set on paper."""

from __future__ import annotations

import datetime
from dataclasses import replace
from itertools import count

from records import agreeing, editing, paper
from records.bench.house import TODAY, House
from records.bench.measuring import Echo, bare_of, say, side_by_side
from records.gate import Opened
from records.kinds import title_of
from records.plan import Plan, plan_of

ACTIONS, VERSIONS = 40, 10
_TO_A_NEED = 4
_ROUNDS = 50
_WORDS = "Ask for it by telephone and by letter, and write down who said what and by when they will do it. " * 2


def open_plan(here: House, echo: Echo) -> None:
    """From nothing but the person's keys to what is late, what nobody has said yes to, and what changed."""
    opened = here.record()
    section_id = opened.sections[0].id
    _write(opened, section_id)
    rows = here.db.execute("SELECT sealed FROM entry_version WHERE section_id = ?", [section_id]).fetchall()
    echo(f"\nOpening a plan of {ACTIONS} actions, each with an answer, agreed {VERSIONS} times")

    def read() -> Plan:
        plan = plan_of(here.enter(opened.record_id).entries([section_id]), TODAY)
        assert (len(plan.actions), len(plan.agreed), len(plan.changes)) == (ACTIONS, VERSIONS, 1)  # noqa: S101 - it is what we say
        return plan

    ours, same = side_by_side(_ROUNDS, read, bare_of(*(row[0] for row in rows)))
    say(echo, "opened and put together", ours, "AES-256-GCM of the bytes alone", same, "p95 150 ms with its page")
    _print(read(), echo)


def _write(opened: Opened, section_id: str) -> None:
    for number in range(ACTIONS // _TO_A_NEED):
        need = {"v": 1, "kind": "need", "title": f"Something {number}", "change": _WORDS, "order": str(number)}
        need_id = editing.add(opened, section_id, need).id
        for _action in range(_TO_A_NEED):
            day = (TODAY + datetime.timedelta(days=number - 2)).isoformat()
            action = {
                "v": 1,
                "kind": "action",
                "need_id": need_id,
                "what": _WORDS[:90],
                "who": f"Helper {number}",
                "by_when": day,
            }
            action_id = editing.add(opened, section_id, action).id
            editing.add(opened, section_id, {"v": 1, "kind": "answer", "action_id": action_id, "says": "yes"})
    for number in range(VERSIONS):
        plan = plan_of(opened.entries([section_id]), TODAY)
        agreeing.agree(opened, section_id, plan.mark, TODAY + datetime.timedelta(days=180))
        editing.revise(opened, action_id, lambda document, number=number: document | {"who": f"Somebody {number}"})  # type: ignore[misc]


def _print(plan: Plan, echo: Echo) -> None:
    """Each time with another word in it: what is set twice the same, typst remembers."""
    things = []
    for thing in plan.things:
        actions = tuple(paper.PrintedAction(title_of(one.entry.document), one.who, str(one.by_when)) for one in thing.actions)
        need = thing.need.document if thing.need else {}
        things.append(paper.PrintedThing(title_of(need), need["change"], "", actions))
    names = "title subtitle dated change strong who by_when state slip slip_how yes no other name day".split()
    slip, numbers = [action for thing in things for action in thing.actions], count()

    def printed() -> bytes:
        words = {name: f"{name} {next(numbers)}" for name in names}
        anew = [replace(thing, change=f"{thing.change} {next(numbers)}") for thing in things]
        return paper.plan(anew, words, slip)

    ours, same = side_by_side(_ROUNDS, printed, lambda: paper.plan([], dict.fromkeys(names, str(next(numbers)))))
    say(echo, "on paper, with a slip", ours, "an empty sheet alone", same, "300 ms")
