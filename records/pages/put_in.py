"""The sender's side of the letter-box: a link, one form, and "It has arrived".

Whoever comes by a link sees the words that the family wrote for it, and nothing else of them. The code of the link stands after
its #; from there it goes into the form, and never into an address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from limits import RateLimitItemPerHour
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from accounts.current import family
from accounts.forms import tidy_name
from plumbing import clock
from plumbing.access import public
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import read_code
from plumbing.files import MOST_BYTES, Cleaned
from plumbing.ids import new_id
from plumbing.limits import limiter
from plumbing.spill import uploads
from records import items, links
from records.item import KIND, LINK, Sender
from records.items import Letter
from records.kinds import clean, moment
from records.links import Door
from records.office import Office
from records.pages.blueprint import blueprint
from records.pages.uploads import MOST_BYTES_AT_ONCE, sentence
from records.sheets import MOST_PHOTOS
from records.taking_in import NotTaken, cleaned_of

_AN_HOUR = RateLimitItemPerHour(30)
_LONGEST_NAME, _LONGEST_TITLE, _LONGEST_NOTE = 80, 200, 2_000
_SAID = {
    "too_many_photos": _l("A letter can have %(most)s photos. Send the others as another letter.", most=MOST_PHOTOS),
    "one_pdf": _l("A letter can have one PDF. Send the next one as another letter."),
    "no_letter": _l("That is a recording. Send photos or a PDF."),
    "no_file": _l("Choose a photo or a PDF, or write a note."),
    "too_many_of_yours": _l("You have sent many letters that the family has not put away yet. Tell them, and try again later."),
    "too_many_answers": _l("You have sent many answers that the family has not put away yet. Tell them, and try again later."),
    "box_full": _l("The letter-box is full. Tell the family, or give them the letter in another way."),
    "not_now": _l("The letter-box cannot take anything today. Tell the family, or give them the letter in another way."),
    "wait": _l("Many letters came from you in a short while. Send this one in an hour."),
}


class CodeForm(FlaskForm):
    """The code of a link; the whole link will do."""

    code = StringField(_l("The code"))


class LetterForm(FlaskForm):
    """A letter that is put in by somebody who sees nothing of the record. Nothing of it has to be there but a file or a word."""

    once = HiddenField(default=new_id)
    title = StringField(
        _l("What is it?"), validators=[Length(max=_LONGEST_TITLE, message=_l("Keep what it is under 200 letters"))]
    )
    dated = StringField(_l("The date on it"))
    note = TextAreaField(
        _l("A note to the family"), validators=[Length(max=_LONGEST_NOTE, message=_l("Keep the note under 2,000 letters"))]
    )
    wish = RadioField(_l("What is it about?"), default="")

    def validate_dated(self, field: StringField) -> None:
        """A date in any way people write one."""
        if (field.data or "").strip():
            try:
                moment.read_date(field.data, clock.today())
            except ValueError:
                raise ValidationError(_("Write the date like 3 May 2027 or 3/5/2027, or leave it empty")) from None


class PutInForm(LetterForm):
    """A letter by a link: who sends it, and what it is. Only the name has to be there."""

    code = HiddenField()
    name = StringField(
        _l("Your name"),
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write your name, so that the family knows who it is from")),
            Length(max=_LONGEST_NAME, message=_l("Keep your name under 80 letters")),
        ],
    )
    place = StringField(
        _l("Where you work"),
        filters=[tidy_name],
        validators=[Length(max=_LONGEST_NAME, message=_l("Keep where you work under 80 letters"))],
    )

    def __init__(self, **filled: Any) -> None:
        super().__init__(**filled)
        self.wish.choices = [
            ("health_letters", _("Health")),
            ("education_letters", _("School or nursery")),
            ("care_letters", _("Care, benefits or money")),
            ("", _("Something else")),
        ]


def _office() -> Office:
    return current_app.extensions["office"]


def _closed() -> ResponseReturnValue:
    """Turned off, over, or never there: which of them it is, is the family's business."""
    return render_template("records/put_in/closed.html"), 410


# In


