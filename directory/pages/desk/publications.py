"""What we publish: "You said, we did", and documents with a place and a day on which somebody looks at them again."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from accounts.access import current_account
from directory import asking_wording
from directory.desk import Waiting
from directory.pages.access import officers_only
from directory.pages.asking import LONGEST
from directory.pages.blueprint import blueprint, database
from directory.pages.desk.rooms import is_officer
from directory.publication import KINDS, Publication, YouSaid
from directory.store import publications as rows
from directory.unmet_need import month_of
from plumbing.clock import today
from plumbing.dates import months_after, parse_date
from plumbing.files import Refused
from plumbing.files.cleaning import clean
from plumbing.files.wording import refusal
from plumbing.ids import new_id, once_id
from plumbing.spill import uploads

MOST_PDF_BYTES = 10 * 1024 * 1024
_MOST_MONTHS = 36
_TOO_LONG = _l("Keep it under 2,000 letters")


class YouSaidForm(FlaskForm):
    """What families said or missed, and what was done."""

    once = HiddenField(default=new_id)
    said = TextAreaField(
        _l("You said"), validators=[DataRequired(_l("Write what families said")), Length(max=LONGEST, message=_TOO_LONG)]
    )
    did = TextAreaField(
        _l("We did"), validators=[DataRequired(_l("Write what was done")), Length(max=LONGEST, message=_TOO_LONG)]
    )
    is_published = BooleanField(_l("Everybody may read it"))


class PublicationForm(FlaskForm):
    """A document: a link or a PDF, and when somebody looks at it again."""

    once = HiddenField(default=new_id)
    kind = RadioField(_l("What is it?"), validators=[DataRequired(_l("Choose what it is"))])
    title = StringField(
        _l("Title"), validators=[DataRequired(_l("Write its title")), Length(max=200, message=_l("Keep it under 200 letters"))]
    )
    about = TextAreaField(
        _l("What it says, in a few plain words"),
        validators=[DataRequired(_l("Say in a few words what it is")), Length(max=LONGEST, message=_TOO_LONG)],
    )
    council = StringField(_l("Whose it is"), validators=[Length(max=200, message=_l("Keep it under 200 letters"))])
    url = StringField(_l("Its web address"), validators=[Length(max=500, message=_l("Keep it under 500 letters"))])
    dated = StringField(_l("Its date"))
    review_on = StringField(_l("Look at it again by"))
    is_shown = BooleanField(_l("Everybody may read it"))

    def validate_url(self, field: StringField) -> None:
        """Only what a browser goes to."""
        typed = (field.data or "").strip()
        try:
            parts = urlsplit(typed)
            is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"]", typed)
        except ValueError:
            is_web = False
        if typed and not is_web:
            raise ValidationError(_("A web address begins with https://"))

    def validate_dated(self, field: StringField) -> None:
        """A day, and none to come."""
        day = parse_date(field.data)
        if day is None or day > today():
            raise ValidationError(_("Give its date, today or before"))

    def validate_review_on(self, field: StringField) -> None:
        """A day to come."""
        day = parse_date(field.data)
        if day is None or not today() < day <= months_after(today(), _MOST_MONTHS):
            raise ValidationError(_("Give a day to come, within three years"))


@blueprint.get("/directory/published")
@officers_only
def desk_publications() -> ResponseReturnValue:
    """Everything that we publish, drafts too."""
    db = database()
    return render_template(
        "directory/desk/publications.html",
        said=rows.list_you_said(db, published_only=False),
        documents=[(one, one.is_due(today())) for one in rows.list_publications(db, shown_only=False)],
        kind=asking_wording.document_kind,
    )


@blueprint.get("/directory/published/said/new")
@officers_only
def new_you_said() -> ResponseReturnValue:
    """The form for another."""
    return _you_said_page(YouSaidForm(formdata=None), None)


@blueprint.get("/directory/published/said/<id:said_id>")
@officers_only
def edit_you_said(said_id: str) -> ResponseReturnValue:
    """The form for one that is there."""
    one = _you_said(said_id)
    return _you_said_page(
        YouSaidForm(formdata=None, data={"said": one.said, "did": one.did, "is_published": one.is_published}), one
    )


@blueprint.post("/directory/published/said/new")
@officers_only
def add_you_said() -> ResponseReturnValue:
    """Keep another."""
    return _save_you_said(None)


@blueprint.post("/directory/published/said/<id:said_id>")
@officers_only
def save_you_said(said_id: str) -> ResponseReturnValue:
    """Keep one that is there, changed."""
    return _save_you_said(_you_said(said_id))


def _you_said(said_id: str) -> YouSaid:
    one = rows.get_you_said(database(), said_id)
    if one is None:
        abort(404)
    return one


def _save_you_said(before: YouSaid | None) -> ResponseReturnValue:
    form = YouSaidForm()
    if not form.validate_on_submit():
        return _you_said_page(form, before), 400
    is_published = bool(form.is_published.data)
    # Its month is that in which it was published; a slip put right later does not make it new.
    month = before.month if before and before.is_published else month_of(today())
    said, did, by = form.said.data.strip(), form.did.data.strip(), current_account().shown_name
    id_ = before.id if before else once_id(form.once.data or "", "you said")
    db = database()
    with db.atomic():
        rows.save_you_said(db, YouSaid(id_, said, did, month, is_published, by))
    return redirect(url_for("directory.desk_publications", said="kept"))


def _you_said_page(form: YouSaidForm, one: YouSaid | None) -> str:
    return render_template("directory/desk/you_said.html", form=form, one=one)


@blueprint.get("/directory/published/documents/new")
@officers_only
def new_publication() -> ResponseReturnValue:
    """The form for another document."""
    in_a_year = months_after(today(), 12).isoformat()
    form = PublicationForm(formdata=None, data={"dated": today().isoformat(), "review_on": in_a_year, "is_shown": True})
    return _publication_page(form, None)


@blueprint.get("/directory/published/documents/<id:publication_id>")
@officers_only
def edit_publication(publication_id: str) -> ResponseReturnValue:
    """The form for one that is there."""
    one = _publication(publication_id)
    form = PublicationForm(formdata=None, obj=one)
    form.dated.data, form.review_on.data = one.dated.isoformat(), one.review_on.isoformat()
    return _publication_page(form, one)


def _most_bytes() -> int:
    return MOST_PDF_BYTES if is_officer() else 0


@blueprint.post("/directory/published/documents/new")
@uploads(_most_bytes)
@officers_only
def add_publication() -> ResponseReturnValue:
    """Keep another document."""
    return _save_publication(None)


@blueprint.post("/directory/published/documents/<id:publication_id>")
@uploads(_most_bytes)
@officers_only
def save_publication(publication_id: str) -> ResponseReturnValue:
    """Keep one that is there, changed."""
    return _save_publication(_publication(publication_id))


def _publication(publication_id: str) -> Publication:
    one = rows.get_publication(database(), publication_id)
    if one is None:
        abort(404)
    return one


def _save_publication(before: Publication | None) -> ResponseReturnValue:
    form = _with_kinds(PublicationForm())
    is_valid = form.validate_on_submit()
    try:
        pdf = _pdf()
    except Refused as refused:
        pdf, is_valid = b"", False
        form.url.errors = [refusal(refused.reason)]
    url = (form.url.data or "").strip()
    if is_valid and not (pdf or url or (before and before.has_pdf)):
        form.url.errors = [_("Give its web address, or choose a PDF")]
        is_valid = False
    if not is_valid:
        return _publication_page(form, before), 400
    one = Publication(
        before.id if before else once_id(form.once.data or "", "publication"),
        form.kind.data,
        form.title.data.strip(),
        form.about.data.strip(),
        parse_date(form.dated.data) or today(),
        parse_date(form.review_on.data) or today(),
        url="" if pdf else url,
        council=(form.council.data or "").strip(),
        is_shown=bool(form.is_shown.data),
        saved_by=current_account().shown_name,
        pdf=pdf,
    )
    db = database()
    with db.atomic():
        rows.save_publication(db, one)
    return redirect(url_for("directory.desk_publications", said="kept"))


def _pdf() -> bytes:
    """The PDF that was sent, made safe; b"" where there was none. Raises Refused."""
    file = request.files.get("pdf")
    if file is None or not file.filename:
        return b""
    cleaned = clean(file.stream.read(MOST_PDF_BYTES + 1))
    if cleaned.kind != "pdf":
        raise Refused("kind")
    return cleaned.original


def _with_kinds(form: PublicationForm) -> PublicationForm:
    form.kind.choices = [(kind, asking_wording.document_kind(kind)) for kind in KINDS]
    return form


def _publication_page(form: PublicationForm, one: Publication | None) -> str:
    return render_template("directory/desk/publication.html", form=_with_kinds(form), one=one)


def waiting(db: Database, today: date) -> Waiting | None:
    """The documents that somebody has to look at again."""
    number, late = rows.count_due(db, today)
    if not number:
        return None
    sentence = str(_l("The day has come to look at them again."))
    return Waiting(str(_l("Documents to look at")), number, "directory.desk_publications", "document", 57, late, sentence)
