"""A guest's side of a pack: the link, the PIN, the pages. No account, and nothing of the record but what is in the pack."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import ValidationError

from accounts import throttle
from accounts.current import family, secrets, session_rows
from accounts.problems import Problem, explain
from accounts.quick_unlock import is_six_digits
from accounts.visitor import cookie_name, read_secret
from plumbing import clock
from plumbing.access import public
from plumbing.crypto import CannotOpen
from plumbing.crypto.code import read_code
from plumbing.crypto.passphrase import Busy
from plumbing.dates import date_in_words
from plumbing.limits import limiter
from records import guests, packs, paper, plan_wording, printed_plan, sheets
from records.entry import Entry, File
from records.office import Office
from records.packs import Gone, Pack, WrongPin
from records.pages.blueprint import blueprint, settings
from records.pages.files import PLAYED, shown
from records.pages.paper import language, pdf, printed_section
from records.plan import Plan, plan_of
from records.strangers import NotWitnessed
from records.taking_in import JPEG

_COOKIE = "linkbook-guest"
_GONE = 410


class EnterForm(FlaskForm):
    """The code out of the link, and the PIN that was told apart from it."""

    code = StringField(_l("The code"))
    pin = StringField(_l("The six digits"))

    token: bytes = b""
    digits: str = ""

    def validate_code(self, field: StringField) -> None:
        """A code without a slip."""
        try:
            self.token = read_code(field.data or "")
        except CannotOpen:
            words = _("Check the code: it is what stands after the # in the link, seven groups of four")
            raise ValidationError(words) from None

    def validate_pin(self, field: StringField) -> None:
        """Six digits, with or without spaces."""
        self.digits = "".join((field.data or "").split())
        if not is_six_digits(self.digits):
            raise ValidationError(_("Type the six digits"))


def office() -> Office:
    """Where records are kept."""
    return current_app.extensions["office"]


def _token() -> bytes | None:
    return read_secret(request.cookies.get(cookie_name(_COOKIE), ""), guests.TOKEN_BYTES)


@blueprint.errorhandler(Gone)
def _gone(_error: Gone) -> ResponseReturnValue:
    """Ended, over, tried too often, or never there: which of them it is, is the family's business."""
    return render_template("records/packs/gone.html", not_now=False), _GONE


@blueprint.errorhandler(NotWitnessed)
def _not_now(_error: NotWitnessed) -> ResponseReturnValue:
    current_app.logger.error("A pack was not shown: the log could not be written.")
    return render_template("records/packs/gone.html", not_now=True), 503


# In


@blueprint.get("/pack")
@public
def enter_pack() -> ResponseReturnValue:
    """Where a link leads. The code after its # comes into the form by script; without one it is typed."""
    return _form_page(EnterForm(formdata=None))


@blueprint.post("/pack")
@public
@limiter.limit("60 per hour", deduct_when=lambda answer: answer.status_code == _GONE)
def open_pack() -> ResponseReturnValue:
    """Try the PIN. What is right leads to the pages, by way of a cookie that is good for half an hour."""
    form = EnterForm()
    if not form.validate_on_submit():
        return _form_page(form), 400
    pack_id = packs.find(family(), office(), form.token, clock.today())
    try:
        counted = throttle.count(secrets().server_key, f"pack {pack_id}")
    except throttle.MustWait as must_wait:
        return _refused(form, explain(must_wait))
    try:
        pack, key = packs.open_by_pin(family(), office(), form.token, form.digits, clock.today())
    except WrongPin as wrong:
        if not wrong.left:
            raise Gone from None
        tries = ngettext("You can try %(num)d more time.", "You can try %(num)d more times.", wrong.left)
        return _refused(form, Problem(_("Those are not the six digits. %(tries)s", tries=tries), 400))
    except (Busy, NotWitnessed) as not_tried:
        counted.did_not_count()
        if isinstance(not_tried, NotWitnessed):
            raise
        return _refused(form, explain(not_tried))
    counted.was_right()
    answer = redirect(url_for("records.read_pack"), 303)
    cookie = base64.urlsafe_b64encode(guests.start(session_rows(), pack.id, key)).decode()
    return _with_cookie(answer, cookie)


def _refused(form: EnterForm, problem: Problem) -> ResponseReturnValue:
    form.pin.errors = [problem.words]
    return _form_page(form), problem.status, problem.headers


