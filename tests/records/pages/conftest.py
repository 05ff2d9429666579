"""Amina, signed in, with Yusuf's record; Joe, who has nothing to do with it, in a browser of his own."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from records.gate import Gate, Opened
from tests.family import AMINA, JOE, SARA, Member, fill, sign_up


@pytest.fixture
def amina(empty_app: Flask) -> Member:
    """Amina, signed in."""
    return sign_up(empty_app.test_client(), AMINA)


@pytest.fixture
def joe(empty_app: Flask) -> Member:
    """Joe, signed in elsewhere."""
    return sign_up(empty_app.test_client(), JOE)


@pytest.fixture
def sara(empty_app: Flask) -> Member:
    """Sara, signed in with an account of her own, in her own browser."""
    return sign_up(empty_app.test_client(), SARA)


@pytest.fixture
def yusuf(amina: Member) -> str:
    """The address of Yusuf's record."""
    return begin_record(amina)


def begin_record(member: Member, called: str = "Yusuf") -> str:
    """Begin a record by its form; its address."""
    answer = fill(member.client, "/records/new", called=called, born="3 May 2019", nation="england")
    assert answer.status_code == 302, answer.text
    return answer.location


def section_url(member: Member, record: str, name: str) -> str:
    """The address of a section, as its tile on Home has it."""
    page = member.client.get(record).text
    found = re.search(rf'<a href="([^"]+)"><svg[^>]*>.*?</svg><span>{re.escape(name)}</span>', page)
    assert found, f"There is no tile {name}."
    return found[1]


def opened(member: Member, record: str) -> Opened:
    """The record behind the pages, opened with the member's own keys."""
    from accounts.current import family
    from plumbing import clock

    person = member.person()
    return Gate(family(), member.app.extensions["office"], person, clock.today()).enter(record.rsplit("/", 1)[1])


@pytest.fixture
def page(amina: Member, yusuf: str) -> str:
    """The address of the care plan."""
    from tests.records.pages.plans import section_of

    return f"{yusuf}/plan/{section_of(amina, yusuf)}"


@pytest.fixture
def sleep(amina: Member, page: str) -> str:
    """Something that matters, in the care plan."""
    from tests.records.pages.plans import keep

    return keep(amina, f"{page}/new/need", title="Sleep", change="All of us sleep", strong="Gran helps")


@pytest.fixture
def guard(amina: Member, page: str, sleep: str) -> str:
    """An action of Sara's for it, late."""
    from tests.records.pages.plans import day, keep

    action = {"what": "Ask for a bed guard", "who": "Sara Morgan", "agency": "health", "by_when": day(-3)}
    return keep(amina, f"{page}/new/action?need={sleep}", **action)
