"""Ask us: a question from any page, without an account. A reference and a PIN open the answer; neither stands in an address."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from accounts import throttle
from accounts.access import current_account, signed_in
from accounts.current import secrets
from accounts.problems import TRIED, explain
from accounts.visitor import visitor
from directory import asking_wording, store
from directory import question as facts
from directory import reference as reference_data
from directory.keeping.questions import Asked
from directory.pages import talk
from directory.pages.asking import (
    LONGEST,
    AreaForm,
    AskingForm,
    check_address,
    count_sender,
    questions,
    read_ticket,
    shown_once,
    ticket,
)
from directory.pages.blueprint import blueprint, database, finder, settings
from directory.question import PIN_DIGITS, REFERENCE_DIGITS, Question, read_digits
from plumbing.access import public
from plumbing.addresses import outside
from plumbing.crypto.passphrase import Busy

# How long a page with an answer may be answered, before reference and PIN are asked for again.
_OPEN_MINUTES = 30
_OPENED = "opened question"


class AskForm(AskingForm, AreaForm):
    """A question in the asker's words, and an address only if they want to be told of the answer."""

    words = TextAreaField(
        _l("What would you like to know?"),
        validators=[
            DataRequired(_l("Write your question, in a few words")),
            Length(max=LONGEST, message=_l("Keep it under 2,000 letters")),
        ],
    )
    email = StringField(_l("Your e-mail address, if you would like to hear when there is an answer"))

    def validate_email(self, field: StringField) -> None:
        """See `check_address`."""
        check_address(field)


class OpenForm(AskingForm):
    """What opens an answer."""

    reference = StringField(_l("Your reference"))
    pin = StringField(_l("Your PIN"))


class ReplyForm(AskingForm):
    """What the asker says to an answer. `opened` says that reference and PIN were typed a short while ago."""

    opened = HiddenField()
    useful = RadioField(_l("Was this what you needed?"), default="")
    words = TextAreaField(
        _l("What else should we know?"), validators=[Length(max=LONGEST, message=_l("Keep it under 2,000 letters"))]
    )


@blueprint.get("/ask")
@public
def ask() -> ResponseReturnValue:
    """The form."""
    return shown_once(_ask_page(_ask_form()))


@blueprint.post("/ask")
@public
def send_question() -> ResponseReturnValue:
    """Keep a question, and show the reference and the PIN: once, and on this page only."""
    form = _ask_form()
    if not form.validate_on_submit():
        return shown_once(_ask_page(form), 400)
    count_sender()
    if form.by_program:
        return shown_once(render_template("directory/ask/sent_by_program.html"))
    account = visitor().account if visitor().is_authenticated else None
    asked = Asked(
        form.words.data.strip(),
        form.outcode,
        form.age_band.data,
        (form.email.data or "").strip(),
        account.id if account else "",
        bool(account and account.is_staff),
    )
    try:
        receipt = questions().ask(asked, form.once.data or "")
    except Busy:
        form.words.errors = [_("Many people are asking at this moment. What you wrote is still here: send it again in a minute")]
        return shown_once(_ask_page(form), 503)
    is_crisis = finder().is_crisis(asked.words)
    return shown_once(
        render_template(
            "directory/ask/sent.html",
            receipt=receipt,
            days=settings().question_days,
            email=bool(asked.email),
            signed_in=account is not None,
            is_crisis=is_crisis,
            lines=talk.lines() if is_crisis else [],
        )
    )


def _ask_form() -> AskForm:
    form = AskForm()
    form.fill_choices()
    return form


def _ask_page(form: AskForm) -> str:
    return render_template(
        "directory/ask/ask.html",
        form=form,
        days=settings().question_days,
        kept=settings().question_kept_days,
        signed_in=visitor().is_authenticated,
    )


@blueprint.get("/ask/answer")
@public
def read_answer() -> ResponseReturnValue:
    """Where reference and PIN are typed."""
    return shown_once(render_template("directory/ask/open.html", form=OpenForm()))


