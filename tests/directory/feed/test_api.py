"""How the feed behaves: what may be asked, what is refused and how, marks, other websites, and what never leaves."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory import store
from directory.contact import Contact, Phone
from directory.feed.terms import CATEGORIES, NEEDS
from directory.identity import derived_id
from directory.location import Accessibility, Address, Location
from directory.service import Service
from plumbing import clock

SHORT_BREAKS = "esdServiceType:1790"
REFUGE = Location(
    id=derived_id("x", "location", "refuge"),
    name="Quiet Rowan House",
    description="The red door",
    transportation="Bus 7 to Duke Street",
    latitude=55.4109,
    longitude=-1.7072,
    precision="exact",
    hides_address=True,
    source_id="rowan house|7 duke street||alnwick||ne66 1ab|gb",
    addresses=(Address(id="1", address_1="7 Duke Street", city="Alnwick", postal_code="NE66 1AB"),),
    accessibility=(Accessibility("Step-free entrance", "Ramp on Duke Street"),),
)
REFUGE_SERVICE = Service(
    id=derived_id("x", "service", "refuge"),
    name="Safe nights",
    source="made",
    description="For families who must leave home.",
    assurer_email="private@example.org",
    locations=(REFUGE,),
    phones=(
        Phone("01632 960777", confidence="low", id="a"),
        Phone("01632 960778", confidence="withheld", id="b"),
        Phone("01632 960779", confidence="checked", id="c"),
    ),
    contacts=(Contact(title="Night desk", phones=(Phone("01632 960780", confidence="medium"),)),),
)
SECRETS = ("Duke Street", "Quiet Rowan", "red door", "NE66 1AB", "55.41", "960777", "960778", "960780", "private@example.org")


@pytest.fixture(autouse=True)
def unlimited(request) -> None:
    for name in ("app", "own_app"):
        if name in request.fixturenames:
            request.getfixturevalue(name).extensions.pop("feed_limits", None)


def save(db, service: Service) -> None:
    with db.atomic():
        store.ensure_source(db, service.source, service.source)
        for location in service.locations:
            store.save_location(db, location)
        store.save_service(db, service)
        store.bump(db)


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.get_json()["contents"]]


def total(client: FlaskClient, **asked) -> int:
    return client.get("/api/services", query_string=asked).get_json()["total_items"]


def test_the_first_answer_is_what_the_official_validator_reads(client):
    for address in ("/api", "/api/"):
        details = client.get(address).get_json()
        assert details["version"] == "HSDS-UK-3.0"
        assert client.get(details["openapi_url"].removeprefix("http://localhost")).get_json()["openapi"].startswith("3.")


def test_pages_hold_every_service_once_and_as_many_as_are_asked_for(client, db):
    first = client.get("/api/services?per_page=100").get_json()
    pages = [ids(client.get(f"/api/services?per_page=100&page={page}")) for page in range(1, first["total_pages"] + 1)]
    assert [id_ for page in pages for id_ in page] == store.all_service_ids(db)
    assert (first["size"], first["first_page"], first["last_page"]) == (100, True, False)


def test_everything_asked_for_counts_together(client, db):
    breaks = total(client, taxonomy_term_id="short-breaks")
    both = total(client, taxonomy_term_id="short-breaks", search="swimming")
    assert 0 < both < breaks < total(client)
    assert both < total(client, search="swimming")
    services = client.get("/api/services?taxonomy_term_id=short-breaks&full=true&per_page=500").get_json()["contents"]
    assert all("short-breaks" in one["categories"] for one in services)
    organization = services[0]["organization_id"]
    assert 0 < total(client, taxonomy_term_id="short-breaks", organization_id=organization) <= breaks
    assert total(client, organization_id=organization, taxonomy_term_id="nobody-knows") == 0


def test_search_and_the_older_text_find_what_a_page_finds(client, finder, db):
    found = ids(client.get("/api/services?search=autism&per_page=20"))
    assert found == ids(client.get("/api/services?text=autism&per_page=20"))
    assert client.get("/search?q=autism").text.index(found[0]) > 0


@pytest.mark.parametrize("term", ["short-breaks", SHORT_BREAKS, "1790", "http://id.esd.org.uk/service/1790"])
def test_a_term_may_be_named_by_our_slug_or_by_the_lga(client, term):
    assert total(client, taxonomy_term_id=term) >= total(client, taxonomy_term_id="short-breaks") > 0


def test_each_service_carries_our_terms_whose_ids_stay(client):
    term = next(t for t in client.get("/api/taxonomy_terms?per_page=500").get_json()["contents"] if t["code"] == "short-breaks")
    assert term["id"] == derived_id("linkbook", "category", "short-breaks")
    assert SHORT_BREAKS in term["esd_service_ids"]
    service = client.get(f"/api/services?taxonomy_term_id={term['id']}&full=true&per_page=1").get_json()["contents"][0]
    assert term["id"] in [one["taxonomy_term"]["id"] for one in service["attributes"]]
    assert len(client.get(f"/api/taxonomies/{CATEGORIES['id']}").get_json()["taxonomy_terms"]) == 44
    assert len(client.get(f"/api/taxonomies/{NEEDS['id']}").get_json()["taxonomy_terms"]) == 35
    assert total(client, taxonomy_id=NEEDS["id"]) > 0


def test_what_changed_or_was_checked_since_is_found(own_client, own_db):
    later = (clock.now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert total(own_client, modified_after=later) == 0
    assert total(own_client, modified_after="2020-01-01") == total(own_client)
    with clock.moved(hours=2):
        save(own_db, REFUGE_SERVICE)
        assert ids(own_client.get("/api/services", query_string={"modified_after": later})) == [REFUGE_SERVICE.id]
        # The plus of a time zone, forgotten as it is in most addresses.
        assert own_client.get("/api/services?modified_after=2026-01-01T00:00:00+01:00").status_code == 200


def test_places_come_nearest_first_and_no_farther_than_asked(client):
    near = client.get("/api/service_at_locations?postcode=NE66+1AB&proximity=5000&per_page=500").get_json()["total_items"]
    far = client.get("/api/service_at_locations?postcode=NE66+1AB&proximity=50000").get_json()["total_items"]
    everywhere = client.get("/api/service_at_locations?postcode=NE66+1AB").get_json()
    assert 0 < near < far < everywhere["total_items"]
    assert everywhere["contents"][0]["location"]["id"]
    one = everywhere["contents"][0]["id"]
    assert "addresses" in client.get(f"/api/service_at_locations/{one}").get_json()["location"]


def test_an_organisation_has_its_services(client):
    brief = client.get("/api/organizations?search=lamplight").get_json()["contents"][0]
    whole = client.get(f"/api/organizations/{brief['id']}?full_service=true").get_json()
    assert "services" not in brief
    assert {one["id"] for one in whole["services"]} == set(ids(client.get(f"/api/services?organization_id={brief['id']}")))
    assert "service_at_locations" in json.dumps(whole["services"])


def test_minimal_is_everything_on_one_page(client):
    answer = client.get("/api/services?minimal=true").get_json()
    assert answer["total_pages"] == 1
    assert answer["contents"][0].keys() == {"id", "name", "status", "last_modified"}


def test_ndjson_is_a_line_for_each(client):
    answer = client.get("/api/services?format=ndjson&search=autism")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert len(lines) == total(client, search="autism")
    assert answer.mimetype == "application/x-ndjson"


def test_demonstration_listings_are_marked_in_words_too(client):
    found = client.get("/api/services?search=lamplight&full=true").get_json()["contents"]
    assert all(one["demonstration"] is True and "invented" in one["alert"] for one in found)
    national = client.get("/api/services?search=childline").get_json()["contents"][0]
    assert "demonstration" not in national


# -- marks, other websites, forms


def test_who_has_it_already_is_sent_nothing(client):
    first = client.get("/api/services", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(first.data))["total_items"] > 400
    again = client.get("/api/services", headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/api/services?page=2", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_change_is_seen_through_the_mark_though_the_clock_stands(own_client, own_db):
    save(own_db, REFUGE_SERVICE)
    address = f"/api/services/{REFUGE_SERVICE.id}"
    first = own_client.get(address)
    assert first.last_modified
    headers = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    assert own_client.get(address, headers=headers).status_code == 304
    with own_db.atomic():
        own_db.execute("UPDATE service SET alert = 'Moved' WHERE id = ?", [REFUGE_SERVICE.id])
    assert own_client.get(address, headers=headers).status_code == 200
    only_the_time = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert own_client.get(address, headers=only_the_time).status_code == 200


@pytest.mark.parametrize("address", ["/api", "/api/services", "/api/nowhere", "/api/services?page=x", "/api/hsds.zip"])
def test_programs_on_any_website_may_read_it_and_no_cookie_is_set(app, client, address):
    answer = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    # A bare client: the answer to OPTIONS has no page to inspect.
    asked_first = FlaskClient(app, app.response_class).options(
        address.split("?")[0], headers={"Access-Control-Request-Method": "GET"}
    )
    assert asked_first.headers["Access-Control-Allow-Origin"] == "*"


def test_no_other_page_is_open_to_other_websites(client):
    for address in ("/", "/apiary", "/search?q=api", "/sign-in"):
        assert "Access-Control-Allow-Origin" not in client.get(address).headers


def test_head_answers_like_get_without_the_text(client):
    head, get = client.head("/api/services"), client.get("/api/services")
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


# -- refusals


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=²", "page"),
        ("page=1e3", "page"),
        ("page=99999999999999999999", "page"),
        ("page=", "page"),
        ("per_page=0", "per_page"),
        ("per_page=501", "per_page"),
        ("full=perhaps", "full"),
        ("minimal=2", "minimal"),
        ("format=xml", "format"),
        ("modified_after=yesterday", "modified_after"),
        ("modified_after=2026-02-30", "modified_after"),
        ("modified_after=0001-01-01T00:00:00%2B09:00", "modified_after"),
        ("search=" + "a" * 301, "search"),
        ("taxonomy_term_id=%00", "taxonomy_term_id"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(client, asked, wrong):
    answer = client.get(f"/api/services?{asked}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["parameter"] == wrong
    assert answer.get_json()["detail"].startswith(f"{wrong}: Should")


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [("postcode=Narnia", "postcode"), ("proximity=500", "proximity"), ("postcode=NE66&proximity=near", "proximity"),
     ("postcode=NE66&proximity=-1", "proximity"), ("postcode=NE66&proximity=nan", "proximity")],
)  # fmt: skip
def test_a_place_that_cannot_be_is_refused(client, asked, wrong):
    answer = client.get(f"/api/service_at_locations?{asked}")
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, wrong)


def test_what_nobody_knows_is_passed_over(client):
    assert total(client, colour="red", coverage="NE66", day="1") == total(client)


@pytest.mark.parametrize("kind", ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"])
def test_what_is_not_there_is_said_in_json(client, kind):
    for id_ in ("00000000-0000-0000-0000-000000000000", "136", "%00", "../app.py"):
        answer = client.get(f"/api/{kind}/{id_}")
        assert (answer.status_code, answer.get_json()["status"]) == (404, 404)
    assert client.post(f"/api/{kind}").get_json()["status"] == 405
    assert "GET" in client.post(f"/api/{kind}").headers["Allow"]


def test_who_asks_far_too_often_waits(app, client):
    answers = {client.get("/api/taxonomies").status_code for _ in range(601)}
    assert answers == {200, 429}
    refused = client.get("/api/taxonomies")
    assert (refused.status_code, refused.get_json()["status"]) == (429, 429)
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    app.extensions.pop("feed_limits", None)


# -- what never leaves


def everything_sent(client: FlaskClient) -> str:
    lists = ("services", "organizations", "service_at_locations")
    addresses = [f"/api/{name}?format=ndjson&full=true" for name in lists]
    addresses += [f"/api/{name}?format=ndjson" for name in lists]
    addresses += ["/api/services.csv", "/api/services.json", f"/api/services/{REFUGE_SERVICE.id}"]
    return "\n".join(client.get(address).text for address in addresses)


def test_no_private_address_and_no_number_kept_back_leaves(own_client, own_db):
    save(own_db, REFUGE_SERVICE)
    sent = everything_sent(own_client)
    assert "Safe nights" in sent
    assert "01632 960779" in sent
    assert not [secret for secret in SECRETS if secret in sent]
    # An id made of the address in words could be found by trying addresses.
    assert REFUGE.id not in sent


def test_how_far_a_private_place_is_is_never_told(own_client, own_db):
    save(own_db, REFUGE_SERVICE)
    near = own_client.get("/api/service_at_locations?postcode=NE66+1AB&proximity=2000000&per_page=500")
    assert REFUGE_SERVICE.id not in near.text
    listed = own_client.get("/api/service_at_locations?postcode=NE66+1AB&per_page=500&page=1").get_json()
    last = own_client.get(f"/api/service_at_locations?postcode=NE66+1AB&per_page=500&page={listed['total_pages']}").get_json()
    placed = [one["service_id"] for one in last["contents"]]
    assert placed.index(REFUGE_SERVICE.id) > len(placed) - 30


@pytest.mark.parametrize("change", ["status = 'inactive'", "status = 'defunct'", "hidden = 'draft'", "hidden = 'retired'"])
def test_what_is_not_shown_is_not_in_the_feed(own_client: FlaskClient, own_db, own_app: Flask, change):
    save(own_db, REFUGE_SERVICE)
    assert "Safe nights" in everything_sent(own_client)
    with own_db.atomic():
        own_db.execute(f"UPDATE service SET {change} WHERE id = ?", [REFUGE_SERVICE.id])
        store.bump(own_db)
    own_app.extensions.pop("feed_limits", None)
    sent = everything_sent(own_client)
    assert "Safe nights" not in sent
    assert REFUGE_SERVICE.id not in sent


def test_everything_at_once_is_counted_like_a_download(app, client):
    answers = [client.get("/api/taxonomies?format=ndjson").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert client.get("/api/taxonomies").status_code == 200
    app.extensions.pop("feed_limits", None)


def test_lines_have_their_mark_and_length_too(client):
    first = client.get("/api/taxonomy_terms?format=ndjson")
    assert int(first.headers["Content-Length"]) == len(first.data)
    again = client.get("/api/taxonomy_terms?format=ndjson", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head("/api/taxonomy_terms?format=ndjson").data == b""


def test_a_merged_service_leads_to_where_it_is_now(own_client, own_db):
    new = store.all_service_ids(own_db)[0]
    old = derived_id("x", "service", "merged")
    with own_db.atomic():
        columns = [column.name for column in own_db["moved"].columns]
        row = {"old_id": old, "new_id": new} | {name: "x" for name in columns if name not in {"old_id", "new_id"}}
        own_db["moved"].insert(row)
    answer = own_client.get(f"/api/services/{old}")
    assert (answer.status_code, answer.location) == (301, f"/api/services/{new}")
