"""A plan by its pages: what Amina sends, and what is kept of it."""

from __future__ import annotations

import datetime
import html
import re

from werkzeug.test import TestResponse

from plumbing import clock
from records.plan import Plan, plan_of
from tests.family import Member, fill
from tests.records.pages.conftest import opened


def day(days: int) -> str:
    return in_words(clock.today() + datetime.timedelta(days=days))


def in_words(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def iso(days: int) -> str:
    return (clock.today() + datetime.timedelta(days=days)).isoformat()


def section_of(member: Member, record: str, slug: str = "care_plan") -> str:
    with member.app.test_request_context():
        return opened(member, record).book.by_slug(slug).id


def keep(member: Member, address: str, **typed: str) -> str:
    """Send a form of the plan; the id of what was kept."""
    answer = fill(member.client, address, **typed)
    assert answer.status_code == 302, answer.text
    return answer.location.split("#e-")[1]


def plan_in(member: Member, record: str, slug: str = "care_plan") -> Plan:
    with member.app.test_request_context():
        of = opened(member, record)
        return plan_of(of.entries([of.book.by_slug(slug).id]), of.today)


def shown(member: Member, page: str) -> str:
    answer = member.client.get(page)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def agreeing(member: Member, page: str) -> dict[str, str]:
    """The form of agreeing, as it stands on its page."""
    form = member.client.get(f"{page}/agree").text
    read = dict(re.findall(r'name="(csrf_token|mark)" value="([^"]*)"', form))
    return read | {"review_on": re.search(r'name="review_on"[^>]* value="([^"]*)"', form)[1]}


def agree(member: Member, page: str, **typed: str) -> TestResponse:
    return member.client.post(f"{page}/agree", data=agreeing(member, page) | typed)
