"""The invented family is whole, fits the kinds, never goes stale, and can be mistaken for nobody real."""

from __future__ import annotations

import datetime
import re
from collections import Counter

import pytest

from accounts.account import ROLES, STAFF
from accounts.passphrases import problem
from records import packs
from records.book import NATIONS
from records.consent import COLLEAGUES, COPIES, READ, VERBS, latest_last_day
from records.demonstration.family import FOLDER, Child, began, cast, children, working_day, written_on
from records.kinds import as_typed, clean, due_of, title_of, when_of
from records.sections import BY_SLUG

TODAY = datetime.date(2026, 11, 22)
# What Ofcom keeps for use in drama, and the numbers that everybody knows.
NOBODYS = re.compile(r"01632 960\d{3}|07700 900\d{3}|999")
PHONE = re.compile(r"(?<![\d.])0\d[\d ]{7,}\d")


@pytest.fixture(scope="module")
def yusuf() -> Child:
    return next(child for child in children(TODAY) if child.name == "yusuf")


def _kinds(child: Child) -> Counter[str]:
    return Counter(piece.document["kind"] for piece in child.pieces)


def test_the_cast_is_the_one_of_the_design():
    assert [member.name for member in cast()] == ["amina", "joe", "rhys", "sara", "nadia", "patel", "beth", "dev"]
    assert {member.role for member in cast()} <= set(ROLES)
    assert len({member.sign_in for member in cast()}) == len(cast())
    for member in cast():
        assert bool(member.second_factor) == (member.role in STAFF), f"{member.name} needs a second factor, or needs none."
        assert member.sign_in.endswith("example.org") or "@" not in member.sign_in
        assert not problem(member.passphrase), f"{member.name} could not have chosen that passphrase."


def test_yusufs_record_is_full(yusuf):
    kinds = _kinds(yusuf)
    assert kinds["letter"] == 26
    assert kinds["appointment"] == 10
    assert kinds["diary"] == 14
    assert kinds["meeting"] == 2
    assert kinds["medicine"] == 3
    assert kinds["person"] >= 12
    to_come = [piece for piece in yusuf.pieces if piece.document["kind"] == "appointment" and when_of(piece.document) > TODAY]
    assert len(to_come) == 4
    assert all(piece.document["bring"] and piece.document["questions"] and piece.document["travel"] for piece in to_come)


def test_mariam_has_a_small_record_of_her_own():
    mariam = next(child for child in children(TODAY) if child.name == "mariam")
    assert _kinds(mariam) == {"letter": 1, "appointment": 1}


@pytest.mark.parametrize("child", children(TODAY), ids=lambda child: child.name)
def test_every_entry_could_have_been_typed_in_its_section(child):
    assert child.nation in NATIONS
    assert child.holder in {member.name for member in cast()}
    for piece in (*child.pieces, *(step.piece for step in child.steps if step.piece)):
        kind = piece.document["kind"]
        assert kind in BY_SLUG[piece.section].kinds or piece.section == "just_us", f"No {kind} can be put into {piece.section}."
        typed = as_typed(piece.document)
        assert typed.keys() == piece.document.keys() - {"v", "kind"}, f"A {kind} has no such field."
        document, problems = clean(kind, typed, today=TODAY)
        assert not problems, f"{title_of(piece.document)}: {problems}"
        assert document == piece.document


@pytest.mark.parametrize("child", children(TODAY), ids=lambda child: child.name)
def test_every_letter_has_a_page_of_text(child):
    everything = [*child.pieces, *(step.piece for step in child.steps if step.piece)]
    letters = [piece for piece in everything if piece.document["kind"] == "letter"]
    for letter in letters:
        assert 150 < len(letter.text.split()) < 600, letter.document["title"]
        assert not re.search(r"[{}]|^---", letter.text, re.M), letter.document["title"]
        dated = when_of(letter.document)
        assert dated < TODAY
        assert f"{dated.day} {dated:%B %Y}" in letter.text, "A letter says its own date."


def test_letters_reach_back_two_and_a_half_years(yusuf):
    days = [(TODAY - when_of(piece.document)).days for piece in yusuf.pieces if piece.document["kind"] == "letter"]
    assert 850 < max(days) < 1000
    assert min(days) < 30


