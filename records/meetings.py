"""One meeting with everything that hangs on it: who answered what, who took notes, what is to be done, and what still lacks.

Facts only: what is put in are entries that somebody may see, and nothing else is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from records.entry import Entry
from records.folding import fold
from records.kinds import is_called_off, is_former, when_of
from records.kinds.field import LONGEST_LINE
from records.kinds.meeting import COMING, HELD, INSTEAD, NOT_COMING

# Letters for a meeting come for weeks after it.
_LATE_DAYS = 60


@dataclass(frozen=True)
class Meeting:
    """A meeting, the newest answer of each person, and others' notes of it."""

    entry: Entry
    contributions: tuple[Entry, ...] = ()
    notes: tuple[Entry, ...] = ()
    actions: tuple[Entry, ...] = field(default=(), repr=False)

    @property
    def document(self) -> dict[str, Any]:
        """What is written in it."""
        return self.entry.document

    @property
    def is_agreed_to(self) -> bool:
        """Whether the family said yes to this very meeting: before, nobody is invited to it."""
        return bool(self.document.get("agreed_to_meet_on"))

    @property
    def is_called_off(self) -> bool:
        """Whether nobody need be there."""
        return is_called_off(self.document)

    @property
    def are_minutes_agreed(self) -> bool:
        """Whether the family said that the minutes are right."""
        return bool(self.document.get("minutes_agreed"))

    def is_over(self, today: date) -> bool:
        """Whether it has been."""
        day = when_of(self.document)
        return self.document.get("state") == HELD or (day is not None and day < today)

    def who(self, *said: str) -> tuple[Entry, ...]:
        """The answers that say this."""
        return tuple(one for one in self.contributions if one.document.get("coming") in said)

    @property
    def coming(self) -> tuple[Entry, ...]:
        """Who said that they come."""
        return self.who(COMING)

    @property
    def not_coming(self) -> tuple[Entry, ...]:
        """Who does not come; some of them send their words instead."""
        return self.who(NOT_COMING, INSTEAD)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Who was invited and has not answered yet."""
        answered = {name_key(str(one.document.get("who") or "")) for one in self.contributions}
        return tuple(line for line in self.document.get("invited", []) if name_key(line) not in answered)


def still_agreed(document: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A changed meeting without the yeses that were to something else: another kind of meeting, other minutes.

    >>> still_agreed({"which": "cetr", "agreed_to_meet_on": "2026-11-01"}, {"which": "plan_review"})
    {'which': 'cetr'}
    """
    gone = {"agreed_to_meet_on"} if document.get("which") != before.get("which") else set()
    if any(document.get(name) != before.get(name) for name in ("minutes", "who_came")):
        gone |= {"minutes_agreed", "minutes_agreed_on"}
    return {name: value for name, value in document.items() if name not in gone}


def name_key(line: str) -> str:
    """What two ways of writing somebody down have in common.

    >>> name_key("Sara Morgan, key worker") == name_key("sara  morgan")
    True
    """
    return " ".join(fold(line.partition(",")[0]).split())


def with_all(entry: Entry, entries: Iterable[Entry]) -> Meeting:
    """A meeting with what hangs on it, of all the entries that somebody sees."""
    of_it = [one for one in entries if one.document.get("meeting_id") == entry.id]
    of_it.sort(key=lambda one: (str(one.document.get("at") or one.saved_at), _turn(one), one.id))
    newest: dict[str, Entry] = {}
    for one in of_it:
        if one.kind == "contribution":
            # Nobody's words are lost because they said later that they come after all: only an answer replaces an answer.
            newest[name_key(str(one.document.get("who") or "")) or one.id] = one
    notes = tuple(one for one in of_it if one.kind == "minutes")
    return Meeting(entry, tuple(newest.values()), notes, tuple(one for one in of_it if one.kind == "action"))


def _turn(entry: Entry) -> int:
    turn = str(entry.document.get("turn") or "")
    return int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 10 else 0


def next_turn(entry: Entry, entries: Iterable[Entry]) -> str:
    """The place of a new answer after all that the meeting has."""
    return str(1 + sum(one.kind == "contribution" and one.document.get("meeting_id") == entry.id for one in entries))


def line_of(person: Entry) -> str:
    """Somebody of People who help us as a list of guests has them."""
    name = str(person.document.get("name") or person.document.get("service_title") or person.document.get("role") or "")
    role = str(person.document.get("role") or "")
    # As long as a line may be: it is ticked again as one of those who came.
    return f"{name}, {role}"[:LONGEST_LINE].rstrip(" ,") if role and role != name else name


def helpers(entries: Iterable[Entry], today: date) -> list[Entry]:
    """The people who help us now, by name."""
    people = (one for one in entries if one.kind == "person" and not is_former(one.document, today) and line_of(one))
    return sorted(people, key=lambda one: fold(line_of(one)))


def planned(entries: Iterable[Entry], today: date) -> list[Entry]:
    """The meetings that a letter may be meant for: those to come and those of the last weeks, soonest first."""
    known = [one for one in entries if one.kind == "meeting" and not is_called_off(one.document)]
    near = [one for one in known if (today - (when_of(one.document) or today)).days <= _LATE_DAYS]
    return sorted(near, key=lambda one: (when_of(one.document) or date.max, one.id))
