"""Questions: taken, answered with words and services, asked back, passed on. The clock is on every one of them."""

from __future__ import annotations

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from accounts.access import current_account
from directory import asking_wording, reference, store
from directory.desk import Waiting
from directory.keeping.questions import SaidMeanwhileError
from directory.pages.access import officers_only
from directory.pages.asking import LONGEST, fill_categories, questions
from directory.pages.blueprint import blueprint, database, finder
from directory.question import CLOSED, MOST_SERVICES, Question
from directory.search import Query
from directory.service import Service
from directory.shortlist import Shortlist
from directory.store import questions as rows
from plumbing.clock import today

ANSWER, ASK_BACK, ASK_AROUND = "answer", "ask_back", "ask_around"
_FOUND = 6


class AnswerForm(FlaskForm):
    """What an officer writes. `look_for` finds services to go with it; `services` are those that were chosen."""

    kind = RadioField(_l("What is this?"), default=ANSWER)
    words = TextAreaField(
        _l("What you write to the family"),
        validators=[
            DataRequired(_l("Write what the family will read")),
            Length(max=2 * LONGEST, message=_l("Keep it under 4,000 letters")),
        ],
    )
    category = SelectField(_l("What kind of help was it about?"), default="")
    look_for = StringField(_l("Find a service to add"))


@blueprint.get("/directory/questions")
@officers_only
def desk_questions() -> ResponseReturnValue:
    """Every question: what waits for us first, longest due on top."""
    # Who may be in danger comes before who has waited longest.
    every = sorted(questions().every(), key=lambda one: not _is_urgent(one))
    found = [(one, asking_wording.desk_standing(one), one.is_late(today()), _is_urgent(one)) for one in every]
    return render_template("directory/desk/questions.html", questions=found)


@blueprint.get("/directory/questions/<id:question_id>")
@officers_only
def desk_question(question_id: str) -> ResponseReturnValue:
    """One question, with the form to answer it."""
    question = _question(question_id)
    form = _form(empty=True)
    form.category.data = question.category
    return _page(question, form, question.service_ids)


@blueprint.post("/directory/questions/<id:question_id>")
@officers_only
def work_on_question(question_id: str) -> ResponseReturnValue:
    """Find, add or take out a service; or send what was written."""
    question = _question(question_id)
    form = _form()
    chosen = _chosen()
    if request.form.get("do") != "send":
        typed = (form.look_for.data or "").strip()
        return _page(question, form, chosen, _found(typed, chosen) if typed else [], looked_for=typed)
    if not form.validate_on_submit():
        return _page(question, form, chosen, status=400)
    if form.kind.data == ANSWER and not form.category.data:
        form.category.errors = [_("Choose what kind of help it was about: if it was no use, it is counted there")]
        return _page(question, form, chosen, status=400)
    words, by, seen = form.words.data.strip(), current_account().shown_name, _seen()
    try:
        if form.kind.data == ANSWER:
            questions().answer(question.id, words, chosen, form.category.data, by, seen)
        elif form.kind.data == ASK_BACK:
            questions().ask_back(question.id, words, by, seen)
        else:
            questions().ask_around(question.id, words, by, seen)
    except SaidMeanwhileError:
        question = _question(question_id)
        if question.messages[-1].words == words and question.messages[-1].written_by == by:
            # A button pressed twice.
            return redirect(url_for("directory.desk_question", question_id=question.id, said="sent"))
        if question.status != CLOSED:
            form.words.errors = [_("Something was written here while you were writing. Look at it; what you wrote is still here")]
        return _page(question, form, chosen, status=409)
    return redirect(url_for("directory.desk_question", question_id=question.id, said="sent"))


@blueprint.post("/directory/questions/<id:question_id>/take")
@officers_only
def take_question(question_id: str) -> ResponseReturnValue:
    """I answer it."""
    questions().take(_question(question_id).id, current_account().shown_name)
    return redirect(url_for("directory.desk_question", question_id=question_id))


@blueprint.post("/directory/questions/<id:question_id>/close")
@officers_only
def close_question(question_id: str) -> ResponseReturnValue:
    """Nothing more to do."""
    questions().close(_question(question_id).id)
    return redirect(url_for("directory.desk_questions"))


def _seen() -> int:
    """How many messages whoever writes has seen; none that can be where the form does not say."""
    typed = request.form.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1


def _is_urgent(question: Question) -> bool:
    """Whether something in it means that somebody may need help at once, and nobody has answered yet."""
    return question.waits and any(finder().is_crisis(one.words) for one in question.messages if one.is_askers)


def _question(question_id: str) -> Question:
    question = questions().get(question_id)
    if question is None:
        abort(404)
    return question


def _form(empty: bool = False) -> AnswerForm:
    form = AnswerForm(formdata=None) if empty else AnswerForm()
    form.kind.choices = [
        (ANSWER, _("The answer")),
        (ASK_BACK, _("We ask the family something first")),
        (ASK_AROUND, _("We do not know yet, and have asked somebody")),
    ]
    fill_categories(form.category, _("Choose one"))
    return form


def _chosen() -> tuple[str, ...]:
    """The services in the form, with the one that a button adds, without the one that another takes out."""
    given = Shortlist.of([*request.form.getlist("service"), request.form.get("add", "")])
    return given.without(request.form.get("remove", "")).ids[:MOST_SERVICES]


def _found(typed: str, chosen: tuple[str, ...]) -> list[Service]:
    page = finder().search(database(), Query(words=typed, size=_FOUND))
    found = store.get_shown_services(database(), [result.id for result in page.results])
    return [service for service in found if service.id not in chosen]


def _page(
    question: Question,
    form: AnswerForm,
    chosen: tuple[str, ...],
    found: list[Service] | None = None,
    *,
    looked_for: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    db = database()
    page = render_template(
        "directory/desk/question.html",
        question=question,
        seen=len(question.messages),
        how_far=asking_wording.desk_standing(question),
        is_late=question.is_late(today()),
        is_urgent=_is_urgent(question),
        form=form,
        chosen=store.get_shown_services(db, chosen),
        found=found or [],
        looked_for=looked_for,
        categories=reference.get_categories(db),
        age_band=asking_wording.age_band,
    )
    return page, status


def upkeep() -> str | None:
    """Timed: count what nobody has answered for long, and erase what was kept as long as we said."""
    counted, erased = questions().count_unanswered(), questions().erase_due()
    return f"{counted} questions were counted as unmet needs, {erased} erased" if counted or erased else None


def waiting(db: Database, today: date) -> Waiting | None:
    """The questions that wait for us."""
    number, late = rows.waiting(db, today)
    if not number:
        return None
    sentence = str(_l("Somebody asked and waits for an answer."))
    return Waiting(str(_l("Questions")), number, "directory.desk_questions", "talk", 50, late, sentence)
