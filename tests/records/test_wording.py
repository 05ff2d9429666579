"""What pages call the kinds, their fields and what is unclear in them."""

from __future__ import annotations

import ast
import datetime
import inspect
from pathlib import Path

import pytest

from records import labels, wording
from records.kinds import KINDS, document, field, moment
from records.sections import DEFAULT_SECTIONS, icon_for
from records.suggestion import _TOPICS


@pytest.fixture(autouse=True)
def in_a_request(app):
    with app.test_request_context():
        yield


def _reasons(*modules) -> set[str]:
    """Every reason that a fact gives for not keeping something."""
    calls = (node for module in modules for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call))
    return {ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "id", "") == "Unclear"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_and_field_and_choice_has_words(kind):
    assert wording.kind_name(kind)
    assert wording.add(kind)
    for asked in KINDS[kind].fields:
        assert wording.label(kind, asked.name)
        assert isinstance(wording.hint(kind, asked.name), str)
        for option, words in wording.choices(kind, asked.name):
            assert words != option, f"{option} has no words"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_two_questions_of_a_form_are_called_the_same(kind):
    asked = [wording.label(kind, field.name) for field in KINDS[kind].asked]
    assert len(asked) == len(set(asked))


def test_no_words_are_left_over_for_what_is_not_there():
    fields = {(kind.name, field.name) for kind in KINDS.values() for field in kind.fields}
    anywhere = {("", name) for _, name in fields} | {("", "date"), ("", "lines")}
    assert not labels.LABELS.keys() - fields - anywhere
    assert not labels.HINTS.keys() - fields - anywhere
    choices = {(field.name, option) for kind in KINDS.values() for field in kind.fields for option in field.options}
    assert labels.CHOICES.keys() == choices
    assert labels.KIND_NAMES.keys() == labels.NEW.keys() == KINDS.keys()


def test_every_section_has_a_name_and_says_what_it_is_for():
    slugs = {section.slug for section in DEFAULT_SECTIONS}
    assert labels.SECTIONS.keys() == labels.SECTION_HINTS.keys() == slugs
    assert wording.section_hint("the family made this one") == ""


def test_every_reason_and_every_topic_has_a_sentence():
    assert _reasons(field, moment) == labels.PROBLEMS.keys()
    assert wording.TOPICS.keys() == _TOPICS.keys()
    doubted = document.doubts({"kind": "person", "phone": "x", "email": "x"})
    doubted |= document.doubts({"kind": "appointment", "time": "15:00", "ends": "14:00"})
    assert set(doubted.values()) == labels.DOUBTS.keys()


@pytest.mark.parametrize("reason", sorted(labels.PROBLEMS))
def test_a_problem_names_the_field_and_is_a_sentence(reason):
    sentence = wording.problem("appointment", "date", reason)
    assert sentence.startswith("Date: ")
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_a_limit_is_said_in_figures():
    assert "200 letters" in wording.problem("letter", "title", "too_long")
    assert "20,000 letters" in wording.problem("letter", "note", "too_long")


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ({"kind": "letter", "title": "Speech report", "from_whom": "Dr Khan"}, "Speech report"),
        ({"kind": "letter", "from_whom": "Dr Khan"}, "Letter from Dr Khan"),
        ({"kind": "letter", "dated": "2026-02-03"}, "Letter, 3 February 2026"),
        ({"kind": "letter"}, "Letter"),
        ({"kind": "about_me", "liked": "My laugh"}, "About me"),
        ({"kind": "letter", "from_whom": "100% %(x)s"}, "Letter from 100% %(x)s"),
    ],
)
def test_every_entry_is_called_something(document, title):
    assert wording.title(document) == title


def test_what_is_written_is_said_in_order_without_what_a_machine_read():
    document = {"kind": "letter", "title": "A", "dated": "2026-02-03", "found_text": "secret mistakes", "files": {}}
    assert wording.filled(document) == [("title", "Title", "A"), ("dated", "Date on the letter", "3 February 2026")]


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("2026-11-22", "0 days"),
        ("2026-11-21", "1 day"),
        ("2026-11-01", "3 weeks"),
        ("2026-09-01", "2 months"),
        ("2025-11-22", "12 months"),
        ("2024-11-22", "2 years"),
        ("2019-05-04", "7 years"),
        ("2026-11-23", ""),
    ],
)
def test_an_age_is_said_as_people_say_it(born, words):
    assert wording.age_in_words(datetime.date.fromisoformat(born), datetime.date(2026, 11, 22)) == words


def test_no_words_shout_or_show_their_seams():
    tables = (labels.LABELS, labels.HINTS, labels.CHOICES, labels.DOUBTS, labels.NEW, labels.SECTIONS, labels.SECTION_HINTS)
    for words in (str(words) for table in tables for words in table.values()):
        assert "!" not in words
        assert "_" not in words
        assert "'" not in words, f"{words}: a straight apostrophe"


def test_every_section_has_a_drawing():
    drawn = (Path(__file__).parents[2] / "templates" / "components" / "icon.html").read_text("utf-8")
    icons = {section.icon for section in DEFAULT_SECTIONS} | {icon_for("the family made this one")}
    assert {icon for icon in icons if f'  "{icon}": ' not in drawn} == set()
