"""What an entry's attachments look like: pictures to see, recordings to hear, files to save.

Only what our own worker drew or wrapped anew is ever shown inside a page, and only as what it is: a JPEG, a sound, a film.
"""

from __future__ import annotations

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.crypto import CannotOpen
from plumbing.files import Refused
from plumbing.files.cleaning import pdf_of
from plumbing.files.facts import FORMATS
from plumbing.headers import SANDBOX, private, sandboxed
from records import sheets
from records.entry import Entry, File
from records.gate import Opened
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.taking_in import JPEG

_EXTENSIONS = {mimetype: extension for _kind, mimetype, extension in FORMATS.values()}
PLAYED = {mimetype for kind, mimetype, _extension in FORMATS.values() if kind in {"sound", "video"}}


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>/files/<id:file_id>")
@signed_in()
def page_image(record_id: str, entry_id: str, file_id: str) -> ResponseReturnValue:
    """One picture, to be seen in a page; with `small` in the address one that a list or another page shows beside its words.

    The log says which before the entry is opened, and a small one opens nothing else: a list reads no letters.
    """
    opened, is_small = enter(record_id), "small" in request.args
    entry = opened.entry(entry_id, "thumbnail" if is_small else "fetched")
    file = _file(entry, file_id)
    if file.mimetype != JPEG or (is_small and not _is_beside(entry, file_id)):
        abort(404)
    return shown(_bytes(opened, file), JPEG)


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>/recording")
@signed_in()
def recording(record_id: str, entry_id: str) -> ResponseReturnValue:
    """A voice note or a film, to be played in a page: in pieces, where a browser asks for pieces."""
    opened = enter(record_id)
    entry = opened.entry(entry_id, "fetched")
    file = _file(entry, entry.document.get("recording", ""))
    if file.mimetype not in PLAYED:
        abort(404)
    response = shown(_bytes(opened, file), file.mimetype)
    return response.make_conditional(request, accept_ranges=True, complete_length=file.bytes)


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>/original")
@signed_in()
def original(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The PDF or the recording as it was cleaned, to be saved."""
    opened = enter_as_holder(record_id)
    entry = opened.entry(entry_id, "fetched")
    file = _file(entry, entry.document.get("original") or entry.document.get("recording", ""))
    # The name is on the phone afterwards, where others may see it: it says nothing of what is inside.
    name = f"{'voice-note' if entry.kind == 'voice' else 'letter'}.{_EXTENSIONS[file.mimetype]}"
    return sandboxed(Response(_bytes(opened, file)), name, file.mimetype)


@blueprint.get("/records/<id:record_id>/entries/<id:entry_id>/letter.pdf")
@signed_in()
def letter_pdf(record_id: str, entry_id: str) -> ResponseReturnValue:
    """A letter's pages as one PDF, in order."""
    opened = enter_as_holder(record_id)
    entry = opened.entry(entry_id, "fetched")
    jpegs = [_bytes(opened, entry.files[one["image"]]) for one in sheets.sheets(entry.document)]
    if not jpegs:
        abort(404)
    try:
        bound = pdf_of(jpegs, _("Letter"))
    except Refused:
        abort(503)
    return sandboxed(Response(bound), "letter.pdf", "application/pdf")


def _is_beside(entry: Entry, file_id: str) -> bool:
    """Whether a picture is a sheet's small one, or the portrait."""
    small = {one.get("thumb") for one in sheets.sheets(entry.document)}
    return file_id in small | {(entry.document.get("photo") or {}).get("image")}


def _file(entry: Entry, file_id: str) -> File:
    """An attachment that the entry's newest version names."""
    if file_id not in entry.files:
        abort(404)
    return entry.files[file_id]


def _bytes(opened: Opened, file: File) -> bytes:
    try:
        return opened.file(file)
    except CannotOpen:
        # The page around it says that it is missing: the picture has words in its place.
        abort(404)


def shown(data: bytes, mimetype: str) -> Response:
    """An attachment inside a page, which can do nothing there."""
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return private(response)
