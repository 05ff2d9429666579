"""Designated contacts as a spreadsheet: to keep elsewhere, and to bring in with a look at what would change."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from accounts.access import current_account
from directory import setup
from directory.designated_contact import WRITTEN
from directory.keeping import contact_files as files
from directory.keeping import designated_contacts as keeping
from directory.keeping.contact_files import Line, UnreadableError
from directory.keeping.editing import ChangedMeanwhileError
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database
from directory.pages.desk.contact_form import ContactForm, areas, label, shown, with_roles
from directory.pages.desk.rooms import is_officer
from directory.store import designated_contacts as rows
from plumbing import clock
from plumbing.spill import uploads

_MOST_BYTES = 200_000


@blueprint.get("/directory/contacts/spreadsheet")
@officers_only
def desk_contact_files() -> ResponseReturnValue:
    """Out and in."""
    return _page()


@blueprint.get("/directory/contacts/contacts.csv")
@officers_only
def desk_contacts_csv() -> ResponseReturnValue:
    """Everybody who has not been taken out, with the mark by which spreadsheet programs know UTF-8."""
    people = [one for one in rows.every(database()) if one.retired_on is None]
    text = "\ufeff" + files.write(people, setup.contact_roles(), areas())
    name = f"contacts-{clock.today().isoformat()}.csv"
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename={name}"})


def _most_bytes() -> int:
    return _MOST_BYTES if is_officer() else 0


@blueprint.post("/directory/contacts/spreadsheet")
@uploads(_most_bytes)
@officers_only
def desk_preview_contacts() -> ResponseReturnValue:
    """What a file would change. Nothing is kept yet."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(_("Choose a file")), 400
    data = file.stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        return _page(_("The file is too large: up to 200 KB")), 400
    return _preview(data, "")


def _preview(data: bytes, sheet_id: str, changed: bool = False) -> ResponseReturnValue:
    try:
        lines = _read(data)
    except UnreadableError as problem:
        sentence = {
            "letters": _("We cannot read the letters in this file. Save it as CSV (UTF-8)"),
            "columns": _("This is no table of contacts: it needs at least a column Name. Save it as CSV"),
            "long": _("There are too many rows: up to %(num)s at once", num=files.MOST_ROWS),
        }[problem.reason]
        return _page(sentence), 400
    page = render_template(
        "directory/desk/contacts_preview.html",
        lines=[(line, [(label(name), shown(name, line.written[name])) for name in line.changes]) for line in lines],
        counts={kind: sum(line.kind == kind for line in lines) for kind in ("new", "changed", "same", "refused")},
        sheet=sheet_id or keeping.lay_before(database(), data, current_account().id),
        seen=rows.newest(database()),
        changed=changed,
        problems=_problems,
    )
    return (page, 409) if changed else page


@blueprint.post("/directory/contacts/spreadsheet/apply")
@officers_only
def desk_apply_contacts() -> ResponseReturnValue:
    """Keep what the preview showed. Where anybody changed anything since, it is shown anew."""
    db, me, seen = database(), current_account(), request.form.get("seen", "")
    sheet_id = request.form.get("sheet", "")
    data = rows.get_sheet(db, sheet_id, me.id)
    if data is None:
        return _page(_("We do not have this file any more. Choose it again")), 400
    wanted = [(line.contact_id, line.written) for line in _read(data) if line.kind in {"new", "changed"}]
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 12 else -1
    try:
        keeping.take_over(db, wanted, me.shown_name, number, me.id)
    except ChangedMeanwhileError:
        return _preview(data, sheet_id, changed=True)
    return redirect(url_for("directory.desk_contacts", said="imported"))


def _read(data: bytes) -> list[Line]:
    return files.read(data, {one.id: one for one in rows.every(database())}, setup.contact_roles(), _checked)


def _checked(written: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """A row as the form takes it: the rules are the form's."""
    typed = MultiDict({name: words for name, words in written.items() if words})
    form = with_roles(ContactForm(formdata=typed, meta={"csrf": False}))
    form.validate()
    return form.written, [name for name in form.errors if name in WRITTEN]


def _problems(line: Line) -> str:
    """Why a row is refused."""
    words = {files.ID: _("nobody has this ID"), "twice": _("the same ID stands there twice")}
    return ", ".join(words.get(name) or _("check “%(field)s”", field=label(name)) for name in line.problems)


def _page(problem: str = "") -> str:
    return render_template("directory/desk/contacts_files.html", problem=problem, columns=files.COLUMNS.values())
