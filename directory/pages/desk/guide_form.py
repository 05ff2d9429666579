"""The form of a guide: its words in Markdown, whom it is for, who helps with it, and where it is from."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlite_utils import Database
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from directory import reference
from directory.guide import Guide, split_list
from directory.pages.blueprint import database
from directory.store.rows import query
from plumbing import clock
from plumbing.days import parse_date
from plumbing.ids import new_id


class GuideForm(FlaskForm):
    """What an officer says of a guide. `version` is the one they began with, `saves` of the draft the one they have seen."""

    version = HiddenField()
    saves = HiddenField(default="0")
    once = HiddenField(default=new_id)
    title = StringField(
        _l("Title"),
        validators=[DataRequired(_l("Give the guide a title")), Length(max=120, message=_l("Keep it under 120 letters"))],
    )
    summary = TextAreaField(
        _l("Summary"),
        validators=[
            DataRequired(_l("Say in a sentence or two what it answers")),
            Length(max=400, message=_l("Keep it under 400 letters")),
        ],
    )
    body = TextAreaField(
        _l("Text"),
        validators=[DataRequired(_l("Write the guide")), Length(max=30_000, message=_l("Keep it under 30,000 letters"))],
    )
    words = TextAreaField(_l("Words that find it"), validators=[Length(max=3000, message=_l("Keep it under 3,000 letters"))])
    nations = StringField(_l("Nations"), validators=[DataRequired(_l("Say where it is true: UK, England …")), Length(max=100)])
    safety = BooleanField(_l("It is about safety: show “Leave this page quickly” and who answers at once"))
    categories = SelectMultipleField(_l("Kinds of help"))
    needs = SelectMultipleField(_l("Needs"))
    organizations = SelectMultipleField(_l("National organisations that help with it"))
    sources = TextAreaField(_l("Sources"), validators=[Length(max=2000, message=_l("Keep it under 2,000 letters"))])
    written = StringField(_l("Written on"))
    why = StringField(_l("Why this change?"), validators=[Length(max=300, message=_l("Keep it under 300 letters"))])

    def validate_written(self, field: StringField) -> None:
        """A day, and none to come."""
        day = parse_date(field.data)
        if day is None or day > clock.today():
            raise ValidationError(_("Give the day on which it was written, today or before"))

    def with_choices(self) -> GuideForm:
        """This form with what there is to choose from."""
        db = database()
        self.categories.choices = [(one.slug, one.label) for one in reference.get_categories(db).values()]
        self.needs.choices = [(one.slug, one.label) for one in reference.get_needs(db).values()]
        self.organizations.choices = list(national_organizations(db).items())
        return self

    @property
    def number_of_version(self) -> int:
        """The version that its writer began with."""
        return _number(self.version.data)

    @property
    def number_of_saves(self) -> int:
        """How often the draft had been kept when they opened it."""
        return _number(self.saves.data)

    def guide(self, was: Guide) -> Guide:
        """The guide that the form describes."""
        return replace(
            was,
            title=" ".join((self.title.data or "").split()),
            summary=" ".join((self.summary.data or "").split()),
            body="\n".join((self.body.data or "").strip().splitlines()),
            # A list is kept with semicolons between its parts.
            words=tuple(part.replace(";", " ") for part in split_list((self.words.data or "").replace("\n", ","))),
            nations=" ".join((self.nations.data or "").split()),
            safety=bool(self.safety.data),
            categories=_in_order(was.categories, self.categories.data or ()),
            needs=_in_order(was.needs, self.needs.data or ()),
            organizations=_in_order(was.organizations, self.organizations.data or ()),
            sources=split_list((self.sources.data or "").replace("\r", "").replace("\n", ";"), ";"),
            written=parse_date(self.written.data),
        )


def filled(guide: Guide, version: int, saves: int = 0, why: str = "") -> GuideForm:
    """The form as a guide fills it."""
    data = {
        "version": str(version),
        "saves": str(saves),
        "title": guide.title,
        "summary": guide.summary,
        "body": guide.body,
        "words": ", ".join(guide.words),
        "nations": guide.nations,
        "safety": guide.safety,
        "categories": list(guide.categories),
        "needs": list(guide.needs),
        "organizations": list(guide.organizations),
        "sources": "\n".join(guide.sources),
        "written": (guide.written or clock.today()).isoformat(),
        "why": why,
    }
    return GuideForm(formdata=None, data=data)


def national_organizations(db: Database) -> dict[str, str]:
    """The national organisations that a guide can name, by their ids in the reference data."""
    rows = query(db, "SELECT source_id, name FROM shown_service WHERE source = 'national' ORDER BY name COLLATE NOCASE")
    return {row["source_id"]: row["name"] for row in rows}


def _in_order(before: tuple[str, ...], ticked: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """What is ticked: first what was there, in the order that somebody gave it."""
    return tuple(dict.fromkeys([*(id_ for id_ in before if id_ in ticked), *ticked]))


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
