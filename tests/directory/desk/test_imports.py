"""Imports with open eyes: looked at, chosen, done in one step, taken back in one step."""

import shutil
import threading
from dataclasses import replace

import pytest

from directory import importing, store
from directory.keeping import editing, imports
from directory.keeping.imports import NotNowError
from directory.merging import changes, merged
from directory.service import Service
from directory.store import imports as rows
from plumbing.db import open_db
from plumbing.ids import new_id
from tests.conftest import SHARED
from tests.directory.desk.bringing import apply, bring, feed, kinds, listing, ours, read, undo

MIAMI = SHARED / "samples" / "hsds_miami211"


def test_a_preview_changes_nothing_and_says_what_would_happen(own_db, shop):
    bring(own_db, shop, *(listing(n) for n in range(4)))
    before = store.revision(own_db)
    job = read(own_db, shop, feed(listing(0), listing(1, fees="Free"), listing(2, status="gone"), listing(9)))
    assert kinds(own_db, job) == {"added": 1, "changed": 1, "missing": 1, "refused": 1}
    assert rows.get_job(own_db, job).unchanged == 1
    assert [row.name for row in rows.list_rows(own_db, job, "missing")] == ["Club 3"]
    assert "status" in rows.list_rows(own_db, job, "refused")[0].words
    assert store.revision(own_db) == before


def test_what_is_missing_is_not_retired_unless_somebody_ticks_it(own_db, shop):
    bring(own_db, shop, listing(1), listing(2))
    job = read(own_db, shop, feed(listing(1, fees="Free")))
    assert apply(own_db, shop, job).retired == 0
    assert ours(own_db, 2).hidden == ""
    assert bring(own_db, shop, listing(1, fees="Free")).retired == 1
    assert ours(own_db, 2).hidden == "retired"


def test_a_listing_that_an_import_retired_comes_back_with_the_file_and_one_that_a_person_retired_does_not(own_db, shop):
    bring(own_db, shop, listing(1), listing(2), listing(3))
    bring(own_db, shop, listing(1))
    editing.save(own_db, replace(ours(own_db, 1), hidden="retired"), "Beth", "closed")
    job = read(own_db, shop, feed(listing(1), listing(2), listing(3)))
    assert {row.name: row.chosen for row in rows.list_rows(own_db, job, "back")} == {
        "Club 1": False, "Club 2": True, "Club 3": True,
    }  # fmt: skip
    apply(own_db, shop, job)
    assert [ours(own_db, number).hidden for number in (1, 2, 3)] == ["retired", "", ""]


