"""A second pair of eyes: what waits to be approved, and by whom it may not be."""

from __future__ import annotations

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlite_utils import Database

from directory import differences, store
from directory.desk import Waiting
from directory.draft import WAITING, Draft
from directory.keeping import drafting, editing
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database
from directory.pages.desk.edit import names, reader_sees
from directory.pages.desk.writer import writer
from directory.store import drafts

_LONGEST = 1000


def waiting(db: Database, _today: date) -> Waiting | None:
    """The desk's card."""
    number = drafts.count_waiting(db)
    if not number:
        return None
    return Waiting(_("Edits waiting for approval"), number, "directory.desk_waiting", "eye", 20)


@blueprint.get("/directory/waiting")
@officers_only
def desk_waiting() -> ResponseReturnValue:
    """Everything that waits for a second person, what has waited longest first."""
    said = {"approved": _("Approved: families see it now."), "sent-back": _("Sent back to whoever wrote it.")}
    return render_template(
        "directory/desk/waiting.html",
        drafts=drafts.drafts_in(database(), WAITING),
        me=writer().id,
        said=said.get(request.args.get("said", ""), ""),
    )


@blueprint.get("/directory/waiting/<id:draft_id>")
@officers_only
def desk_look(draft_id: str) -> ResponseReturnValue:
    """One change, in plain differences, and what the reader would see."""
    return _page(_waiting(draft_id))


@blueprint.post("/directory/waiting/<id:draft_id>/approve")
@officers_only
def desk_approve(draft_id: str) -> ResponseReturnValue:
    """Publish what somebody else wrote, just as it was on the page."""
    draft = _waiting(draft_id)
    if request.form.get("saves") != str(draft.saves):
        return _changed(draft)
    try:
        drafting.approve(database(), draft, writer())
    except drafting.NotAllowedError:
        abort(403)
    except editing.ChangedMeanwhileError:
        return redirect(url_for("directory.desk_both", draft_id=draft.id))
    except drafting.SavedElsewhereError:
        return _changed(_waiting(draft_id))
    return redirect(url_for("directory.desk_waiting", said="approved"))


@blueprint.post("/directory/waiting/<id:draft_id>/send-back")
@officers_only
def desk_send_back(draft_id: str) -> ResponseReturnValue:
    """Give it back to its writer, and say why."""
    draft, words = _waiting(draft_id), " ".join(request.form.get("words", "").split())
    if not words or len(words) > _LONGEST:
        return _page(draft, problem=_("Say in a few words what should be different"), words=words), 400
    try:
        drafting.send_back(database(), draft, writer(), words)
    except drafting.NotAllowedError:
        abort(403)
    except drafting.SavedElsewhereError:
        return _changed(_waiting(draft_id), words)
    return redirect(url_for("directory.desk_waiting", said="sent-back"))


def _waiting(draft_id: str) -> Draft:
    draft = drafts.get_draft(database(), draft_id)
    if draft is None or draft.state != WAITING:
        abort(404)
    return draft


def _changed(draft: Draft, words: str = "") -> ResponseReturnValue:
    return _page(draft, _("It has changed since you opened this page. Look at it again."), words), 409


def _page(draft: Draft, problem: str = "", words: str = "") -> str:
    return render_template(
        "directory/desk/look.html",
        draft=draft,
        own=draft.author_id == writer().id,
        problem=problem,
        words=words,
        outdated=not draft.is_new and store.version(database(), draft.service.id) != draft.based_on,
        differences=[] if draft.is_new else differences.differences(draft.base, draft.service, names()),
        **reader_sees(draft.service),
    )