@blueprint.post("/ask/answer")
@public
def open_answer() -> ResponseReturnValue:
    """Open an answer. What was typed wrong is not said; five wrong tries have to wait."""
    form = OpenForm()
    if not form.validate_on_submit():
        return shown_once(render_template("directory/ask/open.html", form=form), 400)
    reference = read_digits(form.reference.data or "", REFERENCE_DIGITS)
    pin = read_digits(form.pin.data or "", PIN_DIGITS)
    if not (reference and pin):
        return _not_opened(form, _("A reference has nine digits and a PIN has eight. Look at both again"), 400)
    try:
        tried = throttle.count(secrets().server_key, f"question {reference}")
        question = questions().open(reference, pin)
    except TRIED as error:
        problem = explain(error)
        return _not_opened(form, problem.words, problem.status)
    if question is None:
        return _not_opened(form, _("That reference and that PIN do not belong together. Look at both again"), 400)
    tried.was_right()
    return _answer_page(question)


def _not_opened(form: OpenForm, words: str, status: int) -> Response:
    form.pin.errors = [words]
    return shown_once(render_template("directory/ask/open.html", form=form), status)


def answer_place() -> str:
    """Where an answer is read, as one types it: on paper, too."""
    return outside("directory.read_answer").partition("://")[2]


def _answer_page(question: Question, form: ReplyForm | None = None, status: int = 200) -> Response:
    db = database()
    form = form or ReplyForm(formdata=None)
    form.opened.data = ticket(_OPENED, question.id, _OPEN_MINUTES)
    form.useful.choices = [("yes", _("Yes")), ("no", _("No"))]
    said_no = question.useful == "no"
    page = render_template(
        "directory/ask/answer.html",
        question=question,
        how_far=asking_wording.standing(question),
        services=store.get_shown_services(db, question.service_ids),
        categories=reference_data.get_categories(db),
        form=form,
        asks_useful=question.status == facts.ANSWERED and not question.useful,
        asks_words=question.status == facts.ASKED_BACK or (question.status == facts.ANSWERED and said_no),
    )
    return shown_once(page, status)


@blueprint.post("/ask/answer/reply")
@public
def reply_to_answer() -> ResponseReturnValue:
    """Say whether it was of use, or say more."""
    form = ReplyForm()
    form.useful.choices = [("", ""), ("yes", _("Yes")), ("no", _("No"))]
    question = questions().get(read_ticket(_OPENED, form.opened.data or ""))
    if question is None:
        words = _("That was a while ago. Type your reference and your PIN again")
        return _not_opened(OpenForm(formdata=None), words, 400)
    if not form.validate_on_submit():
        return _answer_page(question, form, 400)
    words = (form.words.data or "").strip()
    if not words and not form.useful.data:
        field = form.words if question.status == facts.ASKED_BACK or question.useful else form.useful
        field.errors = [_("Say something, or leave this page")]
        return _answer_page(question, form, 400)
    if not form.by_program:
        count_sender()
        if form.useful.data:
            questions().was_useful(question.id, form.useful.data == "yes")
        if words:
            questions().reply(question.id, words)
    changed = questions().get(question.id)
    if changed is None:
        abort(404)
    return _answer_page(changed)


@blueprint.get("/ask/mine")
@signed_in()
def my_questions() -> ResponseReturnValue:
    """What somebody asked while they were signed in: no PIN needed."""
    found = [(one, asking_wording.standing(one)) for one in questions().of_account(current_account().id)]
    return render_template("directory/ask/mine.html", questions=found)


@blueprint.get("/ask/mine/<id:question_id>")
@signed_in()
def my_question(question_id: str) -> ResponseReturnValue:
    """One of them."""
    found = [one for one in questions().of_account(current_account().id) if one.id == question_id]
    if not found:
        abort(404)
    return _answer_page(found[0])
