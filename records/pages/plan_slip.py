"""The reply slip: a guest who opened a pack says yes, no or another date; the family takes it into the plan in one tap."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from plumbing.access import public
from plumbing.dates import parse_date
from plumbing.ids import new_id
from plumbing.limits import limiter
from records import items, plan_wording
from records.entry import Entry
from records.gate import NotYours, Opened
from records.item import Item
from records.kinds import Document
from records.packs import Pack
from records.pages import form as forms
from records.pages.blueprint import blueprint
from records.pages.guest import of_a_guest
from records.pages.plan import plan_in
from records.pages.plan_said import about, read_answer
from records.pages.slip import put_slip, sent
from records.plan import Action
from records.sections import PLANS

_NOT_ASKED = {"how", "on"}


@blueprint.get("/pack/actions/<id:entry_id>")
@public
@of_a_guest
def answer_by_slip(pack: Pack, entry_id: str) -> ResponseReturnValue:
    """The slip for one action of a pack."""
    return _page(pack, _action(pack, entry_id), forms.show("answer", {"who": pack.name}))


@blueprint.post("/pack/actions/<id:entry_id>")
@public
@limiter.limit("120 per hour")
@of_a_guest
def send_slip(pack: Pack, entry_id: str) -> ResponseReturnValue:
    """Put it into the family's letter-box."""
    action = _action(pack, entry_id)
    form = read_answer({name: typed for name, typed in request.form.items() if name not in _NOT_ASKED}, None)
    if form.errors:
        return _page(pack, action, form), 400
    what = {"action_id": action.id, "what": plan_wording.title(action.document)}
    problem, status = put_slip(pack, form.document | what)
    return (_page(pack, action, form, problem), status) if problem else sent()


def _action(pack: Pack, entry_id: str) -> Entry:
    found = next((one for one in pack.entries if one.id == entry_id and one.kind == "action"), None)
    return found or abort(404)


def _page(pack: Pack, action: Entry, form: forms.EntryForm, problem: str = "") -> str:
    form.fields = [one for one in form.fields if one.name not in _NOT_ASKED]
    for one in form.fields:
        if one.name == "who":
            one.label = forms.Words(_("Your name"))
        elif one.name == "says":
            one.label = forms.Words(_("What do you say?"))
    return render_template(
        "records/packs/answer.html",
        pack=pack,
        action=Action(action, pack.made_on),
        form=form,
        problem=problem,
        once=request.form.get("once") or new_id(),
        plan_words=plan_wording,
    )


# Filed by the family


def action_of(opened: Opened, item: Item) -> Action | None:
    """The action that a slip answers, where it is still in a plan."""
    for slug in PLANS:
        section = opened.book.by_slug(slug)
        found = plan_in(opened, section.id)[0].action(str(item.document.get("action_id") or "")) if section else None
        if found:
            return found
    return None


def file_slip(opened: Opened, item: Item) -> Entry:
    """Take it into the plan that its action is in; into the care plan, where the action is gone. Raises NotYours."""
    action = action_of(opened, item)
    fallback = opened.book.by_slug(PLANS[0])
    section_id = action.entry.section_id if action else fallback.id if fallback else ""
    if not section_id:
        raise NotYours
    arrived = parse_date(item.at) or opened.today
    # It counts from when it came: two slips of one day may be filed the other way round.
    at = str(item.document.get("at") or item.at)
    told = {"how": _("by the slip"), "on": arrived.isoformat(), **(about(action) if action else {}), "at": at}

    def revised(document: Document) -> Document:
        return {"who": item.sender.name, **document} | told

    return items.file(opened, item.id, section_id, revised)
