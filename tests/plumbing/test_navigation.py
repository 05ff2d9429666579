"""The bar under the thumb."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask_babel import lazy_gettext as _l

from plumbing import navigation
from plumbing.navigation import Entry
from plumbing.settings import Settings
from tests.conftest import create_app

BAR = ["Find help", "Browse", "Guides", "Talk now", "Our record"]


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
    *open_places, record = [client.get(link["href"]) for link in _bar(client.get("/").text)]
    assert {answer.status_code for answer in open_places} == {200}
    assert record.location.startswith("/sign-in")


def _bare(*entries: Entry) -> Flask:
    app = Flask("bare")
    navigation.init_app(app)
    navigation.add(app, *entries)
    return app


def _shown(app: Flask) -> str:
    return "".join(entry.endpoint for entry in app.jinja_env.globals["navigation"]())


def test_an_entry_is_there_for_those_it_is_for():
    signed_in: list[str] = []
    app = _bare(
        Entry("a", _l("A"), "list", 1, shown=lambda: bool(signed_in)), Entry("b", _l("B"), "list", 2, shown=lambda: not signed_in)
    )
    assert _shown(app) == "b"
    signed_in.append("somebody")
    assert _shown(app) == "a"


@pytest.mark.parametrize(
    ("others", "bar"), [("", "klm"), ("ab", "abklm"), ("abc", "abckl"), ("abcde", "abcde"), ("abcdefg", "abcde")]
)
def test_the_bar_has_five_places_and_those_that_give_way_leave_first(others, bar):
    give_way = [Entry(name, _l("X"), "list", 20, gives_way=True) for name in "klm"]
    assert _shown(_bare(*give_way, *(Entry(name, _l("X"), "list", 10) for name in others))) == bar


def test_a_question_that_fails_hides_its_entry_and_not_the_page(caplog):
    app = _bare(Entry("a", _l("A"), "list", 1, shown=lambda: 1 / 0), Entry("b", _l("B"), "list", 2))
    navigation.set_corner(app, lambda: 1 / 0)
    assert _shown(app) == "b"
    assert app.jinja_env.globals["corner"]() is None
    assert "ZeroDivisionError" in caplog.text


def _header(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser").find("header", class_="top")


def _corners(text: str) -> list[Tag]:
    """What stands in the corner; the way to one's own list is there too, and hidden while nothing is on it."""
    return _header(text).select("a.corner:not([hidden])")


def test_the_corner_is_empty_until_somebody_has_something_to_say_there(own_app, own_client):
    own_app.extensions.pop("corner", None)
    assert not _corners(own_client.get("/").text)
    navigation.set_corner(own_app, lambda: None)
    assert not _corners(own_client.get("/").text)


@pytest.mark.parametrize("address", ["/", "/search?q=sleep", "/nowhere"])
def test_the_corner_says_who_is_there_beside_the_way_to_help(own_app, own_client, address):
    navigation.set_corner(own_app, lambda: ("directory.privacy", "Amina <b>"))
    text = own_client.get(address).text
    [corner] = _corners(text)
    assert corner.get_text() == "Amina <b>"
    assert corner["href"] == "/privacy"
    assert _header(text).find("a", class_="now")["href"] == "/talk-now"


@pytest.mark.parametrize("icon", ["phone", "home"])
def test_a_drawing_of_the_bar_is_there_once_whether_the_page_has_it_too_or_not(own_app, own_client, icon):
    navigation.add(own_app, Entry("directory.privacy", _l("Privacy"), icon, 1))
    text = own_client.get("/talk-now").text
    assert text.count(f'id="i-{icon}"') == 1


def test_only_the_drawings_that_the_bar_needs_are_sent(client):
    drawn = BeautifulSoup(client.get("/privacy").text, "html.parser").find_all("symbol")
    assert {symbol["id"] for symbol in drawn} == {"i-search", "i-list", "i-book", "i-talk"}


@pytest.mark.parametrize(
    ("demonstration", "words"), [(True, "everybody here is invented"), (False, "the local services here are invented")]
)
def test_a_demonstration_says_so_on_every_open_page(own_data, demonstration, words):
    client = create_app(Settings(data=own_data, demonstration_family=demonstration)).test_client()
    for address in ("/", "/privacy", "/nowhere"):
        [banner] = BeautifulSoup(client.get(address).text, "html.parser").find_all("aside", class_="demo")
        assert words in banner.get_text()
