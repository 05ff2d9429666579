"""Export, import into an empty directory, export: the same bytes, whoever the listings are from."""

from __future__ import annotations

import io
import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import exporting, importing, store
from directory.identity import derived_id
from directory.organization import Organization
from directory.service import Service
from plumbing.db import open_db

SAMPLES = ("bristol", "north lincolnshire", "miami", "buckinghamshire", "hsds 3.0 csv", "hsds 3.0 json", "uk 3.0 json")


def exported(db, format_: str = "openreferral") -> bytes:
    file = io.BytesIO()
    exporting.export(db, format_, file)
    return file.getvalue()


def first_difference(one: bytes, other: bytes) -> str:
    """Where two exports differ, for a person to read."""
    pairs = zip(json.loads(one)["contents"], json.loads(other)["contents"], strict=True)
    for a, b in pairs:
        for name in {**a, **b}:
            if a.get(name) != b.get(name):
                return f"{a['id']} {name}: {json.dumps(a.get(name))[:600]} / {json.dumps(b.get(name))[:600]}"
    return "only in their order"


def again(first: bytes, empty, tmp_path) -> bytes:
    file = tmp_path / "feed.json"
    file.write_bytes(first)
    db = empty("again")
    result = importing.import_listings(db, str(file), source="again")
    assert not result.refused
    return exported(db)


def test_the_starter_directory_comes_back_byte_for_byte(db, empty, tmp_path):
    first = exported(db)
    assert json.loads(first)["total_items"] > 400
    second = again(first, empty, tmp_path)
    assert first == second, first_difference(first, second)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_others_published_comes_back_byte_for_byte(published, name, empty, tmp_path):
    db = open_db(published(name).extensions["settings"].directory_db)
    first = exported(db)
    db.close()
    assert json.loads(first)["contents"]
    second = again(first, empty, tmp_path)
    assert first == second, first_difference(first, second)


SHARED_ID = "4a8a08f0-9d37-3737-9564-9038408b5f33"


def service_of(source: str, number: int, **more) -> Service:
    """A service of a publisher whose organisation has an id that another uses too."""
    return Service(
        id=derived_id(source, "service", number),
        name=f"Number {number} of {source}",
        source=source,
        organization=Organization(derived_id(source, "organization", SHARED_ID), f"Those of {source}", source_id=SHARED_ID),
        **more,
    )


def save(db, *services: Service) -> None:
    with db.atomic():
        for service in services:
            store.ensure_source(db, service.source, service.source)
            store.save_organization(db, service.organization, service.source)
            for location in service.locations:
                store.save_location(db, location)
            store.save_service(db, service)
        store.bump(db)


def test_one_id_of_two_publishers_means_neither_and_still_comes_back(empty, tmp_path):
    db = empty("first")
    save(db, service_of("one", 1), service_of("two", 1), service_of("two", 2))
    first = exported(db)
    organizations = {one["organization"]["id"] for one in json.loads(first)["contents"]}
    assert len(organizations) == 2
    assert SHARED_ID not in organizations
    assert again(first, empty, tmp_path) == first


def test_a_publishers_id_is_given_back_where_it_is_theirs_alone(empty, tmp_path):
    db = empty("first")
    save(db, service_of("one", 1))
    first = exported(db)
    assert json.loads(first)["contents"][0]["organization_id"] == SHARED_ID
    assert again(first, empty, tmp_path) == first


WORDS = st.text(alphabet=st.sampled_from("ab &;lt<>gamp#\\nr'\"é\n-=+0"), max_size=30)
_settings = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@_settings
@given(name=WORDS, description=WORDS, fees=WORDS, route=WORDS, free=st.sampled_from([True, False]), age=st.floats(0, 25))
def test_whatever_was_imported_once_comes_back_as_it_was(bare, tmp_path_factory, name, description, fees, route, free, age):
    given_by_a_publisher = {
        "id": SHARED_ID, "name": f"x{name}", "description": description, "fees": fees, "free": free, "minimum_age": age,
        "status": "active", "referral_route": {"kinds": ["gp"], "steps": [{"ask": route}]}, "wait_time": name,
        "phones": [{"number": f"01632 960{int(age):03}", "description": fees}],
        "schedules": [{"opens_at": name, "byday": "MO", "description": route}, {"opens_at": "09:00"}],
        "attributes": [{"taxonomy_term": {"name": f"t{fees}", "taxonomy": name, "term_uri": route}}],
        "service_at_locations": [{"location": {"name": f"p{fees}", "addresses": [{"city": f"c{route}"}]}}],
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("wild")
    exports, source = [], json.dumps([given_by_a_publisher])
    for number in range(2):
        (folder / "feed.json").write_text(source, "utf-8")
        data = shutil.copytree(bare, folder / str(number))
        db = open_db(data / "directory.db")
        importing.import_listings(db, str(folder / "feed.json"), source="wild")
        exports.append(exported(db))
        db.close()
        source = exports[-1].decode()
    shutil.rmtree(folder)
    assert exports[0] == exports[1], first_difference(*exports)
