"""Taking a record away, bringing one in, and deleting one."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Response, redirect, render_template, request, stream_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from accounts.access import just_us_open, recent_passphrase, signed_in
from accounts.visitor import visitor
from plumbing import clock
from plumbing.db import get_db
from plumbing.errors import place_of
from plumbing.headers import sandboxed
from plumbing.limits import limiter
from plumbing.spill import uploads
from records import bringing, copy_format, editing, leaving, taking, wording
from records.copy_format import NotACopy
from records.copy_zip import MOST_TEXT_BYTES
from records.gate import Opened
from records.pages.blueprint import blueprint, enter_as_holder, gate, settings
from records.pages.home import new_sections
from records.plain_names import plain
from records.taking import INDEX, RECORD, STYLE, Luggage, Part

log = logging.getLogger(__name__)
_STYLE = Path(__file__).with_name("copy.css")
_MEGABYTE = 1_000_000
_STEPS = 20
_AN_HOUR = "20 per hour"
_REFUSED = {
    "no_file": _l("Choose the file first."),
    "no_zip": _l("That is not a ZIP file, or not a whole one. Choose the file that you took away from a Linkbook."),
    "not_ours": _l("That ZIP is not a record that was taken away from a Linkbook."),
    "newer": _l("That copy was made by a newer Linkbook. Ask the people who run this one to bring it up to date."),
    "changed": _l(
        "Something in that copy was changed after it was made. Take the record away once more, and bring in that file."
    ),
    "missing": _l("A file is missing in that copy."),
    "damaged": _l("A file in that copy is damaged."),
    "file": _l("We cannot keep one of the files in that copy. Take it out of the record there, and take the record away again."),
    "too_big": _l("That is more than a record here can hold."),
    "too_many": _l("There are more files in that ZIP than a record can have."),
    "no_room": _l("That is more than a record here can hold."),
    "just_us": _l("There is a Just us in that copy. Go back, type your passphrase, and choose the file again."),
    "broken": _l("Something went wrong on our side. Try again in a few minutes."),
}


def size_in_words(size: int) -> str:
    """How large something is, as people say it."""
    if size < _MEGABYTE:
        return _("less than 1 MB")
    return _("about %(number)s MB", number=format_decimal(round(size / _MEGABYTE)))


# Taking away


def _luggage(opened: Opened) -> Luggage:
    return taking.pack(opened, lambda entry: wording.title(entry.document), _("Not filed yet"), _("Just us"))


@blueprint.get("/records/<id:record_id>/take-away")
@signed_in()
@recent_passphrase
def take_away(record_id: str) -> ResponseReturnValue:
    """Say what will be in the copy, and that it is not sealed."""
    opened = enter_as_holder(record_id)
    luggage = _luggage(opened)
    return render_template(
        "records/take_away.html", opened=opened, luggage=luggage, size=size_in_words(luggage.bytes), files=len(luggage.places)
    )


@blueprint.post("/records/<id:record_id>/take-away")
@signed_in()
@recent_passphrase
@limiter.limit(_AN_HOUR)
def send_away(record_id: str) -> ResponseReturnValue:
    """The copy, made while it is sent. Its length is known before, so that the browser shows how far it is."""
    opened = enter_as_holder(record_id)
    luggage = taking.look_through(_luggage(opened))
    made_at = clock.here()
    length, pieces = taking.zip_of(luggage, _texts(luggage), made_at)
    # Before a byte of it leaves.
    editing.note_only(opened, "taken_away")
    response = Response(pieces)
    response.content_length = length
    return sandboxed(response, f"linkbook-copy-{made_at.date()}.zip", "application/zip")


def _texts(luggage: Luggage) -> dict[str, bytes]:
    """What is to be read in the copy: a front page, a page for each section, and the same as data."""
    today = luggage.opened.today
    damaged = [place.path for place in luggage.places if not luggage.opens(place) and not place.is_small]
    front = render_template("records/copy/front.html", luggage=luggage, today=today, damaged=damaged, index=INDEX)
    texts = {INDEX: front.encode(), STYLE: _STYLE.read_bytes()}
    for part in luggage.parts:
        texts[f"{part.folder}/{INDEX}"] = _part_page(luggage, part).encode()
    return texts | {RECORD: copy_format.written(taking.copy_of(luggage), today)}


def _part_page(luggage: Luggage, part: Part) -> str:
    return render_template("records/copy/section.html", luggage=luggage, part=part, index=INDEX)


# Bringing in


@dataclass
class _Outcome:
    """What has come of bringing in, while it goes on."""

    record_id: str = ""
    problem: str = ""


def _most_bytes() -> int:
    # Nobody but somebody signed in makes us take in so much, even for a moment.
    return gate().office.quota + MOST_TEXT_BYTES if visitor().is_authenticated else 0


@blueprint.get("/records/bring-in")
@signed_in("parent")
@just_us_open
def bring_in() -> ResponseReturnValue:
    """Choose the file."""
    return _choose()


def _choose(problem: str = "") -> str:
    return render_template("records/bring_in.html", problem=problem, most=size_in_words(gate().office.quota))


@blueprint.post("/records/bring-in")
@uploads(_most_bytes)
@signed_in("parent")
@just_us_open
@limiter.limit(_AN_HOUR)
def send_bring_in() -> ResponseReturnValue:
    """Read the file, and make a record of it while the page that shows how far it is is being sent."""
    upload = request.files.get("copy")
    if upload is None or not upload.filename:
        return _choose(str(_REFUSED["no_file"])), 400
    # The page outlives the request, at whose end Flask closes uploads and databases.
    stream, upload.stream = upload.stream, io.BytesIO()
    try:
        delivery = bringing.open_copy(gate(), stream, new_sections())
    except NotACopy as refused:
        stream.close()
        return _choose(_refusal(refused)), 400
    outcome = _Outcome()
    return Response(
        stream_template(
            "records/bringing_in.html", steps=_steps(delivery, outcome), outcome=outcome, total=delivery.count, copy=delivery.copy
        )
    )


def _steps(delivery: bringing.Delivery, outcome: _Outcome) -> Iterator[int]:
    """How many entries are in so far, at most twenty times; what came of it stands in `outcome` afterwards."""
    every = max(1, delivery.count // _STEPS)
    work = delivery.bring_in(get_db(settings().family_db, secure_delete=True))
    try:
        while True:
            done = next(work)
            if done % every == 0:
                yield done
    except StopIteration as end:
        outcome.record_id = end.value
    except NotACopy as refused:
        outcome.problem = _refusal(refused)
    except Exception as error:
        # Half of the page is with the reader: it goes on, and says so.
        log.error("Bringing a record in failed: %s at %s", type(error).__name__, place_of(error))
        outcome.problem = str(_REFUSED["broken"])
    finally:
        work.close()
        delivery.close()


def _refusal(refused: NotACopy) -> str:
    words = str(_REFUSED[refused.reason])
    return (
        _("%(sentence)s It is “%(file)s”.", sentence=words, file=plain(refused.path.replace("/", ", ")))
        if refused.path
        else words
    )


# Leaving


class LeaveRecordForm(FlaskForm):
    """The child's name, typed by somebody who means it."""

    called = StringField(_l("What are they called in this record?"))


