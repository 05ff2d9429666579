"""The form of a leaflet: its words, how it looks, and what is on it: services in an order, or a search that is asked anew."""

from __future__ import annotations

import datetime
from dataclasses import replace
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from directory import gazetteer, reference
from directory.leaflet import MOST, Leaflet
from directory.pages import address
from directory.pages.blueprint import database
from directory.pages.leaflets import query_of
from directory.pages.shortlist import looks
from directory.search import Query
from directory.search.query import RADII
from plumbing import clock
from plumbing.days import months_after, parse_date

_MONTHS = 6
CHOSEN, SEARCH = "chosen", "search"


class LeafletForm(FlaskForm):
    """What an officer says of a leaflet. `version` is the one they have seen."""

    version = HiddenField()
    title = StringField(
        _l("Title"),
        validators=[DataRequired(_l("Give the leaflet a title")), Length(max=90, message=_l("Keep it under 90 letters"))],
    )
    introduction = TextAreaField(_l("Introduction"), validators=[Length(max=1200, message=_l("Keep it under 1,200 letters"))])
    look = RadioField(_l("How it looks"))
    after = StringField(_l("After this date, look online"))
    foot = TextAreaField(_l("Who gives it out"), validators=[Length(max=400, message=_l("Keep it under 400 letters"))])
    how = RadioField(_l("What is on it"))
    q = StringField(_l("Words"), validators=[Length(max=300)])
    place = StringField(_l("Town or postcode"), validators=[Length(max=100)])
    within = SelectField(_l("How far"))
    age = StringField(_l("Age"), validators=[Length(max=20)])
    category = SelectField(_l("Kind of help"))
    need = SelectField(_l("Need"))
    find = StringField(_l("Find services to add"), validators=[Length(max=300)])

    def with_choices(self) -> LeafletForm:
        """This form with what there is to choose from."""
        db = database()
        self.look.choices = looks()
        self.how.choices = [
            (CHOSEN, _("Services that I choose, in my order")),
            (SEARCH, _("What a search finds, looked up anew at each print")),
        ]
        self.within.choices = [
            ("", _("Any distance")),
            *((str(miles), _("Within %(miles)d miles", miles=miles)) for miles in RADII),
        ]
        self.category.choices = [("", _("Every kind")), *((c.slug, c.label) for c in reference.get_categories(db).values())]
        self.need.choices = [("", _("Every need")), *((n.slug, n.label) for n in reference.get_needs(db).values())]
        return self

    def validate_after(self, field: StringField) -> None:
        """A day that is still to come: paper that is out of date from its first day helps nobody."""
        day = parse_date(field.data)
        if day is None:
            raise ValidationError(_("Give the date after which people should look online"))
        if not clock.today() < day <= months_after(clock.today(), 24):
            raise ValidationError(_("Give a date that is still to come, within two years"))

    def validate_place(self, field: StringField) -> None:
        """A place that nobody knows would quietly print services from everywhere."""
        if self.how.data == SEARCH and (field.data or "").strip() and gazetteer.find_place(database(), field.data) is None:
            raise ValidationError(_("We do not know that place. Try a town or the first half of a postcode"))

    def validate_age(self, field: StringField) -> None:
        """The same of an age."""
        if self.how.data == SEARCH and (field.data or "").strip() and self.question().age is None:
            raise ValidationError(_("Give the age as a number of years, like 7"))

    def validate_how(self, field: RadioField) -> None:
        """A search that asks nothing would print the directory."""
        if field.data == SEARCH and not address.parameters(self.question()):
            raise ValidationError(_("Say what to search for: words, a place, an age, a kind of help or a need"))

    def question(self) -> Query:
        """The search as it stands in the form."""
        names = ("q", "place", "within", "age", "category", "need")
        return query_of(urlencode([(name, value) for name in names if (value := (self[name].data or "").strip())]))

    def leaflet(self, was: Leaflet, ids: tuple[str, ...]) -> Leaflet:
        """The leaflet that the form describes, with these services."""
        is_search = self.how.data == SEARCH
        version = (self.version.data or "").strip()
        return replace(
            was,
            title=" ".join((self.title.data or "").split()),
            introduction=(self.introduction.data or "").strip(),
            foot=(self.foot.data or "").strip(),
            look=self.look.data,
            after=parse_date(self.after.data),
            search=urlencode(address.parameters(self.question()), doseq=True) if is_search else "",
            service_ids=ids[:MOST],
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
        )


def filled(leaflet: Leaflet, foot: str = "") -> LeafletForm:
    """The form as a leaflet fills it; a new one gets a date in half a year."""
    query = query_of(leaflet.search)
    after = leaflet.after or usual_after()
    return LeafletForm(
        formdata=None,
        data={
            "version": str(leaflet.version),
            "title": leaflet.title,
            "introduction": leaflet.introduction,
            "look": leaflet.look,
            "after": after.isoformat(),
            "foot": leaflet.foot or foot,
            "how": SEARCH if leaflet.search else CHOSEN,
            "q": query.words,
            "place": query.place,
            "within": str(query.within or ""),
            "age": f"{query.age:g}" if query.age is not None else "",
            "category": next(iter(sorted(query.categories)), ""),
            "need": next(iter(sorted(query.needs)), ""),
        },
    )


def usual_after() -> datetime.date:
    """Half a year from today."""
    return months_after(clock.today(), _MONTHS)
