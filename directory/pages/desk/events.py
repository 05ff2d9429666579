"""What is on: events that officers put into newsletters."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from directory.event import Event
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database
from directory.pages.desk.writer import writer
from directory.store import newsletters as rows
from plumbing import clock
from plumbing.days import months_after, parse_date
from plumbing.ids import new_id, once_id

_SHORT = Length(max=200, message=_l("Keep it under 200 letters"))
_TEXTS = ("title", "times", "place", "whom", "cost", "book", "url")


class EventForm(FlaskForm):
    """When and where it is, for whom, and how to come."""

    once = HiddenField(default=new_id)
    title = StringField(_l("What it is"), validators=[DataRequired(_l("Say what it is")), _SHORT])
    starts = StringField(_l("Day"))
    ends = StringField(_l("Last day, if it takes several"))
    times = StringField(_l("Times"), validators=[_SHORT])
    place = StringField(_l("Where"), validators=[DataRequired(_l("Say where it is")), _SHORT])
    whom = StringField(_l("Who it is for"), validators=[_SHORT])
    cost = StringField(_l("Cost"), validators=[_SHORT])
    book = StringField(_l("How to book"), validators=[_SHORT])
    url = StringField(_l("Web address"), validators=[_SHORT])

    def validate_starts(self, field: StringField) -> None:
        """A day to come."""
        day = parse_date(field.data)
        if day is None or not clock.today() <= day <= months_after(clock.today(), 24):
            raise ValidationError(_("Give its day, today or within two years"))

    def validate_ends(self, field: StringField) -> None:
        """Not before it begins."""
        first, last = parse_date(self.starts.data), parse_date(field.data)
        if (field.data or "").strip() and (first is None or last is None or not first <= last <= months_after(first, 6)):
            raise ValidationError(_("Give its last day, or leave this empty"))

    def validate_url(self, field: StringField) -> None:
        """Only what a browser goes to."""
        typed = (field.data or "").strip()
        if typed and (not typed.startswith(("https://", "http://")) or any(letter in " <>\"'" for letter in typed)):
            raise ValidationError(_("A web address begins with https://"))

    def event(self, id_: str, by: str) -> Event:
        """The event that the form describes."""
        texts = {name: " ".join((self[name].data or "").split()) for name in _TEXTS}
        starts, ends = parse_date(self.starts.data) or clock.today(), parse_date(self.ends.data)
        return Event(id_, starts=starts, ends=ends, added_by=by, **texts)


@blueprint.get("/directory/newsletters/events/new")
@officers_only
def desk_new_event() -> ResponseReturnValue:
    """Another event."""
    return _page(EventForm(formdata=None), None)


@blueprint.post("/directory/newsletters/events/new")
@officers_only
def desk_add_event() -> ResponseReturnValue:
    """Keep another."""
    return _save(None)


@blueprint.get("/directory/newsletters/events/<id:event_id>")
@officers_only
def desk_event(event_id: str) -> ResponseReturnValue:
    """One that is there."""
    event = _found(event_id)
    form = EventForm(formdata=None, obj=event)
    form.starts.data, form.ends.data = event.starts.isoformat(), event.ends.isoformat() if event.ends else ""
    return _page(form, event)


@blueprint.post("/directory/newsletters/events/<id:event_id>")
@officers_only
def desk_save_event(event_id: str) -> ResponseReturnValue:
    """Keep one that is there, changed; or take it out: it is called off."""
    event = _found(event_id)
    if request.form.get("do") == "off":
        with database().atomic():
            rows.delete_event(database(), event.id)
        return redirect(url_for("directory.desk_newsletters"))
    return _save(event)


def _save(event: Event | None) -> ResponseReturnValue:
    form, me = EventForm(), writer()
    if not form.validate_on_submit():
        return _page(form, event), 400
    with database().atomic():
        rows.save_event(database(), form.event(event.id if event else once_id(form.once.data or "", "event", me.id), me.name))
    return redirect(url_for("directory.desk_newsletters"))


def _found(event_id: str) -> Event:
    event = rows.get_events(database()).get(event_id)
    if event is None:
        abort(404)
    return event


def _page(form: EventForm, event: Event | None) -> str:
    return render_template("directory/desk/newsletters/event.html", form=form, event=event)
