"""The steps of the form of a listing, in their order. Where it happens and whom to ring have files of their own."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlite_utils import Database
from wtforms import Field, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from directory import differences, reference, store, wording
from directory.cost import CostOption
from directory.identity import fresh_id
from directory.organization import Organization
from directory.pages.desk import form_rows as rows
from directory.pages.desk.form_rows import line, rows_of, text
from directory.pages.desk.listing_contact import ContactForm
from directory.pages.desk.listing_step import StepForm, in_order, number
from directory.pages.desk.listing_where import WhereForm
from directory.referral import KINDS, ReferralRoute, ReferralStep
from directory.schedule import Schedule
from directory.service import TERMS, Language, Service, is_free


class NameForm(StepForm):
    """Name, and what it is."""

    name = line(_l("Name of the service"), rows.Needed(_l("Write the name of the service")))
    alternate_name = line(_l("Other name that people call it"))
    organization = line(_l("Organisation that runs it"))
    description = text(_l("What it is, in plain words"))
    alert = text(_l("Important notice, shown on top"))
    status = RadioField(_l("Is it running?"), validate_choice=True)
    accreditations = text(_l("Training and inspection"))

    def offer(self, db: Database, service: Service) -> None:
        """The states it can be in."""
        names = ["active", "temporarily closed"]
        names += [service.status] if service.status not in names else []
        self.status.choices = [(name, differences.status(name)) for name in names]

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        plain = ("name", "alternate_name", "description", "alert", "status", "accreditations")
        return {name: getattr(service, name) for name in plain} | {
            "organization": service.organization.name if service.organization else ""
        }

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it. An organisation of a new name is a new organisation."""
        plain = ("name", "alternate_name", "description", "alert", "status", "accreditations")
        return dataclasses.replace(
            service,
            **{name: self[name].data for name in plain},
            organization=_organization(db, service.organization, self.organization.data),
        )


def _organization(db: Database, now: Organization | None, name: str) -> Organization | None:
    if not name:
        return None
    if now and now.name == name:
        return now
    known = store.organization_named(db, name)
    return store.get_organizations(db, [known])[known] if known else Organization(id=fresh_id(), name=name)


class WhoForm(StepForm):
    """Who it is for."""

    minimum_age = line(_l("From age, in years"), rows.is_age)
    maximum_age = line(_l("To age, in years"), rows.is_age)
    category = SelectField(_l("Main kind of help"))
    categories = SelectMultipleField(_l("Other kinds of help"))
    needs = SelectMultipleField(_l("Conditions and needs it is meant for"))
    eligibility_description = text(_l("Who it is for, in words"))
    languages = text(_l("Languages spoken there: one on each line"))
    interpretation_services = text(_l("Interpreters and signing"))

    def offer(self, db: Database, service: Service) -> None:
        """Our categories and needs."""
        categories = [(one.slug, one.label) for one in reference.get_categories(db).values()]
        self.category.choices = [("", _("Choose one")), *categories]
        self.categories.choices = categories
        self.needs.choices = [(one.slug, one.label) for one in reference.get_needs(db).values()]

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        return {
            "minimum_age": number(service.minimum_age),
            "maximum_age": number(service.maximum_age),
            "category": service.categories[0] if service.categories else "",
            "categories": list(service.categories[1:]),
            "needs": list(service.needs),
            "eligibility_description": service.eligibility_description,
            "languages": "\n".join(language.name for language in service.languages),
            "interpretation_services": service.interpretation_services,
        }

    def validate_category(self, field: Field) -> None:
        """Families find by it."""
        if not field.data:
            raise ValidationError(_("Choose the main kind of help"))

    def validate_maximum_age(self, field: Field) -> None:
        """Nobody is older than themselves."""
        low, high = rows.number_in(self.minimum_age.data or "", 120), rows.number_in(field.data or "", 120)
        if low is not None and high is not None and high < low:
            raise ValidationError(_("“To age” must not be less than “from age”"))

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it."""
        languages = {language.name: language for language in service.languages}
        return dataclasses.replace(
            service,
            minimum_age=rows.number_in(self.minimum_age.data or "", 120),
            maximum_age=rows.number_in(self.maximum_age.data or "", 120),
            categories=tuple(dict.fromkeys([self.category.data, *in_order(service.categories, self.categories.data)])),
            needs=in_order(service.needs, self.needs.data),
            eligibility_description=self.eligibility_description.data,
            languages=tuple(languages.get(name) or Language(name) for name in rows.lines_of(self.languages.data)),
            interpretation_services=self.interpretation_services.data,
        )


class HowForm(StepForm):
    """How to get it."""

    kinds = SelectMultipleField(_l("How families get it: tick every way that will do"))
    steps = rows_of(rows.StepRow)
    application_process = text(_l("More about how to apply"))
    wait_time = line(_l("Waiting time, in words"))

    def offer(self, db: Database, service: Service) -> None:
        """The ways that there are."""
        self.kinds.choices = [(kind, wording.referral_kind(kind)) for kind in KINDS]

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        route = service.referral_route
        return {
            "kinds": list(route.kinds),
            "steps": rows.filled([dataclasses.asdict(step) for step in route.steps]),
            "application_process": service.application_process,
            "wait_time": service.wait_time,
        }

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it."""
        steps = tuple(
            ReferralStep(row.ask.data, row.bring.data, row.wait.data, row.refused.data)
            for row in (entry.form for entry in self.steps)
            if row.counts
        )
        return dataclasses.replace(
            service,
            referral_route=ReferralRoute(in_order(service.referral_route.kinds, self.kinds.data), steps),
            application_process=self.application_process.data,
            wait_time=self.wait_time.data,
        )


