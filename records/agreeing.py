"""A family agrees to its plan, and notes who was given it. Two who agree at once agree once."""

from __future__ import annotations

from datetime import date

from plumbing.ids import new_id
from records import editing, store
from records.entry import Entry
from records.gate import Opened
from records.kinds import Document
from records.plan import agreed_document, plan_of


class ChangedMeanwhile(Exception):
    """The plan is not the one that was read: somebody changed it, or agreed to it, in the meantime."""


def agree(opened: Opened, section_id: str, mark: str, review_on: date) -> Entry:
    """Keep the plan of a section as agreed, if it is still the one that `mark` tells. Raises ChangedMeanwhile."""
    entry_id = new_id()

    def make(opened: Opened) -> Entry:
        with editing.change(opened) as pen:
            plan = plan_of(opened.entries([section_id]), opened.today)
            if plan.mark != mark:
                raise ChangedMeanwhile
            row = {"id": entry_id, "record_id": opened.record_id, "section_id": section_id, "version": 1, "state": "kept"}
            store.insert(opened.db, "entry", **row)
            pen.save(entry_id, section_id, 1, agreed_document(plan, review_on))
            return opened.entry(entry_id)

    return editing.again(make, opened)


def note_given(opened: Opened, agreed_id: str, name: str, how: str) -> None:
    """Note that somebody was given a plan: to whom, how (one of HOW_GIVEN), and on which day."""
    line = [name, how, opened.today.isoformat()]

    def noted(document: Document) -> Document:
        before = document.get("circulated", [])
        return document | {"circulated": before if line in before else [*before, line]}

    editing.revise(opened, agreed_id, noted)
