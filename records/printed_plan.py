"""A plan as paper has it: each thing that matters with its actions, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from plumbing.dates import date_in_words
from records import plan_wording, wording
from records.kinds.plan import DROPPED
from records.paper import PrintedAction, PrintedThing
from records.plan import Action, Plan


def words() -> dict[str, str]:
    """What stands beside the parts of it."""
    return {
        "change": _("What we want to change"),
        "strong": _("What is already strong"),
        "who": _("Who"),
        "by_when": _("By when"),
        "state": _("How it is"),
    }


def stands_in(plan: Plan) -> set[str]:
    """What is printed with it: needs, actions and what was said to them, but for what was dropped."""
    found = {thing.need.id for thing in plan.things if thing.need}
    for one in plan.actions:
        if one.state != DROPPED:
            found |= {one.id, *(said.id for said in (*one.answers, *one.progress))}
    return found


def things(plan: Plan, one_person: str = "", with_said: bool = False) -> list[PrintedThing]:
    """What matters, with its actions; of one person, only what they have to do. `with_said`: and all that was said to them."""
    printed = []
    for thing in plan.things:
        actions = [
            one for one in thing.actions if one.state != DROPPED and (not one_person or (one.who == one_person and one.is_open))
        ]
        if not actions and (one_person or not thing.need):
            continue
        need = thing.need.document if thing.need else {}
        # Whoever gets only their own actions does not get what stands around them.
        title = _("What you do") if one_person else plan_wording.title(need) if need else _("Other actions")
        change, strong = ("", "") if one_person else (need.get("change", "") if need.get("title") else "", need.get("strong", ""))
        printed.append(PrintedThing(title, change, strong, tuple(action(one, with_said) for one in actions)))
    if one_person and printed:
        return [PrintedThing(printed[0].title, "", "", tuple(row for thing in printed for row in thing.actions))]
    return printed


def action(one: Action, with_said: bool = False) -> PrintedAction:
    """One action: what, who, by when, and how it is."""
    by_when = date_in_words(one.by_when) if one.by_when else ""
    state = wording.choice("state", one.state) if not one.is_open else _("Late") if one.is_overdue else ""
    how = "\n".join(part for part in (state, str(one.entry.document.get("how_it_went") or "")) if part)
    title, who = plan_wording.title(one.entry.document), plan_wording.who(one)
    return PrintedAction(title, who, by_when, how, _said(one) if with_said else ())


def _said(one: Action) -> tuple[str, ...]:
    answers = [(plan_wording.answered(said), said.document.get("reason")) for said in one.answers]
    progress = [(plan_wording.went(said), said.document.get("words")) for said in one.progress]
    return tuple(f"{sentence} {words or ''}".rstrip() for sentence, words in (*answers, *progress))
