"""Writing a listing, step by step, with what the reader will see beside it; then a look at the whole, and out it goes."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice

from directory import differences, reference, store
from directory.differences import Names
from directory.draft import WAITING, Draft
from directory.keeping import drafting, editing, twins
from directory.keeping.drafting import Writer
from directory.pages.access import writers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.form_rows import line, problems
from directory.pages.desk.listing_step import StepForm
from directory.pages.desk.listing_steps import STEPS, Step
from directory.pages.desk.listing_where import WhereForm
from directory.pages.desk.writer import writer
from directory.service import Service
from directory.store import drafts

NEXT, STAY, LATER = "next", "stay", "later"


class FinishForm(FlaskForm):
    """The last look: why it changed, and whether it was checked as well."""

    saves = HiddenField()
    why = line(_l("Why has it changed?"))
    checked = RadioField(
        _l("Did you check that all the rest is still true?"),
        choices=[
            SelectChoice("", _l("No, I only changed this")),
            SelectChoice("phoned", _l("Yes: I rang them")),
            SelectChoice("emailed", _l("Yes: they wrote to me")),
            SelectChoice("website", _l("Yes: on their website")),
            SelectChoice("visited", _l("Yes: I was there")),
        ],
        default="",
    )


def names() -> Names:
    """What categories and needs are called."""
    db = database()
    return Names(
        {one.slug: one.label for one in reference.get_categories(db).values()},
        {one.slug: one.label for one in reference.get_needs(db).values()},
    )


def reader_sees(service: Service) -> dict[str, Any]:
    """What the part of the page that families see needs."""
    db = database()
    categories, needs = reference.get_categories(db), reference.get_needs(db)
    return {
        "service": store.shown(service),
        "categories": [categories[slug] for slug in service.categories if slug in categories],
        "needs": [needs[slug] for slug in service.needs if slug in needs],
    }


def own_draft(draft_id: str) -> Draft:
    """The draft, if it is theirs; else there is none."""
    draft, me = drafts.get_draft(database(), draft_id), writer()
    if draft is None or draft.author_id != me.id or not _may_write(me, draft):
        abort(404)
    return draft


def _may_write(me: Writer, draft: Draft) -> bool:
    """Whether both are theirs to write, the draft and the listing as it is by now: it may have gone to another organisation."""
    published = store.get_services(database(), [draft.service.id])
    return me.is_officer or all(me.may_write(service) for service in (draft.service, *published))


@blueprint.post("/directory/listings/<uuid:service_id>/edit")
@writers_only
def desk_edit(service_id: object) -> ResponseReturnValue:
    """Begin to change a listing, or go on with it."""
    try:
        draft = drafting.begin(database(), str(service_id), writer())
    except LookupError:
        abort(404)
    step = request.form.get("step", "")
    slug = step if step in {one.slug for one in STEPS} else STEPS[0].slug
    return redirect(url_for("directory.desk_draft", draft_id=draft.id, slug=slug))


@blueprint.post("/directory/listings/new")
@writers_only
def desk_new() -> ResponseReturnValue:
    """Begin to write a new listing."""
    me, organization = writer(), None
    if not me.is_officer:
        theirs = store.get_organizations(database(), me.organizations)
        organization = theirs.get(request.form.get("organization", "")) or next(iter(theirs.values()), None)
        if organization is None:
            abort(403)
    draft = drafting.begin_new(database(), me, organization)
    return redirect(url_for("directory.desk_draft", draft_id=draft.id, slug=STEPS[0].slug))


@blueprint.get("/directory/drafts/<id:draft_id>/<slug>")
@writers_only
def desk_draft(draft_id: str, slug: str) -> ResponseReturnValue:
    """One step of the form."""
    draft, step = own_draft(draft_id), _step(slug)
    form = step.form(formdata=None, data=step.form.read(draft.service) | {"saves": str(draft.saves)})
    form.offer(database(), draft.service)
    return _page(draft, step, form)


@blueprint.post("/directory/drafts/<id:draft_id>/<slug>")
@writers_only
def desk_save_draft(draft_id: str, slug: str) -> ResponseReturnValue:
    """Keep a step, and go where the button says."""
    draft, step = own_draft(draft_id), _step(slug)
    form = step.form()
    form.offer(database(), draft.service)
    sound = form.validate_on_submit()
    if isinstance(form, WhereForm) and form.needs_a_word(draft.service):
        sound = False
    if not sound:
        return _page(draft, step, form), 400
    service = form.apply(database(), draft.service)
    if not writer().may_write(service):
        service = _keeping_organization(draft, service)
    try:
        drafting.keep(database(), draft, service, _saves(form.saves.data))
    except drafting.SavedElsewhereError:
        form.saves.data = str(own_draft(draft_id).saves)
        return _page(draft, step, form, elsewhere=True), 409
    go = request.form.get("go")
    if go == STAY:
        return redirect(url_for("directory.desk_draft", draft_id=draft.id, slug=slug, _anchor="reader"))
    if go == LATER:
        return redirect(url_for("directory.desk_drafts"))
    return redirect(_after(draft, step))


def _saves(typed: str | None) -> int:
    typed = typed or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


def _keeping_organization(draft: Draft, service: Service) -> Service:
    # A provider writes for their own organisation, whatever the form sends.
    return drafting.replace(service, organization=draft.service.organization)


def _step(slug: str) -> Step:
    return next((step for step in STEPS if step.slug == slug), None) or abort(404)


def _after(draft: Draft, step: Step) -> str:
    place = STEPS.index(step) + 1
    if place < len(STEPS):
        return url_for("directory.desk_draft", draft_id=draft.id, slug=STEPS[place].slug)
    return url_for("directory.desk_finish", draft_id=draft.id)


def _page(draft: Draft, step: Step, form: StepForm, elsewhere: bool = False) -> str:
    return render_template(
        "directory/desk/edit.html",
        draft=draft,
        step=step,
        steps=STEPS,
        form=form,
        wrong=list(problems(form)),
        elsewhere=elsewhere,
        organizations=store.organizations_by_name(database(), limit=1000) if step.slug == "name" and writer().is_officer else [],
        is_officer=writer().is_officer,
        **reader_sees(draft.service),
    )


@blueprint.get("/directory/drafts/<id:draft_id>/finish")
@writers_only
def desk_finish(draft_id: str) -> ResponseReturnValue:
    """What has changed, and what it looks like."""
    draft = own_draft(draft_id)
    return _finish_page(draft, FinishForm(formdata=None, saves=str(draft.saves), why=draft.why))


@blueprint.post("/directory/drafts/<id:draft_id>/finish")
@writers_only
def desk_send_finish(draft_id: str) -> ResponseReturnValue:
    """Publish it, or have it wait for somebody to approve it."""
    draft, me = own_draft(draft_id), writer()
    form = FinishForm()
    missing = drafting.problem(draft.service)
    changed = draft.is_new or differences.changed(draft.base or draft.service, draft.service)
    if not form.validate_on_submit() or missing or not (changed or form.checked.data):
        return _finish_page(draft, form, nothing=not missing and not changed), 400
    if _saves(form.saves.data) != draft.saves:
        return _finish_page(draft, FinishForm(formdata=None, saves=str(draft.saves), why=form.why.data), elsewhere=True), 409
    checked = form.checked.data or "" if me.is_officer else ""
    try:
        published = drafting.finish(database(), draft, me, form.why.data, checked, settings().approval)
    except editing.ChangedMeanwhileError:
        drafts.save_draft(database(), drafting.replace(draft, why=form.why.data))
        return redirect(url_for("directory.desk_both", draft_id=draft.id))
    except drafting.SavedElsewhereError:
        draft = own_draft(draft_id)
        return _finish_page(draft, FinishForm(formdata=None, saves=str(draft.saves), why=form.why.data), elsewhere=True), 409
    if published:
        return redirect(url_for("directory.desk_listing", service_id=draft.service.id, said="published"))
    return redirect(url_for("directory.desk_drafts", said="waiting"))


def _finish_page(draft: Draft, form: FinishForm, nothing: bool = False, elsewhere: bool = False) -> str:
    missing = drafting.problem(draft.service)
    return render_template(
        "directory/desk/finish.html",
        draft=draft,
        form=form,
        steps=STEPS,
        missing=next((step for step in STEPS if step.slug == missing), None),
        nothing=nothing,
        elsewhere=elsewhere,
        differences=[] if draft.is_new else differences.differences(draft.base, draft.service, names()),
        waits=settings().approval or not writer().is_officer,
        is_officer=writer().is_officer,
        # A provider is not told what else stands at an address that we hide.
        likely_twins=twins.likely(database(), draft.service) if writer().is_officer else [],
        **reader_sees(draft.service),
    )


@blueprint.get("/directory/drafts")
@writers_only
def desk_drafts() -> ResponseReturnValue:
    """My drafts: being written, waiting, sent back."""
    said = {"waiting": _("It waits now for somebody else to look at it. Until then families see the listing as it was.")}
    return render_template(
        "directory/desk/drafts.html",
        drafts=drafts.drafts_of(database(), writer().id),
        said=said.get(request.args.get("said", ""), ""),
        is_officer=writer().is_officer,
    )


@blueprint.post("/directory/drafts/<id:draft_id>/delete")
@writers_only
def desk_delete_draft(draft_id: str) -> ResponseReturnValue:
    """Throw a draft of one's own away; the listing stays as it is."""
    drafts.delete_draft(database(), own_draft(draft_id).id)
    return redirect(url_for("directory.desk_drafts"))


