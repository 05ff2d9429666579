"""The order of a plan is the family's: a need, or an action of it, goes one place up or down."""

from __future__ import annotations

from records import editing
from records.gate import NotYours, Opened
from records.plan import place_of, plan_of

UP, DOWN = WAYS = ("up", "down")


def move(opened: Opened, section_id: str, entry_id: str, way: str) -> None:
    """Let an entry and its neighbour change places. At the end of the row there is none, and nothing changes.

    A version is made only of what gets another place. Raises NotYours where the plan has no such entry.
    """

    def make(opened: Opened) -> None:
        with editing.change(opened) as pen:
            row = list(plan_of(opened.entries([section_id]), opened.today).beside(entry_id))
            here = next((place for place, one in enumerate(row) if one.id == entry_id), None)
            if here is None:
                raise NotYours
            there = here - 1 if way == UP else here + 1
            if not 0 <= there < len(row):
                return
            places = _distinct([place_of(one) for one in row])
            row[here], row[there] = row[there], row[here]
            for one, place in zip(row, places, strict=True):
                if place_of(one) != place:
                    pen.save_next(one, one.document | {"order": str(place)})

    editing.again(make, opened)


def _distinct(places: list[int]) -> list[int]:
    """The same places, each higher than the one before: those that have none, or one of another's, get the next.

    >>> _distinct([0, 0, 3, 3, 9])
    [1, 2, 3, 4, 9]
    """
    found: list[int] = []
    for place in places:
        found.append(max(place, found[-1] + 1 if found else 1))
    return found
