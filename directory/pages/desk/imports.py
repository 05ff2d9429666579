"""Imports: send a file or an address, look at what it would do, choose, have it done, and take it back."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping

from flask import Flask, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from sqlite_utils import Database
from wtforms import StringField, ValidationError
from wtforms.validators import Length

from accounts.access import current_account
from directory import reference
from directory.cells import harmless
from directory.desk import Waiting
from directory.differences import LABELS, Names
from directory.importers import UnreadableError
from directory.importers.publisher import OUR_SOURCES
from directory.importers.unpacking import lay_out
from directory.keeping import history, imports, pulls, twins
from directory.keeping.imports import NotNowError, Workshop
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, finder, settings
from directory.pages.desk.rooms import is_officer
from directory.search import Query
from directory.store import imports as rows
from directory.store.imports import AT_WORK, ImportJob
from plumbing import beside, tidy
from plumbing.fetching import Limits
from plumbing.ids import new_id
from plumbing.paging import Paging
from plumbing.spill import uploads

_ON_A_PAGE = 50


class ImportForm(FlaskForm):
    """A file, several that belong together, or an address; and whose listings they are."""

    files = MultipleFileField(_l("Files from your computer"))
    address = StringField(_l("Or a web address that gives Open Referral data"), validators=[Length(max=500)])
    source = StringField(
        _l("Whose listings are they?"), validators=[Length(max=60, message=_l("Keep the name under 60 letters"))]
    )

    def validate_files(self, field: MultipleFileField) -> None:
        """Files or an address, and not both."""
        given = [file for file in field.data or [] if file.filename]
        address = (self.address.data or "").strip()
        if not given and not address:
            raise ValidationError(_("Choose a file, or write a web address"))
        if given and address:
            raise ValidationError(_("Choose files or write a web address, not both"))

    def validate_address(self, field: StringField) -> None:
        """An address that begins as one."""
        check_address(field)

    def validate_source(self, field: StringField) -> None:
        """Not a name that our own listings have."""
        check_source(field)


def check_address(field: StringField) -> None:
    """Raise ValidationError for what is no web address that we may ask."""
    text = (field.data or "").strip()
    starts = ("https://", "http://") if settings().import_anywhere else ("https://",)
    if text and not text.lower().startswith(starts):
        raise ValidationError(_("The web address should begin with https://"))


def check_source(field: StringField) -> None:
    """Raise ValidationError for the name of our own listings."""
    if (field.data or "").strip() in OUR_SOURCES:
        raise ValidationError(_("That is the name of our own listings. Choose another."))


def init_app(app: Flask) -> None:
    """Have the clock ask the feeds, and go on with what was cut short."""
    tidy.register(app, "imports", _by_the_clock)


def workshop() -> Workshop:
    """Where imports are worked on."""
    return Workshop(settings().data / "imports", Limits(anywhere=settings().import_anywhere))


def waiting(db: Database, _today: datetime.date) -> Waiting | None:
    """Previews that nobody decided on, and feeds that fail."""
    ready = rows.list_jobs(db, ("ready",))
    failing = [pull for pull in pulls.every_pull(db) if pull.failures]
    if not ready and not failing:
        return None
    sentence = _("Look at what came, and choose what to take.") if ready else ""
    if failing:
        sentence = " ".join([sentence, _("We could not read the feed of %(name)s.", name=failing[0].source)]).strip()
    return Waiting(
        _("Imports to look at"), len(ready) + len(failing), "directory.desk_imports", "inbox", 30, len(failing), sentence
    )


def _by_the_clock() -> str | None:
    db, shop = database(), workshop()
    asked = pulls.pull_all(db, shop)
    done = imports.work(db, shop)
    if done or asked:
        finder().search(db, Query(size=1))
        return f"{asked} feeds asked, {done} steps of imports done"
    return None


def _start() -> None:
    """Begin the work beside this request. The index is told at the end, and not by the first family that searches."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def job() -> None:
        imports.work(database(), workshop())
        finder().search(database(), Query(size=1))

    beside.begin(app, "import", job)


