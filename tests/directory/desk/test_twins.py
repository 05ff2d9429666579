"""Likely twins: found, told apart for good, made one, and made two again."""

import re
import time
from dataclasses import replace

import pytest

from directory import store
from directory.contact import Phone
from directory.keeping import drafting, editing, twins
from directory.keeping.drafting import Writer
from directory.location import Address, Location
from directory.organization import Organization
from directory.report import Report
from directory.service import Service
from directory.store import twins as rows
from directory.twins import Card, likely, likely_for
from plumbing import clock

A, B, C, D = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abcd")
NUMBER = frozenset({"44 1632960001"})


def add(db, id_, name, *, phone="01632 960001", **more):
    places = (Location(f"place-{id_[0]}", addresses=(Address(city="Alnwick", postal_code="NE66 1AB"),)),)
    service = Service(
        id_, name, source="council", source_id=id_, phones=(Phone(phone),) if phone else (), locations=places, **more
    )
    with db.atomic():
        store.ensure_source(db, "council", "Council")
    editing.save(db, service, "Beth", "new")
    return store.get_services(db, [id_])[0]


def get(db, id_):
    return store.get_services(db, [id_])[0]


def merge(db, keep, other, take=()):
    return twins.merge(db, keep, other, take, "Beth", (store.version(db, keep), store.version(db, other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Card("a", "Alnwick Toy Library", phones=NUMBER), Card("b", "Toy Library, Alnwick", phones=NUMBER)),
        (Card("a", "Carers’ café"), Card("b", "CARERS' CAFE")),
        (Card("a", "Stay and Play", "Homestart", phones=NUMBER), Card("b", "Stay & Play", "HomeStart", phones=NUMBER)),
        (
            Card("a", "Northern Autism Support", urls=frozenset({"nas.example"})),
            Card("b", "The Northern Autism Support", urls=frozenset({"nas.example"})),
        ),
    ],
)
def test_these_are_likely_twins(one, other):
    assert len(likely([one, other])) == 1
    assert len(likely_for(one, [one, other])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # One body's services share its telephone and its web site.
        (Card("a", "Speech therapy", "Trust", phones=NUMBER), Card("b", "Podiatry clinic", "Trust", phones=NUMBER)),
        (
            Card("a", "Health complaints advocacy", "Voices", urls=frozenset({"v.example"})),
            Card("b", "Mental capacity advocacy", "Voices", urls=frozenset({"v.example"})),
        ),
        (Card("a", "1st Alnwick Scouts", phones=NUMBER), Card("b", "2nd Alnwick Scouts")),
        # Branches of one charity.
        (
            Card("a", "Mencap Alnwick", phones=frozenset({"1"}), postcodes=frozenset({"NE661AB"})),
            Card("b", "Mencap Berwick", phones=frozenset({"2"}), postcodes=frozenset({"TD151AA"})),
        ),
        (Card("a", "Autism support group"), Card("b", "Parent support group")),
    ],
)
def test_these_are_not(one, other):
    assert likely([one, other]) == []