@pytest.mark.parametrize("child", children(TODAY), ids=lambda child: child.name)
def test_what_was_given_could_have_been_given(child):
    people = {member.name: member.shown_name for member in cast()}
    for step in child.steps:
        said = step.said
        assert began(TODAY) <= step.on <= TODAY
        assert said.get("who", "joe") in people
        assert {*said.get("sections", ()), said.get("section", "diary")} <= BY_SLUG.keys() - {"just_us"}
        assert said.get("verb", READ) in VERBS
        assert said.get("colleagues", "nobody") in COLLEAGUES
        assert said.get("copies", "nothing") in COPIES
        if "until" in said:
            longest = packs.last_possible_day(step.on) if step.does == "packs" else latest_last_day(step.on)
            assert step.on < said["until"] <= longest
        if "who" in said and "name" in said:
            assert said["name"] == people[said["who"]], "They go by the name they signed up with."
    assert list(child.steps) == sorted(child.steps, key=lambda step: step.on), "It is told in the order it happened in."


def test_nothing_is_written_before_its_record_began_or_after_today(yusuf):
    days = [written_on(piece, TODAY) for piece in yusuf.pieces]
    assert min(days) == began(TODAY)
    assert max(days) == TODAY
    assert len(set(days)) > 20


@pytest.mark.parametrize("days", range(14))
def test_it_is_the_same_family_on_every_day(days):
    """Loaded on any day of the week: the past stays past, what is to come stays to come, and nothing is on a weekend."""
    today = TODAY + datetime.timedelta(days=days)
    for child, first in zip(children(today), children(TODAY), strict=True):
        assert today - child.born == TODAY - first.born
        for now, then in zip(child.pieces, first.pieces, strict=True):
            when, before = when_of(now.document), when_of(then.document)
            if when:
                assert (when > today) == (before > TODAY)
                assert when.weekday() < 5


@pytest.mark.parametrize("days", range(14))
def test_the_plan_is_as_late_on_every_day(days):
    today = TODAY + datetime.timedelta(days=days)
    for child, first in zip(children(today), children(TODAY), strict=True):
        for now, then in zip(child.steps, first.steps, strict=True):
            assert (now.does, today - now.on) == (then.does, TODAY - then.on)
            for day_of in (when_of, due_of) if now.piece else ():
                day, before = day_of(now.piece.document), day_of(then.piece.document)
                assert (day is None) == (before is None)
                assert day is None or ((day > today) == (before > TODAY) and day.weekday() < 5)


def test_what_is_spoken_of_was_put_in_before(yusuf):
    known: set[str] = set()
    for step in yusuf.steps:
        assert {step.said[name] for name in ("need", "action", "meeting") if name in step.said} <= known, step.said
        known |= {step.said["called"]} if "called" in step.said else set()
    assert len(known) >= 14


def test_a_plan_asks_only_people_who_help(yusuf):
    people = {piece.document.get("name") for piece in yusuf.pieces if piece.document["kind"] == "person"}
    asked = [
        step.piece.document["who"] for step in yusuf.steps if step.does in ("acts", "answers", "says_how", "answers_meeting")
    ]
    assert len(asked) > 15
    assert set(asked) <= people


def test_no_year_is_written_into_the_data():
    for path in (*FOLDER.glob("*.json"), *FOLDER.glob("letters/*.txt")):
        found = re.search(r"(?<![-\d])(19|20)\d\d\b", path.read_text("utf-8"))
        assert not found, f"{path.name} will go stale: {found[0] if found else ''}"


def test_no_telephone_rings_at_anybodys():
    for path in (*FOLDER.glob("*.json"), *FOLDER.glob("letters/*.txt")):
        wrong = [number for number in PHONE.findall(path.read_text("utf-8")) if not NOBODYS.fullmatch(number)]
        assert not wrong, f"{path.name} has {wrong}: somebody may have it."


def test_a_weekend_moves_away_from_today():
    saturday = datetime.date(2026, 11, 21)
    assert working_day(0, saturday) == saturday
    assert working_day(1, saturday) == datetime.date(2026, 11, 23)
    assert working_day(-6, saturday) == datetime.date(2026, 11, 13)
    assert working_day(-1, saturday) == datetime.date(2026, 11, 20)