def _most_bytes() -> int:
    # Nobody else fills our disk: the body is read before the view can refuse it.
    return settings().import_megabytes * 1024 * 1024 if is_officer() else 0


def _job(job_id: str) -> ImportJob:
    job = rows.get_job(database(), job_id)
    if job is None or job.status == "dropped":
        abort(404)
    return job


def said() -> str:
    """What the last press of a button did, in words."""
    return {
        "second": _("You did this more than a day ago. Somebody else has to undo it."),
        "kept": _("Your choice is kept."),
        "late": _("Somebody else was quicker: this import is not as you saw it. Look again."),
        "nothing": _("Nothing is ticked, so there is nothing to do."),
        "dropped": _("The import was thrown away. Nothing was changed."),
        "feed": _("The feed will be asked within a minute."),
        "stopped": _("The feed is not asked any more. Its listings stay."),
    }.get(request.args.get("said", ""), "")


def status_words(status: str) -> str:
    """Where an import is, in words."""
    return {
        "reading": _("Being read"),
        "ready": _("Waits for you"),
        "applying": _("Being done"),
        "applied": _("Done"),
        "undoing": _("Being taken back"),
        "undone": _("Taken back"),
        "failed": _("Could not be read"),
    }[status]


def kind_words(kind: str) -> str:
    """What a kind of row is called."""
    return {
        "added": _("New"),
        "changed": _("Changed"),
        "back": _("Back again"),
        "missing": _("Missing from it"),
        "refused": _("Refused"),
        "remark": _("To know"),
    }[kind]


def field_words(name: str) -> str:
    """What a field is called."""
    return str(LABELS[name]) if name in LABELS else _("Date they checked it")


@blueprint.get("/directory/imports")
@officers_only
def desk_imports() -> ResponseReturnValue:
    """What waits, what was, and the form for a new one."""
    return _page(ImportForm())


def _page(form: ImportForm, status: int = 200) -> ResponseReturnValue:
    db = database()
    jobs = rows.list_jobs(db)
    return render_template(
        "directory/desk/imports.html",
        form=form,
        waiting=[job for job in jobs if job.status in {"ready", *AT_WORK}],
        past=[job for job in jobs if job.status not in {"ready", *AT_WORK}],
        feeds=pulls.every_pull(db),
        sources=[source for source in rows.sources(db) if source["id"] not in OUR_SOURCES],
        status_words=status_words,
        count_words=count_words,
        said=said(),
        megabytes=settings().import_megabytes,
    ), status


