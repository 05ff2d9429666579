"""The plan of one section: what matters, who does what by when, what they say to it, and what changed since it was agreed.

Pure facts over entries. What names something that is not there (deleted, or in another section) names nothing.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from plumbing.dates import months_after, parse_date
from records import canonical
from records.age import age_on
from records.entry import Entry
from records.kinds import Document
from records.kinds.plan import DROPPED, OPEN, OTHER_DATE, YES, agreed_order, number
from records.meetings import name_key

USUAL_MONTHS, MOST_MONTHS = 6, 12
# Small children change faster: their plan is looked at every three to six months.
YOUNG_YEARS, USUAL_MONTHS_YOUNG, MOST_MONTHS_YOUNG = 5, 3, 6
# What an agreed plan is made of. What was said to it, and how it went, goes on beside it.
AGREED_KINDS = ("need", "action")
FAMILY = "family"
# How somebody was given an agreed plan: all of it, or what they do themselves.
HOW_GIVEN = ("link", "paper", "own_link", "own_paper")
# The fields in which a change of the plan is told.
_TOLD = {"need": ("title", "change", "strong"), "action": ("what", "who", "agency", "by_when", "state", "how_it_went")}
ADDED, CHANGED, GONE = "added", "changed", "gone"


@dataclass(frozen=True)
class Action:
    """One thing that one person does, with what was said to it, newest first."""

    entry: Entry
    today: datetime.date
    answers: tuple[Entry, ...] = ()
    progress: tuple[Entry, ...] = ()

    @property
    def id(self) -> str:
        """Its entry's id."""
        return self.entry.id

    @property
    def who(self) -> str:
        """Who does it; empty where nobody was named."""
        return str(self.entry.document.get("who") or "")

    def is_by(self, name: str) -> bool:
        """Whether it is somebody of that name who does it, in whatever way that is written down."""
        return bool(self.who) and name_key(self.who) == name_key(name)

    @property
    def by_when(self) -> datetime.date | None:
        """The day it is wanted by: another date that its person offered is theirs until the family writes it down."""
        return parse_date(self.entry.document.get("by_when"))

    @property
    def state(self) -> str:
        """Open, done or dropped."""
        return str(self.entry.document.get("state") or OPEN)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == OPEN

    @property
    def answer(self) -> Entry | None:
        """What counts of what was said to it: the newest."""
        return self.answers[0] if self.answers else None

    @property
    def says(self) -> str:
        """ "yes", "no", "other_date"; empty where nobody said anything."""
        return str(self.answer.document.get("says") or "") if self.answer else ""

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed, and it is not done."""
        return self.is_open and self.by_when is not None and self.by_when < self.today

    @property
    def is_accepted(self) -> bool:
        """Whether somebody said yes, or the family took the other date that was offered."""
        took = (
            self.says == OTHER_DATE
            and self.answer
            and self.answer.document.get("other_date") == self.entry.document.get("by_when")
        )
        return self.says == YES or bool(took and self.by_when)

    @property
    def is_unaccepted(self) -> bool:
        """Whether nobody has said yes to it. What the family does itself, it need not promise itself."""
        is_ours = self.entry.document.get("agency") == FAMILY and not self.says
        return self.is_open and not self.is_accepted and not is_ours

    @property
    def is_to_ask(self) -> bool:
        """Whether its person is still to be asked: whoever said no has answered, and somebody else who does it now has not."""
        by = str(self.answer.document.get("who") or "") if self.answer else ""
        has_answered = self.says and (not by or name_key(by) == name_key(self.who))
        return self.is_unaccepted and not has_answered

    @property
    def to_confirm(self) -> tuple[Entry, ...]:
        """How it went, where the family has not read it yet."""
        return tuple(one for one in self.progress if not one.document.get("is_confirmed")) if self.is_open else ()


@dataclass(frozen=True)
class Thing:
    """Something that matters, and what is done about it; `need` is None for actions that stand for themselves."""

    need: Entry | None
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Change:
    """What is other than it was agreed: an entry as it was, as it is, and the fields in which these differ."""

    what: str
    entry_id: str
    before: Document | None
    now: Document | None

    @property
    def document(self) -> Document:
        """As it is; of what is gone, as it was."""
        return self.now or self.before or {}

    @property
    def is_news(self) -> bool:
        """Whether it only says how an action went: nobody has to agree to that."""
        is_dropped = self.document.get("state") == DROPPED
        return self.what == CHANGED and set(self.fields) <= {"state", "how_it_went"} and not is_dropped

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ."""
        before, now = self.before or {}, self.now or {}
        return tuple(name for name in _TOLD[self.document["kind"]] if _told(before, name) != _told(now, name))


