"""Writing a guide: what families will read beside it, drafts, a second person's look, and two who write at once."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import reference
from directory.guide import Guide
from directory.guide_differences import changes, conflicts
from directory.keeping import guides as keeping
from directory.keeping.drafting import NotAllowedError, SavedElsewhereError
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.edit import names
from directory.pages.desk.guide_form import GuideForm, filled, national_organizations
from directory.pages.desk.writer import writer
from directory.pages.guides import as_html
from directory.store import guides as rows
from directory.store.guides import GuideDraft
from plumbing.ids import once_id

_EMPTY = Guide("", "", "", nations="UK")
_LONGEST = 1000


@blueprint.get("/directory/guides/new")
@officers_only
def desk_new_guide() -> ResponseReturnValue:
    """A guide that is not there yet."""
    return _page(filled(_EMPTY, 0), _EMPTY, None)


@blueprint.post("/directory/guides/new")
@officers_only
def desk_add_guide() -> ResponseReturnValue:
    """Keep it, or publish it."""
    return _work(_EMPTY, None)


@blueprint.get("/directory/guides/<slug>/edit")
@officers_only
def desk_edit_guide(slug: str) -> ResponseReturnValue:
    """A guide that is there; with `shipped`, the text that came with Linkbook in its place."""
    was = _found(slug)
    shipped = rows.get_standing(database(), slug).shipped if "shipped" in request.args else None
    why = _("The text that came with Linkbook") if shipped else ""
    return _page(filled(shipped or was, rows.guide_version(database(), slug), why=why), was, None)


@blueprint.post("/directory/guides/<slug>/edit")
@officers_only
def desk_save_guide(slug: str) -> ResponseReturnValue:
    """Keep what was written of it, or publish it."""
    return _work(_found(slug), None)


@blueprint.get("/directory/guides/drafts/<id:draft_id>")
@officers_only
def desk_guide_draft(draft_id: str) -> ResponseReturnValue:
    """One's own draft, to go on with."""
    draft = _own(draft_id)
    return _page(filled(draft.guide, draft.based_on, draft.saves, draft.why), draft.guide, draft)


@blueprint.post("/directory/guides/drafts/<id:draft_id>")
@officers_only
def desk_save_guide_draft(draft_id: str) -> ResponseReturnValue:
    """Keep the draft, publish it, or throw it away."""
    draft = _own(draft_id)
    if request.form.get("do") == "discard":
        with database().atomic():
            rows.delete_guide_draft(database(), draft_id)
        return redirect(url_for("directory.desk_guides"))
    return _work(draft.guide, draft)


def _work(was: Guide, draft: GuideDraft | None) -> ResponseReturnValue:
    """What the buttons of the form do: look at it, keep it, publish it."""
    form = GuideForm().with_choices()
    if not form.validate_on_submit():
        return _page(form, was, draft), 400
    guide, what = form.guide(was), request.form.get("do", "")
    if what not in {"keep", "publish"}:
        return _page(form, guide, draft)
    db, me = database(), writer()
    if not guide.slug:
        guide = replace(guide, slug=keeping.free_slug(db, guide.title))
    # One form sent twice is one draft.
    id_ = draft.id if draft else once_id(form.once.data or "", "guide", me.id)
    based_on = form.number_of_version
    mine = GuideDraft(id_, guide, based_on, me.id, me.name, why=form.why.data or "", saves=form.number_of_saves)
    try:
        kept = keeping.keep(db, mine)
        if what == "keep":
            return redirect(url_for("directory.desk_guide_draft", draft_id=kept.id, saved=1))
        is_out = keeping.finish(db, kept, me, approval=settings().approval)
    except SavedElsewhereError:
        return _page(
            form, guide, draft, problem=_("You saved this in another window. Copy what you need, and open it again.")
        ), 409
    except keeping.GuideChangedError as error:
        form.version.data, form.saves.data = str(error.version), str(kept.saves)
        return _page(form, guide, kept, theirs=keeping.as_it_stands(db, guide.slug), based_on=based_on), 409
    if not is_out:
        return redirect(url_for("directory.desk_guides", said="asked"))
    return redirect(url_for("directory.desk_guide", slug=guide.slug, said="published"))


def _page(
    form: GuideForm, guide: Guide, draft: GuideDraft | None, *, problem: str = "", theirs: Guide | None = None, based_on: int = 0
) -> str:
    """The form, with what families will read beside it; and what somebody else published meanwhile."""
    db = database()
    base = rows.get_guide_revision(db, based_on) if theirs else None
    standing = rows.get_standing(db, guide.slug)
    before = base.guide if base else standing.base
    mine = form.with_choices().guide(guide)
    return render_template(
        "directory/desk/guides/write.html",
        form=form,
        guide=mine,
        draft=draft,
        body=as_html(mine.body),
        problem=problem,
        theirs=theirs,
        their_changes=changes(before, theirs, names(), national_organizations(db)) if theirs and before else [],
        disputed=conflicts(before, theirs, mine) if theirs and before else [],
        approval=settings().approval,
        saved=request.method == "GET" and request.args.get("saved") == "1",
    )


# -- a second person's look


@blueprint.get("/directory/guides/waiting/<id:draft_id>")
@officers_only
def desk_look_at_guide(draft_id: str) -> ResponseReturnValue:
    """What somebody wrote, how it differs from what families read, and how it will look."""
    return _look(_waiting(draft_id))


@blueprint.post("/directory/guides/waiting/<id:draft_id>")
@officers_only
def desk_approve_guide(draft_id: str) -> ResponseReturnValue:
    """Publish it as it was on the page, or send it back with words."""
    draft, db = _waiting(draft_id), database()
    saves, words = request.form.get("saves", ""), " ".join(request.form.get("words", "").split())
    try:
        if request.form.get("do") == "approve":
            keeping.approve(db, draft_id, int(saves) if saves.isascii() and saves.isdigit() else -1, writer())
            return redirect(url_for("directory.desk_guide", slug=draft.guide.slug, said="published"))
        if not words or len(words) > _LONGEST:
            return _look(draft, _("Say in a few words what should be different"), words), 400
        keeping.send_back(db, draft_id, writer(), words)
    except NotAllowedError:
        abort(403)
    except SavedElsewhereError:
        return _look(draft, _("It has changed since you opened this page. Look at it again.")), 409
    except keeping.GuideChangedError:
        words = _("Somebody published another change meanwhile. Send it back, so that its writer can put the two together.")
        return _look(draft, words), 409
    return redirect(url_for("directory.desk_guides", said="sent-back"))


def _look(draft: GuideDraft, problem: str = "", words: str = "") -> str:
    db = database()
    return render_template(
        "directory/desk/guides/look.html",
        draft=draft,
        guide=draft.guide,
        body=as_html(draft.guide.body),
        own=draft.author_id == writer().id,
        changes=changes(reference.get_guides(db).get(draft.guide.slug), draft.guide, names(), national_organizations(db)),
        is_new=draft.guide.slug not in reference.get_guides(db),
        problem=problem,
        words=words,
    )


def _found(slug: str) -> Guide:
    found = keeping.as_it_stands(database(), slug)
    if found is None:
        abort(404)
    return found


def _own(draft_id: str) -> GuideDraft:
    draft = rows.get_guide_draft(database(), draft_id)
    if draft is None or draft.author_id != writer().id:
        abort(404)
    return draft


def _waiting(draft_id: str) -> GuideDraft:
    draft = rows.get_guide_draft(database(), draft_id)
    if draft is None or draft.state != "waiting":
        abort(404)
    return draft
