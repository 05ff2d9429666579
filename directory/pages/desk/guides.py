"""Guides at the desk: what is due to be read again, what came anew with Linkbook, and the history of each."""

from __future__ import annotations

import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import StringField

from directory import reference
from directory.desk import Waiting
from directory.guide import Guide
from directory.guide_differences import Change, changes
from directory.keeping import guides as keeping
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.desk.edit import names
from directory.pages.desk.guide_form import national_organizations
from directory.pages.desk.writer import writer
from directory.store import guides as rows
from plumbing import clock
from plumbing.days import months_after, parse_date

_LONGEST = 300


class DayForm(FlaskForm):
    """The day by which somebody must look at a guide, and why."""

    day = StringField()
    why = StringField()


def waiting(db: Database, today: datetime.date) -> Waiting | None:
    """Guides to be read again, and guides of which a newer text came."""
    due, newer = keeping.due(db, today, settings().guide_check_months), keeping.newer_shipped(db)
    number = len({*(one.guide.slug for one in due), *newer})
    if not number:
        return None
    late = sum(one.is_late(today) for one in due)
    sentence = _("Read each, and say that it is still true, or put it right.")
    return Waiting(_("Guides to look at"), number, "directory.desk_guides", "book", 65, late, sentence)


def approval_waiting(db: Database, _today: datetime.date) -> Waiting | None:
    """Guides that wait for a second person."""
    number = len(rows.list_guide_drafts(db, ("waiting",)))
    return Waiting(_("Guides waiting for approval"), number, "directory.desk_guides", "eye", 21) if number else None


@blueprint.get("/directory/guides")
@officers_only
def desk_guides() -> ResponseReturnValue:
    """Every guide: what waits first."""
    db = database()
    live, standings = reference.get_guides(db), rows.get_standings(db)
    drafts = rows.list_guide_drafts(db, ("writing", "sent_back", "waiting"))
    return render_template(
        "directory/desk/guides/list.html",
        due=keeping.due(db, clock.today(), settings().guide_check_months),
        newer=[live[slug] for slug in keeping.newer_shipped(db) if slug in live],
        waiting=[one for one in drafts if one.state == "waiting"],
        drafts=[one for one in drafts if one.state != "waiting" and one.author_id == writer().id],
        guides=[(guide, standings.get(slug)) for slug, guide in live.items()],
        retired=[guide for slug, one in standings.items() if one.retired and (guide := keeping.as_it_stands(db, slug))],
        said={"asked": _("It waits for a second person now."), "sent-back": _("Sent back to whoever wrote it.")}.get(
            request.args.get("said", ""), ""
        ),
    )


@blueprint.get("/directory/guides/<slug>")
@officers_only
def desk_guide(slug: str) -> ResponseReturnValue:
    """One guide: how it stands, and what can be done."""
    return _page(_found(slug))


def _page(guide: Guide, problem: str = "", day: str = "", why: str = "") -> str:
    db, slug = database(), guide.slug
    standing = rows.get_standing(db, slug)
    return render_template(
        "directory/desk/guides/guide.html",
        guide=guide,
        known=standing,
        due_on=standing.due_on(guide, settings().guide_check_months),
        news=_changes(standing.base, standing.shipped) if standing.is_shipped_newer else [],
        ours=_changes(standing.shipped, guide) if standing.is_shipped_newer else [],
        is_live=slug in reference.get_guides(db),
        saved=request.args.get("said", "") if request.method == "GET" else "",
        problem=problem,
        day=day or (standing.look_by.isoformat() if standing.look_by else ""),
        why=why or standing.look_why,
    )


@blueprint.post("/directory/guides/<slug>/check")
@officers_only
def desk_check_guide(slug: str) -> ResponseReturnValue:
    """It was read today, and is still true."""
    _live(slug)
    keeping.check(database(), slug, writer().name)
    return redirect(url_for("directory.desk_guide", slug=slug, said="checked"))


@blueprint.post("/directory/guides/<slug>/look-by")
@officers_only
def desk_look_by(slug: str) -> ResponseReturnValue:
    """Set a day by which somebody must look at it, or take it out."""
    guide, form = _live(slug), DayForm()
    typed, why = (form.day.data or "").strip(), " ".join((form.why.data or "").split())[:_LONGEST]
    day = parse_date(typed)
    if typed and (day is None or not clock.today() <= day <= months_after(clock.today(), 60)):
        return _page(guide, _("Give a day to come, within five years"), typed, why), 400
    keeping.look_by(database(), slug, day, why)
    return redirect(url_for("directory.desk_guide", slug=slug, said="day"))


@blueprint.post("/directory/guides/<slug>/keep-ours")
@officers_only
def desk_keep_guide(slug: str) -> ResponseReturnValue:
    """The newer text of Linkbook was looked at; ours stays."""
    _live(slug)
    keeping.keep_ours(database(), slug)
    return redirect(url_for("directory.desk_guide", slug=slug, said="kept"))


@blueprint.post("/directory/guides/<slug>/retire")
@officers_only
def desk_retire_guide(slug: str) -> ResponseReturnValue:
    """Show it to families no more."""
    _live(slug)
    keeping.retire(database(), slug, writer().name, " ".join(request.form.get("why", "").split())[:_LONGEST])
    return redirect(url_for("directory.desk_guide", slug=slug, said="retired"))


@blueprint.get("/directory/guides/<slug>/history")
@officers_only
def desk_guide_history(slug: str) -> ResponseReturnValue:
    """Every version, newest first, with what changed."""
    guide = _found(slug)
    versions = rows.guide_revisions(database(), slug)
    lines = []
    for number, version in enumerate(versions):
        earlier = next((one.guide for one in versions[number + 1 :] if one.guide), None)
        lines.append((version, [] if earlier is None else _changes(earlier, version.guide) if version.guide else []))
    return render_template("directory/desk/guides/history.html", guide=guide, lines=lines, last=len(versions))


@blueprint.post("/directory/guides/<slug>/history/<int:number>")
@officers_only
def desk_restore_guide(slug: str, number: int) -> ResponseReturnValue:
    """Bring a version back, or ask a second person to."""
    revision = rows.get_guide_revision(database(), number)
    if revision is None or revision.slug != slug or revision.guide is None:
        abort(404)
    why = _("An earlier version brought back")
    done = keeping.restore(database(), number, writer(), why, approval=settings().approval)
    if not done:
        return redirect(url_for("directory.desk_guides", said="asked"))
    return redirect(url_for("directory.desk_guide", slug=slug, said="restored"))


def _found(slug: str) -> Guide:
    found = keeping.as_it_stands(database(), slug)
    if found is None:
        abort(404)
    return found


def _live(slug: str) -> Guide:
    found = reference.get_guides(database()).get(slug)
    if found is None:
        abort(404)
    return found


def _changes(before: Guide | None, after: Guide | None) -> list[Change]:
    return changes(before, after, names(), national_organizations(database()))