@blueprint.get("/records/<id:record_id>/leave")
@signed_in()
@recent_passphrase
def leave_record(record_id: str) -> ResponseReturnValue:
    """Say what happens, and what stays."""
    return _leave_page(enter_as_holder(record_id), LeaveRecordForm())


def _leave_page(opened: Opened, form: LeaveRecordForm) -> str:
    return render_template("records/leave.html", opened=opened, form=form, counts=sum(opened.counts().values()))


@blueprint.post("/records/<id:record_id>/leave")
@signed_in()
@recent_passphrase
def send_leave_record(record_id: str) -> ResponseReturnValue:
    """Do it."""
    opened, form = enter_as_holder(record_id), LeaveRecordForm()
    typed = " ".join((form.called.data or "").split()).casefold()
    if not form.validate_on_submit() or typed != " ".join(opened.book.called.split()).casefold():
        form.called.errors = [_("Type the name just as it stands above, if you are sure")]
        return _leave_page(opened, form), 400
    try:
        leaving.delete_record(opened)
    except leaving.NotAlone:
        stop, leave = _("You share this record with somebody. Stop sharing it first"), _("Somebody else holds this record too")
        form.called.errors = [stop if opened.is_only_holder else leave]
        return _leave_page(opened, form), 409
    return redirect(url_for("records.left_record"))


@blueprint.get("/records/left")
@signed_in()
def left_record() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("records/left.html")
