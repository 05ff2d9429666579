"""Why a file was not kept, and what to do about it, for the person who sent it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from plumbing.files.facts import MOST_BYTES, MOST_PDF_PAGES, MOST_SECONDS

_KINDS = _l("We can keep photos, PDFs, sound recordings and short videos. If it is a letter, take a photo of it.")
_WORDS = {
    "empty": _l("That file is empty. Choose it again."),
    "too_big": _l(
        "That file is bigger than %(most)s MB. Choose a smaller one, or take a photo instead.", most=MOST_BYTES // 1024**2
    ),
    "kind": _KINDS,
    "photo_damaged": _l("We could not read that photo. Try taking it again."),
    "pdf_damaged": _l("We could not read that PDF. Try saving it again, or take photos of its pages."),
    "recording_damaged": _l("We could not read that recording. Try making it again."),
    "locked": _l("That PDF is locked with a password. Save it without the password, or take photos of its pages."),
    "too_many_pages": _l("That PDF has more than %(most)s pages. Send it in parts.", most=MOST_PDF_PAGES),
    "too_long": _l("That recording is longer than %(most)s seconds. Make a shorter one, or cut it.", most=MOST_SECONDS),
    "too_large": _l("That is too large for us to open. Take a photo of it instead."),
    "slow": _l("That took us too long to read. Take a photo of it instead."),
    "busy": _l("We are reading many files at this moment. Wait a minute and try again."),
}


def refusal(reason: str) -> str:
    """One or two sentences for a reason to refuse a file."""
    return str(_WORDS[reason])
