"""Place, distance, age, cost and the other choices: what they keep, and what they must never lose."""

import pytest

from directory import store
from directory.location import Address, Location
from directory.places import miles_between
from directory.search import Query
from directory.service import Service


def search(finder, db, size=500, **asked):
    page = finder.search(db, Query(size=size, **asked))
    services = {service.id: service for service in store.get_services(db, [result.id for result in page.results])}
    return page, [(result, services[result.id]) for result in page.results]


@pytest.fixture
def add(own_db, own_finder):
    """Put a service into the directory, and give back a way to search it."""

    def do(**changes):
        service = Service(id="00000000-0000-4000-8000-000000000001", name="Okapi club", source="test", **changes)
        with own_db.atomic():
            store.ensure_source(own_db, "test", "Test")
            for location in service.locations:
                store.save_location(own_db, location)
            store.save_service(own_db, service)
            store.bump(own_db)
        return lambda **asked: own_finder.search(own_db, Query(words="okapi", **asked))

    return do


@pytest.mark.parametrize("within", [5, 10, 20, 40])
def test_a_distance_never_loses_national_county_wide_or_remote_help(finder, db, within):
    _, everything = search(finder, db)
    page, found = search(finder, db, place="Alnwick", within=within)
    ids = {service.id for _, service in found}
    for _, service in everything:
        remote = set(service.delivery) & {"online", "phone"} and "in_person" not in service.delivery
        if service.reach in {"national", "county"} or remote:
            assert service.id in ids, service.name
    for result, service in found:
        if service.reach == "area" and service.delivery and set(service.delivery) == {"in_person"}:
            assert result.miles is not None
            assert result.miles <= within
    assert page.understood.place.label == "Alnwick"


def test_another_county_s_county_wide_help_is_not_kept(finder, db):
    _, found = search(finder, db, place="Exeter", within=20)
    assert not [service.name for _, service in found if service.reach == "county"]


def test_nearest_orders_by_distance_with_the_rest_after(finder, db):
    _, found = search(finder, db, words="group", place="Hexham", sort="nearest")
    miles = [result.miles for result, _ in found if result.miles is not None]
    assert miles == sorted(miles)
    assert [result.miles is None for result, _ in found] == sorted(result.miles is None for result, _ in found)


def test_distances_are_right_to_within_what_about_means(finder, db):
    page, found = search(finder, db, place="NE66 1")
    for result, service in found:
        if result.miles is not None:
            true = min(miles_between(page.understood.place.point, place.point) for place in service.locations if place.point)
            assert result.miles == pytest.approx(true, rel=0.01, abs=0.05)


def test_the_same_kind_of_help_nearer_by_comes_first(finder, db):
    near_alnwick = [service.name for _, service in search(finder, db, words="coffee morning", place="Alnwick", size=3)[1]]
    near_hexham = [service.name for _, service in search(finder, db, words="coffee morning", place="Hexham", size=3)[1]]
    assert near_alnwick[0] != near_hexham[0] or near_alnwick != near_hexham


@pytest.mark.parametrize(
    ("low", "high", "age", "fits"),
    [
        (5, 11, 5, True),
        (5, 11, 11, True),
        (5, 11, 12, False),
        (5, 11, 4, False),
        (None, 5, 5, True),
        (None, 5, 6, False),
        (8, None, 30, True),
        (None, None, 3, True),
        (0.5, 1.5, 1, True),
        (0.5, 1.5, 0.5, True),
        (0.5, 1.5, 0.25, False),
        (0.5, 1.5, 2, False),
        (2.5, 4, 2, True),
    ],
)
def test_an_age_fits_where_the_limits_allow_it(add, low, high, age, fits):
    assert add(minimum_age=low, maximum_age=high)(age=float(age)).total == fits


