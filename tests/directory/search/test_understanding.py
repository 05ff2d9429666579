"""What is read out of a sentence, and what is left alone."""

import pytest

from directory.search import Query


def understood(finder, db, words, **asked):
    return finder.search(db, Query(words=words, **asked)).understood


@pytest.mark.parametrize(
    ("words", "place", "age", "left"),
    [
        ("autism groups near Alnwick for a 7 year old", "Alnwick", 7, "autism groups"),
        ("autism groups alnwick", "Alnwick", None, "autism groups"),
        ("sleep help NE66", "NE66", None, "sleep help"),
        ("sleep help ne66 1ab", "NE66 1", None, "sleep help"),
        ("NE661AB sleep", "NE66 1", None, "sleep"),
        ("swimming in Berwick", "Berwick-upon-Tweed", None, "swimming"),
        ("clubs near Berwick-upon-Tweed", "Berwick-upon-Tweed", None, "clubs"),
        ("clubs by Newbiggin-by-the-Sea", "Newbiggin-by-the-Sea", None, "clubs"),
        ("dla form help Leeds", "Leeds", None, "dla form help"),
        ("sleep help in BT9", "BT9", None, "sleep help"),
        ("help in Reading", "Reading", None, "help"),
        ("speech therapy for my 3 yr old", None, 3, "speech therapy"),
        ("18 month old not walking", None, 1.5, "not walking"),
        ("clubs for 7yo", None, 7, "clubs"),
        ("she is 14 and self harming", None, 14, "and self harming"),
        ("annual health check learning disability 14", None, 14, "annual health check learning disability"),
        ("year 9 transition review", None, 14, "transition review"),
        ("swimming near me", None, None, "swimming"),
        ("deaf toddler", None, 2, "deaf toddler"),
        ("newly diagnosed downs baby", None, 0.5, "newly diagnosed downs baby"),
    ],
)
def test_a_place_and_an_age_are_read_out_of_a_sentence(finder, db, words, place, age, left):
    found = understood(finder, db, words)
    assert (found.place.label if found.place else None) == place
    assert found.age == age
    assert found.words == left


@pytest.mark.parametrize(
    "words",
    [
        "reading difficulties",
        "help with reading",
        "rugby club",
        "s17 assessment",
        "post 16",
        "under 5s group",
        "home to school transport 16 plus",
        "1:1 support",
        "section 17",
        "2 hour wait 3 years ago",
        "key stage 2",
        "500 pounds grant",
        "40 year old",
        "baby group",
        "my baby died",
    ],
)
def test_what_only_looks_like_a_place_or_an_age_stays_words(finder, db, words):
    found = understood(finder, db, words)
    assert found.place is None
    assert found.age is None
    assert found.words == words


def test_the_reader_can_overrule_what_was_read(finder, db):
    words = "autism groups near Alnwick for a 7 year old"
    found = understood(finder, db, words, as_words=frozenset({"place", "age"}))
    assert (found.place, found.age, found.words) == (None, None, words)
    assert understood(finder, db, words, place="Hexham").place.label == "Hexham"
    assert understood(finder, db, words, age=12.0).age == 12


def test_an_unknown_place_is_said_and_the_search_goes_on(finder, db):
    page = finder.search(db, Query(words="sleep", place="Narnia"))
    assert page.understood.unknown_place == "Narnia"
    assert page.total > 0


@pytest.mark.parametrize(
    "words", ["my daughter is self harming", "I want to die", "he hit me", "she took an overdose", "i cant cope anymore"]
)
def test_crisis_words_are_noticed(finder, db, words):
    assert understood(finder, db, words).crisis


@pytest.mark.parametrize("words", ["sleep", "swimming lessons", "ehcp refused", "sensory room to hire"])
def test_ordinary_words_are_no_crisis(finder, db, words):
    assert not understood(finder, db, words).crisis
