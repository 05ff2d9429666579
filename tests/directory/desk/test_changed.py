"""Whoever changes a listing or shows it or hides it says so: to the feed, and to all that is kept by the directory's number."""

import datetime
from dataclasses import replace

import pytest

from directory import store
from directory.keeping import checking, editing, history, twins
from directory.service import Service
from tests.directory.desk.bringing import bring, feed, listing, ours, read
from tests.directory.desk.bringing import undo as undo_import

A, B = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "ab")
LONG_AGO = "2020-01-01T00:00:00+00:00"


@pytest.fixture
def two(own_app, own_db):
    with own_db.atomic():
        store.ensure_source(own_db, "council", "Council")
    for id_ in (A, B):
        editing.save(own_db, Service(id_, "Toy Library", source="council", source_id=id_, last_modified=LONG_AGO), "Beth", "new")
    with own_app.app_context():
        yield own_db


def get(db, id_=A):
    return store.get_services(db, [id_])[0]


ACTS = {
    "edited": lambda db: editing.save(db, replace(get(db), fees="Free"), "Beth", "edit"),
    "retired": lambda db: editing.save(db, replace(get(db), hidden="retired"), "Beth", "retire"),
    "hidden by a clock": lambda db: editing.save(db, replace(get(db), hidden="unchecked"), checking.CLOCK, "unchecked"),
    "merged": lambda db: twins.merge(db, B, A, {"fees"}, "Beth", (store.version(db, B), store.version(db, A))),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_change_is_dated_and_counted(two, act):
    before = store.revision(two)
    ACTS[act](two)
    assert store.revision(two) > before
    assert get(two).last_modified > "2026"
    again = store.revision(two)
    history.restore(two, store.revisions(two, A)[-1].number, "Beth", "back")
    assert store.revision(two) > again
    assert get(two).last_modified > "2026"


def test_saving_what_is_there_already_dates_nothing(two):
    editing.save(two, get(two), "Beth", "edit")
    assert get(two).last_modified == LONG_AGO


def test_a_check_dates_nothing_and_is_counted(two):
    before = store.revision(two)
    checking.check(two, A, "phoned", "Beth", datetime.date(2026, 11, 1))
    assert get(two).last_modified == LONG_AGO
    assert store.revision(two) > before


def test_the_feed_tells_of_an_officer_s_change_and_of_one_fewer(two, own_client):
    def told(**asked):
        return own_client.get("/api/services", query_string=asked).json

    total = told()["total_items"]
    assert own_client.get(f"/api/services/{A}").json["last_modified"].startswith("2020")
    editing.save(two, replace(get(two), fees="Free"), "Beth", "edit")
    assert own_client.get(f"/api/services/{A}").json["last_modified"] > "2026"
    assert A in str(told(modified_after="2026-01-01T00:00:00Z", per_page="500"))
    editing.save(two, replace(get(two), hidden="retired"), "Beth", "retire")
    assert told()["total_items"] == total - 1


def test_what_both_changed_is_dated_today_and_is_no_conflict_by_its_date(own_db, shop):
    bring(own_db, shop, listing(1, last_modified=LONG_AGO))
    editing.save(own_db, replace(ours(own_db), fees="£9"), "Beth", "rang them")
    stamped = ours(own_db).last_modified
    new = listing(1, last_modified="2021-01-01T00:00:00+00:00", description="Another club.")
    job = read(own_db, shop, feed(new))
    assert not own_db.execute("SELECT ours FROM import_row WHERE job = ? AND kind = 'changed'", [job]).fetchone()[0]
    job = bring(own_db, shop, new).id
    assert (ours(own_db).fees, ours(own_db).description) == ("£9", "Another club.")
    assert ours(own_db).last_modified >= stamped > LONG_AGO
    undo_import(own_db, shop, job)
    assert ours(own_db).description == "A club."