@blueprint.post("/directory/imports")
@uploads(_most_bytes)
@officers_only
def begin_import() -> ResponseReturnValue:
    """Take a file or an address, and begin to read it."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _page(form, 400)
    job, shop = new_id(), workshop()
    address, source = (form.address.data or "").strip(), (form.source.data or "").strip()
    files = [file for file in form.files.data or [] if file.filename]
    try:
        if files:
            lay_out([(file.filename, file.stream) for file in files], shop.of(job), _most_bytes())
    except UnreadableError as error:
        form.files.errors = [str(error)]
        return _page(form, 400)
    name = address or (files[0].filename if len(files) == 1 else _("%(num)d files", num=len(files)))
    imports.begin(database(), current_account().shown_name, name[:200], source=source, address=address, job=job)
    _start()
    return redirect(url_for("directory.desk_import", job_id=job))


@blueprint.get("/directory/imports/<id:job_id>")
@officers_only
def desk_import(job_id: str) -> ResponseReturnValue:
    """One import: how far it is, or what it would do, or what it did."""
    db, job = database(), _job(job_id)
    done, total = workshop().progress(job_id)
    if job.status in AT_WORK:
        ahead = [other for other in rows.list_jobs(db, AT_WORK) if other.begun_at < job.begun_at]
        return render_template("directory/desk/import_progress.html", job=job, done=done, total=total, ahead=len(ahead))
    counts = rows.counts(db, job_id)
    kinds = [kind for kind in rows.KINDS if counts[kind]]
    kind = request.args.get("kind", "")
    kind = kind if kind in kinds else (kinds[0] if kinds else "")
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    paging = Paging.of(counts.get(kind, 0), _ON_A_PAGE, page)
    return render_template(
        "directory/desk/import.html" if job.status == "ready" else "directory/desk/import_done.html",
        job=job,
        counts=counts,
        kinds=kinds,
        kind=kind,
        paging=paging,
        shown=rows.list_rows(db, job_id, kind, paging.first_shown - 1 if paging.total else 0, _ON_A_PAGE),
        chosen=sum(counts[f"chosen {one}"] for one in rows.CHOICES),
        choices=rows.CHOICES,
        ours=rows.count_ours(db, job_id),
        listings=len(rows.shown_of_source(db, job.source)),
        since=rows.rows_with_outcome(db, job_id, "since", most=200),
        kept=rows.rows_with_outcome(db, job_id, "kept", most=200),
        kind_words=kind_words,
        status_words=status_words,
        field_words=field_words,
        count_words=count_words,
        said=said(),
    )


@blueprint.get("/directory/imports/<id:job_id>/progress")
@officers_only
def import_progress(job_id: str) -> ResponseReturnValue:
    """How far it is, for the page's script."""
    done, total = workshop().progress(job_id)
    return jsonify(done=done, total=total, at_work=_job(job_id).status in AT_WORK)


@blueprint.post("/directory/imports/<id:job_id>/choose")
@officers_only
def choose_rows(job_id: str) -> ResponseReturnValue:
    """Keep the ticks of one page, and do what is ticked if asked to; or tick all of a kind, or none."""
    if _job(job_id).status != "ready":
        return _too_late(job_id)
    db, kind, how = database(), request.form.get("kind", ""), request.form.get("how", "")
    if kind not in rows.CHOICES or how not in {"these", "all", "none", "do"}:
        abort(400)
    with db.atomic():
        if how in {"these", "do"}:
            on_page, ticked = _numbers("row"), _numbers("tick")
            rows.choose(db, job_id, kind=kind, numbers=sorted(on_page - ticked), chosen=False)
            rows.choose(db, job_id, kind=kind, numbers=sorted(on_page & ticked), chosen=True)
        else:
            rows.choose(db, job_id, kind=kind, chosen=how == "all")
    if how == "do":
        return _begin_to_apply(job_id)
    page = request.form.get("page", "1")
    return redirect(url_for("directory.desk_import", job_id=job_id, kind=kind, page=page if page.isalnum() else 1, said="kept"))


def _numbers(name: str) -> set[int]:
    given = request.form.getlist(name)[: 2 * _ON_A_PAGE]
    return {int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 9}


def _too_late(job_id: str) -> ResponseReturnValue:
    return redirect(url_for("directory.desk_import", job_id=job_id, said="late"))


@blueprint.get("/directory/imports/<id:job_id>/rows/<int:number>")
@officers_only
def import_row(job_id: str, number: int) -> ResponseReturnValue:
    """What an import would change in one listing."""
    db, job, row = database(), _job(job_id), rows.get_row(database(), job_id, number)
    if row is None or job.status != "ready" or row.kind not in {"changed", "back", "added"}:
        abort(404)
    names = _names(db)
    new = row.kind == "added"
    found = [] if new else imports.shown_differences(db, row, names)
    lines = imports.new_lines(row, names) if new else []
    return render_template(
        "directory/desk/import_row.html",
        job=job,
        row=row,
        found=found,
        lines=lines,
        likely_twins=twins.likely(db, row.service) if new and row.service else [],
    )


