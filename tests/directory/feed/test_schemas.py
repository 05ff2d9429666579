"""Every answer of the feed against every official schema, and our checker against the official good and bad examples."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import plain_app
from tests.directory.feed.conftest import OFFICIAL, PUBLISHED

# Schemas by the name of a mock of the official validator.
MOCKS = {
    "api_details": "api_details",
    "service_list": "service_list",
    "service_full": "service",
    "taxonomy": "taxonomy",
    "taxonomy_list": "taxonomy_list",
    "taxonomy_term": "taxonomy_term",
    "taxonomy_term_list": "taxonomy_term_list",
    "organization_list": "organization_list",
    "service_at_location_list": "service_at_location_list",
    "service_at_location_full": "service_at_location",
    "organization": "organization",
}
# What is bad in each of the official bad examples. The others among them are good: their folder is one whole feed.
BAD = {
    "api_details": "'profile' is a required property",
    "service_list": "'name' is a required property",
    "service_full": "is not a 'email'",
    "taxonomy_term": "'description' is a required property",
}
LISTS = {
    "/services": ("service_list", "service"),
    "/organizations": ("organization_list", "organization"),
    "/service_at_locations": ("service_at_location_list", "service_at_location"),
    "/taxonomies": ("taxonomy_list", "taxonomy"),
    "/taxonomy_terms": ("taxonomy_term_list", "taxonomy_term"),
}


def mock(folder: str, name: str):
    return json.loads((OFFICIAL / "validator-mocks" / f"V3.0-UK-{folder}" / f"{name}.json").read_text("utf-8"))


def walk(app: Flask, checker, *, some: int = 10**6) -> int:
    """Every page of every list in every form, and every single one; returns how many documents were looked at."""
    client, seen = app.test_client(), 0

    def get(address: str):
        app.extensions.pop("feed_limits", None)
        answer = client.get(f"/api{address}")
        assert answer.status_code == 200, address
        return answer.get_json()

    assert not checker.wrong("api_details", get("/"))
    for path, (list_schema, one_schema) in LISTS.items():
        for form in ("", "&full=true"):
            page, pages, ids = 1, 1, []
            while page <= pages:
                answer = get(f"{path}?per_page=100&page={page}{form}")
                assert not (found := checker.wrong(list_schema, answer)), f"{path} page {page}: {found[:3]}"
                assert answer["page_number"] == page
                pages, page = answer["total_pages"], page + 1
                ids += [one["id"] for one in answer["contents"]]
                if form:
                    for one in answer["contents"]:
                        assert not (found := checker.wrong(one_schema, one)), f"{path} {one['id']}: {found[:3]}"
            assert len(ids) == len(set(ids)) == answer["total_items"], f"{path} is not each once"
            seen += len(ids)
        for id_ in ids[:: max(1, len(ids) // some)]:
            assert not (found := checker.wrong(one_schema, get(f"{path}/{id_}"))), f"{path}/{id_}: {found[:3]}"
            seen += 1
    return seen


def test_the_whole_feed_of_the_starter_directory_is_valid(starter, checker):
    assert walk(plain_app(starter), checker, some=60) > 2000


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_whole_feed_of_what_others_published_is_valid(published: Callable[[str], Flask], checker, name):
    assert walk(published(name), checker, some=40) > 100


def test_minimal_and_empty_lists_are_valid_too(app, client, checker):
    for address in ("/services?minimal=true", "/services?organization_id=nobody", "/services?page=999999"):
        assert not checker.wrong("service_list", client.get(f"/api{address}").get_json())
    assert client.get("/api/services?organization_id=nobody").get_json()["empty"]


@pytest.mark.parametrize("name", sorted(MOCKS.keys() - {"organization_list"}))
def test_the_checker_passes_the_official_good_examples(checker, name):
    assert not checker.wrong(MOCKS[name], mock("Default", name))


def test_one_official_good_example_says_a_wrong_size_which_only_our_rules_see(checker):
    page = mock("Default", "organization_list")
    assert not checker.officially_wrong("organization_list", page)
    assert "size is not how many there are on the page" in checker.wrong("organization_list", page)


@pytest.mark.parametrize("name", sorted(BAD))
def test_the_checker_refuses_the_official_bad_examples(checker, name):
    assert any(BAD[name] in words for words in checker.wrong(MOCKS[name], mock("Fail", name)))


def test_the_checker_refuses_the_official_doubtful_example(checker):
    wrong = checker.wrong("taxonomy_term_list", mock("Warn", "taxonomy_term_list"))
    assert "its numbers do not go together" in wrong
    assert "first_page or last_page is not true" in wrong


SPOILT = {
    "a null": lambda page: page["contents"][0].update(description=None),
    "no total": lambda page: page.pop("total_pages"),
    "a size that is not so": lambda page: page.update(size=7),
    "a day that is none": lambda page: page["contents"][0].update(assured_date="2026-02-30"),
    "a British day": lambda page: page["contents"][0].update(assured_date="22/11/2026"),
    "an id that is none": lambda page: page["contents"][0].update(id="136"),
    "an id twice": lambda page: page.update(contents=page["contents"] * 2, size=2, total_items=2),
    "an empty list": lambda page: page["contents"][0].update(schedules=[]),
    "a status of its own": lambda page: page["contents"][0].update(status="open"),
    "a moment without a zone": lambda page: page["contents"][0].update(last_modified="2026-11-22T09:30:00"),
    "no address": lambda page: page["contents"][0].update(url="see the website"),
    "not empty": lambda page: page.update(empty=True),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_the_checker_refuses_what_the_schemas_let_through(checker, spoil):
    page = copy.deepcopy(mock("Default", "service_list"))
    assert not checker.wrong("service_list", page)
    spoil(page)
    assert checker.wrong("service_list", page)