@blueprint.get("/directory/drafts/<id:draft_id>/both")
@writers_only
def desk_both(draft_id: str) -> ResponseReturnValue:
    """Two people changed one listing: what the other wrote, and what is in the draft."""
    return _both_page(_draft_to_settle(draft_id), [])


@blueprint.post("/directory/drafts/<id:draft_id>/both")
@writers_only
def desk_settle(draft_id: str) -> ResponseReturnValue:
    """Put the two together as was chosen, field by field."""
    draft = _draft_to_settle(draft_id)
    theirs, base = _published(draft), draft.base or draft.service
    disputed = differences.conflicts(base, theirs, draft.service)
    all_mine = request.form.get("go") == "mine"
    missing = [name for name in disputed if not all_mine and request.form.get(f"keep-{name}") not in {"mine", "theirs"}]
    if missing:
        return _both_page(draft, missing), 400
    mine = frozenset(name for name in disputed if all_mine or request.form.get(f"keep-{name}") == "mine")
    if request.form.get("version") != str(store.version(database(), draft.service.id)):
        return _both_page(draft, []), 409
    try:
        drafting.settle(database(), draft, mine)
    except drafting.SavedElsewhereError:
        return _both_page(_draft_to_settle(draft_id), []), 409
    own = draft.author_id == writer().id
    return redirect(url_for("directory.desk_finish" if own else "directory.desk_look", draft_id=draft.id))


