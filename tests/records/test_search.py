"""Search inside an opened record."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.entry import Entry
from records.folding import fold
from records.search import LONGEST_QUERY, Answer, search


def _entry(id_: str, kind: str = "letter", /, **fields: object) -> Entry:
    return Entry(id_, "s", 1, "amina", "2026-11-01T09:00Z", {"v": 1, "kind": kind, **fields})


RECORD = [
    _entry("speech", title="Speech and language report", from_whom="Dr Khan", dated="2026-02-03"),
    _entry(
        "read",
        title="Clinic letter",
        from_whom="Harbourne Hospital",
        found_text="Her speech has come on very well.",
        dated="2026-03-01",
    ),
    _entry("noted", title="School transport", note="Ask about speech therapy on the bus", dated="2024-05-01"),
    _entry("from", title="Visit", from_whom="Speech therapy team", dated="2020-01-01"),
    _entry("visit", "appointment", what="Paediatrician", date="2026-12-01", bring=["Red book", "Glasses"]),
    _entry("sara", "person", name="Sara O’Neill", role="Key worker", phone="(01792) 555 0123"),
    _entry("gp", "gp", practice="Môn Surgery", nhs_number="943 476 5919"),
    _entry("welsh", title="Adroddiad lleferydd", from_whom="Ysgol y Môr", note="Tŷ’r plant"),
    _entry("arabic", "note", title="ملاحظة", words="ذهبنا إلى المدرسة مع مُحَمَّد"),
    _entry("cake", "note", title="Birthday 🎂", words="Straße 5, 誕生日ケーキ"),
    _entry("seizure", "emergency", name="Seizure", what_to_do="Give midazolam after 5 minutes", who_to_ring=["999"]),
]


def _ids(query: str) -> list[str]:
    return [found.entry.id for found in search(RECORD, query).found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("speech report", ["speech"]),
        ("REPORT of the speech", ["speech"]),
        ("spee", ["speech", "from", "noted", "read"]),
        ("red book", ["visit"]),
        ("glasses", ["visit"]),
        ("oneill", ["sara"]),
        ("o'neill", ["sara"]),
        ("O’Neil", ["sara"]),
        ("mon surgery", ["gp"]),
        ("MÔN", ["gp"]),
        ("ty'r plant", ["welsh"]),
        ("lleferydd", ["welsh"]),
        ("مدرسة", ["arabic"]),
        ("محمد", ["arabic"]),
        ("🎂", ["cake"]),
        ("strasse", ["cake"]),
        ("ケーキ", ["cake"]),
        ("01792 5550123", ["sara"]),
        ("017925550123", ["sara"]),
        ("9434765919", ["gp"]),
        ("appointment", ["visit"]),
        ("december 2026", ["visit"]),
        ("march", ["read"]),
        ("midazolam", ["seizure"]),
        ("999", ["seizure"]),
        ("eech", []),
        ("", []),
        ("...", []),
        ("\x00\u202e", []),
    ],
)
def test_what_families_type_finds_what_they_mean(query, expected):
    assert _ids(query) == expected


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("speach", "speech", {"speech", "read", "noted", "from"}),
        ("seziure", "seizure", {"seizure"}),
        ("transprot", "transport", {"noted"}),
        ("pediatrisian", "paediatrician", {"visit"}),
        ("llefeydd", "lleferydd", {"welsh"}),
        ("surgry", "surgery", {"gp"}),
    ],
)
def test_a_slip_of_the_fingers_finds_it_all_the_same_and_says_what_was_meant(typed, meant, expected):
    answer = search(RECORD, typed)
    assert answer.meant == ((typed, meant),)
    assert {found.entry.id for found in answer.found} == expected


@pytest.mark.parametrize("typed", ["bok", "buss", "2025", "9434765918", "xspeechy", "sxxzure"])
def test_short_words_figures_and_words_far_off_are_not_taken_for_others(typed):
    assert search(RECORD, typed) == Answer()


def test_a_word_that_is_there_is_never_corrected():
    record = [_entry("a", title="Form"), _entry("b", title="Farms")]
    assert search(record, "farms").meant == ()
    assert [found.entry.id for found in search(record, "farms").found] == ["b"]


def test_where_no_entry_has_every_word_any_will_do_and_it_says_so():
    answer = search(RECORD, "speech glasses unicornish")
    assert not answer.every_word
    assert {found.entry.id for found in answer.found} == {"speech", "read", "noted", "from", "visit"}
    assert search(RECORD, "speech report").every_word
    assert search(RECORD, "unicornish").every_word, "nothing found is not some words found"


def test_those_with_more_of_the_words_come_first():
    assert _ids("unicornish clinic harbourne speech bus")[0] == "read"


def test_titles_before_senders_before_notes_before_what_a_machine_read():
    assert _ids("speech") == ["speech", "from", "noted", "read"]


def test_of_equals_the_newer_comes_first():
    record = [_entry("old", title="Report", dated="2020-01-01"), _entry("new", title="Report", dated="2026-01-01")]
    assert [found.entry.id for found in search(record, "report").found] == ["new", "old"]


def test_a_whole_word_before_a_beginning():
    record = [_entry("longer", title="Reporting", dated="2026-01-01"), _entry("whole", title="Report", dated="2020-01-01")]
    assert [found.entry.id for found in search(record, "report").found] == ["whole", "longer"]


def _shown(query: str, *record: Entry) -> str:
    (found,) = search(record or RECORD, query).found
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in found.snippet)


def test_a_snippet_shows_the_words_around_each_match():
    assert _shown("speech very", *RECORD[1:2]) == "Her [speech] has come on [very] well."
    assert _shown("محمد").endswith("[مُحَمَّد]")
    assert _shown("plant").startswith("Tŷ’r [plant]")


def test_a_long_text_is_cut_at_words_around_the_match():
    text = "before " * 300 + "the Speech\ntherapist said " + "after " * 300
    shown = _shown("speech", _entry("a", found_text=text))
    assert shown.startswith("… before before")
    assert "the [Speech] therapist said after" in shown
    assert shown.endswith("after …")
    assert len(shown) < 260


def test_a_snippet_says_which_field_and_leaves_the_title_to_the_page():
    (found,) = search([_entry("a", title="Speech", note="speech on Monday", found_text="speech speech")], "speech").found
    assert found.place == "note"
    (found,) = search([_entry("a", title="Speech")], "speech").found
    assert found.place == "title"
    (found,) = search(RECORD, "appointment").found
    assert (found.place, found.snippet) == ("", ())


def test_a_snippet_is_text_and_holds_no_markup_of_ours():
    assert _shown("script", _entry("a", note="<script>alert(1)</script>")) == "<[script]>alert(1)</[script]>"


def test_only_the_first_twelve_words_of_a_long_query_count():
    many = " ".join(f"word{letter}" for letter in "abcdefghijkl")
    record = [_entry("a", note=many)]
    assert search(record, f"{many} neverthere").every_word
    assert search(record, f"{'worda ' * 20} neverthere").every_word is False
    assert search(record, "worda" + " " * LONGEST_QUERY + "neverthere").every_word


def test_found_things_do_not_print_what_is_inside_them():
    assert "Khan" not in repr(search(RECORD, "khan").found)


def test_a_slow_pattern_has_nothing_to_hold_on_to():
    record = [_entry(str(number), found_text="a" * 4_000 + " 1 2 3" * 500) for number in range(50)]
    began = time.perf_counter()
    for query in ("a" * 300, "1 " * 150, "'" * 300, "(" * 300, ".*" * 150, "\u0301" * 300, "a-" * 150):
        search(record, query)
    assert time.perf_counter() - began < 5


_ALPHABETS = st.text(max_size=400) | st.text(alphabet="ab'’é🎂م. \u0301\u202e\n1(", max_size=60)


@settings(max_examples=200, deadline=None)
@given(_ALPHABETS, st.lists(_ALPHABETS, max_size=4))
def test_whatever_is_typed_and_whatever_is_there_nothing_raises(query, texts):
    record = [_entry(str(number), title=text[:200], note=text, found_text=text) for number, text in enumerate(texts)]
    for found in search(record, query).found:
        assert "".join(part.text for part in found.snippet).strip("… ") in " ".join(" ".join(texts).split()) + "…"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=30))
def test_a_word_finds_itself(word):
    assert [found.entry.id for found in search([_entry("a", title=word)], word).found] == ["a"]


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)