def test_every_choice_keeps_only_what_has_it(finder, db):
    for asked, has in [
        ({"categories": frozenset({"sleep"})}, lambda s: "sleep" in s.categories),
        ({"needs": frozenset({"autism", "epilepsy"})}, lambda s: {"autism", "epilepsy"} & set(s.needs)),
        ({"free": True}, lambda s: s.free is True),
        ({"delivery": frozenset({"online"})}, lambda s: "online" in s.delivery),
        ({"referral": frozenset({"gp"})}, lambda s: "gp" in s.referral_route.kinds),
    ]:
        page, found = search(finder, db, **asked)
        assert page.total == len(found) > 0
        assert all(has(service) for _, service in found)


def test_an_empty_choice_means_everything(finder, db):
    assert search(finder, db)[0].total == len(store.all_service_ids(db))


def test_counts_say_what_a_choice_would_leave(finder, db):
    page, _ = search(finder, db, words="sleep")
    for slug, count in list(page.facets["category"].items())[:5]:
        narrowed, _ = search(finder, db, words="sleep", categories=frozenset({slug}))
        own = sum(slug in service.categories for _, service in search(finder, db, words="sleep")[1])
        assert count == own
        assert narrowed.total >= count
    assert page.facets["free"]["yes"] > 0


def test_pages_follow_one_another_without_gap_or_repeat(finder, db):
    whole = [result.id for result in finder.search(db, Query(words="group", size=60)).results]
    pages = [
        result.id for number in range(1, 7) for result in finder.search(db, Query(words="group", size=10, page=number)).results
    ]
    assert pages == whole
    assert finder.search(db, Query(words="group", size=10, page=500)).results == ()


HIDDEN = Location(
    id="hidden", name="The house", latitude=55.40, longitude=-1.70, precision="exact", hides_address=True,
    addresses=(Address(address_1="7 Quagmire Street", city="Ashington", postal_code="NE63 9VO"),),
)  # fmt: skip


def test_a_hidden_address_is_in_no_answer_and_no_index_file(add, own_data, own_db):
    find = add(locations=(HIDDEN,), delivery=("in_person",))
    page = find(place="NE63")
    assert page.total == 1
    # The stored point is in Alnwick; what is answered is the middle of the outcode area instead.
    assert page.results[0].miles < 1
    assert find(place="Alnwick").results[0].miles > 10
    for path in (own_data / "search").rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            assert b"quagmire" not in data
            assert b"55.4," not in data


def test_a_hidden_street_cannot_be_searched_for(add, own_finder, own_db):
    add(locations=(HIDDEN,))
    assert own_finder.search(own_db, Query(words='"quagmire street"')).total == 0


@pytest.mark.parametrize(("place", "not_first"), [("Newry", "Scotland"), ("Cardiff", "Scotland"), ("Leeds", "Northern Ireland")])
def test_help_of_another_nation_never_comes_first(finder, db, place, not_first):
    _, found = search(finder, db, words="autism", place=place, size=5)
    for _, service in found:
        nations = {area.name for area in service.service_areas}
        assert nations != {not_first}, service.name


def test_help_of_another_nation_is_still_there_for_who_looks_for_it(finder, db):
    _, found = search(finder, db, words="autism", place="Newry")
    assert "Scottish Autism" in {service.name for _, service in found}


def test_local_help_of_far_away_is_no_answer(finder, db):
    _, found = search(finder, db, words="sleep", place="Cardiff")
    assert {service.reach for _, service in found} <= {"national", "area"}
    assert not [service.name for _, service in found if service.reach == "area" and service.locations]


def test_nearest_is_among_good_answers(finder, db):
    _, found = search(finder, db, words="sleep", place="Alnwick", sort="nearest", size=4)
    assert all("sleep" in repr(service).lower() for _, service in found)


def test_a_language_can_be_chosen(finder, db):
    page, found = search(finder, db, languages=frozenset({"Urdu"}))
    assert page.total == len(found) > 0
    assert all("Urdu" in {language.name for language in service.languages} for _, service in found)
    assert page.facets["language"]["Urdu"] == page.total
    assert "English" not in page.facets["language"]