def _names(db: Database) -> Names:
    return Names(
        {slug: category.label for slug, category in reference.get_categories(db).items()},
        {slug: need.label for slug, need in reference.get_needs(db).items()},
    )


@blueprint.post("/directory/imports/<id:job_id>/rows/<int:number>")
@officers_only
def choose_side(job_id: str, number: int) -> ResponseReturnValue:
    """Whose words are kept where both changed the same thing; or that the listing is left alone."""
    db, row = database(), rows.get_row(database(), job_id, number)
    how = request.form.get("how", "")
    if row is None or how not in {"ours", "theirs", "leave", "take"}:
        abort(400)
    if _job(job_id).status != "ready":
        return _too_late(job_id)
    with db.atomic():
        rows.choose(db, job_id, kind=row.kind, numbers=[number], chosen=how != "leave")
        rows.take_theirs(db, job_id, number, how == "theirs")
    return redirect(url_for("directory.desk_import", job_id=job_id, kind=row.kind, said="kept"))


@blueprint.post("/directory/imports/<id:job_id>/apply")
@officers_only
def apply_import(job_id: str) -> ResponseReturnValue:
    """Do what was chosen."""
    _job(job_id)
    return _begin_to_apply(job_id)


def _begin_to_apply(job_id: str) -> ResponseReturnValue:
    if not any(rows.counts(database(), job_id)[f"chosen {kind}"] for kind in rows.CHOICES):
        return redirect(url_for("directory.desk_import", job_id=job_id, said="nothing"))
    return _next_step(job_id, "applying", "ready")


@blueprint.post("/directory/imports/<id:job_id>/undo")
@officers_only
def undo_import(job_id: str) -> ResponseReturnValue:
    """Take all of it back."""
    job = _job(job_id)
    who = current_account().shown_name
    if job.ended_at and not history.may_undo(job.who, job.ended_at, who, approval=settings().approval):
        return redirect(url_for("directory.desk_import", job_id=job_id, said="second"))
    return _next_step(job_id, "undoing", "applied")


def _next_step(job_id: str, status: str, before: str) -> ResponseReturnValue:
    try:
        imports.ask(database(), job_id, status, if_=before)
    except NotNowError:
        return _too_late(job_id)
    _start()
    return redirect(url_for("directory.desk_import", job_id=job_id))


@blueprint.post("/directory/imports/<id:job_id>/drop")
@officers_only
def drop_import(job_id: str) -> ResponseReturnValue:
    """Throw a preview away."""
    _job(job_id)
    try:
        imports.drop(database(), workshop(), job_id)
    except NotNowError:
        return _too_late(job_id)
    return redirect(url_for("directory.desk_imports", said="dropped"))


@blueprint.get("/directory/imports/<id:job_id>/refused.csv")
@officers_only
def refused_rows(job_id: str) -> ResponseReturnValue:
    """What was refused and why, to be sent to the publisher."""
    _job(job_id)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_("Row"), _("Why it was refused")])
    writer.writerows((harmless(row.place), harmless(row.words)) for row in rows.list_rows(database(), job_id, "refused"))
    headers = {"Content-Disposition": "attachment; filename=refused.csv", "Cache-Control": "no-store"}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def count_words(job: ImportJob) -> str:
    """What an import did, in one line."""
    parts: Mapping[str, int] = {
        "added": job.added, "changed": job.changed, "retired": job.retired, "refused": job.refused,
    }  # fmt: skip
    words = {
        "added": lambda n: ngettext("%(num)d added", "%(num)d added", n),
        "changed": lambda n: ngettext("%(num)d changed", "%(num)d changed", n),
        "retired": lambda n: ngettext("%(num)d retired", "%(num)d retired", n),
        "refused": lambda n: ngettext("%(num)d refused", "%(num)d refused", n),
    }
    return ", ".join(words[name](number) for name, number in parts.items() if number) or _("Nothing was changed")
