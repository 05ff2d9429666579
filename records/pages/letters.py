"""Letters: the list of them, and the way of a new one from the camera to its section.

A new letter is a draft from its first sheet on: each sheet is a request of its own and sealed when it arrives, so that a lost
connection loses one sheet at most, and what is unfinished is found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import signed_in
from plumbing.ids import new_id
from plumbing.paging import Paging
from plumbing.spill import uploads
from records import editing, moving, sections, sheets, suggestion, timeline, wording
from records.book import Section
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import KINDS
from records.pages import form as forms
from records.pages.blueprint import blueprint, current_record_id, enter
from records.pages.entries import entry_url, names_we_know
from records.pages.uploads import is_fetch, most_bytes, sentence, sentences, take_files
from records.taking_in import NotTaken, turn_sheet

_A_PAGE = 30
ARRANGED = {
    "turn": _l("The page is turned."),
    "up": _l("The page is further up."),
    "down": _l("The page is further down."),
    "remove": _l("The page is taken out."),
}


@blueprint.get("/letters")
@signed_in()
def letters_of_current() -> ResponseReturnValue:
    """To the letters of the record that was looked at last."""
    record_id = current_record_id()
    if record_id is None:
        return redirect(url_for("records.first_steps"))
    return redirect(url_for("records.letters", record_id=record_id))


@blueprint.get("/records/<id:record_id>/letters")
@signed_in()
def letters(record_id: str) -> ResponseReturnValue:
    """Every letter, newest first; `section` in the address shows those of one section."""
    opened = enter(record_id)
    everything = [entry for entry in opened.entries() if entry.kind == "letter"]
    everything.sort(key=lambda entry: (timeline.day_of(entry), entry.saved_at, entry.id), reverse=True)
    there = {entry.section_id for entry in everything}
    chosen = request.args.get("section", "") if request.args.get("section") in there else ""
    shown = [entry for entry in everything if chosen in ("", entry.section_id)]
    paging = Paging.of(len(shown), _A_PAGE, request.args.get("page", 1, type=int))
    return render_template(
        "records/letters/list.html",
        opened=opened,
        letters=shown[max(0, paging.first_shown - 1) : paging.last_shown],
        total=len(everything),
        is_shared=opened.is_holder or any("letter" in sections.kinds_for(one.slug) for one in opened.sections),
        may_add=bool(sections_for(opened, "letter")),
        may_record=bool(sections_for(opened, "voice")),
        sections_there=[one for one in opened.sections if one.id in there],
        chosen=chosen,
        paging=paging,
        letters_url=lambda page: url_for("records.letters", record_id=record_id, section=chosen or None, page=page),
        drafts=opened.drafts(),
    )


# A new letter


@blueprint.get("/records/<id:record_id>/letters/new")
@signed_in()
def new_letter(record_id: str) -> ResponseReturnValue:
    """Take a photo, or choose photos or a PDF."""
    return begin_page(enter(record_id), "letter")


@blueprint.post("/records/<id:record_id>/letters/new")
@uploads(most_bytes)
@signed_in()
def begin_letter(record_id: str) -> ResponseReturnValue:
    """Take the first sheets into a new draft."""
    return begin(enter(record_id), "letter")


def begin_page(opened: Opened, kind: str, problems: list[str] | None = None) -> str:
    """The page that takes the first file."""
    section = request.values.get("section_id") or request.values.get("section", "")
    draft_section(opened, kind, section)
    template = "records/letters/new.html" if kind == "letter" else "records/voice/new.html"
    return render_template(template, opened=opened, problems=problems or [], section_id=section, mark=new_id())


def begin(opened: Opened, kind: str) -> ResponseReturnValue:
    """Make a draft of what was sent; where nothing of it was taken, there is none."""
    taken = take_files(opened, "", kind, draft_section(opened, kind, request.form.get("section", "")))
    if taken.entry and request.form.get("section"):
        _remember(opened, taken.entry.id, {"section": request.form["section"]})
    if is_fetch():
        return _told(opened, taken.entry, taken.refused)
    if taken.entry is None:
        return begin_page(opened, kind, sentences(taken.refused)), 400
    return redirect(tray_url(opened, taken.entry, taken.refused))


def draft_section(opened: Opened, kind: str, wanted: str) -> str:
    """Where a draft lies: a holder's in no section yet, a reader's in the one it is for. Raises NotYours where there is none."""
    if opened.is_holder:
        return opened.root_id
    possible = [one.id for one in sections_for(opened, kind)]
    if not possible:
        raise NotYours
    return wanted if wanted in possible else possible[0]


def tray_url(opened: Opened, entry: Entry, refused: list[str] | None = None) -> str:
    """Where an entry's sheets are arranged. Reasons to refuse a file say nothing of it: they may stand in an address."""
    endpoint = "records.tray" if entry.state == "draft" else "records.letter_pages"
    return url_for(endpoint, record_id=opened.record_id, entry_id=entry.id, refused=refused or None)


