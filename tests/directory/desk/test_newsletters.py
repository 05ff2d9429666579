"""Newsletters: what happened is found, chosen, put in order and published, once; as a page, on paper and as a feed."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from directory import store
from directory.event import Event
from directory.keeping import editing, invented_news
from directory.keeping.news_gathering import changed_words, gather
from directory.newsletter import CHANGED, CLOSING, EVENT, GUIDE, NEW, Issue, Item
from directory.search import Query
from directory.store import newsletters as rows
from plumbing import clock
from tests import printed
from tests.family import token_of

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '#read("/etc/passwd") <script>alert(1)</script> *b* $x$ @y \\ \x1e'


@pytest.fixture
def services(own_db):
    found = store.get_shown_services(own_db, store.all_service_ids(own_db))
    return [one for one in found if one.all_phones and one.status == "active" and one.reach == "area"]


@pytest.fixture
def app_context(own_app):
    with own_app.test_request_context():
        yield


def _since(db):
    return gather(db, clock.today() - datetime.timedelta(days=7))


def _change(db, service, why="put right", **changes):
    editing.save(db, replace(service, **changes), "Beth", why)


# -- what happened


def test_a_comma_is_no_news_and_a_telephone_number_is(own_db, services, app_context):
    one, two = services[:2]
    _change(own_db, one, description=one.description + " More words.", fees=one.fees, opening_hours=one.opening_hours)
    assert _since(own_db) == []
    _change(own_db, two, phones=(replace(two.all_phones[0], number="01632 960123"),), contacts=())
    assert [(item.kind, item.title) for item in _since(own_db)] == [(CHANGED, two.name)]
    assert "Telephone: 01632 960123" in _since(own_db)[0].words


def test_capitals_and_spaces_are_no_news(services, app_context):
    one = replace(services[0], wait_time="about 6 weeks")
    assert changed_words(one, replace(one, wait_time="About  6 weeks.")) == ""
    assert changed_words(one, replace(one, wait_time="About 8 weeks")) == "Waiting time: About 8 weeks"


def test_what_closes_and_what_opens_again(own_db, services, app_context):
    one, two, three = services[:3]
    _change(own_db, one, status="defunct")
    _change(own_db, two, status="temporarily closed")
    _change(own_db, three, hidden="retired")
    closing = {item.title: item.words for item in _since(own_db)}
    assert {item.kind for item in _since(own_db)} == {CLOSING}
    assert closing[one.name] == "It has closed for good."
    assert closing[two.name].startswith("Closed for now")
    assert closing[three.name] == "It is not on our list any more."
    with clock.moved(days=20):
        _change(own_db, replace(two, status="active"))
        assert [(item.kind, item.words) for item in _since(own_db)] == [(CHANGED, "Open again.")]


def test_what_is_new_is_told_and_a_draft_is_not(own_db, services, app_context):
    new = replace(services[0], id="8a5b6a3e-0000-4000-8000-000000000001", name="A new club", organization=None, locations=())
    _change(own_db, new)
    _change(own_db, replace(new, id="8a5b6a3e-0000-4000-8000-000000000002", name="A draft", hidden="draft"))
    assert [(item.kind, item.title) for item in _since(own_db)] == [(NEW, "A new club")]


def test_what_happened_before_is_not_told(own_db, services, app_context):
    _change(own_db, services[0], wait_time="Ten years")
    with clock.moved(days=30):
        assert _since(own_db) == []
        assert gather(own_db, clock.today() - datetime.timedelta(days=40))


def test_an_address_that_is_kept_private_is_no_news(own_db, app_context):
    found = store.get_services(own_db, store.all_service_ids(own_db))
    secret = next(one for one in found if one.is_shown and any(place.hides_address for place in one.locations))
    place = next(place for place in secret.locations if place.hides_address)
    moved = replace(place, addresses=tuple(replace(address, address_1="1 Very Secret Street") for address in place.addresses))
    _change(own_db, secret, locations=tuple(moved if one.id == place.id else one for one in secret.locations))
    assert "Very Secret" not in str(_since(own_db))


def test_of_very_many_none_is_chosen_beforehand(own_db, services, app_context):
    with editing.as_one(own_db):
        for one in services[:25]:
            editing.save(own_db, replace(one, wait_time="A new time"), "Beth", "", "import")
    assert len(_since(own_db)) == 25
    assert not any(item.chosen for item in _since(own_db))


def test_events_come_until_they_are_over(own_db, app_context):
    today = clock.today()
    rows.save_event(own_db, Event("e" * 32, "Fun day", today - datetime.timedelta(days=1), today))
    rows.save_event(own_db, Event("f" * 32, "Over", today - datetime.timedelta(days=1)))
    assert [(item.kind, item.title) for item in _since(own_db)] == [(EVENT, "Fun day")]


def test_gathering_again_keeps_what_was_chosen_and_written():
    a, b, c = (Item(NEW, name, name, "found") for name in "abc")
    issue = Issue("News", items=(b, replace(a, words="Mine", chosen=False)))
    assert issue.gathered([a, b, c]).items == (b, replace(a, words="Mine", chosen=False), c)
    assert issue.moved("new.a", -1).items == (replace(a, words="Mine", chosen=False), b)
    assert issue.moved("new.b", -1) == issue
    assert issue.moved("new.made-up", 1) == issue


# -- at the desk


def _press(member, address, page=None, **data):
    token = token_of(member.client.get(page or address).text)
    return member.client.post(address, data=data | {"csrf_token": token})


def _begin(member):
    page = BeautifulSoup(member.client.get("/directory/newsletters").text, "html.parser")
    fields = {name: page.find("input", {"name": name})["value"] for name in ("csrf_token", "once", "since")}
    return member.client.post("/directory/newsletters", data=fields | {"council": ""}).location.split("?")[0]


def _fields(member, address):
    page = BeautifulSoup(member.client.get(address).text, "html.parser")
    form = next(one for one in page.select("main form") if one.find("input", {"name": "title"}))
    fields = {}
    for one in form.select("input, textarea"):
        if one.get("type") != "checkbox" or one.has_attr("checked"):
            fields.setdefault(one["name"], []).append(one.get("value", one.text.strip("\n")))
    return fields


def _save(member, address, do="save", **changes):
    return member.client.post(address, data=_fields(member, address) | changes | {"do": do})


@pytest.fixture
def happened(own_app, own_db, services):
    """Two listings with a new number, one that closed, and an event."""
    with own_app.test_request_context():
        for one, number in zip(services[:2], ("01632 960001", "01632 960002"), strict=True):
            _change(own_db, one, phones=(replace(one.all_phones[0], number=number),), contacts=())
        _change(own_db, services[2], status="defunct")
        day = clock.today() + datetime.timedelta(days=10)
        event = Event(
            "e" * 32, "Fun day", day, times="10am to noon", place="Alnwick library", whom="All families", cost="Free", book="Ring"
        )
        rows.save_event(own_db, event)
    return services[:3]


@pytest.fixture
def draft(beth, happened):
    return _begin(beth)


@pytest.fixture
def published(beth, draft):
    _save(beth, draft, "publish", title="Autumn news", introduction="Hello.\n\nGood news.", ending="Ring us.", guide="sleep")
    return draft


def test_it_is_published_as_page_list_paper_and_feed(published, happened, own_client):
    page = own_client.get("/news/autumn-news").text
    for words in (
        *(one.name for one in happened),
        "01632 960001",
        "Fun day",
        "Alnwick library",
        "Cost: Free",
        "Good news.",
        "Ring us.",
    ):
        assert words.replace("’", "’") in BeautifulSoup(page, "html.parser").get_text()
    assert "Changed on" not in page
    assert 'href="/news"' in own_client.get("/").text
    listed = own_client.get("/news").text
    assert "Autumn news" in listed
    assert "Fun day" in listed
    for print_ in ("", "?print=large"):
        pdf = own_client.get(f"/news/autumn-news/pdf{print_}").data
        printed.check_accessible(pdf, "Autumn news")
        assert "01632960001" in printed.letters(pdf)
        assert "localhost/news/autumn-news" in printed.letters(pdf)


def test_the_feed_has_what_atom_asks_for(published, own_client):
    answer = own_client.get("/news/feed.xml")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    for parent in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
        assert datetime.datetime.fromisoformat(parent.find(f"{ATOM}updated").text).tzinfo
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text.startswith("urn:uuid:")
    assert entry.find(f"{ATOM}link").get("href") == "http://localhost/news/autumn-news"
    assert "Fun day" in entry.find(f"{ATOM}summary").text


def test_with_no_news_there_is_no_link_and_an_empty_feed_is_whole(own_client):
    assert 'href="/news"' not in own_client.get("/").text
    feed = ElementTree.fromstring(own_client.get("/news/feed.xml").data)  # noqa: S314 - our own
    assert feed.find(f"{ATOM}updated").text
    assert feed.findall(f"{ATOM}entry") == []


def test_a_draft_is_nobody_elses(beth, draft, own_client, own_db):
    slug = rows.list_newsletters(own_db)[0].slug
    for address in (f"/news/{slug}", f"/news/{slug}/pdf", "/news/news"):
        assert own_client.get(address).status_code == 404
    assert "Draft: not published yet." in printed.words(beth.client.get(f"{draft}/pdf").data)
    assert "Newsletters being written" in beth.client.get("/directory").text


def test_what_is_left_out_and_put_in_order(beth, draft, happened, own_client):
    fields = _fields(beth, draft)
    changed = [key for key in fields["item"] if key.startswith("changed.")]
    first, second = changed
    assert _save(beth, draft, f"up {second}").location.endswith(f"#item-{second}")
    keys = _fields(beth, draft)["item"]
    assert [key for key in keys if key.startswith("changed.")] == [second, first]
    closing = next(key for key in keys if key.startswith("closing."))
    ticked = [key for key in keys if key != closing]
    _save(beth, draft, "publish", title="Short", **{"in": ticked, f"words-{first}": "Our own words about it"})
    page = BeautifulSoup(own_client.get("/news/short").text, "html.parser").get_text()
    assert happened[2].name not in page
    assert "Our own words about it" in page
    names = {f"changed.{one.id}": one.name for one in happened}
    assert page.index(names[second]) < page.index(names[first])


def test_a_listing_that_is_hidden_later_goes_from_page_and_paper(published, happened, own_db, own_client):
    _change(own_db, store.get_services(own_db, [happened[0].id])[0], hidden="retired")
    assert happened[0].name not in BeautifulSoup(own_client.get("/news/autumn-news").text, "html.parser").get_text()
    assert "01632960001" not in printed.letters(own_client.get("/news/autumn-news/pdf").data)


def test_an_event_goes_when_it_is_over(published, own_client):
    with clock.moved(days=11):
        assert "Fun day" not in own_client.get("/news/autumn-news").text
        assert "Fun day" not in own_client.get("/news").text


def test_a_change_after_publishing_is_said_and_keeps_the_address(beth, published, own_client):
    _save(beth, published, title="Winter news")
    assert "Autumn news" in own_client.get("/news/autumn-news").text, "What is saved is not published."
    _save(beth, published, "publish")
    page = own_client.get("/news/autumn-news").text
    assert "Winter news" in page
    assert "after it was sent by e-mail" in page


def test_the_second_of_two_is_shown_both(beth, dev, draft):
    fields = _fields(beth, draft)
    assert _save(dev, draft, title="What Dev wrote").status_code == 302
    answer = beth.client.post(draft, data=fields | {"title": "What Beth wrote", "do": "publish"})
    assert answer.status_code == 409
    assert "What Dev wrote" in answer.text
    assert 'value="What Beth wrote"' in answer.text
    version = BeautifulSoup(answer.text, "html.parser").find("input", {"id": "version"})["value"]
    assert beth.client.post(draft, data=fields | {"title": "Both", "version": version}).status_code == 302


def test_a_second_person_approves_and_nobody_their_own(own_app, beth, dev, draft, own_db, own_client):
    object.__setattr__(own_app.extensions["settings"], "approval", True)
    _save(beth, draft, "publish", title="Autumn news")
    version = rows.list_newsletters(own_db)[0].version
    assert own_client.get("/news/autumn-news").status_code == 404
    assert _press(beth, f"{draft}/approve", draft, version=version).status_code == 403
    assert _press(dev, f"{draft}/approve", draft, version=version - 1).status_code == 409
    assert "Newsletters waiting for approval" in dev.client.get("/directory").text
    assert _press(dev, f"{draft}/approve", draft, version=version).status_code == 302
    assert own_client.get("/news/autumn-news").status_code == 200
    # A published one is changed by two as well.
    _save(beth, draft, "publish", title="Put right")
    assert "Put right" not in own_client.get("/news/autumn-news").text


def test_hostile_words_are_words(beth, draft, own_client):
    _save(beth, draft, "publish", title="Odd " + HOSTILE[:60], introduction=HOSTILE, ending=HOSTILE)
    address = re.search(r'href="(/news/odd[^"]+)"', own_client.get("/news").text)[1]
    assert "<script>alert" not in own_client.get(address).text
    assert '#read("/etc/passwd")' in printed.words(own_client.get(f"{address}/pdf").data)
    ElementTree.fromstring(own_client.get("/news/feed.xml").data)  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"title": " "}, "Give the newsletter a title"), ({"introduction": "x" * 1501}, "Keep it under 1,500 letters")],
)
def test_what_cannot_be_saved_is_said_and_kept(beth, draft, changes, words):
    answer = _save(beth, draft, "publish", **({"ending": "What I wrote."} | changes))
    assert answer.status_code == 400
    assert words in answer.text
    assert "What I wrote." in answer.text


def test_an_empty_newsletter_is_not_published(beth, own_client):
    draft = _begin(beth)
    answer = _save(beth, draft, "publish", title="Empty")
    assert answer.status_code == 400
    assert "There is nothing in it" in answer.text
    assert own_client.get("/news/empty").status_code == 404


def test_a_draft_is_thrown_away_and_what_was_published_is_not(beth, draft, published, own_db):
    _save(beth, published, "discard")
    assert rows.published_newsletters(own_db)
    other = _begin(beth)
    _save(beth, other, "discard")
    assert len(rows.list_newsletters(own_db)) == 1


# -- events


def _event(member, **changes):
    page = BeautifulSoup(member.client.get("/directory/newsletters/events/new").text, "html.parser")
    fields = {name: page.find("input", {"name": name})["value"] for name in ("csrf_token", "once")}
    soon = (clock.today() + datetime.timedelta(days=5)).isoformat()
    data = fields | {"title": "Talk", "starts": soon, "place": "Library"} | changes
    return member.client.post("/directory/newsletters/events/new", data=data)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Say what it is"),
        ({"starts": "2020-01-01"}, "Give its day"),
        ({"ends": "2020-01-01"}, "Give its last day"),
        ({"url": "javascript:alert(1)"}, "A web address begins with https://"),
    ],
)
def test_what_is_wrong_with_an_event_is_said(beth, changes, words, own_db):
    answer = _event(beth, **changes)
    assert answer.status_code == 400
    assert words in answer.text
    assert rows.get_events(own_db) == {}


def test_an_event_is_added_changed_and_called_off(beth, own_db):
    assert _event(beth, url="https://example.org/talk").status_code == 302
    event = next(iter(rows.get_events(own_db).values()))
    address = f"/directory/newsletters/events/{event.id}"
    _press(beth, address, title="Another talk", starts=event.starts.isoformat(), place="Library")
    assert rows.get_events(own_db)[event.id].title == "Another talk"
    _press(beth, address, do="off")
    assert rows.get_events(own_db) == {}


def test_only_officers_write_newsletters(sara, amina, own_client):
    for client in (sara.client, amina.client):
        assert client.get("/directory/newsletters").status_code == 403
    assert "/sign-in" in own_client.get("/directory/newsletters").location


def test_paper_is_counted(own_app, published, own_client):
    object.__setattr__(own_app.extensions["settings"], "paper_an_hour", 2)
    assert [own_client.get("/news/autumn-news/pdf").status_code for _ in range(3)] == [200, 200, 429]


def test_the_demonstration_has_a_newsletter_with_what_is_on(own_app, own_db, own_client):
    def find(words):
        return [result.id for result in own_app.extensions["finder"].search(own_db, Query(words=words)).results]

    assert invented_news.fill(own_db, find)
    assert not invented_news.fill(own_db, find)
    issue = rows.published_newsletters(own_db)[0].shown
    assert [item.kind for item in issue.items] == [NEW, CHANGED, CHANGED, EVENT, EVENT, GUIDE]
    assert "Soft play, quiet hour" in own_client.get("/news").text
