"""What the invented family did with others, done again: each step as its page does it, by whoever did it, on its day.

What belongs to the plan and the meetings is in `planning.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from accounts.current import cost, family
from plumbing import clock
from plumbing.files.cleaning import clean
from plumbing.ids import new_id
from records import canonical, desk, editing, holding, inviting, items, links, packs, sharing, supported, visits, young_people
from records.consent import CODE_DAYS, READ, TO_COVER, TO_HOLD, TO_SEE, Consent, Invited, day_number
from records.demonstration.family import Step
from records.demonstration.planning import PLANNING
from records.demonstration.scene import Scene, piece_of, section_of
from records.item import LINK, Sender
from records.items import Letter
from records.upkeep import office


def take(scene: Scene, step: Step) -> None:
    """Do one step. A holder looks in first, as holders do: what came to its end is ended."""
    visits.attend(scene.opened())
    _STEPS[step.does](scene, step)


# Words, told across the table


def _invited(scene: Scene, step: Step, to: str) -> Invited:
    opened, said = scene.opened(), step.said
    words_until = opened.today + datetime.timedelta(days=CODE_DAYS)
    helpers = {one.document.get("name"): one.id for one in opened.entries() if one.kind == "person"}
    consent = Consent(
        name=said["name"],
        role=said["role"],
        sections=tuple(section_of(opened, slug) for slug in said.get("sections", ())),
        verb=said.get("verb", READ),
        purpose=said.get("purpose", ""),
        last_day=day_number(said.get("until", words_until)),
        agreed_on=day_number(opened.today),
        colleagues=said.get("colleagues", "nobody"),
        copies=said.get("copies", "nothing"),
        supporter=said.get("supporter", ""),
        person_id=helpers.get(said["name"], ""),
    )
    return inviting.invite(opened, to, consent, day_number(words_until), scene.holder.shown_name)


def _taken_up(scene: Scene, step: Step, to: str) -> Invited:
    invited, today = _invited(scene, step, to), day_number(clock.today())
    inviting.accept(family(), office(), scene.people[step.said["who"]], canonical.raw(invited.code), today)
    visits.attend(scene.opened())
    return invited


def _gives(scene: Scene, step: Step) -> None:
    _taken_up(scene, step, TO_SEE)


def _agrees_cover(scene: Scene, step: Step) -> None:
    _taken_up(scene, step, TO_COVER)


def _joins(scene: Scene, step: Step) -> None:
    holding.confirm(scene.opened(), _taken_up(scene, step, TO_HOLD).id)


def _invites(scene: Scene, step: Step) -> None:
    _invited(scene, step, TO_SEE)


def _takes_back(scene: Scene, step: Step) -> None:
    opened, account_id = scene.opened(), scene.people[step.said["who"]].account_id
    sharing.withdraw(opened, next(one.grant_id for one in opened.roster.given.grants if one.account_id == account_id))


# What readers do


def _looks(scene: Scene, step: Step) -> None:
    opened = scene.opened(step.said["who"])
    if not opened.is_holder:
        desk.visit(opened, clock.minute())
    opened.entries([section_of(opened, step.said["section"])])


def _adds(scene: Scene, step: Step) -> None:
    opened, piece = scene.opened(step.said["who"]), piece_of(step)
    editing.add(opened, section_of(opened, piece.section), piece.document)


# For those who have no account


def _packs(scene: Scene, step: Step) -> None:
    opened, said = scene.opened(), step.said
    order = packs.Order(said["name"], said["purpose"], said["until"], section_of(opened, said["section"]))
    packs.give(opened, order, scene.holder.shown_name, cost())


def _opens_letter_box(scene: Scene, step: Step) -> None:
    links.open_link(scene.opened(), step.said["name"], step.said["label"], step.said["until"])


def _sends(scene: Scene, step: Step) -> None:
    piece, today, code = piece_of(step), clock.today(), canonical.raw(links.live(scene.opened())[0].token)
    door = links.find(family(), office(), code, today)
    sheets = tuple(clean(photo) for photo in scene.photos[piece.document["title"]].result())
    sender = Sender(LINK, door.link_id, step.said["by"], step.said["place"])
    letter = Letter(piece.document, sheets, piece.section, new_id())
    items.put_in(family(), office(), door, sender, letter, today, lambda: links.find(family(), office(), code, today))


# What the child says, and who decides for them


def _says_no(scene: Scene, step: Step) -> None:
    opened, said = scene.opened(), step.said
    about = (said["words"], section_of(opened, said["section"]), said["person"])
    no = young_people.No(new_id(), *about, opened.person.account_id, opened.today)
    editing.change_book(opened, lambda book: young_people.with_no(book, no), "young_no")


def _notes_who_decides(scene: Scene, step: Step) -> None:
    said: Mapping[str, Any] = step.said
    note = supported.Supported(new_id(), said["name"], said["what"], said["footing"], None, said["paper"])
    editing.change_book(scene.opened(), lambda book: supported.with_note(book, note), "supported")


_STEPS: Mapping[str, Callable[[Scene, Step], None]] = {
    "joins": _joins,
    "gives": _gives,
    "agrees_cover": _agrees_cover,
    "invites": _invites,
    "takes_back": _takes_back,
    "looks": _looks,
    "adds": _adds,
    "packs": _packs,
    "opens_letter_box": _opens_letter_box,
    "sends": _sends,
    "says_no": _says_no,
    "notes_who_decides": _notes_who_decides,
    **PLANNING,
}
