"""Something fell through: a short break that was called off, an escort who did not come. In the diary, with words to send on."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.dates import date_in_words
from plumbing.ids import new_id, once_id
from records import editing, wording
from records.book import Section
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import is_former, when_of
from records.kinds.field import LONGEST_LINE
from records.pages import form as forms
from records.pages.blueprint import blueprint, enter

_ASKED = ("words", "date")


@blueprint.get("/records/<id:record_id>/fell-through")
@signed_in()
def fell_through(record_id: str) -> ResponseReturnValue:
    """What, when, and who needs to know."""
    opened, _diary = _to_note_in(record_id)
    return _page(opened, _asked(forms.show("diary", {"date": wording.date_in_words(opened.today)})))


@blueprint.post("/records/<id:record_id>/fell-through")
@signed_in()
def keep_fell_through(record_id: str) -> ResponseReturnValue:
    """Write it into the diary, and offer words for whoever needs to know."""
    opened, diary = _to_note_in(record_id)
    chosen = [one for one in _people(opened) if one.id in request.form.getlist("people")]
    form = _asked(forms.read("diary", {**request.form, "outcome": "fell_through", "who": _names(chosen)}))
    if not form.document.get("words") and not form.errors:
        form.fields[0].errors.append(_("What fell through: write a few words."))
    if form.errors:
        return _page(opened, form), 400
    entry_id = once_id(request.form.get("once", ""), diary.id, opened.person.account_id, *forms.as_sent(request.form))
    document = form.document | ({"told": [one.id for one in chosen]} if chosen else {})
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, diary.id, document, entry_id=entry_id)
    return redirect(url_for("records.fell_through_words", record_id=record_id, entry_id=entry_id))


def _names(people: list[Entry]) -> str:
    """Who they are in one line of the diary, as far as whole names fit into it."""
    line = ""
    for one in people:
        longer = f"{line}, {wording.title(one.document)}" if line else wording.title(one.document)
        if len(longer) > LONGEST_LINE:
            break
        line = longer
    return line


def _to_note_in(record_id: str) -> tuple[Opened, Section]:
    """The diary, for whoever may add to it: somebody who helps sees first that a short break fell through. Raises NotYours."""
    opened = enter(record_id)
    diary = opened.book.by_slug("diary")
    if diary is None or not opened.may_add(diary.id):
        raise NotYours
    return opened, diary


def _asked(form: forms.EntryForm) -> forms.EntryForm:
    by_name = {one.name: one for one in form}
    form.fields = [by_name[name] for name in _ASKED]
    form.fields[0].label = forms.Words(_("What fell through?"))
    form.fields[0].hint = _("For example: the short break on Saturday, or the escort did not come.")
    form.fields[1].label = forms.Words(_("On which day?"))
    return form


def _people(opened: Opened) -> list[Entry]:
    section = opened.book.by_slug("people")
    people = opened.entries([section.id]) if section else []
    now = [one for one in people if one.kind == "person" and not is_former(one.document, opened.today)]
    return sorted(now, key=lambda one: wording.title(one.document).casefold())


def _page(opened: Opened, form: forms.EntryForm) -> str:
    return render_template(
        "records/plan/fell_through.html",
        opened=opened,
        form=form,
        people=_people(opened),
        ticked=request.form.getlist("people"),
        once=request.form.get("once") or new_id(),
    )


@blueprint.get("/records/<id:record_id>/fell-through/<id:entry_id>")
@signed_in()
def fell_through_words(record_id: str, entry_id: str) -> ResponseReturnValue:
    """It is in the diary; the words to send, and the numbers of those who need to know."""
    opened = enter(record_id)
    entry = opened.entry(entry_id)
    if not opened.may_change(entry) or entry.kind != "diary" or entry.document.get("outcome") != "fell_through":
        raise NotYours
    chosen, named = entry.document.get("told", []), str(entry.document.get("who") or "").split(", ")
    told = [one for one in _people(opened) if one.id in chosen or (not chosen and wording.title(one.document) in named)]
    day = when_of(entry.document)
    # The family sends this itself, in a text or a mail: no name of the child is in it, nor what the record is about.
    words = _(
        "Hello. I want to tell you that something fell through%(day)s: %(what)s. Please tell me what will happen now, and"
        " by when. Thank you.",
        day=_(" on %(day)s", day=date_in_words(day)) if day else "",
        what=" ".join(str(entry.document.get("words") or "").split()).rstrip("."),
    )
    return render_template("records/plan/told.html", opened=opened, entry=entry, told=told, words=words)
