"""What is brought back, by whatever way: nothing that was decided since is undone with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from directory import store
from directory.keeping import checking, editing, history, twins
from tests.directory.desk.test_editing import token


def _two(db):
    return store.get_services(db, store.all_service_ids(db)[:2])


def _now(db, service):
    return store.get_services(db, [service.id])[0]


def _merge(db):
    """The second listing merged into the first."""
    one, other = _two(db)
    job = twins.merge(db, one.id, other.id, (), "Dev", (store.version(db, one.id), store.version(db, other.id)))
    return one, other, job


def _with_place_of_its_own(db):
    for service in store.get_services(db, store.all_service_ids(db)):
        places = service.locations
        if places and not any(place.hides_address or len(store.services_at(db, place.id)) > 1 for place in places):
            return service
    raise AssertionError


def _hiding(service):
    return replace(service, locations=tuple(replace(place, hides_address=True) for place in service.locations))


def test_an_address_hidden_since_stays_hidden_when_an_old_version_comes_back(beth, own_db):
    service = _with_place_of_its_own(own_db)
    editing.save(own_db, replace(service, name="As it was called"), "Beth", "name")
    old = store.version(own_db, service.id)
    editing.save(own_db, _hiding(replace(service, name="Another name")), "Dev", "a refuge now")
    beth.client.post(f"/directory/listings/{service.id}/history/{old}/restore", data={"csrf_token": token(beth)})
    found = _now(own_db, service)
    assert found.name == "As it was called"
    assert all(place.hides_address for place in found.locations)


def test_it_stays_hidden_where_the_place_was_taken_off_the_listing_in_between(own_db):
    service = _with_place_of_its_own(own_db)
    editing.save(own_db, replace(service, name="As it was called"), "Beth", "name")
    old = store.version(own_db, service.id)
    editing.save(own_db, _hiding(service), "Dev", "a refuge now")
    editing.save(own_db, replace(service, locations=()), "Dev", "nowhere")
    history.restore(own_db, old, "Beth")
    assert all(place.hides_address for place in _now(own_db, service).locations)


def test_a_check_does_not_bring_back_what_a_person_retired(beth, own_db):
    service = _two(own_db)[0]
    editing.save(own_db, replace(service, hidden="retired"), "Dev", "closed")
    beth.client.post(f"/directory/checks/{service.id}", data={"csrf_token": token(beth), "how": "phoned"})
    assert _now(own_db, service).hidden == "retired"


def test_a_check_brings_back_what_the_clock_retired(beth, own_db):
    service = _two(own_db)[0]
    editing.save(own_db, replace(service, hidden="retired"), checking.CLOCK, "not checked for too long")
    editing.save(own_db, replace(service, hidden="retired", name="Put right"), "Dev", "name")
    beth.client.post(f"/directory/checks/{service.id}", data={"csrf_token": token(beth), "how": "phoned"})
    assert (_now(own_db, service).name, _now(own_db, service).hidden) == ("Put right", "")


def test_a_check_does_not_take_a_merge_back(beth, own_db):
    _one, other, _job = _merge(own_db)
    beth.client.post(f"/directory/checks/{other.id}", data={"csrf_token": token(beth), "how": "phoned"})
    assert _now(own_db, other).hidden == "retired"
    assert store.moved_to(own_db, other.id)


@pytest.mark.parametrize("way", ["bring-back", "restore"])
def test_a_merged_listing_that_is_listed_again_leads_to_itself(way, beth, own_db, own_client):
    one, other, _job = _merge(own_db)
    number = store.revisions(own_db, other.id)[1].number
    rest = "bring-back" if way == "bring-back" else f"history/{number}/restore"
    beth.client.post(f"/directory/listings/{other.id}/{rest}", data={"csrf_token": token(beth)})
    assert own_client.get(f"/services/{other.id}").status_code == 200
    assert store.moved_to(own_db, other.id) is None
    listed = own_client.get(f"/shortlist?s={other.id}").text
    assert f"/services/{other.id}" in listed
    assert f"/services/{one.id}" not in listed


def test_a_merge_is_undone_as_a_merge_only(beth, own_db):
    _one, other, job = _merge(own_db)
    assert beth.client.post(f"/directory/jobs/{job}/undo", data={"csrf_token": token(beth)}).status_code == 404
    assert _now(own_db, other).hidden == "retired"


def test_a_listing_that_nobody_has_changed_has_a_history(beth, own_db):
    answer = beth.client.get(f"/directory/listings/{_two(own_db)[0].id}/history")
    assert answer.status_code == 200
    assert "Nobody has changed it since it came." in answer.text
