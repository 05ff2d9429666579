"""The bar under the thumb."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask_babel import lazy_gettext as _l

from plumbing import navigation
from plumbing.navigation import Entry

BAR = ["Find help", "Browse", "Guides", "Talk now"]


def _bar(text: str) -> list:
    return BeautifulSoup(text, "html.parser").find("nav", class_="nav").find_all("a")


def test_entries_stand_by_their_number_and_not_by_who_came_first():
    app = Flask("bare")
    navigation.init_app(app)
    navigation.add(app, Entry("a", _l("A"), "list", 60), Entry("b", _l("B"), "list", 20))
    navigation.add(app, Entry("c", _l("C"), "list", 40))
    assert [entry.endpoint for entry in app.jinja_env.globals["navigation"]()] == ["b", "c", "a"]


def test_a_feature_may_add_before_the_bar_is_made():
    app = Flask("bare")
    navigation.add(app, Entry("a", _l("A"), "list", 1))
    navigation.init_app(app)
    assert len(app.jinja_env.globals["navigation"]()) == 1


def test_two_applications_do_not_share_a_bar():
    one, other = Flask("one"), Flask("other")
    for app in (one, other):
        navigation.init_app(app)
    navigation.add(one, Entry("a", _l("A"), "list", 1))
    assert not other.jinja_env.globals["navigation"]()


@pytest.mark.parametrize("address", ["/", "/search?q=sleep", "/guides/sleep", "/nowhere"])
def test_every_page_has_the_bar(client, address):
    assert [link.get_text(strip=True) for link in _bar(client.get(address).text)] == BAR


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/", "Find help"),
        ("/search?q=sleep", "Find help"),
        ("/categories", "Browse"),
        ("/categories/sleep", "Browse"),
        ("/needs/autism", "Browse"),
        ("/guides", "Guides"),
        ("/guides/sleep", "Guides"),
        ("/talk-now", "Talk now"),
    ],
)
def test_the_bar_says_where_one_is(client, address, here):
    marked = [link.get_text(strip=True) for link in _bar(client.get(address).text) if link.get("aria-current") == "page"]
    assert marked == [here]


@pytest.mark.parametrize("address", ["/privacy", "/about-the-data", "/nowhere"])
def test_the_bar_claims_no_place_for_a_page_that_is_not_in_it(client, address):
    assert not [link for link in _bar(client.get(address).text) if link.get("aria-current")]


def test_every_place_in_the_bar_can_be_reached(client):
    assert {client.get(link["href"]).status_code for link in _bar(client.get("/").text)} == {200}
