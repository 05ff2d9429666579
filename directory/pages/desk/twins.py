"""Likely twins: two listings side by side, to say that they are two, or to make one of them."""

from __future__ import annotations

import datetime

from flask import Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlite_utils import Database

from accounts.access import current_account
from directory import reference, store
from directory.desk import Waiting
from directory.differences import LABELS, Names, value_lines
from directory.keeping import history, twins
from directory.keeping.editing import ChangedMeanwhileError
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, settings
from directory.service import Service
from directory.store import following
from directory.store import twins as rows
from plumbing import tidy
from plumbing.paging import Paging

_ON_A_PAGE = 20
_KINDS = ("service", "organization")


def init_app(app: Flask) -> None:
    """Have twins looked for by the clock, so that the desk knows of them at once."""
    tidy.register(app, "twins", _by_the_clock)
    app.jinja_env.globals["same_words"] = same_words


def _by_the_clock() -> str | None:
    return "likely twins looked for" if twins.find(database()) else None


def waiting(db: Database, _today: datetime.date) -> Waiting | None:
    """Pairs that nobody has looked at."""
    number = rows.count_twins(db)
    sentence = _("Look at two side by side: are they one and the same?")
    return Waiting(_("Likely twins"), number, "directory.desk_twins", "copy", 35, sentence=sentence) if number else None


def same_words(same: tuple[str, ...]) -> str:
    """What two listings share, in words.

    > the same telephone, much the same name
    """
    words = {
        "name": _("the same name"),
        "alike": _("much the same name"),
        "phone": _("the same telephone"),
        "postcode": _("the same postcode"),
        "url": _("the same web address"),
    }
    return ", ".join(words[one] for one in same)


def _said() -> str:
    return {
        "two": _("We will not ask about these two again."),
        "merged": _("The two are one now. The old address leads to the one you kept."),
        "undone": _("The two are two again."),
        "kept": _("The two are two again. What was changed since the merge was left as it is."),
        "late": _("Somebody else changed one of the two in the meantime. Look again."),
        "second": _("You did this more than a day ago. Somebody else has to undo it."),
        "gone": _("One of the two is not listed any more."),
    }.get(request.args.get("said", ""), "")


@blueprint.get("/directory/twins")
@officers_only
def desk_twins() -> ResponseReturnValue:
    """Every likely pair, the likeliest first; and the merges that can be undone."""
    db = database()
    twins.find(db)
    kind = request.args.get("kind", "service")
    kind = kind if kind in _KINDS else "service"
    number = request.args.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    paging = Paging.of(rows.count_twins(db, kind), _ON_A_PAGE, page)
    pairs = rows.list_twins(db, kind, paging.first_shown - 1 if paging.total else 0, _ON_A_PAGE)
    ids = [id_ for pair in pairs for id_ in (pair.one, pair.other)]
    found = store.get_services(db, ids) if kind == "service" else store.get_organizations(db, ids).values()
    merges = rows.merges(db)[:20]
    return render_template(
        "directory/desk/twins.html",
        kind=kind,
        totals={one: rows.count_twins(db, one) for one in _KINDS},
        paging=paging,
        pairs=pairs,
        by_id={one.id: one for one in found},
        merges=merges,
        names=_merged_names(db, [id_ for row in merges for id_ in (row["old_id"], row["new_id"])]),
        said=_said(),
    )


def _merged_names(db: Database, ids: list[str]) -> dict[str, str]:
    names = {service.id: service.name for service in store.get_services(db, ids)}
    names |= {organization.id: organization.name for organization in store.get_organizations(db, ids).values()}
    return following.names_of_gone(db) | names


def _names(db: Database) -> Names:
    return Names(
        {slug: category.label for slug, category in reference.get_categories(db).items()},
        {slug: need.label for slug, need in reference.get_needs(db).items()},
    )


def _two(one: object, other: object) -> tuple[Service, Service]:
    found = {service.id: service for service in store.get_services(database(), [str(one), str(other)])}
    if len(found) != 2:
        abort(404)
    return found[str(one)], found[str(other)]


@blueprint.get("/directory/twins/<uuid:one>/<uuid:other>")
@officers_only
def two_listings(one: object, other: object) -> ResponseReturnValue:
    """Two listings side by side."""
    return _side_by_side(*_two(one, other))