def _told(opened: Opened, entry: Entry | None, refused: list[str], done: str = "") -> ResponseReturnValue:
    """What a script is told: what was done, where to go on and how the tray looks now; or why a file was not taken."""
    if refused or entry is None:
        return jsonify(problem=" ".join(sentences(refused))), 400
    tray = render_template("records/letters/_tray.html", opened=opened, entry=entry)
    pages = url_for("records.add_page", record_id=opened.record_id, entry_id=entry.id)
    return jsonify(done=done, tray=tray, next=tray_url(opened, entry), pages=pages)


# The tray


@blueprint.get("/records/<id:record_id>/drafts/<id:entry_id>")
@signed_in()
def tray(record_id: str, entry_id: str) -> ResponseReturnValue:
    """A draft: its sheets, and what to call it. A letter that is kept already is shown as itself."""
    opened = enter(record_id)
    draft = opened.entry(entry_id)
    if draft.state != "draft":
        return redirect(entry_url(opened, draft))
    likely = offered(opened, draft)
    form = forms.show(draft.kind, likely.words)
    return _tray_page(opened, draft, form, likely.section_id, sentences(request.args.getlist("refused")))


@dataclass(frozen=True)
class Offered:
    """What stands in the fields of a draft before anybody types: what was typed earlier, else what is likely."""

    words: dict[str, str]
    section_id: str


def offered(opened: Opened, draft: Entry) -> Offered:
    """What to put into a draft's fields."""
    begun = dict(draft.document.get("begun", {}))
    possible = [one.id for one in sections_for(opened, draft.kind)]
    section_id = begun.pop("section", "") or draft.section_id
    if draft.kind != "letter":
        fallback = opened.book.by_slug("diary")
        words = begun or {"date": wording.date_in_words(opened.today)}
        return Offered(words, section_id if section_id in possible else fallback.id if fallback else "")
    known = opened.entries() if opened.is_holder else []
    likely = suggestion.suggest(draft.document.get("found_text", ""), known, opened.today)
    words = begun or {
        "title": wording.suggested_title(likely.topic, likely.from_whom),
        "from_whom": likely.from_whom,
        # Without a date of its own a letter stands at the day it was kept: only one that was read is worth saying.
        "dated": wording.date_in_words(likely.dated) if likely.dated != opened.today else "",
    }
    slug = opened.book.by_slug(likely.section or "health_letters")
    choices = (section_id, likely.section_id, slug.id if slug else "", *possible)
    return Offered(words, next((one for one in choices if one in possible), ""))


def sections_for(opened: Opened, kind: str) -> list[Section]:
    """The sections that such a draft may be kept in."""
    may_be = [one for one in opened.sections if opened.may_add(one.id) and not one.hidden]
    return [one for one in may_be if kind in sections.kinds_for(one.slug)]


def _tray_page(opened: Opened, draft: Entry, form: forms.EntryForm, section_id: str, problems: list[str]) -> str:
    return render_template(
        "records/letters/draft.html" if draft.kind == "letter" else "records/voice/draft.html",
        opened=opened,
        entry=draft,
        form=form,
        names=names_we_know(opened) if draft.kind == "letter" else [],
        choices=sections_for(opened, draft.kind),
        section_id=section_id,
        problems=problems,
        mark=new_id(),
    )


@blueprint.get("/records/<id:record_id>/letters/<id:entry_id>/pages")
@signed_in()
def letter_pages(record_id: str, entry_id: str) -> ResponseReturnValue:
    """The same for a letter that is kept: turn, move, take out and add sheets."""
    opened = enter(record_id)
    entry = _letter(opened, entry_id)
    if entry.state == "draft":
        return redirect(tray_url(opened, entry))
    problems = sentences(request.args.getlist("refused"))
    return render_template("records/letters/pages.html", opened=opened, entry=entry, problems=problems, mark=new_id())


def _letter(opened: Opened, entry_id: str) -> Entry:
    entry = opened.entry(entry_id)
    if entry.kind != "letter" or entry.state == "binned" or not opened.may_change(entry):
        abort(404)
    return entry


