"""Nothing typed can raise an error, and what is typed by accident is words like any other."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.search import Query
from tests.conftest import PROOF

AWKWARD = [
    "",
    " ",
    "a",
    "*",
    "a*",
    "*a*",
    "???*",
    "[a TO z]",
    "a* b* c* d* e* f* g* h* i* j* k* l* m* n* o* p* q* r* s* t* u* v* w* x* y* z*",
    "NOT OR AND",
    "autism AND NOT",
    "autism ANDNOT adhd ANDMAYBE x",
    "(" * 1000,
    "((((autism))))",
    '"',
    '""',
    '"autism',
    '"short break" "',
    "“short break”",
    "title:autism id:5 OR rid:[0 TO]",
    "autism^99 ~2 adhd~",
    "x" * 5000,
    "autism " * 800,
    "SELECT * FROM service; DROP TABLE service; --",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %}",
    "\x00\x01\x02",
    "\ud800 autism",
    "autism\u202e\u200b",
    "👩‍👧 help 🙏🏽",
    "😀" * 300,
    "Llŷn Môn plant â'r teulu",
    "مجموعات التوحد",
    "オティズム",
    "Ünïcödé ñ ß İ ǅ",
    "%s %d {0} \\ / | $1",
    "../../etc/passwd",
    "near near near",
    "near",
    "in in in NE66 in Alnwick near Hexham",
    "7 year old 8 year old 9 months",
    "for my 999 year old",
    "0 year old",
    "-5 years old",
    "NE66 NE66 1AB ne661ab TD15",
    "1/2 3:4 5-6 7.8.9",
    "'''''",
    "a b c d e f g h i j k l m n o p q r s t",
]


@pytest.mark.parametrize("words", AWKWARD)
@pytest.mark.parametrize("place", ["", "Alnwick", "nowhere at all", "\x00", "NE66 1AB"])
def test_an_awkward_question_is_answered(finder, db, words, place):
    page = finder.search(db, Query(words=words, place=place))
    assert len(page.results) <= 10
    assert page.total >= len(page.results)


@pytest.mark.parametrize("words", AWKWARD)
def test_an_awkward_question_has_its_page(client, words):
    response = client.get("/search", query_string={"q": words.encode("utf-8", "replace").decode()})
    assert response.status_code == 200


@given(
    words=st.text(max_size=400),
    place=st.text(max_size=40),
    age=st.none() | st.floats(0, 130),
    within=st.none() | st.integers(1, 100),
    page=st.integers(1, 2000),
    sort=st.sampled_from(["best", "nearest"]),
    categories=st.frozensets(st.sampled_from(["sleep", "ehcp", "no-such-category"])),
    free=st.booleans(),
)
@settings(max_examples=2000 if PROOF else 150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_raises(finder, db, **asked):
    page = finder.search(db, Query(**asked))
    assert page.total >= 0


@given(st.text(alphabet=st.sampled_from(list("*?[]()\"'^~:+-!&|{}\\/ \tabz019")), max_size=80))
@settings(max_examples=2000 if PROOF else 150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_operator_raises(finder, db, words):
    finder.search(db, Query(words=words))


@pytest.mark.parametrize(
    "parameters",
    ["q=a&page=-1", "q=a&page=99999999", "page=x&age=old&within=7&sort=up", "category=%00&need=../x", "free=2&delivery=pigeon",
     "q=%ff%fe", "age=1e9", "age=٣", "page=٣", "as_words=everything", "q=a&q=b&place=c&place=d", "q[]=a"],
)  # fmt: skip
def test_nonsense_in_the_address_is_left_out(client, parameters):
    assert client.get("/search?" + parameters).status_code == 200