def test_five_thousand_are_compared_in_a_few_seconds():
    cards = [
        Card(str(n), f"{word} {kind} {n // 40}", phones=frozenset({str(n // 3)}), postcodes=frozenset({f"NE{n // 30}"}))
        for n, (word, kind) in enumerate((w, k) for w in map(str, range(500)) for k in ("Club", "Library") * 5)
    ]
    began = time.process_time()
    assert likely(cards)
    assert time.process_time() - began < 5


def test_a_pair_is_not_asked_about_again(own_db):
    twins.find(own_db)
    before = rows.count_twins(own_db)
    add(own_db, A, "Alnwick Toy Library")
    service = add(own_db, B, "Toy Library, Alnwick")
    assert [twin.card.id for twin in twins.likely(own_db, service)] == [A]
    twins.find(own_db)
    assert rows.count_twins(own_db) == before + 1
    assert not twins.find(own_db)
    twins.are_two(own_db, B, A, "Beth")
    assert twins.likely(own_db, service) == []
    editing.save(own_db, replace(service, fees="Free"), "Beth", "edit")
    assert twins.find(own_db)
    assert rows.count_twins(own_db) == before


def test_one_of_two_keeps_what_was_chosen_and_both_histories(own_db):
    add(own_db, A, "Alnwick Toy Library", fees="£2", description="Toys to borrow.")
    add(own_db, B, "Toy Library, Alnwick", fees="Free", phone="01632 960009")
    store.add_report(own_db, Report(B, "closed", "It moved.", "", clock.now()))
    before = len(store.revisions(own_db, B))
    merge(own_db, A, B, {"fees", "phones"})
    kept = get(own_db, A)
    assert (kept.name, kept.fees, kept.phones[0].number) == ("Alnwick Toy Library", "Free", "01632 960009")
    assert get(own_db, B).hidden == "retired"
    assert len(store.revisions(own_db, B)) == before + 1
    assert store.list_reports(own_db)[0]["service_id"] == A
    assert store.moved_to(own_db, B) == A


def test_undone_they_are_two_as_they_were(own_db):
    before = [add(own_db, A, "Alnwick Toy Library", fees="£2"), add(own_db, B, "Toy Library, Alnwick", fees="Free")]
    job = merge(own_db, A, B, {"fees"})
    assert twins.unmerge(own_db, job, "Beth").kept == ()
    assert [get(own_db, A), get(own_db, B)] == before
    assert store.moved_to(own_db, B) is None


def test_undoing_leaves_what_was_changed_since(own_db):
    add(own_db, A, "Alnwick Toy Library", fees="£2")
    add(own_db, B, "Toy Library, Alnwick", fees="Free")
    job = merge(own_db, A, B, {"fees"})
    editing.save(own_db, replace(get(own_db, A), fees="£9"), "Dev", "rang them")
    assert twins.unmerge(own_db, job, "Beth").kept == (A,)
    assert (get(own_db, A).fees, get(own_db, B).hidden) == ("£9", "")


def test_a_merge_of_merges_leads_all_the_way(own_db):
    for id_, name in ((A, "Toy Library"), (B, "Toy Library Alnwick"), (C, "Alnwick Toy Library"), (D, "Toys")):
        add(own_db, id_, name)
    merge(own_db, B, A)
    merge(own_db, C, B)
    last = merge(own_db, D, C)
    assert store.follow(own_db, [A, B, C, D]) == {A: D, B: D, C: D}
    twins.unmerge(own_db, last, "Beth")
    assert store.follow(own_db, [A, B, C]) == {A: C, B: C}


@pytest.mark.parametrize("late", [0, 1])
def test_whoever_saw_an_older_version_merges_nothing(own_db, late):
    add(own_db, A, "Alnwick Toy Library")
    add(own_db, B, "Toy Library, Alnwick")
    seen = store.version(own_db, A), store.version(own_db, B)
    editing.save(own_db, replace(get(own_db, (A, B)[late]), fees="£9"), "Dev", "rang them")
    with pytest.raises(editing.ChangedMeanwhileError):
        twins.merge(own_db, A, B, {"fees"}, "Beth", seen)
    assert get(own_db, B).hidden == ""
    assert store.moved_to(own_db, B) is None


def test_what_was_merged_is_not_merged_again(own_db):
    for id_ in (A, B, C):
        add(own_db, id_, "Toy Library")
    merge(own_db, A, B)
    for pair in ((B, C), (C, B)):
        with pytest.raises(LookupError):
            merge(own_db, *pair)
    with pytest.raises(LookupError):
        twins.merge(own_db, A, "no such listing", (), "Beth", (0, 0))


def test_two_organisations_become_one_and_two_again(own_db):
    one, other = Organization("o1" + A[2:], "Homestart"), Organization("o2" + A[2:], "Home-Start")
    add(own_db, A, "Visits", organization=one)
    add(own_db, B, "Play", organization=other)
    job = twins.merge_organizations(own_db, one.id, other.id, "Beth")
    assert store.services_of_organization(own_db, one.id) == [B, A]
    assert store.moved_to(own_db, other.id) == one.id
    twins.unmerge(own_db, job, "Beth")
    assert store.services_of_organization(own_db, other.id) == [B]


# The pages.


def token(beth, place):
    return re.search(r'name="csrf_token" value="([^"]+)"', beth.client.get(place).get_data(as_text=True))[1]


def post(beth, page, path, **fields):
    return beth.client.post(path, data={"csrf_token": token(beth, page), **fields})


@pytest.fixture
def pair(own_db):
    """Two listings that are one."""
    add(own_db, A, "Alnwick Toy Library", fees="£2")
    add(own_db, B, "Toy Library, Alnwick", fees="Free")


def test_side_by_side_and_made_one_and_the_old_address_leads_there(beth, pair):
    page = beth.client.get("/directory/twins").get_data(as_text=True)
    assert "much the same name, the same telephone" in page
    assert "Likely twins" in beth.client.get("/directory").get_data(as_text=True)
    place = f"/directory/twins/{A}/{B}"
    page = beth.client.get(place).get_data(as_text=True)
    assert "£2" in page
    versions = dict(re.findall(r'name="(version_\w+)" value="(\d+)"', page))
    answer = post(beth, place, place, how="merge", keep="other", field_fees="one", field_name="other", **versions)
    assert "said=merged" in answer.headers["Location"]
    moved = beth.client.get(f"/services/{A}")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/services/{B}")
    assert "£2" in beth.client.get(f"/services/{B}").get_data(as_text=True)
    page = beth.client.get("/directory/twins").get_data(as_text=True)
    job = re.search(r"/directory/twins/merges/(\w{32})/undo", page)[1]
    assert "said=undone" in post(beth, "/directory/twins", f"/directory/twins/merges/{job}/undo").headers["Location"]
    assert beth.client.get(f"/services/{A}").status_code == 200


def test_they_are_two(beth, pair):
    place = f"/directory/twins/{A}/{B}"
    assert "said=two" in post(beth, place, place, how="two").headers["Location"]
    assert "Alnwick Toy Library" not in beth.client.get("/directory/twins").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"how": "merge", "keep": "neither", "version_one": "1", "version_other": "1"}, 400),
        ({"how": "merge", "keep": "one", "version_one": "²", "version_other": "1"}, 400),
        ({"how": "burn"}, 400),
    ],
)
def test_what_the_form_does_not_know_is_refused(beth, pair, fields, status):
    place = f"/directory/twins/{A}/{B}"
    assert post(beth, place, place, **fields).status_code == status