def test_what_we_corrected_is_not_written_over_silently(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2", email="a@example.org"))
    editing.save(own_db, replace(ours(own_db), fees="£5"), "Beth", "rang them")
    job = read(own_db, shop, feed(listing(1, fees="£3", email="b@example.org")))
    row = rows.list_rows(own_db, job, "changed")[0]
    assert row.ours
    assert row.words.split(",") == ["email", "fees"]
    apply(own_db, shop, job)
    # What only they changed is theirs, what both changed is ours.
    assert (ours(own_db).fees, ours(own_db).email) == ("£5", "b@example.org")


def test_theirs_is_taken_where_somebody_chose_it(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2"))
    editing.save(own_db, replace(ours(own_db), fees="£5", alert="Closed in May"), "Beth", "rang them")
    job = read(own_db, shop, feed(listing(1, fees="£3")))
    with own_db.atomic():
        rows.take_theirs(own_db, job, rows.list_rows(own_db, job, "changed")[0].number, True)
    apply(own_db, shop, job)
    # What only we changed stays whatever was chosen.
    assert (ours(own_db).fees, ours(own_db).alert) == ("£3", "Closed in May")


def test_a_sending_with_nothing_new_says_nothing_of_what_we_corrected(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2"))
    editing.save(own_db, replace(ours(own_db), fees="£5"), "Beth", "rang them")
    assert kinds(own_db, read(own_db, shop, feed(listing(1, fees="£2", last_modified="2026-01-01")))) == {}


def test_undone_it_is_as_before_and_the_same_file_would_do_the_same_again(own_db, shop):
    bring(own_db, shop, listing(1, fees="£2"), listing(2))
    before = [replace(ours(own_db, number), check=None) for number in (1, 2)]
    changed = (listing(1, fees="£3"), listing(7))
    job = bring(own_db, shop, *changed)
    assert (job.added, job.changed, job.retired) == (1, 1, 1)
    assert undo(own_db, shop, job.id).status == "undone"
    assert [replace(ours(own_db, number), check=None) for number in (1, 2)] == before
    assert store.id_of_source(own_db, "council", "x7") is None
    assert kinds(own_db, read(own_db, shop, feed(*changed))) == {"added": 1, "changed": 1, "missing": 1}


def test_undoing_leaves_what_somebody_changed_since_and_says_which(own_db, shop):
    job = bring(own_db, shop, listing(1), listing(2))
    editing.save(own_db, replace(ours(own_db, 2), fees="£5"), "Beth", "rang them")
    assert undo(own_db, shop, job.id).skipped == 1
    assert store.id_of_source(own_db, "council", "x1") is None
    assert ours(own_db, 2).fees == "£5"
    assert [row.name for row in rows.rows_with_outcome(own_db, job.id, "kept")] == ["Club 2"]


def test_what_changed_since_the_preview_is_left_alone(own_db, shop):
    bring(own_db, shop, listing(1), listing(2))
    job = read(own_db, shop, feed(listing(1, fees="Free"), listing(2, fees="Free")))
    editing.save(own_db, replace(ours(own_db, 1), fees="£5"), "Beth", "rang them")
    done = apply(own_db, shop, job)
    assert (done.changed, done.skipped) == (1, 1)
    assert ours(own_db, 1).fees == "£5"


def test_an_address_that_we_hide_is_not_shown_by_an_import_that_forgets_to_hide_it(own_db, shop):
    place = {
        "id": "p",
        "name": "House",
        "addresses": [{"address_1": "1 High Street", "city": "Alnwick", "postal_code": "NE66 1AB"}],
    }
    bring(own_db, shop, listing(1, service_at_locations=[{"location": place | {"hides_address": True}}]))
    bring(own_db, shop, listing(1, fees="Free", service_at_locations=[{"location": place | {"description": "Blue door"}}]))
    assert ours(own_db).locations[0].hides_address
    assert "High Street" not in str(store.shown(ours(own_db)).locations)


def test_a_failure_half_way_leaves_the_directory_as_it_was_and_the_import_as_a_preview(own_db, shop, monkeypatch):
    job = read(own_db, shop, feed(*(listing(n) for n in range(30))))

    def fails(*_arguments):
        raise RuntimeError("disk")

    monkeypatch.setattr(rows, "rows_done", fails)
    after = apply(own_db, shop, job)
    assert (after.status, after.words) == ("ready", "Something went wrong on our side. Nothing was changed.")
    assert not store.has_source(own_db, "council")
    monkeypatch.undo()
    assert apply(own_db, shop, job).added == 30


def test_what_kills_its_worker_again_and_again_is_given_up(own_db, shop):
    job = read(own_db, shop, feed(listing(1)))
    imports.ask(own_db, job, "applying", if_="ready")
    rows.set_job(own_db, job, tries=3)
    imports.work(own_db, shop)
    assert rows.get_job(own_db, job).status == "ready"
    assert "three times" in rows.get_job(own_db, job).words


def test_one_worker_at_a_time(own_db, own_data, shop):
    job = read(own_db, shop, feed(*(listing(n) for n in range(40))))
    imports.ask(own_db, job, "applying", if_="ready")
    with pytest.raises(NotNowError):
        imports.ask(own_db, job, "applying", if_="ready")
    others = [open_db(own_data / "directory.db") for _ in range(3)]
    threads = [threading.Thread(target=imports.work, args=(other, shop)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert rows.get_job(own_db, job).added == 40
    assert len(store.imported_digests(own_db, "council")) == 40


def test_merging_three_copies():
    base = Service("1", "Club", fees="£2", alert="", url="https://a.example")
    here, there = replace(base, fees="£5", alert="Ours"), replace(base, fees="£3", url="https://b.example")
    assert {change.field: change.by for change in changes(base, here, there)} == {"fees": "both", "alert": "we", "url": "they"}
    assert merged(base, here, there) == replace(here, url="https://b.example")
    assert merged(base, here, there, {"fees"}).fees == "£3"
    assert changes(base, there, there) == []


@pytest.mark.skipif(not MIAMI.is_dir(), reason="../shared/samples is not there")
def test_four_thousand_listings_previewed_applied_and_undone(own_db, shop):
    job = new_id()
    shop.folder.mkdir()
    shutil.copytree(MIAMI, shop.of(job))
    imports.begin(own_db, "Beth", "miami", source="miami", job=job)
    imports.work(own_db, shop)
    assert kinds(own_db, job)["added"] == 4089
    before = len(store.all_service_ids(own_db))
    assert apply(own_db, shop, job).added == 4089
    assert len(store.all_service_ids(own_db)) > before + 3000
    assert undo(own_db, shop, job).status == "undone"
    assert len(store.all_service_ids(own_db)) == before
    assert importing.read_listings(str(MIAMI))[0] == "hsds-csv"


def test_another_writer_s_change_meanwhile_is_not_overwritten(own_db, shop, monkeypatch):
    bring(own_db, shop, listing(1, fees="£1"), listing(2))
    job = read(own_db, shop, feed(listing(1, fees="£2"), listing(2, fees="£2")))
    work_out, calls = imports._work_out, []

    def interrupted(*arguments):
        found = work_out(*arguments)
        calls.append(1)
        if len(calls) == 1:
            editing.save(own_db, replace(ours(own_db), fees="£9"), "Dev", "rang them")
        return found

    monkeypatch.setattr(imports, "_work_out", interrupted)
    after = apply(own_db, shop, job)
    assert (after.changed, after.skipped) == (1, 1)
    assert (ours(own_db).fees, ours(own_db, 2).fees) == ("£9", "£2")


def test_what_others_share_is_changed_in_their_history_too(own_db, shop):
    def there(number, town, **more):
        place = {
            "id": "hall",
            "name": "Hall",
            "addresses": [{"address_1": "1 High Street", "city": town, "postal_code": "NE66 1AB"}],
        }
        return listing(number, service_at_locations=[{"location": place}], **more)

    bring(own_db, shop, there(1, "Alnwick"))
    job = read(own_db, shop, feed(there(1, "Alnwick"), there(2, "Amble")))
    assert apply(own_db, shop, job).added == 1
    assert ours(own_db).locations == ours(own_db, 2).locations
    assert store.revisions(own_db, ours(own_db).id)[0].job == job
    undo(own_db, shop, job)
    assert ours(own_db).locations[0].addresses[0].city == "Alnwick"
