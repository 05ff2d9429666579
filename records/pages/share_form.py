"""The form by which a family says what it gives, to whom, what for, and until when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Length, ValidationError

from accounts.forms import tidy_name
from plumbing.dates import date_in_words
from plumbing.ids import new_id
from records import consent_wording, wording, year
from records.clocks import running
from records.consent import (
    READ,
    TO_COVER,
    TO_SEE,
    Consent,
    day_number,
    day_of,
    latest_last_day,
    usual_last_day,
)
from records.entry import Entry
from records.gate import Opened
from records.kinds import is_former, moment
from records.sections import FAMILY_PLAN

SOMEBODY_ELSE = "other"
REVIEW, SIX_MONTHS, ANOTHER_DAY = "review", "six_months", "another"
_LONGEST_NAME, _LONGEST_PURPOSE = 60, 200


def helpers(opened: Opened) -> dict[str, Entry]:
    """The people who help us now, by their entry's id, in the order of their names."""
    everybody = [one for one in opened.entries() if one.kind == "person" and not is_former(one.document, opened.today)]
    everybody.sort(key=lambda one: wording.title(one.document).casefold())
    return {one.id: one for one in everybody}


def plan_review(opened: Opened) -> datetime.date | None:
    """When the child's plan is looked at next, as far as a grant may last. Our family's own plan is nobody else's business."""
    ours = {one.id for one in opened.sections if one.slug == FAMILY_PLAN}
    entries, today = [one for one in opened.entries() if one.section_id not in ours], opened.today
    found = year.events(entries, running.clocks(entries, today), today)
    return year.next_review(found, today, latest_last_day(today))


def name_and_role(person: Entry) -> tuple[str, str]:
    """What somebody who helps us is called, and what they do."""
    name, role = wording.title(person.document), str(person.document.get("role") or "")
    return name[:_LONGEST_NAME], "" if role == name else role[:_LONGEST_NAME]


def _choices(table: Mapping[str, consent_wording.Choice]) -> list[tuple[str, Any]]:
    return [(value, choice.label) for value, choice in table.items()]


def _filled(opened: Opened, consent: Consent) -> dict[str, Any]:
    """What was agreed before, as the form takes it; but for the days."""
    kept = {name: getattr(consent, name) for name in ("name", "role", "verb", "purpose", "colleagues", "copies", "supporter")}
    known = {one.id for one in opened.sections}
    return {"who": SOMEBODY_ELSE, "sections": [id_ for id_ in consent.sections if id_ in known], **kept}