@blueprint.get("/put-in")
@public
def put_in() -> ResponseReturnValue:
    """Where a link leads. The code after its # comes into the form by script; without one it is pasted."""
    return render_template("records/put_in/code.html", form=CodeForm(formdata=None))


@blueprint.post("/put-in")
@public
@limiter.limit("60 per hour", deduct_when=lambda answer: answer.status_code != 200)
def open_put_in() -> ResponseReturnValue:
    """The form, for whoever has a link that is open."""
    form = CodeForm()
    try:
        code = read_code((form.code.data or "").rpartition("#")[2])
    except CannotOpen:
        form.code.errors = [_("Check the code: it is what stands after the # in the link, seven groups of four")]
        return render_template("records/put_in/code.html", form=form), 400
    try:
        door = links.find(family(), _office(), code, clock.today())
    except CannotOpen:
        return _closed()
    return _page(door, PutInForm(formdata=None, code=form.code.data.rpartition("#")[2]))


def _page(door: Door, form: PutInForm, problems: list[str] | None = None) -> str:
    return render_template("records/put_in/letter.html", door=door, form=form, problems=problems or [], chosen=bool(_chosen()))


# A letter


def _most_bytes() -> int:
    """How many bytes of files a link may bring: none, where there is no such link."""
    link_id = (request.view_args or {}).get("link_id", "")
    if links.is_open(family(), _office(), link_id, clock.today()):
        return MOST_BYTES_AT_ONCE
    g.too_large = _closed
    return 0


@blueprint.post("/put-in/<id:link_id>")
@uploads(_most_bytes)
@public
@limiter.limit("120 per hour")
def send_in(link_id: str) -> ResponseReturnValue:
    """Take a letter."""
    form = PutInForm()

    def find() -> Door:
        return links.find(family(), _office(), read_code(form.code.data or ""), clock.today())

    try:
        door = find()
        if door.link_id != link_id:
            raise CannotOpen
        if not form.validate_on_submit():
            return _page(door, form), 400
        name, place = (" ".join((field.data or "").split()) for field in (form.name, form.place))
        sender = Sender(LINK, door.link_id, name, place)
        problems = take(door, sender, request.form.to_dict() | {"from_whom": sender.words}, find)
    except CannotOpen:
        return _closed()
    if problems:
        return _page(door, form, problems), 400
    return redirect(url_for("records.put_in_thanks"))


def take(door: Door, sender: Sender, typed: dict[str, str], still: Callable[[], object]) -> list[str]:
    """Put this request's files into the letter-box, with what was `typed` (title, from_whom, dated, note, wish, once).

    Returns why not, as sentences: then nothing of it was kept. `still` is asked last, and raises where `sender` may not any more.
    """
    document, unclear = clean(KIND, typed)
    if unclear:
        return [_("Check what you wrote: one of the fields is too long, or the date is unclear.")]
    if not limiter.limiter.hit(_AN_HOUR, "put-in", sender.kind, sender.id):
        return [said("wait")]
    try:
        files = _cleaned()
        if not files and not (document.get("title") or document.get("note")):
            raise NotTaken("no_file")
        letter = Letter(document, files, typed.get("wish", ""), typed.get("once", ""))
        items.put_in(family(), _office(), door, sender, letter, clock.today(), still)
    except NotTaken as not_taken:
        return [said(not_taken.reason)]
    return []


def _chosen() -> list[FileStorage]:
    return [file for file in request.files.getlist("files") if file.filename]


def _cleaned() -> tuple[Cleaned, ...]:
    files, found = _chosen(), []
    if len(files) > MOST_PHOTOS + 1:
        raise NotTaken("too_many_photos")
    for file in files:
        found.append(cleaned_of(file.stream.read(MOST_BYTES + 1), KIND))
    return tuple(found)


def said(reason: str) -> str:
    """Why something was not taken, as a sentence."""
    return str(_SAID[reason]) if reason in _SAID else sentence(reason)


@blueprint.get("/put-in/thanks")
@public
def put_in_thanks() -> ResponseReturnValue:
    """It has arrived."""
    return render_template("records/put_in/thanks.html")
