"""What hangs on a listing or an organisation goes with it where it is merged, and comes back."""

import datetime
from dataclasses import replace

import pytest

from directory import store
from directory.contact import Phone
from directory.keeping import checking, editing, provider_links, twins
from directory.keeping.provider_links import RefusedError
from directory.leaflet import Leaflet
from directory.organization import Organization
from directory.report import Report
from directory.service import Service
from directory.store import asks, checks, providers
from directory.store import drafts as notes
from plumbing import clock
from plumbing.db import at_once

A, B, C = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abc")
KEY = b"k" * 32


def add(db, id_, name="Alnwick Toy Library", **more):
    service = Service(id_, name, source="council", source_id=id_, phones=(Phone("01632 960001"),), **more)
    with db.atomic():
        store.ensure_source(db, "council", "Council")
    editing.save(db, service, "Beth", "new")


@pytest.fixture
def pair(own_db):
    add(own_db, A, fees="£2")
    add(own_db, B, fees="Free")


@pytest.fixture
def within(own_app):
    """As by a page: with the settings at hand."""
    with own_app.app_context():
        yield


def get(db, id_):
    return store.get_services(db, [id_])[0]


def merge(db, keep, other, take=()):
    return twins.merge(db, keep, other, take, "Beth", (store.version(db, keep), store.version(db, other)))


def owners(db):
    return [row["service_id"] for row in store.list_reports(db)]


def test_reports_follow_and_come_back(own_db, pair):
    store.add_report(own_db, Report(B, "closed", "It moved.", "", clock.now()))
    job = merge(own_db, A, B)
    store.add_report(own_db, Report(A, "closed", "It moved again.", "", clock.now()))
    assert owners(own_db) == [A, A]
    twins.unmerge(own_db, job, "Beth")
    assert owners(own_db) == [A, B]


def test_a_report_comes_back_out_of_a_merge_of_merges(own_db, pair):
    add(own_db, C)
    store.add_report(own_db, Report(B, "closed", "It moved.", "", clock.now()))
    first, second = merge(own_db, A, B), merge(own_db, C, A)
    assert owners(own_db) == [C]
    twins.unmerge(own_db, first, "Beth")
    assert owners(own_db) == [B]
    twins.unmerge(own_db, second, "Beth")
    assert owners(own_db) == [B]


@pytest.mark.parametrize(("take", "counts"), [({"fees"}, True), ((), False)])
def test_a_check_counts_for_the_other_only_where_that_says_the_same(within, own_db, pair, take, counts):
    checking.check(own_db, B, "phoned", "Beth", datetime.date(2026, 11, 1))
    job = merge(own_db, A, B, take)
    assert (get(own_db, A).check is not None) == counts
    # In its history it stands either way.
    assert [(row["how"], bool(row["of_merged"])) for row in checks.list_checks(own_db, A)] == [("phoned", not counts)]
    twins.unmerge(own_db, job, "Beth")
    assert get(own_db, A).check is None
    assert get(own_db, B).check.how == "phoned"


def ask(db, service_id, today):
    """A link as a provider has it, without the mail."""
    row = {
        "id": service_id[:1] * 32, "service_id": service_id, "address": "play@toys.example", "asked_on": today.isoformat(),
        "fingerprint": provider_links.fingerprint(get(db, service_id)), "expires_on": "2099-01-01",
    }  # fmt: skip
    with at_once(db):
        asks.add_ask(db, row)
    return provider_links.token_of(KEY, row)


def test_a_provider_s_link_leads_to_the_listing_that_was_kept(within, own_db, pair):
    today = clock.today()
    token = ask(own_db, B, today)
    job = merge(own_db, A, B)
    assert provider_links.open_link(own_db, KEY, token, today).service.id == A
    provider_links.confirm(own_db, KEY, token, today)
    assert get(own_db, A).check.how == "emailed"
    with pytest.raises(RefusedError):
        provider_links.confirm(own_db, KEY, token, today)
    twins.unmerge(own_db, job, "Beth")


def test_a_link_to_a_merged_listing_is_void_when_that_changes_or_a_newer_one_goes(own_db, pair):
    today = clock.today()
    token = ask(own_db, B, today)
    job = merge(own_db, A, B)
    editing.save(own_db, replace(get(own_db, A), fees="£9"), "Dev", "rang them")
    with pytest.raises(RefusedError, match="changed"):
        provider_links.open_link(own_db, KEY, token, today)
    twins.unmerge(own_db, job, "Beth")
    assert provider_links.open_link(own_db, KEY, token, today).service.id == B
    merge(own_db, A, B)
    ask(own_db, A, today)
    with pytest.raises(RefusedError, match="changed"):
        provider_links.open_link(own_db, KEY, token, today)