class ShareForm(FlaskForm):
    """Who, what, how, what for, until when; who else where they work, and what they may copy."""

    invite_to = HiddenField(default=TO_SEE)
    once = HiddenField(default=new_id)
    who = RadioField(_l("Who is it for?"), validate_choice=False)
    name = StringField(
        _l("Their name"),
        filters=[tidy_name],
        validators=[Length(max=_LONGEST_NAME, message=_l("Keep the name under 60 letters"))],
    )
    role = StringField(
        _l("What do they do?"),
        filters=[tidy_name],
        validators=[Length(max=_LONGEST_NAME, message=_l("Keep what they do under 60 letters"))],
    )
    sections = SelectMultipleField(_l("Which sections?"), validate_choice=False)
    verb = RadioField(_l("What may they do?"), default=READ)
    purpose = StringField(
        _l("What is it for?"),
        filters=[tidy_name],
        validators=[Length(max=_LONGEST_PURPOSE, message=_l("Keep what it is for under 200 letters"))],
    )
    until = RadioField(_l("Until when?"))
    last_day = StringField(_l("The last day"))
    colleagues = RadioField(_l("Who else where they work may know what it says?"), default="nobody")
    copies = RadioField(_l("What may they write into their own files?"), default="nothing")
    supporter = StringField(
        _l("Who is here with you?"),
        filters=[tidy_name],
        validators=[Length(max=_LONGEST_NAME, message=_l("Keep this under 60 letters"))],
    )

    def __init__(self, opened: Opened, before: Consent | None = None, **filled: Any) -> None:
        self.people, self.review = helpers(opened), plan_review(opened)
        self.opened, self.before, self.today = opened, before, opened.today
        usual = {"who": "" if self.people else SOMEBODY_ELSE, "until": REVIEW if self.review else SIX_MONTHS}
        super().__init__(**(usual | filled))
        self.day = usual_last_day(self.today)
        self.who.choices = [(id_, name_and_role(one)[0]) for id_, one in self.people.items()]
        self.who.choices.append((SOMEBODY_ELSE, _("Somebody else")))
        self.verb.choices = _choices(consent_wording.VERBS)
        self.colleagues.choices = _choices(consent_wording.COLLEAGUES)
        self.copies.choices = _choices(consent_wording.COPIES)
        self.sections.choices = [(one.id, one.name) for one in opened.sections]
        self.until.choices = [
            (SIX_MONTHS, _("For six months, until %(day)s", day=date_in_words(self.day))),
            (ANOTHER_DAY, _("Until another day")),
        ]
        if self.review:
            reviewed = _("Until the plan is reviewed, on %(day)s", day=date_in_words(self.review))
            self.until.choices.insert(0, (REVIEW, reviewed))

    @classmethod
    def over(cls, opened: Opened, consent: Consent) -> ShareForm:
        """The form over what was agreed before, to be changed."""
        last_day = date_in_words(day_of(consent.last_day))
        return cls(opened, consent, until=ANOTHER_DAY, last_day=last_day, **_filled(opened, consent))

    @classmethod
    def taking_over(cls, opened: Opened, consent: Consent) -> ShareForm:
        """The form for whoever takes somebody's place: what was agreed before, from today."""
        return cls(opened, **_filled(opened, consent))

    def validate_invite_to(self, field: HiddenField) -> None:
        """To see it, or to stand in later."""
        if field.data not in (TO_SEE, TO_COVER):
            field.data = TO_SEE

    def validate_who(self, field: RadioField) -> None:
        """Somebody who helps us, or somebody else."""
        if self.before is not None or not self.people:
            field.data = SOMEBODY_ELSE
        if field.data not in dict(field.choices):
            raise ValidationError(_("Choose who it is for"))

    def validate_name(self, field: StringField) -> None:
        """Somebody else has a name."""
        if self.who.data == SOMEBODY_ELSE and not field.data:
            raise ValidationError(_("Write their name, as you call them"))

    def validate_sections(self, field: SelectMultipleField) -> None:
        """At least one; Just us is not in the book, so it never is one."""
        known = {one.id for one in self.opened.sections}
        field.data = [id_ for id_ in field.data or [] if id_ in known]
        if not field.data:
            raise ValidationError(_("Tick at least one section"))

    def validate_purpose(self, field: StringField) -> None:
        """A few words will do."""
        if not field.data:
            raise ValidationError(_("Write in a few words what it is for"))

    def validate_last_day(self, field: StringField) -> None:
        """A day from today to a year from now, in any way people write one."""
        if self.until.data != ANOTHER_DAY:
            self.day = self.review if self.until.data == REVIEW and self.review else usual_last_day(self.today)
            return
        latest = latest_last_day(self.today)
        try:
            self.day = moment.read_last_day(field.data or "", self.today)
        except ValueError:
            raise ValidationError(_("Write the last day like 3 May 2027, 31 July or end of July")) from None
        if not self.today <= self.day <= latest:
            raise ValidationError(_("Choose a day from today to %(latest)s", latest=date_in_words(latest)))

    def consent(self) -> Consent:
        """What was agreed; after the form was found whole."""
        person = self.people.get(self.who.data or "")
        name, role = name_and_role(person) if person else (self.name.data or "", self.role.data or "")
        chosen = self.sections.data or []
        return Consent(
            name=name,
            role=role,
            sections=tuple(one.id for one in self.opened.sections if one.id in chosen),
            verb=self.verb.data,
            purpose=self.purpose.data or "",
            last_day=day_number(self.day),
            agreed_on=day_number(self.today),
            colleagues=self.colleagues.data,
            copies=self.copies.data,
            supporter=self.supporter.data or "",
            person_id=person.id if person else self.before.person_id if self.before else "",
        )

    def typed(self) -> list[tuple[str, str]]:
        """Every field as it was sent, for the page in between."""
        plain = [(field.name, field.data or "") for field in self if field.name not in ("sections", "csrf_token")]
        return [*plain, *(("sections", one) for one in self.sections.data or [])]