@dataclass(frozen=True)
class Plan:
    """A plan as it stands, and as it was agreed, newest first."""

    today: datetime.date
    things: tuple[Thing, ...]
    agreed: tuple[Entry, ...]

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Every action."""
        return tuple(action for thing in self.things for action in thing.actions)

    @property
    def overdue(self) -> tuple[Action, ...]:
        """What is late, the latest first."""
        return tuple(sorted((one for one in self.actions if one.is_overdue), key=_by_day))

    @property
    def unaccepted(self) -> tuple[Action, ...]:
        """What nobody has said yes to, the soonest first."""
        return tuple(sorted((one for one in self.actions if one.is_unaccepted), key=_by_day))

    @property
    def to_confirm(self) -> tuple[Action, ...]:
        """What somebody has said how it went, and the family has not read."""
        return tuple(one for one in self.actions if one.to_confirm)

    @property
    def people(self) -> tuple[str, ...]:
        """Who has something to do, in the plan's order."""
        return tuple(dict.fromkeys(one.who for one in self.actions if one.who and one.is_open))

    def actions_of(self, who: str) -> tuple[Action, ...]:
        """What one person has still to do."""
        return tuple(one for one in self.actions if one.who == who and one.is_open)

    def action(self, action_id: str) -> Action | None:
        """The action of that id."""
        return next((one for one in self.actions if one.id == action_id), None)

    def beside(self, entry_id: str) -> tuple[Entry, ...]:
        """The needs, or the actions of one need that are as open as it is, among which that entry has its place; in order."""
        rows = [[thing.need for thing in self.things if thing.need]]
        for thing in self.things:
            rows.extend([one.entry for one in thing.actions if one.is_open == is_open] for is_open in (True, False))
        return next((tuple(row) for row in rows if any(one.id == entry_id for one in row)), ())

    def last_place(self, kind: str) -> str:
        """The place after all needs, or after all actions: where something new goes."""
        entries = [thing.need for thing in self.things if thing.need] + [one.entry for one in self.actions]
        return str(1 + max((place_of(one) for one in entries if one.kind == kind), default=0))

    @property
    def newest(self) -> Entry | None:
        """The plan as it was agreed last."""
        return self.agreed[0] if self.agreed else None

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What is other than it was agreed last; nothing where nothing was ever agreed."""
        return tuple(differences(dict(agreed_of(self.newest)), dict(self.snapshot()))) if self.newest else ()

    @property
    def is_agreed(self) -> bool:
        """Whether the family has agreed to the plan as it stands, whatever has been done of it since."""
        return self.newest is not None and all(one.is_news for one in self.changes)

    def snapshot(self) -> list[tuple[str, Document]]:
        """The needs and actions, as an agreed plan keeps them."""
        entries = (one for thing in self.things for one in (thing.need, *(action.entry for action in thing.actions)) if one)
        return [(one.id, _kept(one.document)) for one in entries]

    @cached_property
    def mark(self) -> str:
        """What tells this state of the plan from every other: whoever agrees to it says which one they read."""
        said = [[id_, document] for id_, document in self.snapshot()]
        return hashlib.sha256(canonical.to_bytes([self.newest.id if self.newest else "", said])).hexdigest()[:32]


def plan_of(entries: Iterable[Entry], today: datetime.date) -> Plan:
    """The plan that the entries of one section make."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: (one.saved_at, one.id)):
        by_kind.setdefault(entry.kind, []).append(entry)
    answers, progress = (_by_action(by_kind.get(kind, ())) for kind in ("answer", "progress"))
    actions = [
        Action(one, today, tuple(answers.get(one.id, ())), tuple(progress.get(one.id, ()))) for one in by_kind.get("action", ())
    ]
    # In the family's order; what is late is told on top of it.
    actions.sort(key=lambda one: (one.state != OPEN, place_of(one.entry), *_by_day(one)))
    needs = sorted(by_kind.get("need", ()), key=lambda one: (place_of(one), one.id))
    known = {need.id for need in needs}
    loose = tuple(one for one in actions if one.entry.document.get("need_id") not in known)
    things = [Thing(need, tuple(one for one in actions if one.entry.document.get("need_id") == need.id)) for need in needs]
    agreed = sorted(by_kind.get("agreed_plan", ()), key=_agreed_last, reverse=True)
    return Plan(today, (*things, *([Thing(None, loose)] if loose else ())), tuple(agreed))


