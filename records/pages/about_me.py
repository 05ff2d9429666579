"""About me: one page about the child in the child's words, with a photo; there is one in a record."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import signed_in
from plumbing.files import MOST_BYTES, Refused
from plumbing.files.cleaning import clean
from plumbing.files.wording import refusal
from plumbing.spill import uploads
from records import editing
from records.book import Section
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import Document, as_typed
from records.pages import form as forms
from records.pages.blueprint import blueprint, enter

KIND = "about_me"


def the_page(opened: Opened) -> Entry | None:
    """The record's About me, where one was written."""
    section = opened.book.by_slug(KIND)
    written = [one for one in opened.entries([section.id] if section else []) if one.kind == KIND]
    return min(written, key=lambda one: one.id, default=None)


@blueprint.get("/records/<id:record_id>/about-me")
@signed_in()
def about_me(record_id: str) -> ResponseReturnValue:
    """Read it."""
    opened = enter(record_id)
    section = opened.book.by_slug(KIND)
    if section is None:
        raise NotYours
    others = [one for one in opened.entries([section.id]) if one.kind != KIND]
    return render_template("records/about_me.html", opened=opened, page=the_page(opened), section_=section, others=others)


def _may_write(opened: Opened, page: Entry | None) -> Section:
    """The section of About me, for whoever may write the page. Raises NotYours."""
    section = opened.book.by_slug(KIND)
    if section is None or not (opened.may_change(page) if page else opened.may_add(section.id)):
        raise NotYours
    return section


@blueprint.get("/records/<id:record_id>/about-me/edit")
@signed_in()
def edit_about_me(record_id: str) -> ResponseReturnValue:
    """Write it."""
    opened = enter(record_id)
    page = the_page(opened)
    _may_write(opened, page)
    return _form_page(opened, forms.show(KIND, as_typed(page.document) if page else {}), page)


@blueprint.post("/records/<id:record_id>/about-me/edit")
@signed_in()
@uploads(MOST_BYTES)
def save_about_me(record_id: str) -> ResponseReturnValue:
    """Keep it, with its photo."""
    opened = enter(record_id)
    page = the_page(opened)
    section = _may_write(opened, page)
    form = forms.read(KIND, request.form, page.document if page else None)
    upload = request.files.get("photo")
    picture, problem = None, ""
    if upload and upload.filename:
        form.fields[0].errors = [] if form.is_empty else form.fields[0].errors
        picture, problem = _cleaned(upload.stream.read())
    if form.errors or problem:
        return _form_page(opened, form, page, problem), 400
    if page is None:
        page = editing.add(opened, section.id, form.document)
    else:
        try:
            page = editing.save(opened, page.id, form.document, forms.based_on(request.form))
        except editing.EditedMeanwhile as meanwhile:
            return _form_page(opened, form, meanwhile.current, theirs=meanwhile.current), 409
    if picture or request.form.get("no_photo"):
        try:
            _set_photo(opened, page, picture)
        except editing.NoRoom:
            return _form_page(opened, form, opened.entry(page.id), refusal("no_room")), 400
    return redirect(url_for("records.about_me", record_id=record_id))


def _cleaned(data: bytes) -> tuple[dict[str, tuple[bytes, str]] | None, str]:
    try:
        cleaned = clean(data)
    except Refused as refused:
        return None, refusal(refused.reason)
    if cleaned.kind != "photo":
        return None, refusal("kind")
    picture = cleaned.pages[0]
    return {"image": (picture.jpeg, "image/jpeg"), "thumb": (picture.thumbnail, "image/jpeg")}, ""


def _set_photo(opened: Opened, page: Entry, picture: dict[str, tuple[bytes, str]] | None) -> None:
    made = editing.attach(opened, page.id, picture) if picture else {}

    def with_photo(document: Document) -> Document:
        bare = {key: value for key, value in document.items() if key not in {"photo", "files"}}
        if not made:
            return bare
        files = {file.id: file.written() for file in made.values()}
        return bare | {"photo": {name: file.id for name, file in made.items()}, "files": files}

    editing.revise(opened, page.id, with_photo)


def _form_page(opened: Opened, form: forms.EntryForm, page: Entry | None, problem: str = "", theirs: Entry | None = None) -> str:
    return render_template("records/about_me_form.html", opened=opened, form=form, page=page, problem=problem, theirs=theirs)
