"""What of a listing somebody must know who has only a sheet of paper in their hand, or a list on their phone.

Only what families may see goes in (`store.shown`): no hidden address, no number kept back, nobody's designated contact. Beside
every number stands when somebody last made sure of it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from directory import wording
from directory.location import Location
from directory.service import Service

_ABOUT, _LONG = 180, 260
_EASY, _EASY_NUMBERS = 120, 3
_EASY_LINES = {"how": 2, "who": 1, "when": 2, "where": 1, "cost": 1}
_MOST_NUMBERS, _MOST_PLACES, _MOST_TIMES = 4, 3, 5


@dataclass(frozen=True)
class Number:
    """A way to reach them. `kind` is phone, text, mail or web; `whose` a person or desk; `beside` says how sure we are of it."""

    kind: str
    words: str
    href: str = ""
    whose: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Fact:
    """Something to know. `kind` is where, when, who, cost or how: it has a drawing."""

    kind: str
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Essentials:
    """One service as it stands on paper and on a shortlist. `remark` is what must be known first: closed for now, invented."""

    id: str
    name: str
    run_by: str = ""
    about: str = ""
    remark: str = ""
    numbers: tuple[Number, ...] = ()
    facts: tuple[Fact, ...] = ()
    checked: str = ""

    @property
    def shorter(self) -> Essentials:
        """The same in fewer words, for those who do not read easily: one sentence about it, two lines for each fact."""
        facts = tuple(
            Fact(fact.kind, fact.label, tuple(cut(line, _EASY) for line in fact.lines[: _EASY_LINES[fact.kind]]))
            for fact in self.facts
        )
        return replace(self, about=cut(self.about, _EASY), facts=facts, numbers=self.numbers[:_EASY_NUMBERS])

    def written(self) -> dict[str, Any]:
        """As a template takes it."""
        return asdict(self)


def essentials(service: Service) -> Essentials:
    """The essentials of a service that has been through `store.shown`."""
    run_by = service.organization.name if service.organization and service.organization.name != service.name else ""
    facts = (
        Fact("how", _("How to get it"), _how(service)),
        Fact("who", _("Who it is for"), _who(service)),
        Fact("when", _("When"), _when(service)),
        Fact("where", _("Where"), _where(service)),
        Fact("cost", _("Cost"), _cost(service)),
    )
    return Essentials(
        id=service.id,
        name=" ".join(service.name.split()),
        run_by=run_by,
        about=cut(service.description, _ABOUT),
        remark=" ".join(_remarks(service)),
        numbers=_numbers(service),
        facts=tuple(fact for fact in facts if fact.lines),
        checked=wording.checked(service.check),
    )


def cut(text: str, letters: int) -> str:
    """The beginning of a text on one line: whole sentences where they fit, else cut at a word.

    >>> cut("One sentence. Another one that is longer.", 20), cut("Words and more words", 12)
    ('One sentence.', 'Words and …')
    """
    text = " ".join(text.split())
    if len(text) <= letters:
        return text
    sentences = re.match(rf".{{1,{letters - 1}}}[.?](?=\s)", text)
    if sentences and len(sentences[0]) > letters // 2:
        return sentences[0]
    return re.sub(r"\W*\s\S*$", "", text[:letters]) + " …"


def _remarks(service: Service) -> list[str]:
    remarks = []
    if service.status == "temporarily closed":
        remarks.append(_("Closed for now: ring before you go."))
    if service.alert:
        remarks.append(cut(service.alert, _LONG))
    if service.is_demonstration:
        remarks.append(_("Invented, to show how Linkbook works."))
    return remarks


def _numbers(service: Service) -> tuple[Number, ...]:
    whose: dict[str, str] = {}
    for contact in service.contacts:
        for phone in contact.phones:
            whose.setdefault(phone.same_as, ", ".join(part for part in (contact.name, contact.title) if part))
    own = {phone.same_as for phone in service.phones}
    numbers = []
    for phone in service.all_phones[:_MOST_NUMBERS]:
        extension = " " + _("ext. %(number)s", number=phone.extension) if phone.extension else ""
        label = "" if phone.same_as in own else whose.get(phone.same_as, "")
        said = phone.description if phone.description != label else ""
        numbers.append(
            Number(
                "text" if phone.is_text else "phone",
                phone.number + extension,
                phone.href,
                ", ".join(part for part in (label, said) if part),
                # What we have not checked ourselves says so; what nobody has checked says that.
                wording.phone_caution(phone) or wording.checked(service.check),
            )
        )
    if service.email:
        numbers.append(Number("mail", service.email, f"mailto:{service.email}"))
    if service.url:
        numbers.append(Number("web", _short_address(service.url), service.url))
    if not numbers and service.has_number_kept_back:
        numbers.append(Number("", _("We have not checked a phone number for them yet.")))
    return tuple(numbers)


def _short_address(url: str) -> str:
    """A web address as one types it.

    >>> _short_address("https://www.example.org/clubs/")
    'www.example.org/clubs'
    """
    return re.sub(r"^https?://", "", url.strip(), flags=re.IGNORECASE).rstrip("/")


def _how(service: Service) -> tuple[str, ...]:
    route = service.referral_route
    lines = [wording.referral(route)] if route.kinds and service.reach != "national" else []
    asks = [cut(step.ask, _LONG) for step in route.steps if step.ask]
    lines += [f"{number}. {ask}" for number, ask in enumerate(asks, 1)] if len(asks) > 1 else asks
    if service.application_process and not route.steps:
        lines.append(cut(service.application_process, _LONG))
    wait = service.wait_time or next((step.wait for step in route.steps if step.wait), "")
    if wait:
        lines.append(_("Waiting time: %(wait)s", wait=cut(wait, _LONG)))
    return tuple(lines)


def _who(service: Service) -> tuple[str, ...]:
    ages = wording.ages(service)
    return tuple(
        line for line in (_("Ages: %(ages)s", ages=ages) if ages else "", cut(service.eligibility_description, _LONG)) if line
    )


def _when(service: Service) -> tuple[str, ...]:
    times = [wording.times(one) for one in service.schedules[:_MOST_TIMES]]
    said = [line for line in (service.opening_hours, *times) if line]
    term = wording.term(service.term)
    return tuple([*said[:-1], ". ".join([*said[-1:], term])] if term else said)


def _where(service: Service) -> tuple[str, ...]:
    lines = [_place(one) for one in service.locations[:_MOST_PLACES]]
    more = len(service.locations) - _MOST_PLACES
    if more > 0:
        lines.append(ngettext("and %(num)d more place: ask them", "and %(num)d more places: ask them", more))
    lines.append(" · ".join(wording.delivery(how) for how in service.delivery if how != "in_person" or not service.locations))
    if not any(lines) and service.service_areas:
        lines.append(_("For families in: %(areas)s", areas=cut(", ".join(area.name for area in service.service_areas), _LONG)))
    return tuple(line for line in lines if line)


def _place(location: Location) -> str:
    if location.hides_address:
        words = _("The address is kept private. They will tell you where to go.")
        return f"{words} {_('Area: %(town)s', town=location.city)}" if location.city else words
    lines = [location.name, *(line for address in location.addresses[:1] for line in address.lines)]
    return ", ".join(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _cost(service: Service) -> tuple[str, ...]:
    if service.fees:
        return (cut(service.fees, _LONG),)
    if service.free:
        return (_("Free"),)
    return tuple(words for cost in service.cost_options[:_MOST_TIMES] if (words := wording.price(cost)))
