"""A family shares: the words told across the table, taken up, and noticed, with the keys of those who are there."""

from __future__ import annotations

import datetime
from typing import Any

from accounts.current import family
from plumbing import clock
from plumbing.dates import months_after
from records import canonical, editing, inviting, sharing, visits
from records.consent import TO_SEE, Consent, Granted, day_number
from records.entry import Entry
from records.gate import Opened
from tests.family import Member
from tests.records.pages.conftest import opened


def record_id(record: str) -> str:
    """The id in a record's address."""
    return record.rsplit("/", 1)[1]


def consent(of: Opened, *slugs: str, **terms: Any) -> Consent:
    """Sara, key worker, may read these sections for half a year."""
    chosen = tuple(one.id for one in of.sections if one.slug in slugs)
    last_day = terms.pop("last_day", months_after(clock.today(), 6))
    usual = {"name": "Sara Morgan", "role": "key worker", "verb": "read", "purpose": "to plan short breaks together"}
    days = {"last_day": day_number(last_day), "agreed_on": day_number(clock.today())}
    return Consent(sections=chosen, **{**usual, **days, **terms})


def take_up(holder: Member, record: str, reader: Member, *slugs: str, **terms: Any) -> None:
    """The words are told and taken up; no page of the family's has noticed yet."""
    with holder.app.test_request_context():
        of = opened(holder, record)
        soon = day_number(clock.today() + datetime.timedelta(days=14))
        invited = inviting.invite(of, TO_SEE, consent(of, *slugs, **terms), soon, holder.shown_name)
        office, today = holder.app.extensions["office"], day_number(clock.today())
        inviting.accept(family(), office, reader.person(), canonical.raw(invited.code), today)


def notice(holder: Member, record: str) -> Granted:
    """A holder's visit: what was taken up is given. The newest grant."""
    with holder.app.test_request_context():
        of = opened(holder, record)
        visits.attend(of)
        return of.roster.given.grants[-1]


def share(holder: Member, record: str, reader: Member, *slugs: str, **terms: Any) -> Granted:
    """All of it, across a table."""
    take_up(holder, record, reader, *slugs, **terms)
    return notice(holder, record)


def withdraw(holder: Member, record: str, granted: Granted) -> None:
    """One tap."""
    with holder.app.test_request_context():
        sharing.withdraw(opened(holder, record), granted.grant_id)


def write(holder: Member, record: str, slug: str, **document: Any) -> Entry:
    """Something that a holder keeps in a section."""
    with holder.app.test_request_context():
        of = opened(holder, record)
        section = of.book.by_slug(slug)
        assert section
        return editing.add(of, section.id, {"v": 1, **document})


def lines(holder: Member, record: str, who: Member) -> list[dict[str, Any]]:
    """What the log says of somebody, oldest first."""
    with holder.app.test_request_context():
        return [one.words for one in reversed(opened(holder, record).log_lines()) if one.words["who"] == who.id]


def url_of(holder: Member, record: str, slug: str) -> str:
    """A section's address."""
    with holder.app.test_request_context():
        section = opened(holder, record).book.by_slug(slug)
        assert section
        return f"{record}/sections/{section.id}"