def test_somebody_else_was_quicker(beth, own_db, pair):
    place = f"/directory/twins/{A}/{B}"
    versions = dict(re.findall(r'name="(version_\w+)" value="(\d+)"', beth.client.get(place).get_data(as_text=True)))
    editing.save(own_db, replace(get(own_db, B), fees="£9"), "Dev", "rang them")
    answer = post(beth, place, place, how="merge", keep="one", **versions)
    assert "said=late" in answer.headers["Location"]
    assert get(own_db, B).hidden == ""


def test_an_invented_listing_never_becomes_part_of_a_real_one(beth, own_db, pair):
    invented = own_db.execute("SELECT id FROM service WHERE source = 'demonstration' LIMIT 1").fetchone()[0]
    place = f"/directory/twins/{A}/{invented}"
    page = beth.client.get(place).get_data(as_text=True)
    assert "cannot become one" in page
    assert post(beth, place, place, how="merge", keep="one", version_one="1", version_other="1").status_code == 400


def test_a_listing_that_is_not_there_has_no_twin(beth, pair):
    assert beth.client.get(f"/directory/twins/{A}/{C}").status_code == 404
    assert post(beth, "/directory/twins", f"/directory/twins/merges/{'0' * 32}/undo").status_code == 404


def test_whoever_edits_a_listing_is_told_of_its_likely_twin_before_it_is_saved(beth, own_db, pair):
    writer = Writer(beth.id, "Beth", is_officer=True)
    draft = drafting.begin(own_db, A, writer)
    page = beth.client.get(f"/directory/drafts/{draft.id}/finish").get_data(as_text=True)
    assert "Do we have it already?" in page
    assert f"/services/{B}" in page
    twins.are_two(own_db, A, B, "Beth")
    assert "Do we have it already?" not in beth.client.get(f"/directory/drafts/{draft.id}/finish").get_data(as_text=True)