def _side_by_side(one: Service, other: Service) -> ResponseReturnValue:
    db = database()
    if rows.follow(db, [one.id, other.id]) or "retired" in {one.hidden, other.hidden}:
        return redirect(url_for("directory.desk_twins", said="gone"))
    names = _names(db)
    fields = [
        (name, str(LABELS[name]), value_lines(one, name, names), value_lines(other, name, names))
        for name in twins.differing(one, other)
        if name in LABELS
    ]
    known = {name for name, *_rest in fields}
    alike = [
        (str(label), lines) for name, label in LABELS.items() if name not in known and (lines := value_lines(one, name, names))
    ]
    versions = store.version(db, one.id), store.version(db, other.id)
    pairs = [pair for pair in twins.likely(db, one) if pair.card.id == other.id]
    return render_template(
        "directory/desk/two_listings.html",
        one=one,
        other=other,
        fields=fields,
        alike=alike,
        versions=versions,
        same=pairs[0].same if pairs else (),
        may_merge=_may_merge(one, other),
        said=_said(),
    )


def _may_merge(one: Service, other: Service) -> bool:
    """Invented listings never become real ones."""
    return one.is_demonstration == other.is_demonstration


@blueprint.post("/directory/twins/<uuid:one>/<uuid:other>")
@officers_only
def decide_twins(one: object, other: object) -> ResponseReturnValue:
    """They are two; or they become one, field by field."""
    db, who, how = database(), current_account().shown_name, request.form.get("how", "")
    first, second = _two(one, other)
    if how == "two":
        twins.are_two(db, first.id, second.id, who)
        return redirect(url_for("directory.desk_twins", said="two"))
    keep = request.form.get("keep", "")
    if how != "merge" or keep not in {"one", "other"} or not _may_merge(first, second):
        abort(400)
    seen = [request.form.get(f"version_{side}", "") for side in ("one", "other")]
    if not all(text.isascii() and text.isdigit() and len(text) < 12 for text in seen):
        abort(400)
    versions = int(seen[0]), int(seen[1])
    gives = "other" if keep == "one" else "one"
    take = {name for name in twins.MERGED if request.form.get(f"field_{name}") == gives}
    kept, left = (first, second) if keep == "one" else (second, first)
    try:
        twins.merge(db, kept.id, left.id, take, who, versions if keep == "one" else versions[::-1])
    except ChangedMeanwhileError:
        return redirect(url_for("directory.two_listings", one=first.id, other=second.id, said="late"))
    except LookupError:
        return redirect(url_for("directory.desk_twins", said="gone"))
    return redirect(url_for("directory.desk_twins", said="merged"))


@blueprint.post("/directory/twins/organisations/<uuid:one>/<uuid:other>")
@officers_only
def decide_organizations(one: object, other: object) -> ResponseReturnValue:
    """Two organisations are two, or what both do is run by one of them."""
    db, who, how = database(), current_account().shown_name, request.form.get("how", "")
    first, second = str(one), str(other)
    if len(store.get_organizations(db, [first, second])) != 2:
        abort(404)
    if how == "two":
        twins.are_two(db, first, second, who)
        return redirect(url_for("directory.desk_twins", kind="organization", said="two"))
    if how not in {"one", "other"}:
        abort(400)
    keep, left = (first, second) if how == "one" else (second, first)
    try:
        twins.merge_organizations(db, keep, left, who)
    except LookupError:
        return redirect(url_for("directory.desk_twins", kind="organization", said="gone"))
    return redirect(url_for("directory.desk_twins", kind="organization", said="merged"))


@blueprint.post("/directory/twins/merges/<id:job>/undo")
@officers_only
def undo_merge(job: str) -> ResponseReturnValue:
    """Make two of one again."""
    db = database()
    if not any(row["job"] == job for row in rows.merges(db)):
        abort(404)
    merge = store.revisions_of_job(db, job)[:1]
    who = current_account().shown_name
    if merge and not history.may_undo(merge[0].who, merge[0].at, who, approval=settings().approval):
        return redirect(url_for("directory.desk_twins", said="second"))
    undone = twins.unmerge(db, job, who)
    return redirect(url_for("directory.desk_twins", said="kept" if undone.kept else "undone"))
