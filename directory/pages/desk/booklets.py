"""The directory as a booklet, at the desk: asked for here, made by the timed work, fetched when it is done."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, abort, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from accounts.access import current_account
from directory import gazetteer, reference, store
from directory.booklet import Booklet
from directory.keeping import booklets as keeping
from directory.leaflet import slug_of
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, finder, settings
from plumbing import clock, tidy
from plumbing.addresses import outside
from plumbing.ids import new_id

_MILES = (2, 5, 10, 20, 40)


class BookletForm(FlaskForm):
    """Which part of the directory, and how it looks."""

    title = StringField(
        _l("Title"),
        validators=[DataRequired(_l("Give the booklet a title")), Length(max=90, message=_l("Keep it under 90 letters"))],
    )
    council = SelectField(_l("Council"))
    place = StringField(_l("Town or postcode"), validators=[Length(max=100)])
    miles = SelectField(_l("How far"))
    categories = SelectMultipleField(_l("Kinds of help"))
    national = BooleanField(_l("With national organisations"))
    large = BooleanField(_l("Large print"))
    foot = TextAreaField(_l("Who gives it out"), validators=[Length(max=400, message=_l("Keep it under 400 letters"))])

    def with_choices(self) -> BookletForm:
        """This form with what there is to choose from."""
        self.council.choices = [("", _("Every council")), *store.councils(database()).items()]
        self.miles.choices = [
            ("", _("Any distance")),
            *((str(miles), _("Within %(miles)d miles", miles=miles)) for miles in _MILES),
        ]
        self.categories.choices = [(one.slug, one.label) for one in reference.get_categories(database()).values()]
        return self

    def validate_place(self, field: StringField) -> None:
        """A place that nobody knows would quietly print services from everywhere."""
        if (field.data or "").strip() and gazetteer.find_place(database(), field.data) is None:
            raise ValidationError(_("We do not know that place. Try a town or the first half of a postcode"))

    def validate_miles(self, field: SelectField) -> None:
        """A distance from nowhere means nothing."""
        if field.data and not (self.place.data or "").strip():
            raise ValidationError(_("Say from which town or postcode"))


def folder() -> Path:
    """Where booklets lie."""
    return settings().data / "booklets"


def init_app(app: Flask) -> None:
    """Have booklets made by the timed work: the largest take longer than anybody waits for a page."""
    tidy.register(app, "booklets", lambda: keeping.make_next(database(), finder(), folder()))


@blueprint.get("/directory/booklets")
@officers_only
def desk_booklets() -> ResponseReturnValue:
    """The form, and every booklet with how far it is."""
    return _page(BookletForm().with_choices())


@blueprint.post("/directory/booklets")
@officers_only
def desk_ask_booklet() -> ResponseReturnValue:
    """Ask for a booklet."""
    form = BookletForm().with_choices()
    if not form.validate_on_submit():
        return _page(form), 400
    asked = Booklet(
        id=new_id(),
        title=" ".join((form.title.data or "").split()),
        place=(form.place.data or "").strip(),
        miles=int(form.miles.data or 0),
        council=form.council.data or "",
        categories=tuple(form.categories.data or ()),
        national=form.national.data,
        large=form.large.data,
        foot=(form.foot.data or "").strip(),
        address=outside("directory.home"),
        asked_at=clock.minute(),
        asked_by=current_account().shown_name,
    )
    with database().atomic():
        store.save_booklet(database(), asked)
    return redirect(url_for("directory.desk_booklets"))


@blueprint.get("/directory/booklets/<id:booklet_id>/pdf")
@officers_only
def desk_booklet_pdf(booklet_id: str) -> ResponseReturnValue:
    """A booklet that is done."""
    found = _found(booklet_id)
    path = keeping.path_of(folder(), found)
    if found.state != "done" or not path.is_file():
        abort(404)
    return send_file(path, mimetype="application/pdf", download_name=f"{slug_of(found.title)}.pdf", etag=False)


@blueprint.post("/directory/booklets/<id:booklet_id>/delete")
@officers_only
def desk_delete_booklet(booklet_id: str) -> ResponseReturnValue:
    """Forget a booklet; one that nobody has begun is not made."""
    keeping.delete(database(), folder(), _found(booklet_id))
    return redirect(url_for("directory.desk_booklets"))


def _found(booklet_id: str) -> Booklet:
    found = store.get_booklet(database(), booklet_id)
    if found is None:
        abort(404)
    return found


def _page(form: BookletForm) -> str:
    booklets = store.list_booklets(database())
    return render_template(
        "directory/desk/leaflets/booklets.html",
        form=form,
        booklets=booklets,
        state_words={
            "waiting": _("Waiting its turn: it begins within a minute."),
            "gathering": _("Step 1 of 2: looking up the services."),
            "setting": _("Step 2 of 2: setting the pages. Some thousands of services take a minute."),
            "failed": _("It could not be made. Ask for a smaller one, or tell whoever looks after this Linkbook."),
        },
        under_way=any(one.is_under_way for one in booklets),
        councils=store.councils(database()),
    )