def place_of(entry: Entry) -> int:
    """The place that the family gave a need or an action; nought for one that never had any."""
    return number(entry.document.get("order"))


def _by_day(action: Action) -> tuple[datetime.date, str]:
    return action.by_when or datetime.date.max, action.id


def _day(entry: Entry, name: str) -> str:
    return str(entry.document.get(name) or entry.saved_at[:10])


def _by_action(entries: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    """Newest first, by the action they are about."""
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=_newest_last, reverse=True):
        found.setdefault(str(entry.document.get("action_id") or ""), []).append(entry)
    return found


def _newest_last(entry: Entry) -> tuple[str, str, int, str, str, str]:
    at, on = str(entry.document.get("at") or ""), _day(entry, "on")
    # Nobody says something on a day to come: a slip of the year would stand above all that is said after it.
    day = min(on, (at or entry.saved_at)[:10])
    return day, at, number(entry.document.get("turn")), on, entry.saved_at, entry.id


def _agreed_last(entry: Entry) -> tuple[tuple[str, int], str, str]:
    return agreed_order(entry.document), entry.saved_at, entry.id


# What was agreed


def _kept(document: Mapping[str, Any]) -> Document:
    names = ("v", "kind", "need_id", "person_id", *_TOLD[document["kind"]])
    return {name: document[name] for name in names if name in document}


def _told(document: Mapping[str, Any], name: str) -> Any:
    return document.get(name) or (OPEN if name == "state" and document else "")


def agreed_of(entry: Entry) -> list[tuple[str, Document]]:
    """The needs and actions of an agreed plan, by id, in its order."""
    return [(str(id_), dict(document)) for id_, document in entry.document.get("agreed", [])]


def as_agreed(entry: Entry) -> Plan:
    """An agreed plan as it was, on the day it was agreed."""
    day = parse_date(_day(entry, "agreed_on")) or datetime.date.min
    entries = [
        Entry(id_, entry.section_id, 1, entry.author, entry.saved_at, document | {"order": str(place)})
        for place, (id_, document) in enumerate(agreed_of(entry), start=1)
    ]
    return plan_of(entries, day)


def differences(before: Mapping[str, Document], now: Mapping[str, Document]) -> Iterator[Change]:
    """What was added, what changed, and what is gone, in this order."""
    for id_, document in now.items():
        if id_ not in before:
            yield Change(ADDED, id_, None, document)
    for id_, document in now.items():
        if id_ in before and (change := Change(CHANGED, id_, before[id_], document)).fields:
            yield change
    for id_, document in before.items():
        if id_ not in now:
            yield Change(GONE, id_, document, None)


def agreed_document(plan: Plan, review_on: datetime.date) -> Document:
    """What is kept when a family agrees to its plan."""
    days = {"agreed_on": plan.today.isoformat(), "review_on": review_on.isoformat(), "turn": str(len(plan.agreed) + 1)}
    return {"v": 1, "kind": "agreed_plan", **days, "agreed": [list(one) for one in plan.snapshot()], "circulated": []}


# When it is looked at again


def usual_review(today: datetime.date, born: datetime.date | None) -> datetime.date:
    """The day on which a plan agreed today is usually looked at again."""
    return months_after(today, USUAL_MONTHS_YOUNG if _is_young(today, born) else USUAL_MONTHS)


def latest_review(today: datetime.date, born: datetime.date | None) -> datetime.date:
    """The latest day for it."""
    return months_after(today, MOST_MONTHS_YOUNG if _is_young(today, born) else MOST_MONTHS)


def is_in_time(review_on: datetime.date, agreed_on: datetime.date, born: datetime.date | None) -> bool:
    """Whether a plan that is agreed on a day may be looked at again on another."""
    return agreed_on < review_on <= latest_review(agreed_on, born)


def _is_young(today: datetime.date, born: datetime.date | None) -> bool:
    age = age_on(born, today) if born else None
    return age is not None and age.years < YOUNG_YEARS