@blueprint.post("/records/<id:record_id>/letters/<id:entry_id>/pages")
@uploads(most_bytes)
@signed_in()
def add_page(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Take one more sheet, or several."""
    opened = enter(record_id)
    entry = _letter(opened, entry_id)
    _remember_typed(opened, entry)
    taken = take_files(opened, entry_id, "letter")
    if is_fetch():
        return _told(opened, taken.entry, taken.refused)
    return redirect(tray_url(opened, entry, taken.refused))


@blueprint.post("/records/<id:record_id>/letters/<id:entry_id>/arrange")
@uploads(most_bytes)
@signed_in()
def arrange_page(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Turn a sheet, move it, or take it out: `do` is what to do and which one. Photos chosen at the same time are taken too."""
    opened = enter(record_id)
    entry = _letter(opened, entry_id)
    what, _space, image_id = request.form.get("do", "").partition(" ")
    if what not in ARRANGED:
        abort(400)
    _remember_typed(opened, entry)
    refused = _take_chosen(opened, entry_id)
    try:
        _arrange(opened, entry_id, what, image_id)
    except NotTaken as not_taken:
        refused.append(not_taken.reason)
    if is_fetch():
        return _told(opened, opened.entry(entry_id), refused, str(ARRANGED[what]))
    return redirect(tray_url(opened, entry, refused))


def _arrange(opened: Opened, entry_id: str, what: str, image_id: str) -> None:
    if what == "turn":
        turn_sheet(opened, entry_id, image_id)
    elif what == "remove":
        editing.revise(opened, entry_id, lambda document: sheets.without(document, image_id))
    else:
        editing.revise(opened, entry_id, lambda document: sheets.moved(document, image_id, -1 if what == "up" else 1))


def _take_chosen(opened: Opened, entry_id: str) -> list[str]:
    """Files that were chosen in a form whose other button was pressed: nobody chooses a photo for nothing."""
    if not any(file.filename for file in request.files.getlist("files")):
        return []
    return take_files(opened, entry_id, "letter").refused


def _remember_typed(opened: Opened, entry: Entry) -> None:
    """Keep what stands in a draft's fields, just as it was typed, so that turning a sheet loses none of it."""
    names = ["section", *(field.name for field in KINDS[entry.kind].asked)]
    typed = {name: request.form[name] for name in names if name in request.form}
    if typed and entry.state == "draft":
        _remember(opened, entry.id, typed)


def _remember(opened: Opened, entry_id: str, typed: dict[str, str]) -> None:
    editing.revise(opened, entry_id, lambda document: document | {"begun": document.get("begun", {}) | typed})


# Kept, or not


@blueprint.post("/records/<id:record_id>/drafts/<id:entry_id>/keep")
@uploads(most_bytes)
@signed_in()
def file_draft(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Put a draft into its section. Nothing but a sheet, or a word, is demanded."""
    opened = enter(record_id)
    draft = opened.entry(entry_id)
    if draft.state != "draft":
        # Sent twice, by a thumb or a slow connection: it is kept.
        return redirect(entry_url(opened, draft))
    refused = _take_chosen(opened, entry_id) if draft.kind == "letter" else []
    draft = opened.entry(entry_id)
    form = forms.read(draft.kind, request.form, sheets.settled(draft.document))
    section_id = request.form.get("section", "")
    problems = sentences(refused)
    if section_id not in {one.id for one in sections_for(opened, draft.kind)}:
        problems.append(_("Choose a section for it."))
    if not draft.files and not any(request.form.get(name, "").strip() for name in ("title", "from_whom", "note")):
        problems.append(sentence("no_file"))
    if form.errors or problems:
        _remember_typed(opened, draft)
        return _tray_page(opened, draft, form, section_id, problems), 400

    def kept(document: dict[str, Any]) -> dict[str, Any]:
        return forms.read(draft.kind, request.form, sheets.settled(document)).document

    return redirect(entry_url(opened, moving.keep_draft(opened, entry_id, section_id, kept)))


@blueprint.post("/records/<id:record_id>/drafts/<id:entry_id>/drop")
@signed_in()
def drop_draft(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Delete a draft, for good and at once. What is kept is deleted elsewhere, by way of the bin."""
    opened = enter(record_id)
    editing.delete_for_good(opened, entry_id, only="draft")
    return redirect(url_for("records.letters", record_id=record_id))
