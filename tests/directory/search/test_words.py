"""Misspellings, other names, codes, quotes: the words people type."""

import pytest

from directory import store
from directory.search import Query
from directory.search.spelling import Speller
from directory.search.words import terms


def names(finder, db, words, **asked):
    page = finder.search(db, Query(words=words, **asked))
    return [service.name for service in store.get_services(db, [result.id for result in page.results])]


def ids(finder, db, words, size=500):
    return {result.id for result in finder.search(db, Query(words=words, size=size)).results}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("swiming", "swimming"),
        ("epilipsy", "epilepsy"),
        ("contenince", "continence"),
        ("wheelchiar", "wheelchair"),
        ("phisio", "physio"),
        ("ehpc", "ehcp"),
        ("wheel chair", "wheelchair"),
        ("hospis", "hospice"),
        ("disabilty", "disability"),
        ("assesment", "assessment"),
        ("fysio", "physio"),
    ],
)
def test_a_misspelt_word_finds_what_was_meant_and_says_so(finder, db, typed, meant):
    page = finder.search(db, Query(words=typed))
    assert [correction.meant for correction in page.corrections] == [meant]
    assert {result.id for result in page.results} == {result.id for result in finder.search(db, Query(words=meant)).results}


@pytest.mark.parametrize("words", ["autism", "DLA", "Makaton", "EHCP", "Kooth", "PDA", "SALT", "Papyrus", "Cerebra"])
def test_a_word_in_use_is_never_corrected(finder, db, words):
    assert finder.search(db, Query(words=words)).corrections == ()


def test_the_reader_can_ask_for_what_was_typed(finder, db):
    page = finder.search(db, Query(words="swiming", as_words=frozenset({"spelling"})))
    assert page.corrections == ()
    assert page.dropped == ("swiming",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("respite", "short breaks"),
        ("CAMHS", "child mental health"),
        ("OT", "occupational therapy"),
        ("EHCP", "education health and care plan"),
        ("autistic", "asperger's"),
        ("DFG", "disabled facilities grant"),
    ],
)
def test_other_names_find_the_same_services_both_ways(finder, db, one, other):
    first, second = ids(finder, db, one), ids(finder, db, other)
    assert len(first & second) >= 0.6 * min(len(first), len(second))
    assert first
    assert second


def test_a_result_says_when_it_was_found_by_another_name(finder, db):
    page = finder.search(db, Query(words="respite", size=100))
    assert any(("respite", "short breaks") in result.why.meaning or result.why.meaning for result in page.results)
    assert all(result.why.words or result.why.meaning or result.why.category for result in page.results)


@pytest.mark.parametrize(
    ("code", "inside"), [("ot", "other"), ("pa", "parent"), ("ta", "taxi"), ("add", "address"), ("fits", "benefits")]
)
def test_a_code_is_a_whole_word(code, inside):
    assert terms(code) != terms(inside)


def test_fits_that_are_seizures_are_not_keeping_fit(finder, db):
    seizures = finder.search(db, Query(words="fits"))
    assert "condition-support" in seizures.likely_categories
    fit = names(finder, db, "keep fit")
    assert not fit or "pilepsy" not in fit[0]


def test_quotes_keep_words_together(finder, db):
    together = finder.search(db, Query(words='"short breaks"'))
    apart = finder.search(db, Query(words="short breaks"))
    assert 0 < together.total < apart.total
    services = store.get_services(
        db, [result.id for result in finder.search(db, Query(words='"short breaks"', size=200)).results]
    )
    assert all("short break" in repr(service).lower() for service in services)


def test_a_whole_sentence_finds_help(finder, db):
    words = "someone to look after my daughter so I can have a break"
    page = finder.search(db, Query(words=words, size=5))
    services = store.get_services(db, [result.id for result in page.results])
    assert "short-breaks" in page.likely_categories
    assert sum(bool({"short-breaks", "homecare", "carers"} & set(service.categories)) for service in services) >= 4


def test_words_that_no_listing_has_are_dropped_and_named(finder, db):
    page = finder.search(db, Query(words="sleep qqqxyz"))
    assert page.total > 0
    assert page.dropped == ("qqqxyz",)


def test_nothing_at_all_is_nothing(finder, db):
    page = finder.search(db, Query(words="qqqxyz"))
    assert (page.total, page.results, page.dropped) == (0, (), ("qqqxyz",))


@pytest.mark.parametrize(
    ("one", "other"), [("Llŷn", "llyn"), ("Crêche", "creche"), ("Down’s", "down's"), ("DISABLED", "disability")]
)
def test_accents_capitals_and_endings_do_not_matter(one, other):
    assert terms(one) == terms(other)


def test_a_guide_stands_beside_the_services(finder, db):
    assert "ehc-plans" in finder.search(db, Query(words="ehcp time limits")).guides
    assert "blue-badge" in finder.search(db, Query(words="blue badge hidden disability")).guides
    assert finder.search(db, Query(words="qqqxyz")).guides == ()


def test_the_speller_prefers_the_commoner_word_and_gives_up_in_time():
    speller = Speller({"respite": 50, "despite": 2, "resprite": 1})
    assert speller.correct("respit") == "respite"
    assert speller.correct("respite") is None
    assert speller.correct("zzzzzz") is None
    assert speller.correct("ab") is None
    assert speller.correct("") is None


@pytest.mark.parametrize(
    ("typed", "name"), [("ndcs", "National Deaf Children's Society"), ("NAS", "National Autistic Society"), ("sosa", None)]
)
def test_an_organisation_is_found_by_its_initials(finder, db, typed, name):
    found = names(finder, db, typed, as_words=frozenset({"spelling"}))
    assert (found[0] if found else None) == name


def test_what_a_question_is_called_does_not_matter(finder, db):
    assert ids(finder, db, "whats dla") == ids(finder, db, "DLA")