def _draft_to_settle(draft_id: str) -> Draft:
    draft, me = drafts.get_draft(database(), draft_id), writer()
    if (
        draft is None
        or draft.is_new
        or not ((draft.author_id == me.id and _may_write(me, draft)) or (me.is_officer and draft.state == WAITING))
    ):
        abort(404)
    return draft


def _published(draft: Draft) -> Service:
    found = store.get_services(database(), [draft.service.id])
    return found[0] if found else abort(404)


def _both_page(draft: Draft, missing: list[str]) -> str:
    theirs, base, known = _published(draft), draft.base or draft.service, names()
    disputed = differences.conflicts(base, theirs, draft.service)
    revisions = store.revisions(database(), draft.service.id)
    return render_template(
        "directory/desk/both.html",
        draft=draft,
        version=store.version(database(), draft.service.id),
        who=revisions[0].who if revisions and writer().is_officer else "",
        missing=missing,
        typed=request.form,
        disputed=[
            {
                "name": name,
                "label": differences.LABELS[name],
                "theirs": differences.value_lines(theirs, name, known),
                "mine": differences.value_lines(draft.service, name, known),
            }
            for name in disputed
        ],
        theirs_only=[one for one in differences.differences(base, theirs, known) if one.name not in disputed],
        mine_only=[one for one in differences.differences(base, draft.service, known) if one.name not in disputed],
    )
