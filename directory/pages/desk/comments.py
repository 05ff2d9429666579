"""Comments: read, answered, published without anything that could tell who wrote them."""

from __future__ import annotations

from datetime import date

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from accounts.access import current_account
from directory import asking_wording
from directory.comment import NEW, Comment
from directory.desk import Waiting
from directory.pages.access import officers_only
from directory.pages.asking import LONGEST, comments
from directory.pages.blueprint import blueprint, settings
from directory.store import comments as rows
from plumbing.clock import today

PUBLISH, ANSWER, SET_ASIDE = "publish", "answer", "set_aside"


class SettleForm(FlaskForm):
    """What everybody may read of a comment, and what we answer."""

    published_words = TextAreaField(
        _l("What everybody will read"), validators=[Length(max=LONGEST, message=_l("Keep it under 2,000 letters"))]
    )
    response = TextAreaField(_l("Our answer"), validators=[Length(max=LONGEST, message=_l("Keep it under 2,000 letters"))])
    do = RadioField(_l("What shall become of it?"))


@blueprint.get("/directory/comments")
@officers_only
def desk_comments() -> ResponseReturnValue:
    """What waits, longest due first; then what was dealt with."""
    return render_template(
        "directory/desk/comments.html",
        waiting=[(one, one.is_late(today())) for one in comments().waiting()],
        settled=comments().settled(),
        topic=asking_wording.comment_topic,
    )


@blueprint.get("/directory/comments/<id:comment_id>")
@officers_only
def desk_comment(comment_id: str) -> ResponseReturnValue:
    """One that waits, with the form."""
    comment = _comment(comment_id)
    form = _form(comment, SettleForm(formdata=None))
    form.published_words.data = comment.words
    return _page(comment, form)


@blueprint.post("/directory/comments/<id:comment_id>")
@officers_only
def settle_comment(comment_id: str) -> ResponseReturnValue:
    """Publish it with the answer, keep the answer only, or set it aside."""
    comment = _comment(comment_id)
    form = _form(comment, SettleForm())
    words, response = ((field.data or "").strip() for field in (form.published_words, form.response))
    if not form.validate_on_submit():
        return _page(comment, form, 400)
    if form.do.data != SET_ASIDE and not response:
        form.response.errors = [_("Write what you answer")]
        return _page(comment, form, 400)
    if form.do.data == PUBLISH and not words:
        form.published_words.errors = [_("Leave something of it to publish, or choose not to publish it")]
        return _page(comment, form, 400)
    by = current_account().shown_name
    if form.do.data == PUBLISH:
        comments().publish(comment.id, words, response, by)
    elif form.do.data == ANSWER:
        comments().answer(comment.id, response, by)
    else:
        comments().set_aside(comment.id, by)
    return redirect(url_for("directory.desk_comments", said="done"))


def _comment(comment_id: str) -> Comment:
    comment = comments().get(comment_id)
    if comment is None or comment.status != NEW:
        abort(404)
    return comment


def _may_publish(comment: Comment) -> bool:
    return settings().comments_published and comment.may_publish


def _form(comment: Comment, form: SettleForm) -> SettleForm:
    choices = [
        (ANSWER, _("Keep the answer, publish nothing")),
        (SET_ASIDE, _("Set it aside: an advert, an insult, or about one person")),
    ]
    form.do.choices = [(PUBLISH, _("Publish both")), *choices] if _may_publish(comment) else choices
    return form


def _page(comment: Comment, form: SettleForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "directory/desk/comment.html",
        comment=comment,
        form=form,
        topic=asking_wording.comment_topic(comment.topic),
        is_late=comment.is_late(today()),
        may_publish=_may_publish(comment),
        is_published=settings().comments_published,
    )
    return page, status


def waiting(db: Database, today: date) -> Waiting | None:
    """The comments that wait for an answer."""
    number, late = rows.count_waiting(db, today)
    if not number:
        return None
    sentence = str(_l("Families told us what they think."))
    return Waiting(str(_l("Comments")), number, "directory.desk_comments", "chat", 56, late, sentence)
