"""To file: what lies in the letter-box, seen by a holder, kept in a section or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.crypto import CannotOpen
from plumbing.dates import parse_date
from plumbing.headers import sandboxed
from plumbing.ids import IdConverter
from records import items, meeting_wording
from records.consent import OpenLink
from records.gate import NotYours, Opened
from records.item import COMING, LINK, SLIP, Item
from records.pages import form as forms
from records.pages import given, meeting_slip, plan_slip
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.entries import entry_url, names_we_know
from records.pages.files import shown
from records.pages.letters import sections_for
from records.pages.plan import plan_url
from records.taking_in import JPEG


def way_in(opened: Opened, item: Item) -> OpenLink | None:
    """The link a letter came by; None where it came with a grant, or by a link that is turned off since."""
    links = opened.roster.given.links if item.sender.kind == LINK else ()
    return next((one for one in links if one.id == item.sender.id), None)


def wished(opened: Opened, item: Item) -> str:
    """The section that the sender wished for, if it is one a letter may go into."""
    named = opened.book.by_slug(item.wish)
    possible = {one.id for one in sections_for(opened, item.document["kind"])}
    return next((id_ for id_ in (item.wish, named.id if named else "") if id_ in possible), "")


def seen_by(opened: Opened) -> dict[str, str]:
    """Who reads each section now, in words: where a letter goes decides who sees it."""
    holders = [one.name for one in given.other_holders(opened)]
    readers = [one.consent for one in given.live_grants(opened) if one.consent.may_read]
    found = {}
    for section in opened.sections:
        names = dict.fromkeys([*holders, *(one.name for one in readers if section.id in one.sections)])
        found[section.id] = _("%(names)s can see this", names=", ".join(names)) if names else _("Only you")
    return found


@blueprint.get("/records/<id:record_id>/to-file")
@signed_in()
def to_file(record_id: str) -> ResponseReturnValue:
    """Everything that waits, the newest first."""
    opened = enter_as_holder(record_id)
    return render_template(
        "records/letterbox/to_file.html",
        opened=opened,
        items=items.waiting(opened),
        way_in=way_in,
        wished=wished,
        arrived=arrived,
        **_done(),
    )


def _done() -> dict[str, str]:
    """What was done with the letter before, as the address says it."""
    kept = request.args.get("kept", "")
    return {"done": request.args.get("done", ""), "kept": kept if re.fullmatch(IdConverter.regex, kept) else ""}


def _onward(opened: Opened, done: str, kept: str | None = None) -> ResponseReturnValue:
    """To the next letter that waits; to the empty list, which says that all is filed, after the last."""
    following = next(iter(items.waiting(opened)), None)
    if following is None or opened.damaged:
        return redirect(url_for("records.to_file", record_id=opened.record_id, done=done, kept=kept))
    return redirect(url_for("records.waiting_letter", record_id=opened.record_id, item_id=following.id, done=done, kept=kept))


def arrived(item: Item) -> Any:
    """The day it came."""
    return parse_date(item.at)


@blueprint.get("/records/<id:record_id>/to-file/<id:item_id>")
@signed_in()
def waiting_letter(record_id: str, item_id: str) -> ResponseReturnValue:
    """One letter that waits: its pages, and where it should go."""
    opened = enter_as_holder(record_id)
    item = items.one(opened, item_id)
    if item is None:
        return _filed_by_now(opened, item_id)
    if item.document["kind"] == SLIP:
        return render_template(
            "records/letterbox/answer.html",
            opened=opened,
            item=item,
            action=plan_slip.action_of(opened, item),
            arrived=arrived(item),
            **_done(),
        )
    if item.document["kind"] == COMING:
        meeting = meeting_slip.meeting_of(opened, item)
        return render_template(
            "records/letterbox/coming.html",
            opened=opened,
            item=item,
            meeting=meeting,
            when=meeting_wording.when(meeting.document) if meeting else "",
            arrived=arrived(item),
            **_done(),
        )
    # Where it goes decides who sees it: nothing is ticked but what the sender said, and who said nothing leaves it to the family.
    return _page(opened, item, forms.filled(item.document["kind"], item.document), wished(opened, item), [])


def _filed_by_now(opened: Opened, item_id: str) -> ResponseReturnValue:
    """To the entry that a letter has become, where the other holder was quicker; else to what still waits."""
    try:
        return redirect(entry_url(opened, opened.entry(item_id)))
    except NotYours:
        return redirect(url_for("records.to_file", record_id=opened.record_id))


def _page(opened: Opened, item: Item, form: forms.EntryForm, section_id: str, problems: list[str]) -> str:
    return render_template(
        "records/letterbox/letter.html",
        opened=opened,
        item=item,
        form=form,
        names=names_we_know(opened),
        choices=sections_for(opened, item.document["kind"]),
        section_id=section_id,
        problems=problems,
        way_in=way_in(opened, item),
        arrived=arrived(item),
        wished=wished(opened, item),
        seen_by=seen_by(opened),
        **_done(),
    )


@blueprint.post("/records/<id:record_id>/to-file/<id:item_id>/keep")
@signed_in()
def keep_waiting(record_id: str, item_id: str) -> ResponseReturnValue:
    """Keep it in a section."""
    opened = enter_as_holder(record_id)
    item = items.one(opened, item_id)
    if item is None:
        return _filed_by_now(opened, item_id)
    if item.document["kind"] == SLIP:
        return _keep_slip(opened, item)
    if item.document["kind"] == COMING:
        return _keep_coming(opened, item)
    form = forms.read(item.document["kind"], request.form, item.document)
    section_id = request.form.get("section", "")
    known = section_id in {one.id for one in sections_for(opened, form.kind)}
    problems = [] if known else [_("Choose a section for it.")]
    if form.errors or problems:
        return _page(opened, item, form, section_id, problems), 400
    try:
        entry = items.file(opened, item_id, section_id, _as_typed())
    except NotYours:
        return _filed_by_now(opened, item_id)
    return _onward(opened, "kept", entry.id)


def _keep_slip(opened: Opened, item: Item) -> ResponseReturnValue:
    try:
        entry = plan_slip.file_slip(opened, item)
    except NotYours:
        return _filed_by_now(opened, item.id)
    return redirect(plan_url(opened, entry.section_id, str(entry.document.get("action_id") or "")))


def _keep_coming(opened: Opened, item: Item) -> ResponseReturnValue:
    try:
        entry = meeting_slip.file_meeting_slip(opened, item)
    except NotYours:
        return _filed_by_now(opened, item.id)
    return redirect(entry_url(opened, meeting_slip.meeting_of(opened, item) or entry))


def _as_typed() -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda document: forms.read(str(document["kind"]), request.form, document).document


@blueprint.post("/records/<id:record_id>/to-file/<id:item_id>/refuse")
@signed_in()
def refuse_waiting(record_id: str, item_id: str) -> ResponseReturnValue:
    """Delete it, for good and at once."""
    opened = enter_as_holder(record_id)
    items.refuse(opened, item_id)
    return _onward(opened, "refused")


# Its pages


@blueprint.get("/records/<id:record_id>/to-file/<id:item_id>/files/<id:file_id>")
@signed_in()
def waiting_image(record_id: str, item_id: str, file_id: str) -> ResponseReturnValue:
    """One picture of it, to be seen in a page."""
    opened = enter_as_holder(record_id)
    return shown(_bytes(opened, _item(opened, item_id), file_id, JPEG), JPEG)


@blueprint.get("/records/<id:record_id>/to-file/<id:item_id>/original")
@signed_in()
def waiting_original(record_id: str, item_id: str) -> ResponseReturnValue:
    """The PDF it came as, to be saved."""
    opened = enter_as_holder(record_id)
    item, mimetype = _item(opened, item_id), "application/pdf"
    return sandboxed(Response(_bytes(opened, item, item.document.get("original", ""), mimetype)), "letter.pdf", mimetype)


def _item(opened: Opened, item_id: str) -> Item:
    item = items.one(opened, item_id)
    if item is None:
        abort(404)
    return item


def _bytes(opened: Opened, item: Item, file_id: str, mimetype: str) -> bytes:
    file = item.files.get(file_id)
    if file is None or file.mimetype != mimetype:
        abort(404)
    try:
        return opened.file(file)
    except CannotOpen:
        # The page around it says that it is missing: the picture has words in its place.
        abort(404)
