"""Every version of a listing is kept, and can be brought back; a job can be undone as one step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import store
from directory.contact import Phone
from directory.document import from_document, to_document
from directory.keeping import editing, history
from directory.service import HIDDEN, STATUSES


def _any(db, number=0):
    return store.get_services(db, [store.all_service_ids(db)[number]])[0]


def _sharing(db):
    """Two listings that happen at the same place."""
    row = next(
        db.query(
            "SELECT location_id, min(service_id) AS one, max(service_id) AS other FROM service_at_location "
            "GROUP BY location_id HAVING count(*) > 1 ORDER BY location_id LIMIT 1"
        ),
    )
    return store.get_services(db, [row["one"], row["other"]]), row["location_id"]


def _moved(service, location_id, name):
    places = [replace(place, name=name) if place.id == location_id else place for place in service.locations]
    return replace(service, locations=tuple(places))


def test_every_listing_of_the_starter_goes_into_a_document_and_back(db):
    for service in store.get_services(db, store.all_service_ids(db)):
        assert from_document(to_document(service)) == service


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_whatever_is_in_a_field_comes_back(db, data):
    service = _any(db, data.draw(st.integers(0, 50)))
    changed = replace(
        service,
        name=data.draw(st.text(min_size=1)),
        minimum_age=data.draw(st.none() | st.floats(0, 30)),
        free=data.draw(st.sampled_from([True, False, None])),
        hidden=data.draw(st.sampled_from(["", *HIDDEN])),
        phones=tuple(Phone(number) for number in data.draw(st.lists(st.text(), max_size=3))),
    )
    assert from_document(to_document(changed)) == changed


def test_a_document_of_another_time_is_still_read(db):
    service = _any(db)
    document = to_document(service) | {"a_field_that_went": 1}
    del document["alert"]
    assert from_document(document) == replace(service, alert="")


@pytest.mark.parametrize("hidden", ["", *HIDDEN])
@pytest.mark.parametrize("status", STATUSES)
def test_the_view_shows_what_the_fact_shows(own_db, status, hidden):
    service = replace(_any(own_db), status=status, hidden=hidden)
    editing.save(own_db, service, "Beth", "")
    shown = service.id in store.all_service_ids(own_db)
    assert shown is service.is_shown
    assert bool(store.get_shown_services(own_db, [service.id])) is shown


def test_a_change_is_written_down_with_what_was_before_it(own_db):
    before = _any(own_db)
    assert store.version(own_db, before.id) == 0
    version = editing.save(own_db, replace(before, name="New name"), "Beth", "They rang")
    first, second = reversed(store.revisions(own_db, before.id))
    assert (first.service, first.who) == (replace(before, check=None), "")
    assert (second.number, second.who, second.why) == (version, "Beth", "They rang")
    assert second.service is not None
    assert second.service.name == "New name"


def test_saving_without_a_change_makes_no_version(own_db):
    service = _any(own_db)
    assert editing.save(own_db, service, "Beth", "") == 0
    assert store.revisions(own_db, service.id) == []


def test_search_is_told(own_db):
    service = _any(own_db)
    editing.save(own_db, replace(service, name="New name"), "Beth", "")
    assert service.id in store.untold(own_db)[0]


def test_a_version_brought_back_is_a_new_version(own_db):
    before = _any(own_db)
    editing.save(own_db, replace(before, name="Wrong"), "Beth", "")
    oldest = store.revisions(own_db, before.id)[-1]
    version = history.restore(own_db, oldest.number, "Dev", "It was right")
    assert store.get_services(own_db, [before.id]) == [before]
    assert version == store.version(own_db, before.id)
    assert len(store.revisions(own_db, before.id)) == 3


def test_bringing_back_a_version_that_never_was_is_refused(own_db):
    with pytest.raises(LookupError):
        history.restore(own_db, 10**6, "Beth")


def test_a_place_that_two_share_changes_for_both_and_in_the_history_of_both(own_db):
    (one, other), place = _sharing(own_db)
    editing.save(own_db, _moved(one, place, "New hall"), "Beth", "They moved")
    assert any(location.name == "New hall" for location in store.get_services(own_db, [other.id])[0].locations)
    assert store.revisions(own_db, other.id)[0].why == "They moved"
    assert other.id in store.untold(own_db)[0]


def test_bringing_back_an_old_place_leaves_the_other_listing_where_it_is(own_db):
    (one, other), place = _sharing(own_db)
    was = next(location.name for location in one.locations if location.id == place)
    editing.save(own_db, _moved(one, place, "New hall"), "Beth", "")
    history.restore(own_db, store.revisions(own_db, one.id)[-1].number, "Beth")
    names = {
        service.id: {location.name for location in service.locations}
        for service in store.get_services(own_db, [one.id, other.id])
    }
    assert was in names[one.id]
    assert "New hall" not in names[one.id]
    assert "New hall" in names[other.id]


def test_a_job_is_undone_as_one_step(own_db):
    services = store.get_services(own_db, store.all_service_ids(own_db)[:3])
    new = replace(services[0], id="7d8f2c5e-0000-4000-8000-000000000001", name="Came with the job")
    with editing.as_one(own_db):
        for service in services:
            editing.save(own_db, replace(service, hidden="retired"), "Beth", "Closed", "job-1")
        editing.save(own_db, new, "Beth", "", "job-1")
    undone = history.undo(own_db, "job-1", "Beth")
    assert (undone.restored, undone.removed, undone.kept) == (3, 1, ())
    assert store.get_services(own_db, [*(service.id for service in services), new.id]) == services


def test_undoing_a_shared_place_puts_it_back_for_both_where_the_job_changed_both(own_db):
    (one, other), place = _sharing(own_db)
    editing.save(own_db, _moved(one, place, "New hall"), "Beth", "", "job-1")
    history.undo(own_db, "job-1", "Beth")
    assert store.get_services(own_db, [one.id, other.id]) == [one, other]


def test_undoing_leaves_what_somebody_changed_since(own_db):
    service = _any(own_db)
    editing.save(own_db, replace(service, name="By the job"), "Import", "", "job-1")
    editing.save(own_db, replace(service, name="By Beth"), "Beth", "")
    assert history.undo(own_db, "job-1", "Beth").kept == (service.id,)
    assert store.get_services(own_db, [service.id])[0].name == "By Beth"


def test_undoing_a_job_that_never_was_does_nothing(own_db):
    assert history.undo(own_db, "", "Beth").restored == 0
    assert history.undo(own_db, "no such job", "Beth").removed == 0


@pytest.mark.parametrize("broken", ["record", "save_location", "tell_search", "remove_unused_locations"])
def test_a_failure_in_the_middle_leaves_all_as_it_was(own_db, monkeypatch, broken):
    service = next(one for one in store.get_services(own_db, store.all_service_ids(own_db)) if one.locations)
    before = [
        list(own_db.query(f"SELECT * FROM {table}")) for table in ("service", "location", "service_revision", "search_outbox")
    ]

    def fail(*_args, **_kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(store, broken, fail)
    changed = _moved(replace(service, name="New name"), service.locations[0].id, "New hall")
    with pytest.raises(OSError, match="full"):
        editing.save(own_db, changed, "Beth", "")
    after = [
        list(own_db.query(f"SELECT * FROM {table}")) for table in ("service", "location", "service_revision", "search_outbox")
    ]
    assert before == after
    monkeypatch.undo()
    assert editing.save(own_db, changed, "Beth", "") > 0


def test_whoever_saw_an_older_version_is_told(own_db):
    service = _any(own_db)
    editing.save(own_db, replace(service, name="Theirs"), "Dev", "", expected=0)
    with pytest.raises(editing.ChangedMeanwhileError):
        editing.save(own_db, replace(service, name="Mine"), "Beth", "", expected=0)
    assert store.get_services(own_db, [service.id])[0].name == "Theirs"


def test_an_import_brings_back_nothing_that_was_retired_and_shows_no_hidden_address(own_db):
    service = next(one for one in store.get_services(own_db, store.all_service_ids(own_db)) if one.locations)
    hidden = replace(service.locations[0], hides_address=True)
    editing.save(own_db, replace(service, hidden="retired", locations=(hidden,)), "Beth", "Closed")
    editing.save(own_db, replace(service, name="From the feed"), "Import", "", imported_digest="abc")
    found = store.get_services(own_db, [service.id])[0]
    assert (found.name, found.hidden, found.locations[0].hides_address) == ("From the feed", "retired", True)


def test_a_person_can_show_an_address_again(own_db):
    service = next(one for one in store.get_services(own_db, store.all_service_ids(own_db)) if one.locations)
    place = service.locations[0]
    editing.save(own_db, replace(service, locations=(replace(place, hides_address=True),)), "Beth", "")
    editing.save(own_db, replace(service, locations=(replace(place, hides_address=False),)), "Beth", "")
    assert not store.get_services(own_db, [service.id])[0].locations[0].hides_address
