"""The bar under the thumb, signed in and out; and every open page, looked at by somebody who is signed in."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.family import AMINA, BETH, SARA, join_staff, sign_up
from tests.records.pages.conftest import begin_record

OPEN = (
    "/",
    "/search?q=autism+groups+for+a+7+year+old",
    "/search?q=zzxqj",
    "/search?q=i+want+to+kill+myself",
    "/categories",
    "/categories/sleep",
    "/needs/autism",
    "/guides",
    "/guides/sleep",
    "/guides/safe-at-home",
    "/talk-now",
    "/about-the-data",
    "/accessibility",
    "/privacy",
    "/your-privacy",
    "/nothing-here",
)


def _bar(page: str) -> list[str]:
    bar = page.split('aria-label="Main"')[1].split("</nav>")[0]
    return re.findall(r"<span>([^<]+)</span>", bar)


def test_a_stranger_is_offered_the_directory_and_a_record(own_app: Flask):
    assert _bar(own_app.test_client().get("/").text) == ["Find help", "Browse", "Guides", "Talk now", "Our record"]


def test_a_parent_has_home_under_the_thumb(own_app: Flask):
    visitor = own_app.test_client()
    begin_record(sign_up(visitor, AMINA))
    assert _bar(visitor.get("/").text) == ["Home", "Find help", "Letters", "Dates", "People"]


def test_staff_keep_the_directory_under_the_thumb(own_app: Flask):
    visitor = own_app.test_client()
    join_staff(visitor, BETH, "information_officer")
    assert _bar(visitor.get("/").text) == ["Desk", "Find help", "Browse", "Guides", "Talk now"]


def test_a_key_worker_has_the_desk_under_the_thumb(own_app: Flask):
    visitor = own_app.test_client()
    join_staff(visitor, SARA, "key_worker")
    assert _bar(visitor.get("/").text) == ["Home", "Find help", "Browse", "Guides", "Talk now"]
    assert visitor.get("/record").location == "/desk"


def test_every_open_page_is_whole_for_somebody_signed_in(own_app: Flask):
    visitor = own_app.test_client()
    begin_record(sign_up(visitor, AMINA))
    for address in OPEN:
        assert visitor.get(address).status_code in {200, 404}, address


@pytest.mark.parametrize(("place", "leads_to"), [("/letters", "/letters"), ("/dates", "/dates"), ("/people", "/people")])
def test_the_bar_leads_to_the_child_looked_at_last(own_app: Flask, place: str, leads_to: str):
    visitor = own_app.test_client()
    member = sign_up(visitor, AMINA)
    assert visitor.get(place).status_code == 302
    record = begin_record(member)
    assert visitor.get(place).location == record + leads_to