def leaflet(db, id_, *ids):
    one = Leaflet(id_, id_, "Toys", "", "", "plain", status="published", version=1, changed_at="2026-11-01", service_ids=ids)
    with db.atomic():
        store.save_leaflet(db, one)


def chosen(db, id_):
    return store.get_leaflet(db, id_).service_ids


def test_leaflets_and_answers_name_the_one_that_was_kept(own_db, pair):
    add(own_db, C)
    leaflet(own_db, "one", C, B)
    leaflet(own_db, "two", B, C, A)
    job = merge(own_db, A, B)
    assert (chosen(own_db, "one"), chosen(own_db, "two")) == ((C, A), (C, A))
    twins.unmerge(own_db, job, "Beth")
    assert (chosen(own_db, "one"), chosen(own_db, "two")) == ((C, B), (B, C, A))


def test_a_leaflet_that_was_changed_since_stays_as_it_is(own_db, pair):
    add(own_db, C)
    leaflet(own_db, "one", B)
    job = merge(own_db, A, B)
    leaflet(own_db, "one", C)
    twins.unmerge(own_db, job, "Beth")
    assert chosen(own_db, "one") == (C,)


@pytest.mark.parametrize("mine", ["", "Ring in the morning."])
def test_notes_come_together_and_part_again(own_db, pair, mine):
    with own_db.atomic():
        notes.save_note(own_db, A, mine, "Dev")
        notes.save_note(own_db, B, "The bell is broken.", "Beth")
    job = merge(own_db, A, B)
    assert notes.get_note(own_db, A) == f"{mine}\n\nThe bell is broken.".strip()
    twins.unmerge(own_db, job, "Beth")
    assert (notes.get_note(own_db, A), notes.get_note(own_db, B)) == (mine, "The bell is broken.")


def test_an_address_to_ask_at_goes_with_it_and_one_of_its_own_stays(own_db, pair):
    with own_db.atomic():
        asks.keep_provider_address(own_db, B, "b@toys.example")
    job = merge(own_db, A, B)
    assert asks.provider_address(own_db, A) == "b@toys.example"
    twins.unmerge(own_db, job, "Beth")
    assert (asks.provider_address(own_db, A), asks.provider_address(own_db, B)) == ("", "b@toys.example")
    with own_db.atomic():
        asks.keep_provider_address(own_db, A, "a@toys.example")
    merge(own_db, A, B)
    assert asks.provider_address(own_db, A) == "a@toys.example"


ONE, OTHER = Organization("1" + A[1:], "Homestart"), Organization("2" + A[1:], "Home-Start", website="https://h.example")


@pytest.fixture
def two_organizations(own_db):
    add(own_db, A, "Visits", organization=ONE)
    add(own_db, B, "Play", organization=OTHER)
    with own_db.atomic():
        store.save_organization(
            own_db, Organization("3" + A[1:], "Home-Start Berwick", parent_organization_id=OTHER.id), "council"
        )


def organization(db, id_):
    return store.get_organizations(db, [id_]).get(id_)


def test_the_empty_organisation_goes_and_comes_back(own_db, two_organizations):
    with own_db.atomic():
        providers.let_write(own_db, "pat", [OTHER.id])
        providers.let_write(own_db, "kim", [ONE.id, OTHER.id])
    job = twins.merge_organizations(own_db, ONE.id, OTHER.id, "Beth")
    assert organization(own_db, OTHER.id) is None
    assert organization(own_db, "3" + A[1:]).parent_organization_id == ONE.id
    assert providers.organizations_of(own_db, "pat") == providers.organizations_of(own_db, "kim") == (ONE.id,)
    twins.unmerge(own_db, job, "Beth")
    assert organization(own_db, OTHER.id) == OTHER
    assert organization(own_db, "3" + A[1:]).parent_organization_id == OTHER.id
    assert providers.organizations_of(own_db, "pat") == (OTHER.id,)
    assert providers.organizations_of(own_db, "kim") == (ONE.id, OTHER.id)
    assert store.get_services(own_db, [B])[0].organization == OTHER


def test_whose_account_ended_meanwhile_does_not_write_again(own_db, two_organizations):
    with own_db.atomic():
        providers.let_write(own_db, "pat", [OTHER.id])
    job = twins.merge_organizations(own_db, ONE.id, OTHER.id, "Beth")
    with own_db.atomic():
        providers.forget(own_db, "pat")
    twins.unmerge(own_db, job, "Beth")
    assert providers.organizations_of(own_db, "pat") == ()


def test_a_merged_organisation_is_named_among_the_merges(beth, own_db, two_organizations):
    twins.merge_organizations(own_db, ONE.id, OTHER.id, "Beth")
    assert "Home-Start" in beth.client.get("/directory/twins?kind=organization").text
    assert beth.client.get(f"/organisations/{OTHER.id}").status_code == 301
