"""How good the answers are: a hundred queries to tune on, and others by somebody who had not seen the listings."""

from pathlib import Path

import pytest

from directory import store
from directory.search.evaluate import Judged, Listing, evaluate, rank_of_answer, read_queries
from tests.conftest import SHARED

DEVELOPMENT = SHARED / "starter" / "queries_dev.tsv"
UNSEEN = Path(__file__).parent / "queries_unseen.tsv"


@pytest.fixture
def find(finder, db):
    def do(query):
        found = store.get_services(db, [result.id for result in finder.search(db, query).results])
        return [Listing(service.name, frozenset(service.categories), service.description) for service in found]

    return do


def test_the_development_queries_are_answered(find):
    if not DEVELOPMENT.is_file():
        pytest.skip("the development queries are not beside this checkout")
    counts = evaluate(read_queries(DEVELOPMENT), find)
    assert counts["queries"] == 100
    assert counts["answered_at_3"] >= 95, counts["failed"]
    assert counts["answered_at_1"] >= 85


def test_queries_that_nobody_tuned_on_are_answered_as_well(find):
    counts = evaluate(read_queries(UNSEEN), find)
    assert counts["queries"] == 150
    assert counts["answered_at_3"] >= 0.95 * 150, counts["failed"]
    assert counts["answered_at_1"] >= 0.85 * 150


@pytest.mark.parametrize(
    ("listings", "place"),
    [
        ([], None),
        ([("A", {"sleep"}, "")], 1),
        ([("A", {"other"}, "sleep clinic"), ("B", {"sleep"}, "")], 2),
        ([("A", set(), "a SLEEP clinic")], 1),
        ([("A", set(), "a swim")], None),
        ([("A", {"other"}, "")] * 3 + [("B", {"sleep"}, "")], 4),
    ],
)
def test_an_answer_is_judged_by_category_or_where_there_is_none_by_words(listings, place):
    judged = Judged("1", "up all night", frozenset({"sleep"}), ("sleep",))
    assert rank_of_answer(judged, [Listing(name, frozenset(own), text) for name, own, text in listings]) == place


def test_a_file_without_its_columns_is_refused_in_words(tmp_path):
    (tmp_path / "q.tsv").write_text("id\tquery\n1\tsleep\n")
    with pytest.raises(ValueError, match="categories"):
        read_queries(tmp_path / "q.tsv")
