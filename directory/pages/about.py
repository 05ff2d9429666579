"""About the data, accessibility, privacy; and, for developers, every component on one page."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField

from directory import reference, store
from directory.contact import Phone
from directory.guide import Guide
from directory.pages.blueprint import blueprint, database, settings
from directory.pages.find import Chip
from directory.pages.report import ReportForm
from directory.store import postcodes
from plumbing.access import development_only, public
from plumbing.paging import Paging

components_blueprint = Blueprint("components", __name__)


class _EveryField(ReportForm):
    """One field of each kind."""

    passphrase = PasswordField(_l("A passphrase"))
    sure = BooleanField(_l("A box to tick"))
    kind = SelectField(_l("A list to choose from"), default="two")


@blueprint.get("/about-the-data")
@public
def about_the_data() -> ResponseReturnValue:
    """Where listings come from, how sure we are of them, and whose data we use."""
    return render_template(
        "directory/about_the_data.html", counts=store.counts_by_source(database()), has_postcodes=postcodes.are_loaded(database())
    )


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """What works, what may not, and whom to tell."""
    return render_template("directory/accessibility.html", contact_email=settings().contact_email)


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What we keep about a visitor: next to nothing."""
    ours = settings()
    return render_template(
        "directory/privacy.html",
        contact_email=ours.contact_email,
        kept=ours.question_kept_days,
        report_kept=ours.report_address_days,
        contact_months=ours.contact_kept_months,
        not_found_months=ours.not_found_months + 12,
    )


@components_blueprint.get("/components")
@development_only
def show() -> ResponseReturnValue:
    """Every macro once, in the states that matter."""
    db = database()
    form = _EveryField(formdata=None)
    form.topic.choices = form.kind.choices = [("one", "One"), ("two", "Two")]
    form.topic.errors = ["Choose what is wrong"]
    form.words.errors = ["Tell us what is wrong, in a few words"]
    categories = reference.get_categories(db)
    sample = {
        "phone": Phone("01632 960123"),
        "text": Phone("Text HELLO to 12345"),
        "chips": [Chip("Alnwick", url_for("components.show"))],
        "categories": list(categories.values())[:2],
        "guide": Guide("short-breaks", "A guide", "What it is about."),
        "paging": Paging.of(30, 10, 2),
        "url": lambda page: url_for("components.show", page=page),
        "words": "A paragraph.\n\n- a point\n- another",
    }
    services = store.get_shown_services(db, store.all_service_ids(db)[:1])
    return render_template("components/index.html", form=form, services=services, categories=categories, sample=sample)
