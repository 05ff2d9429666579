"""Feeds that are asked by the clock: their address, how often, and whether what is safe happens by itself."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from accounts.access import current_account
from directory.keeping import pulls
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database
from directory.pages.desk.imports import check_address, check_source


class FeedForm(FlaskForm):
    """Where a feed is, whose it is, how often it is asked, and what happens then."""

    address = StringField(
        _l("Web address of the feed"), validators=[DataRequired(_l("Write the web address of the feed")), Length(max=500)]
    )
    source = StringField(
        _l("Whose listings are they?"),
        validators=[
            DataRequired(_l("Write whose listings they are")),
            Length(max=60, message=_l("Keep the name under 60 letters")),
        ],
    )
    every = RadioField(
        _l("How often?"), choices=[SelectChoice("day", _l("Every day")), SelectChoice("week", _l("Every week"))], default="week"
    )
    by_itself = RadioField(
        _l("What happens when something is new?"),
        choices=[
            SelectChoice("no", _l("It waits until somebody has looked at it")),
            SelectChoice("yes", _l("Safe changes are made by themselves, all else waits")),
        ],
        default="no",
    )

    def validate_address(self, field: StringField) -> None:
        """An address that begins as one."""
        check_address(field)

    def validate_source(self, field: StringField) -> None:
        """Not a name that our own listings have."""
        check_source(field)


@blueprint.get("/directory/imports/feeds/new")
@officers_only
def new_feed() -> ResponseReturnValue:
    """The form."""
    return render_template("directory/desk/feed.html", form=FeedForm())


@blueprint.post("/directory/imports/feeds/new")
@officers_only
def add_feed() -> ResponseReturnValue:
    """Have a feed asked from now on."""
    form = FeedForm()
    if not form.validate_on_submit():
        return render_template("directory/desk/feed.html", form=form), 400
    pulls.add(
        database(),
        form.source.data.strip(),
        form.address.data.strip(),
        form.every.data,
        current_account().shown_name,
        by_itself=form.by_itself.data == "yes",
    )
    return redirect(url_for("directory.desk_imports", said="feed"))


@blueprint.post("/directory/imports/feeds/<id:feed_id>/ask")
@officers_only
def ask_feed(feed_id: str) -> ResponseReturnValue:
    """Ask a feed at the next tidying, and all of it."""
    _must_be(feed_id)
    pulls.ask_soon(database(), feed_id)
    return redirect(url_for("directory.desk_imports", said="feed"))


@blueprint.post("/directory/imports/feeds/<id:feed_id>/stop")
@officers_only
def stop_feed(feed_id: str) -> ResponseReturnValue:
    """Ask a feed no more."""
    _must_be(feed_id)
    pulls.stop(database(), feed_id)
    return redirect(url_for("directory.desk_imports", said="stopped"))


def _must_be(feed_id: str) -> None:
    if pulls.get(database(), feed_id) is None:
        abort(404)
