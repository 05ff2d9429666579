"""The book as a whole: a section, everything by its day, finding, arranging, and the bin."""

from __future__ import annotations

import datetime
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.access import public
from plumbing.ids import new_id
from records import editing, sections, timeline
from records.book import LONGEST_NAME, Book
from records.book import Section as BookSection
from records.pages import plan
from records.pages.blueprint import blueprint, enter, enter_as_holder, settings
from records.pages.entries import ELSEWHERE
from records.search import search as find

_MOST_SECTIONS = 40
_UNDATED = ("health_and_needs", "our_home")


@blueprint.get("/records/<id:record_id>/sections/<id:section_id>")
@signed_in()
def section(record_id: str, section_id: str) -> ResponseReturnValue:
    """One section: what is in it, newest first, and what may be added."""
    opened = enter(record_id)
    found = opened.section(section_id)
    if found.slug in sections.PLANS:
        return plan.page(opened, found)
    entries = sorted(opened.entries([section_id]), key=_newest_first, reverse=True)
    kinds = sections.kinds_for(found.slug)
    # What is true of a child has no day of its own: medicines stand with medicines, whenever they were written down.
    by_kind = [(kind, [one for one in entries if one.kind == kind]) for kind in kinds] if found.slug in _UNDATED else []
    groups = [group for group in by_kind if group[1]] or ([("", entries)] if entries else [])
    offered = [kind for kind in kinds if kind in {"letter", "voice"} or kind not in ELSEWHERE]
    to_add = offered if opened.may_add(found.id) else []
    return render_template("records/section.html", opened=opened, section_=found, groups=groups, kinds=to_add)


def _newest_first(entry: timeline.Entry) -> tuple[datetime.date, str]:
    return timeline.day_of(entry), entry.saved_at


@blueprint.get("/records/<id:record_id>/timeline")
@signed_in()
def timeline_(record_id: str) -> ResponseReturnValue:
    """Everything, by its day."""
    opened = enter(record_id)
    lines = timeline.timeline(opened.entries(), opened.today)
    return render_template("records/timeline.html", opened=opened, lines=lines)


@blueprint.get("/records/<id:record_id>/search")
@signed_in()
def search_form(record_id: str) -> ResponseReturnValue:
    """Ask for words to find: somebody came back to the page of answers."""
    return render_template("records/found.html", opened=enter(record_id), words="", answer=None)


@blueprint.post("/records/<id:record_id>/search")
@signed_in()
def search(record_id: str) -> ResponseReturnValue:
    """Find words in everything but Just us. By POST: what a parent looks for stands in no address and no log."""
    opened = enter(record_id)
    words = request.form.get("words", "")
    answer = find(opened.entries([one.id for one in opened.sections], what="searched"), words) if words.strip() else None
    return render_template("records/found.html", opened=opened, words=words, answer=answer)


@blueprint.get("/records/<id:record_id>/sections")
@signed_in()
def arrange(record_id: str) -> ResponseReturnValue:
    """Rename, hide, reorder and add sections."""
    return render_template("records/arrange.html", opened=enter_as_holder(record_id), problem="", typed={})


@blueprint.post("/records/<id:record_id>/sections")
@signed_in()
def save_arrangement(record_id: str) -> ResponseReturnValue:
    """Save names and what is hidden; or move one section up or down; or add one."""
    opened = enter_as_holder(record_id)
    names = {one.id: " ".join(request.form.get(f"name-{one.id}", one.name).split()) for one in opened.sections}
    added = " ".join(request.form.get("added", "").split())
    problem = _problem_with([*names.values(), *([added] if added else [])], len(opened.sections) + bool(added))
    if problem:
        typed = names | {"added": added}
        return render_template("records/arrange.html", opened=opened, problem=problem, typed=typed), 400
    hidden = {one.id for one in opened.sections if not request.form.get(f"shown-{one.id}")}
    move, new_section = request.form.get("move", ""), BookSection(new_id(), "", added)

    def changed(book: Book) -> Book:
        renamed = [replace(one, name=names.get(one.id, one.name), hidden=one.id in hidden) for one in book.sections]
        return replace(book, sections=(*_moved(renamed, move), *([new_section] if added else [])))

    editing.change_book(opened, changed)
    return redirect(url_for("records.arrange", record_id=record_id))


def _problem_with(names: list[str], count: int) -> str:
    if any(not name for name in names):
        return _("Every section needs a name")
    if any(len(name) > LONGEST_NAME for name in names):
        return _("Keep each name under 60 letters")
    return _("That is as many sections as a record can have") if count > _MOST_SECTIONS else ""


def _moved(listed: list[BookSection], move: str) -> list[BookSection]:
    """`listed` with one section a place up or down; `move` is "up-<id>" or "down-<id>"."""
    direction, _dash, section_id = move.partition("-")
    at = next((place for place, one in enumerate(listed) if one.id == section_id), None)
    if at is None or direction not in {"up", "down"}:
        return listed
    to = min(max(at + (1 if direction == "down" else -1), 0), len(listed) - 1)
    listed.insert(to, listed.pop(at))
    return listed


@blueprint.get("/records/<id:record_id>/bin")
@signed_in()
def bin_(record_id: str) -> ResponseReturnValue:
    """What was put into the bin, and until when it can be brought back."""
    opened = enter_as_holder(record_id)
    binned = sorted(opened.entries(state="binned"), key=lambda entry: entry.binned_on or opened.today, reverse=True)
    days = datetime.timedelta(days=editing.KEPT_DAYS)
    until = {entry.id: (entry.binned_on or opened.today) + days for entry in binned}
    return render_template("records/bin.html", opened=opened, binned=binned, until=until)


@blueprint.get("/your-privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is sealed, against whom, and what is not."""
    return render_template("records/privacy.html", contact_email=settings().contact_email)
