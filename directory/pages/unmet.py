"""I couldn't find it, or it was no use: one tap counts, and more may be said. Nothing about a person is asked or kept."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from directory import asking_wording, gazetteer, reference
from directory.keeping import unmet_needs
from directory.pages.asking import AreaForm, AskingForm, chosen, count_sender, fill_categories, read_ticket, shown_once, ticket
from directory.pages.blueprint import blueprint, database
from directory.unmet_need import REASONS, WAITED, UnmetNeed, month_of
from plumbing.access import public
from plumbing.clock import today

_MORE_MINUTES = 60
_COUNTED = "counted unmet need"


class UnmetForm(AskingForm, AreaForm):
    """What was not to be had. Every field may be left as it is. `counted` names the one that a tap has counted already."""

    counted = HiddenField()
    category = SelectField(_l("What kind of help?"), default="")
    reason = RadioField(_l("What was wrong?"), default="")
    waited = RadioField(_l("If you are waiting: for how long?"), default="")


@blueprint.get("/could-not-find")
@public
def could_not_find() -> ResponseReturnValue:
    """One button, with what the page before knew: the kind of help, and where."""
    form = _form()
    form.category.data = chosen(reference.get_categories(database()), request.args.get("category", ""))
    form.place.data = gazetteer.outcode_of(database(), request.args.get("place", "")[:60]) or ""
    return render_template("directory/unmet/tap.html", form=form)


@blueprint.post("/could-not-find")
@public
def count_unmet_need() -> ResponseReturnValue:
    """Count one, then offer to say more."""
    form = _form()
    if not form.validate_on_submit():
        return render_template("directory/unmet/more.html", form=form, is_counted=False), 400
    count_sender()
    if form.by_program:
        return redirect(url_for("directory.unmet_need_counted"))
    id_ = unmet_needs.add(database(), _need(form))
    form.counted.data = ticket(_COUNTED, id_, _MORE_MINUTES)
    return shown_once(render_template("directory/unmet/more.html", form=form, is_counted=True))


@blueprint.post("/could-not-find/more")
@public
def say_more_of_unmet_need() -> ResponseReturnValue:
    """Say more about the one that was counted. Where that was long ago, nothing is counted twice."""
    form = _form()
    if not form.validate_on_submit():
        return shown_once(render_template("directory/unmet/more.html", form=form, is_counted=True), 400)
    count_sender()
    id_ = read_ticket(_COUNTED, form.counted.data or "")
    if not id_:
        form.reason.errors = [_("That was a while ago. It was counted as it was; what you said now was not kept")]
        return shown_once(render_template("directory/unmet/more.html", form=form, is_counted=True), 400)
    if not form.by_program:
        unmet_needs.complete(database(), id_, _need(form))
    return redirect(url_for("directory.unmet_need_counted"))


@blueprint.get("/could-not-find/counted")
@public
def unmet_need_counted() -> ResponseReturnValue:
    """What it is good for."""
    return render_template("directory/unmet/counted.html")


def _form() -> UnmetForm:
    form = UnmetForm()
    form.fill_choices()
    fill_categories(form.category, _("I am not sure, or something else"))
    form.reason.choices = [("", _("I would rather not say")), *((one, asking_wording.reason(one)) for one in REASONS)]
    form.waited.choices = [("", _("I would rather not say")), *((one, asking_wording.waited(one)) for one in WAITED)]
    return form


def _need(form: UnmetForm) -> UnmetNeed:
    waited = form.waited.data if form.reason.data == "waiting" else ""
    category, reason, band = form.category.data, form.reason.data, form.age_band.data
    return UnmetNeed(month_of(today()), category, form.outcode, band, reason, waited)