def _form_page(form: EnterForm) -> str:
    return render_template("records/packs/enter.html", form=form)


def _with_cookie(answer: Any, cookie: str) -> Any:
    flags: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings().https_only, "path": "/"}
    if cookie:
        answer.set_cookie(cookie_name(_COOKIE), cookie, max_age=guests.MINUTES * 60, **flags)
    else:
        answer.delete_cookie(cookie_name(_COOKIE), **flags)
    return answer


# Inside


def of_a_guest(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Give a view the pack that is open in this browser, if it is live still. Otherwise Gone is raised."""

    @functools.wraps(view)
    def opened(**parts: str) -> ResponseReturnValue:
        token = _token()
        visit = guests.find(session_rows(), token) if token else None
        if visit is None:
            # Half an hour is over, or nobody was ever in: the link and the PIN open it again.
            return redirect(url_for("records.enter_pack"))
        return view(packs.open_again(family(), office(), *visit, clock.today()), **parts)

    return opened


@blueprint.get("/pack/open")
@public
@of_a_guest
def read_pack(pack: Pack) -> ResponseReturnValue:
    """Everything in it, on one page."""
    plans = _plans(pack)
    theirs = {one.id for plan in plans.values() for one in plan.actions if one.is_open and one.is_by(pack.name)}
    return render_template("records/packs/read.html", pack=pack, plans=plans, theirs=theirs, plan_words=plan_wording)


def _plans(pack: Pack) -> dict[str, Plan]:
    """The plans in it, by the name of their chapter: as of the day the pack was made."""
    found = {chapter.name: plan_of(chapter.entries, pack.made_on) for chapter in pack.chapters}
    return {name: plan for name, plan in found.items() if plan.things}


@blueprint.get("/pack/files/<id:file_id>")
@public
@of_a_guest
def pack_image(pack: Pack, file_id: str) -> ResponseReturnValue:
    """One picture."""
    file = _file(pack, file_id)
    if file.mimetype != JPEG:
        abort(404)
    return shown(_bytes(pack, file), JPEG)


@blueprint.get("/pack/recordings/<id:file_id>")
@public
@of_a_guest
def pack_recording(pack: Pack, file_id: str) -> ResponseReturnValue:
    """A voice note or a film: in pieces, where a browser asks for pieces."""
    file = _file(pack, file_id)
    if file.mimetype not in PLAYED:
        abort(404)
    response = shown(_bytes(pack, file), file.mimetype)
    return response.make_conditional(request, accept_ranges=True, complete_length=file.bytes)


def _file(pack: Pack, file_id: str) -> File:
    found = next((entry.files[file_id] for entry in pack.entries if file_id in entry.files), None)
    return found or abort(404)


def _bytes(pack: Pack, file: File) -> bytes:
    try:
        return pack.file(file)
    except CannotOpen:
        abort(404)


@blueprint.get("/pack/shared.pdf")
@public
@of_a_guest
def pack_pdf(pack: Pack) -> ResponseReturnValue:
    """All of it to print or to keep. The family is told."""
    subtitle = _(
        "For %(name)s, from %(by)s. As it was on %(made_on)s.", name=pack.name, by=pack.by, made_on=date_in_words(pack.made_on)
    )
    words = {
        "title": pack.called,
        "subtitle": subtitle,
        "contents": _("What is in it"),
        "empty": _("Nothing yet."),
        **printed_plan.words(),
    }
    chapters = [
        printed_section(pack, chapter.name, [still_there(pack, one) for one in chapter.entries], pack.made_on)
        for chapter in pack.chapters
    ]
    made = paper.book(chapters, words, language())
    packs.note_copy(family(), office(), pack)
    return pdf(made, "shared")


def still_there(pack: Pack, entry: Entry) -> Entry:
    """The entry without the sheets that the family has deleted since."""
    left = [one for one in sheets.sheets(entry.document) if pack.has(one["image"])]
    return replace(entry, document=entry.document | {"pages": left}) if "pages" in entry.document else entry


@blueprint.post("/pack/close")
@public
def close_pack() -> ResponseReturnValue:
    """Close it in this browser: on a ward or in a staff room somebody else sits down next."""
    token = _token()
    if token:
        guests.end(session_rows(), token)
    answer: Response = current_app.make_response(render_template("records/packs/closed.html"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return _with_cookie(answer, "")
