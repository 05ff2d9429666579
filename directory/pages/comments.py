"""What families say about the local offer, what we did about it, and documents that have their place: open to everybody."""

from __future__ import annotations

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from directory import asking_wording
from directory.comment import TOPICS
from directory.pages import talk
from directory.pages.asking import LONGEST, AskingForm, comments, count_sender, shown_once
from directory.pages.blueprint import blueprint, database, finder, settings
from directory.publication import KINDS
from directory.store import comments as comment_rows
from directory.store import publications as publication_rows
from plumbing.access import public
from plumbing.headers import sandboxed


class CommentForm(AskingForm):
    """A comment, and whether it may be published."""

    topic = RadioField(_l("What is it about?"), validators=[DataRequired(_l("Choose what it is about"))])
    words = TextAreaField(
        _l("What would you like to say?"),
        validators=[
            DataRequired(_l("Write what you would like to say")),
            Length(max=LONGEST, message=_l("Keep it under 2,000 letters")),
        ],
    )
    keep_private = BooleanField(_l("Please do not publish this"))


@blueprint.get("/comments")
@public
def read_comments() -> ResponseReturnValue:
    """What was published, year by year."""
    db = database()
    years = comment_rows.published_years(db)
    asked = request.args.get("year", "")
    year = int(asked) if asked in {str(one) for one in years} else next(iter(years), 0)
    return render_template(
        "directory/said/comments.html",
        years=years,
        year=year,
        comments=comment_rows.published(db, year) if settings().comments_published else [],
        is_published=settings().comments_published,
        topic=asking_wording.comment_topic,
    )


@blueprint.get("/comments/new")
@public
def comment() -> ResponseReturnValue:
    """The form."""
    return shown_once(_form_page(_form()))


@blueprint.post("/comments/new")
@public
def send_comment() -> ResponseReturnValue:
    """Keep a comment. One that a program sent is thanked like any other, and not kept."""
    form = _form()
    if not form.validate_on_submit():
        return shown_once(_form_page(form), 400)
    count_sender()
    words = form.words.data.strip()
    if not form.by_program:
        comments().add(form.topic.data, words, not form.keep_private.data, form.once.data or "")
    if finder().is_crisis(words):
        page = render_template("directory/said/thanks.html", is_crisis=True, lines=talk.lines(), days=settings().comment_days)
        return shown_once(page)
    return redirect(url_for("directory.comment_thanks"))


@blueprint.get("/comments/thanks")
@public
def comment_thanks() -> ResponseReturnValue:
    """Thanks, and what happens next."""
    return render_template("directory/said/thanks.html", is_crisis=False, lines=[], days=settings().comment_days)


def _form() -> CommentForm:
    form = CommentForm()
    form.topic.choices = [(one, asking_wording.comment_topic(one)) for one in TOPICS]
    return form


def _form_page(form: CommentForm) -> str:
    return render_template("directory/said/comment.html", form=form, is_published=settings().comments_published)


@blueprint.get("/you-said-we-did")
@public
def you_said_we_did() -> ResponseReturnValue:
    """What was done about what families said and missed, newest first."""
    found = publication_rows.list_you_said(database(), published_only=True)
    return render_template("directory/said/you_said.html", found=found)


@blueprint.get("/documents")
@public
def documents() -> ResponseReturnValue:
    """The documents, in the order of their kinds."""
    found = publication_rows.list_publications(database(), shown_only=True)
    groups = [(asking_wording.document_kind(kind), [one for one in found if one.kind == kind]) for kind in KINDS]
    return render_template("directory/said/documents.html", groups=[(words, group) for words, group in groups if group])


@blueprint.get("/documents/<id:publication_id>.pdf")
@public
def document_file(publication_id: str) -> Response:
    """The PDF of one of them."""
    pdf = publication_rows.get_pdf(database(), publication_id)
    if pdf is None:
        abort(404)
    return sandboxed(make_response(pdf), f"document-{publication_id[:8]}.pdf", "application/pdf")
