"""A designated contact: a named person in an agency whom staff may ring about something. Never a part of any listing.

It is personal: only signed-in staff see it, as little as is needed is kept, and it is erased some months after somebody left.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace

from directory.check import Check
from directory.checking import Standing
from plumbing.days import months_after, parse_date

# What an officer writes, in the order of the form. All of it is text, but for `for_families`.
WRITTEN = (
    "name", "role", "role_words", "agency", "area", "about", "phone", "email", "best_times", "cover_name", "cover_phone",
    "leaving_on", "notes", "for_families",
)  # fmt: skip
# A check by website or visit says little about whether somebody still does a job; a person says it.
HOW = ("phoned", "emailed", "visited")


@dataclass(frozen=True, repr=False)
class DesignatedContact:
    """Somebody to ring. `role` is one of ours (contact_roles.csv) or empty; `area` a council's code, empty for everywhere.

    `told` is what the person themselves wrote to us and nobody has looked at. Not in `repr`: it would put names into logs.
    """

    id: str
    name: str
    role: str = ""
    role_words: str = ""
    agency: str = ""
    organization_id: str = ""
    area: str = ""
    about: str = ""
    phone: str = ""
    email: str = ""
    best_times: str = ""
    cover_name: str = ""
    cover_phone: str = ""
    leaving_on: datetime.date | None = None
    notes: str = ""
    for_families: bool = False
    retired_on: datetime.date | None = None
    first_on: datetime.date = datetime.date.min
    told: str = ""
    version: int = 0
    check: Check | None = None

    def __repr__(self) -> str:
        return f"DesignatedContact({self.id!r})"

    def has_left(self, today: datetime.date) -> bool:
        """Whether their last day is over."""
        return self.leaving_on is not None and self.leaving_on < today

    def is_found(self, today: datetime.date, left_days: int) -> bool:
        """Whether staff find them: not retired, and not gone for longer than so many days."""
        gone_for = (today - self.leaving_on).days if self.leaving_on else 0
        return self.retired_on is None and gone_for <= left_days

    def is_at_work(self, today: datetime.date) -> bool:
        """Whether they hold their role today."""
        return self.retired_on is None and not self.has_left(today)

    def may_be_given(self, today: datetime.date) -> bool:
        """Whether a family may be given their name and number."""
        return self.for_families and self.is_at_work(today)

    def erased_on(self, months: int) -> datetime.date | None:
        """The day on which all of it is erased; None while they are there."""
        gone = [day for day in (self.retired_on, self.leaving_on) if day]
        return months_after(min(gone), months) if gone else None

    @property
    def standing(self) -> Standing:
        """What a clock needs of them."""
        check = self.check
        return Standing(
            self.id,
            self.name,
            self.first_on,
            checked_on=check.checked_on if check else None,
            how=check.how if check else "",
            next_due=check.next_due if check else None,
        )

    @property
    def written(self) -> dict[str, str]:
        """What an officer wrote, as text: for a form, a version, a spreadsheet."""
        values = {name: getattr(self, name) for name in WRITTEN}
        values["leaving_on"] = self.leaving_on.isoformat() if self.leaving_on else ""
        values["for_families"] = "yes" if self.for_families else ""
        return values

    def rewritten(self, written: Mapping[str, str]) -> DesignatedContact:
        """The same person with what is written now.

        >>> DesignatedContact("1", "Ann").rewritten({"phone": "01632 960001", "leaving_on": "2027-03-03"}).leaving_on
        datetime.date(2027, 3, 3)
        """
        values: dict[str, object] = {name: written[name] for name in WRITTEN if name in written}
        if "leaving_on" in values:
            values["leaving_on"] = parse_date(written["leaving_on"])
        if "for_families" in values:
            values["for_families"] = written["for_families"] == "yes"
        known = {field.name for field in fields(self)}
        return replace(self, **{name: value for name, value in values.items() if name in known})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Dispute:
    """Something that two officers wrote differently."""

    name: str
    theirs: str
    mine: str


def together(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> tuple[dict[str, str], list[Dispute]]:
    """What two people made of one text each: where only one changed something it stands; where both did, it is disputed.

    >>> together({"a": "1", "b": "1", "c": "1"}, {"a": "2", "b": "1", "c": "2"}, {"a": "1", "b": "3", "c": "4"})
    ({'a': '2', 'b': '3'}, [Dispute(name='c', theirs='2', mine='4')])
    """
    settled, disputed = {}, []
    for name in theirs:
        if theirs[name] == mine[name] or mine[name] == base.get(name):
            settled[name] = theirs[name]
        elif theirs[name] == base.get(name):
            settled[name] = mine[name]
        else:
            disputed.append(Dispute(name, theirs[name], mine[name]))
    return settled, disputed


def changed(before: Mapping[str, str], after: Mapping[str, str], names: Collection[str] = WRITTEN) -> list[str]:
    """The names of what is different."""
    return [name for name in names if before.get(name, "") != after.get(name, "")]
