"""What a family agreed to, and with whom: a grant, an invitation to one, a pack, a link to the letter-box.

Facts only. Each of them stands on the roster, which is sealed to the holders and signed by one of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from plumbing.dates import months_after

READ, READ_AND_ADD, ADD = "read", "read_and_add", "add"
VERBS = (READ, READ_AND_ADD, ADD)
# Who at the reader's work may also see what they see, and what they may write into their own agency's file.
COLLEAGUES = ("nobody", "cover", "team")
COPIES = ("nothing", "dates", "what_matters")
USUAL_MONTHS, MOST_MONTHS = 6, 12
# How long a code is good for, and how long an ended grant is remembered, so that it can be given back.
CODE_DAYS = 14
REMEMBERED_MONTHS = 12
# Why a grant ended.
WITHDRAWN, PAUSED, EXPIRED, CHANGED, LEFT, NEW_KEYS = "withdrawn", "paused", "expired", "changed", "left", "new_keys"
# What an invitation is to.
TO_SEE, TO_HOLD, TO_COVER = "see", "hold", "cover"


def day_number(day: datetime.date) -> int:
    """A day as wraps keep it.

    >>> day_number(datetime.date(2027, 3, 3))
    20270303
    """
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(number: int) -> datetime.date:
    """The day that `day_number` was given.

    >>> day_of(20270303)
    datetime.date(2027, 3, 3)
    """
    return datetime.date(number // 10_000, number // 100 % 100, number % 100)


def usual_last_day(today: datetime.date, next_review: datetime.date | None = None) -> datetime.date:
    """Until when a grant lasts unless the family says otherwise: the next plan review, or six months.

    >>> usual_last_day(datetime.date(2026, 8, 31)), usual_last_day(datetime.date(2026, 8, 31), datetime.date(2026, 12, 1))
    (datetime.date(2027, 2, 28), datetime.date(2026, 12, 1))
    """
    if next_review and today < next_review <= latest_last_day(today):
        return next_review
    return months_after(today, USUAL_MONTHS)


def latest_last_day(today: datetime.date) -> datetime.date:
    """The latest day a grant can last until: twelve months."""
    return months_after(today, MOST_MONTHS)


@dataclass(frozen=True)
class Consent:
    """The terms of one grant, as they were read out: who (as the family calls them), what, why, and until which day.

    `person_id` is their entry in People who help us, where there is one. `supporter` was there, to interpret or to support.
    """

    name: str
    role: str
    sections: tuple[str, ...]
    verb: str
    purpose: str
    last_day: int
    agreed_on: int
    colleagues: str = "nobody"
    copies: str = "nothing"
    supporter: str = ""
    person_id: str = ""

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Consent:
        """From JSON. Raises TypeError or KeyError for another shape."""
        return cls(**{**written, "sections": tuple(written["sections"])})

    @property
    def may_read(self) -> bool:
        """Whether it opens anything at all."""
        return self.verb != ADD

    @property
    def may_add(self) -> bool:
        """Whether they may put something in."""
        return self.verb != READ


@dataclass(frozen=True)
class Granted:
    """One grant: to which account, and to which of its keys. Its terms never change: a change ends it and makes another."""

    grant_id: str
    account_id: str
    generation: int
    fingerprint: str
    consent: Consent

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Granted:
        """From JSON."""
        return cls(**{**written, "consent": Consent.read(written["consent"])})


@dataclass(frozen=True)
class Ended:
    """A grant that is over: when and why. Remembered for a year, so that it can be given back on the same terms.

    `answered` once a holder has said that they were told, or what is to become of it. `stood_by` where it was agreed and not
    switched on: given back, it stands by again, and opens nothing. `replaced_by` is the grant that a change made of it.
    """

    granted: Granted
    on: int
    why: str
    answered: bool = False
    replaced_by: str = ""
    stood_by: bool = False

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Ended:
        """From JSON."""
        return cls(**{**written, "granted": Granted.read(written["granted"])})

    @property
    def waits(self) -> bool:
        """Whether it was paused, and waits until sharing goes on: however long that takes."""
        return self.why == PAUSED and not self.answered


@dataclass(frozen=True)
class Invited:
    """A code that was told to somebody and is not taken up yet, or not by a holder's eye. `code` is base64 of its 80 bits.

    `once` is the mark of the form that made it.
    """

    id: str
    code: str = field(repr=False)
    to: str
    consent: Consent
    last_day: int
    once: str = ""

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Invited:
        """From JSON."""
        return cls(**{**written, "consent": Consent.read(written["consent"])})


@dataclass(frozen=True)
class GivenPack:
    """A guest's pack: for whom, what for, what is in it (a section, or chosen entries), of which day, until which day.

    `token` (base64) and `pin` are what a holder shows again at a hospital's door.
    """

    id: str
    token: str = field(repr=False)
    pin: str = field(repr=False)
    name: str
    purpose: str
    section_id: str
    entries: tuple[str, ...]
    made_on: int
    last_day: int

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> GivenPack:
        """From JSON."""
        return cls(**{**written, "entries": tuple(written["entries"])})


@dataclass(frozen=True)
class OpenLink:
    """A link to the letter-box, given to a school or a secretary: who has it. `token` (base64) shows it again.

    `label` is all that whoever opens it is told.
    """

    id: str
    token: str = field(repr=False)
    name: str
    made_on: int
    last_day: int
    label: str = ""

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> OpenLink:
        """From JSON."""
        return cls(**written)


@dataclass(frozen=True)
class Given:
    """All that a family has given, is about to give, and gave before. `standby` is agreed and not switched on: cover."""

    grants: tuple[Granted, ...] = ()
    standby: tuple[Granted, ...] = ()
    ended: tuple[Ended, ...] = ()
    invitations: tuple[Invited, ...] = ()
    packs: tuple[GivenPack, ...] = ()
    links: tuple[OpenLink, ...] = ()

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Given:
        """From JSON."""
        return cls(
            grants=tuple(Granted.read(one) for one in written["grants"]),
            standby=tuple(Granted.read(one) for one in written["standby"]),
            ended=tuple(Ended.read(one) for one in written["ended"]),
            invitations=tuple(Invited.read(one) for one in written["invitations"]),
            packs=tuple(GivenPack.read(one) for one in written["packs"]),
            links=tuple(OpenLink.read(one) for one in written["links"]),
        )

    def living(self, grant_id: str) -> Granted | None:
        """The live grant that one was, or has become by changes: a page that was opened before one still means it."""
        followed: set[str] = set()
        while (found := self.granted(grant_id)) is None:
            over = self.over(grant_id)
            if over is None or not over.replaced_by or grant_id in followed:
                return None
            followed.add(grant_id)
            grant_id = over.replaced_by
        return found

    def over(self, grant_id: str) -> Ended | None:
        """A grant that has ended."""
        return next((one for one in self.ended if one.granted.grant_id == grant_id), None)

    @property
    def untold(self) -> tuple[Ended, ...]:
        """What ended without a holder's doing, and no holder has answered yet."""
        return tuple(one for one in self.ended if one.why in (EXPIRED, LEFT, NEW_KEYS) and not one.answered)

    def granted(self, grant_id: str) -> Granted | None:
        """A live grant."""
        return next((one for one in self.grants if one.grant_id == grant_id), None)

    def with_grant(self, granted: Granted) -> Given:
        """With one more live grant."""
        return replace(self, grants=(*self.grants, granted))

    def ending(self, over: Iterable[Granted], on: datetime.date, why: str) -> Given:
        """With these grants ended. What ended over a year ago is forgotten."""
        gone = {one.grant_id: one for one in over}
        since = day_number(months_after(on, -REMEMBERED_MONTHS))
        remembered = (one for one in self.ended if one.on >= since or one.waits)
        return replace(
            self,
            grants=tuple(one for one in self.grants if one.grant_id not in gone),
            standby=tuple(one for one in self.standby if one.grant_id not in gone),
            ended=(*(Ended(one, day_number(on), why, stood_by=one in self.standby) for one in gone.values()), *remembered),
        )


NOTHING_GIVEN = Given()
