"""A letter that came through the letter-box and is for a meeting: its sender does not come, and sends what they want to say.

The sender was told nothing of the meeting: the family knows which one it is for.
"""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from records import items, meeting_wording, meetings, wording
from records.gate import NotYours, Opened
from records.item import KIND, Item
from records.kinds import Document
from records.kinds.field import LONGEST_TEXT
from records.kinds.meeting import INSTEAD
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.meetings import the_meeting

# What of a letter's document are its files.
_SHEETS = ("pages", "files", "original")


def meetings_for(opened: Opened, item: Item) -> list[tuple[str, str]]:
    """The meetings that a letter may be for, in words, soonest first; none for what is no letter."""
    near = meetings.planned(opened.entries(), opened.today) if item.document["kind"] == KIND else []
    return [(one.id, " · ".join(filter(None, (wording.title(one.document), meeting_wording.when(one.document))))) for one in near]


@blueprint.post("/records/<id:record_id>/to-file/<id:item_id>/meeting")
@signed_in()
def file_for_meeting(record_id: str, item_id: str) -> ResponseReturnValue:
    """Keep it with the meeting, in one tap, as what its sender says there. Done twice, it is done once."""
    opened = enter_as_holder(record_id)
    meeting = the_meeting(opened, request.form.get("meeting", ""))
    item = items.one(opened, item_id)
    if item is not None and item.document["kind"] != KIND:
        raise NotYours
    if item is not None:
        turn, who = meetings.next_turn(meeting, opened.entries([meeting.section_id])), item.sender.name or item.sender.words

        def as_contribution(letter: Document) -> Document:
            words = "\n\n".join(str(letter[name]) for name in ("title", "note") if letter.get(name))[:LONGEST_TEXT]
            said = {
                "v": 1,
                "kind": "contribution",
                "meeting_id": meeting.id,
                "who": who,
                "coming": INSTEAD,
                "at": item.at,
                "turn": turn,
            }
            return said | ({"words": words} if words else {}) | {name: letter[name] for name in _SHEETS if name in letter}

        items.file(opened, item_id, meeting.section_id, as_contribution)
    return redirect(url_for("records.entry", record_id=record_id, entry_id=meeting.id))
