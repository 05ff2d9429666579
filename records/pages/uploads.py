"""How a page takes files: from a script one in each request, answered in JSON; from a plain form several, one after another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import RequestEntityTooLarge

from accounts.visitor import visitor
from plumbing.files import MOST_BYTES, REASONS
from plumbing.files.wording import refusal
from records.entry import Entry
from records.gate import Opened
from records.pages.blueprint import blueprint
from records.sheets import MOST_PHOTOS
from records.taking_in import NotTaken, take_in

# One post of a plain form: four of the largest files, or twenty photos as telephones make them.
MOST_BYTES_AT_ONCE = 4 * MOST_BYTES
# What Python takes from a stranger's hands into one piece of memory, before anything has looked at it.
_READ_BYTES = MOST_BYTES + 1
_MARK = re.compile("[0-9a-f]{32}")
_OURS = {
    "too_many_photos": _l("A letter can have %(most)s photos. Keep this one, and begin another for the rest.", most=MOST_PHOTOS),
    "one_pdf": _l("This letter has a PDF already. Keep it, and begin another letter for the next one."),
    "one_recording": _l("There is a recording here already. Keep it first, then make another."),
    "no_letter": _l("That is a recording. Keep it as a voice note or video instead."),
    "no_recording": _l("That is not a recording. Keep it as a letter instead."),
    "no_room": _l("This record is full. Delete something for good, or ask the people who run this Linkbook for more room."),
    "no_file": _l("Choose a file first."),
}


def most_bytes() -> int:
    """How many bytes of files one post may bring: none from strangers, who would fill the disk with what nobody keeps."""
    return MOST_BYTES_AT_ONCE if visitor().session else 0


def is_fetch() -> bool:
    """Whether a script of ours asks, and wants JSON."""
    return request.headers.get("X-Linkbook") == "fetch"


def sentence(reason: str) -> str:
    """Why a file was not taken, and what to do."""
    return str(_OURS[reason]) if reason in _OURS else refusal(reason)


def sentences(reasons: Iterable[str]) -> list[str]:
    """Each reason once, as a sentence; what is no reason of ours is left out."""
    return [sentence(reason) for reason in dict.fromkeys(reasons) if reason in _OURS or reason in REASONS]


@dataclass(frozen=True)
class Taken:
    """What became of the files in a request: the entry they are in now, if any, and why others were not taken."""

    entry: Entry | None
    refused: list[str]


def take_files(opened: Opened, entry_id: str, kind: str, section_id: str = "") -> Taken:
    """Take the files of this request into an entry, or into a new draft, each sealed before the next is looked at.

    `section_id` is where a reader's draft lies. A file that is refused leaves the others where they are.
    """
    entry, refused = (opened.entry(entry_id) if entry_id else None), []
    files = [file for file in request.files.getlist("files") if file.filename]
    for number, file in enumerate(files):
        try:
            entry = take_in(opened, entry.id if entry else "", kind, file.stream.read(_READ_BYTES), _mark(number), section_id)
        except NotTaken as not_taken:
            refused.append(not_taken.reason)
        finally:
            file.close()
    return Taken(entry, refused if files else ["no_file"])


def _mark(number: int) -> str:
    """What the page calls what it sends, so that it is taken once; each file of a plain form is counted on from there."""
    mark = request.form.get("mark", "")
    if not _MARK.fullmatch(mark):
        return ""
    return f"{(int(mark, 16) + number) % 2**128:032x}"


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    if "too_large" in g:
        # A link that is turned off takes nothing at all, and its page has other words for that.
        return g.too_large()
    if is_fetch():
        return jsonify(problem=sentence("too_big")), 413
    words = _("Choose fewer files at once, or smaller ones: together at most %(most)s MB.", most=MOST_BYTES_AT_ONCE // 1024**2)
    return render_template("errors/error.html", status=413, title=_("That is too much"), words=words), 413
