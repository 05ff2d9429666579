"""For search engines: data in pages that can do nothing there, and a map of what families may find."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from directory import store
from directory.identity import derived_id
from tests.directory.feed.test_api import REFUGE_SERVICE, SECRETS, save

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def data_of(client, id_: str) -> dict:
    page = BeautifulSoup(client.get(f"/services/{id_}").text, "html.parser")
    return json.loads(page.find("script", type="application/ld+json").string)


def addresses(client, path: str = "/sitemap.xml") -> dict[str, str | None]:
    root = ElementTree.fromstring(client.get(path).data)  # noqa: S314 - our own
    return {one.findtext("s:loc", namespaces=SPACE): one.findtext("s:lastmod", namespaces=SPACE) for one in root}


def test_a_service_says_what_it_is(client, db):
    service = next(s for s in store.get_shown_services(db, store.all_service_ids(db)) if s.source == "national" and s.all_phones)
    data = data_of(client, service.id)
    assert (data["@type"], data["name"]) == ("Service", service.name)
    phones = [one["servicePhone"]["telephone"] for one in data["availableChannel"] if "servicePhone" in one]
    assert phones == [phone.number for phone in service.all_phones if not phone.is_text]


def test_an_invented_service_says_so(client, db):
    service = next(s for s in store.get_shown_services(db, store.all_service_ids(db)) if s.is_demonstration)
    assert "invented" in data_of(client, service.id)["disambiguatingDescription"]


@pytest.mark.parametrize("words", ["</script><script>alert(1)</script>", "<!-- <script>", "& ' \" \u2028 \\"])
def test_no_words_of_a_publisher_get_out_of_the_data(own_client, own_db, words):
    save(own_db, replace(REFUGE_SERVICE, name=f"A {words} Z", description=words))
    page = own_client.get(f"/services/{REFUGE_SERVICE.id}").text
    assert len(BeautifulSoup(page, "html.parser").find_all("script", type="application/ld+json")) == 1
    assert "<script>alert" not in page
    assert data_of(own_client, REFUGE_SERVICE.id)["description"] == words


def test_no_private_address_is_in_the_data(own_client, own_db):
    save(own_db, REFUGE_SERVICE)
    page = own_client.get(f"/services/{REFUGE_SERVICE.id}").text
    assert not [secret for secret in SECRETS if secret in page]


def test_the_map_has_every_page_that_leads_to_help(client, db):
    found = addresses(client)
    real = [s.id for s in store.get_shown_services(db, store.all_service_ids(db)) if not s.is_demonstration]
    assert real
    assert {f"http://localhost/services/{id_}" for id_ in real} <= found.keys()
    assert all(found[f"http://localhost/services/{id_}"] for id_ in real)
    for address in list(found)[::17]:
        assert client.get(address.removeprefix("http://localhost")).status_code == 200
    assert addresses(client, "/sitemaps/1.xml") == found


def test_the_map_has_nothing_invented_and_nothing_that_is_not_shown(own_client, own_db):
    save(own_db, REFUGE_SERVICE)
    shut = derived_id("x", "service", "shut")
    save(own_db, replace(REFUGE_SERVICE, id=shut, name="Shut", status="defunct"))
    text = own_client.get("/sitemap.xml").text
    invented = [s.id for s in store.get_shown_services(own_db, store.all_service_ids(own_db)) if s.is_demonstration]
    assert REFUGE_SERVICE.id in text
    assert shut not in text
    assert not [id_ for id_ in invented if id_ in text]


def test_there_is_no_second_file_where_one_is_enough(client):
    assert client.get("/sitemaps/0.xml").status_code == 404
    assert client.get("/sitemaps/2.xml").status_code == 404


def test_a_map_that_is_too_long_is_many(client, monkeypatch):
    monkeypatch.setattr("directory.pages.engines._A_FILE", 100)
    files = addresses(client)
    assert all("/sitemaps/" in address for address in files)
    whole = [page for address in files for page in addresses(client, address.removeprefix("http://localhost"))]
    assert len(whole) == len(set(whole)) > 200


def test_robots_are_told_where_the_map_is_and_what_to_leave(client):
    text = client.get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /search" in text
    assert "Disallow: /services" not in text