class WhenForm(StepForm):
    """When it is open."""

    times = rows_of(rows.TimesRow)
    term = RadioField(_l("Time of the year"), choices=[])
    opening_hours = line(_l("When somebody answers the phone"))

    def offer(self, db: Database, service: Service) -> None:
        """Days and times of the year."""
        self.term.choices = [(one, wording.term(one) or _("Nobody said")) for one in TERMS]
        days = [("", _("No day")), *((day, wording.times(Schedule(byday=day))) for day in rows.DAYS)]
        days.append(("MO,TU,WE,TH,FR", wording.times(Schedule(byday="MO,TU,WE,TH,FR"))))
        days.append((",".join(rows.DAYS), wording.times(Schedule(byday=",".join(rows.DAYS)))))
        for entry in self.times:
            old = entry.form.old(service.schedules)
            own = [(old.byday, wording.times(Schedule(byday=old.byday)) or old.byday)] if old and old.byday else []
            entry.form.days.choices = days + [one for one in own if one[0] not in dict(days)]

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        names = ("opens_at", "closes_at", "description", "notes")
        times = [{"days": one.byday, **{name: getattr(one, name) for name in names}} for one in service.schedules]
        return {"times": rows.filled(times), "term": service.term, "opening_hours": service.opening_hours}

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it. What the form does not show of a time (every other week, until when) stays."""
        times = []
        for row in (entry.form for entry in self.times):
            if row.counts:
                old = row.old(service.schedules) or Schedule(freq="WEEKLY" if row.days.data else "", id=fresh_id())
                names = ("opens_at", "closes_at", "description", "notes")
                times.append(dataclasses.replace(old, byday=row.days.data or "", **{name: row[name].data for name in names}))
        return dataclasses.replace(service, schedules=tuple(times), term=self.term.data, opening_hours=self.opening_hours.data)


class CostForm(StepForm):
    """What it costs."""

    free = RadioField(
        _l("Is it free?"),
        choices=[
            SelectChoice("yes", _l("Free")),
            SelectChoice("no", _l("It costs something")),
            SelectChoice("", _l("Nobody said")),
        ],
    )
    fees = line(_l("What it costs, in a sentence"))
    prices = rows_of(rows.PriceRow)
    fees_description = text(_l("More about cost: who pays less, how to pay"))

    @classmethod
    def read(cls, service: Service) -> dict[str, Any]:
        """The fields, as the listing has them."""
        prices = [
            {"option": one.option, "amount": number(one.amount), "amount_description": one.amount_description}
            for one in service.cost_options
        ]
        free = {True: "yes", False: "no", None: ""}[service.free]
        return {
            "free": free,
            "fees": service.fees,
            "prices": rows.filled(prices),
            "fees_description": service.fees_description,
        }

    def validate_free(self, field: Field) -> None:
        """A family that was told it is free must not be asked for money."""
        amounts = [rows.number_in(entry.form.amount.data or "", 1_000_000) for entry in self.prices if entry.form.counts]
        costs = tuple(CostOption(amount=amount) for amount in amounts if amount is not None)
        if field.data == "yes" and is_free(self.fees.data or "", costs) is False:
            raise ValidationError(_("You say that it is free, and below that it costs money: change one of them"))

    def apply(self, db: Database, service: Service) -> Service:
        """The listing, as the fields have it."""
        prices = []
        for row in (entry.form for entry in self.prices):
            if row.counts:
                old = row.old(service.cost_options) or CostOption(id=fresh_id())
                amount = rows.number_in(row.amount.data or "", 1_000_000)
                words = {"option": row.option.data, "amount_description": row.amount_description.data}
                prices.append(dataclasses.replace(old, amount=amount, **words))
        return dataclasses.replace(
            service,
            free={"yes": True, "no": False, "": None}[self.free.data],
            fees=self.fees.data,
            cost_options=tuple(prices),
            fees_description=self.fees_description.data,
        )


@dataclass(frozen=True)
class Step:
    """One step: its place in the address, its heading, its form, and the template of its fields."""

    slug: str
    words: LazyString
    form: type[StepForm]
    template: str


STEPS = (
    Step("name", _l("Name, and what it is"), NameForm, "directory/desk/steps/name.html"),
    Step("who", _l("Who it is for"), WhoForm, "directory/desk/steps/who.html"),
    Step("how", _l("How to get it"), HowForm, "directory/desk/steps/how.html"),
    Step("where", _l("Where"), WhereForm, "directory/desk/steps/where.html"),
    Step("when", _l("When"), WhenForm, "directory/desk/steps/when.html"),
    Step("contact", _l("How to get in touch"), ContactForm, "directory/desk/steps/contact.html"),
    Step("cost", _l("What it costs"), CostForm, "directory/desk/steps/cost.html"),
)
