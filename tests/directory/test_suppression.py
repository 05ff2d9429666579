"""Small numbers: an attacker who has every page, filter and file of every month learns of no cell below five what it is.

The attacker of these tests knows the rule, all it ever shows, and which cells there could be. They have pinned a cell when no
other world, in which that cell is nought, looks the same from outside.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from directory import not_found
from directory.not_found import ANY, FEWEST, SIGNS, Cell, Choice, ends, quarter_of, release, sums
from directory.unmet_need import AGE_BANDS

COUNCIL_OF = {"NE66": "E06000057", "NE65": "E06000057", "NE1": "E08000021", "NE2": "E08000021", "BT1": ""}
MONTHS = ("2026-10", "2026-11", "2026-12", "2027-01")
# Every day on which something new is shown.
LOOKS = sorted({ends(month) for month in MONTHS} | {ends(quarter_of(month)) for month in MONTHS} | {ends("2026"), ends("2027")})
LATEST = LOOKS[-1]
_wide = st.builds(
    Cell,
    st.sampled_from(MONTHS),
    st.sampled_from(("sleep", "short-breaks")),
    st.sampled_from(("nothing_found", "waiting")),
    st.sampled_from(("", *COUNCIL_OF)),
    st.sampled_from(("", "5_10")),
)
# Few cells side by side, so that sums come near to what all their parts could be.
_close = st.builds(
    Cell, st.sampled_from(MONTHS[:3]), st.just("sleep"), st.just("waiting"), st.sampled_from(("NE1", "NE2")), st.just("5_10")
)
_worlds = st.one_of(
    st.dictionaries(_wide, st.integers(1, 8), max_size=30), st.dictionaries(_close, st.integers(1, 6), min_size=2, max_size=6)
)


def outside(world):
    """All that anybody can ever see: everything shown, on every day. Pages, filters, charts and files are made of this alone."""
    return [release(world, COUNCIL_OF, day) for day in LOOKS]


def _alternatives(world, cell, keep_out=lambda one: False):
    """Worlds in which `cell` is nought: what was in it is somewhere else, in one other cell or, each by itself, in several."""
    number = world[cell]
    rest = {one: count for one, count in world.items() if one != cell}
    others = [
        Cell(month, cell.subject, sign, area, band)
        for month in sorted(MONTHS, key=lambda month: month != cell.period)
        for sign in (cell.sign, *(one for one in SIGNS if one != cell.sign))
        for area in (cell.area, *(one for one in ("", *COUNCIL_OF) if one != cell.area))
        for band in (cell.age_band, *(one for one in ("", *AGE_BANDS) if one != cell.age_band))
    ]
    others = [one for one in others if one != cell and not keep_out(one)]
    yield rest
    for other in others:
        yield Counter(rest) + Counter({other: number})
    for place in range(0, len(others), 9):
        several = Counter(rest)
        for step in range(number):
            several[others[(place + step) % len(others)]] += 1
        yield several


def _emptied(world, those, keep_out=lambda one: False):
    """A world that looks the same from outside, without anybody in `those` cells; None where the attacker has ruled that out."""
    seen = outside(world)
    for cell in those:
        world = next((other for other in _alternatives(world, cell, keep_out) if outside(other) == seen), None)
        if world is None:
            return None
    return world


def pinned(world):
    """The cells below five of which an attacker knows that somebody is in them."""
    return [cell for cell, number in world.items() if number < FEWEST and _emptied(world, [cell]) is None]


@settings(max_examples=80, deadline=None)
@given(_worlds)
def test_no_cell_below_five_can_be_told_from_an_empty_one(world):
    assert not pinned(world)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(_wide, st.integers(1, 8), max_size=12), st.sampled_from(("area", "age_band", "sign")))
def test_no_sum_below_five_over_everything_else_can_either(world, name):
    """All searches from one outcode in a month, say, whatever they were for: what a total less its parts would give."""
    for period, value in {(cell.period, getattr(cell, name)) for cell in world}:
        if value == "":
            continue

        def is_in(cell, period=period, value=value):
            return cell.period == period and getattr(cell, name) == value

        those = [cell for cell in world if is_in(cell)]
        if sum(world[cell] for cell in those) < FEWEST:
            assert _emptied(world, those, is_in) is not None, f"somebody is known to be in {period} {value}"


def test_the_attacker_of_these_tests_finds_a_slip(monkeypatch):
    """Of Newcastle we know two outcodes: eight, with at most four in each, are four and four."""
    world = {Cell("2026-11", "sleep", "waiting", outcode, "5_10"): 4 for outcode in ("NE1", "NE2")}
    assert not pinned(world)
    steps = not_found._steps
    monkeypatch.setattr(not_found, "_steps", lambda councils: [replace(one, parts=lambda cell: 99) for one in steps(councils)])
    assert len(pinned(world)) == 2


@given(_worlds)
def test_every_number_shown_is_five_at_least_and_stands_for_good(world):
    looks = outside(world)
    for earlier, later in pairwise(looks):
        assert earlier.items() <= later.items()
    assert all(number >= FEWEST for number in looks[-1].values())


@given(_worlds)
def test_nothing_is_counted_in_two_places(world):
    """So that no total can be taken from another: what is shown never sums to more than there is."""
    shown = release(world, COUNCIL_OF, LATEST)
    assert sum(shown.values()) <= sum(world.values())
    for subject in ("sleep", "short-breaks"):
        assert sum(n for cell, n in shown.items() if cell.subject == subject) <= sum(
            n for cell, n in world.items() if cell.subject == subject
        )
    for cell, number in shown.items():
        if ANY not in (cell.sign, cell.area, cell.age_band) and not cell.area.startswith("council:"):
            assert world[cell] == number


@given(_worlds, st.sampled_from(("", *SIGNS)), st.sampled_from(("", *AGE_BANDS)), st.sampled_from(("", "E06000057")))
def test_a_filter_never_shows_a_number_that_no_filter_showed(world, sign, band, council):
    shown = release(world, COUNCIL_OF, LATEST)
    choice = Choice(sign=sign, age_band=band, council=council)
    assert {cell: number for cell, number in shown.items() if choice.fits(cell, COUNCIL_OF)}.items() <= shown.items()


def test_a_total_less_its_parts_gives_nothing():
    """Twelve, of which nine are in Alnwick: three are left, and nobody can tell."""
    world = {
        Cell("2026-11", "sleep", "nothing_found", "NE66", "5_10"): 9,
        Cell("2026-11", "sleep", "nothing_found", "NE65", "5_10"): 3,
    }
    shown = release(world, COUNCIL_OF, LATEST)
    assert list(shown.values()) == [9]
    assert sums(shown, lambda cell: cell.subject) == [("sleep", 9)]
    without = {cell: number for cell, number in world.items() if cell.area != "NE65"}
    assert outside(without) == outside(world)


def test_two_months_less_one_gives_nothing():
    world = {Cell(month, "sleep", "waiting", "NE66", "5_10"): number for month, number in (("2026-10", 7), ("2026-11", 2))}
    assert outside(world) == outside({Cell("2026-10", "sleep", "waiting", "NE66", "5_10"): 7})


def test_a_month_is_shown_only_when_it_is_over():
    world = {Cell("2026-11", "sleep", "waiting", "NE66", "5_10"): 50}
    assert release(world, COUNCIL_OF, datetime.date(2026, 12, 1)) == {}
    assert release(world, COUNCIL_OF, datetime.date(2026, 12, 2)) == world


def test_what_is_too_few_is_put_together_with_its_neighbours():
    world = {
        Cell("2026-11", "sleep", "waiting", outcode, band): 2
        for outcode in ("NE66", "NE65")
        for band in ("", "5_10", "11_15", "16_18")
    }
    assert release(world, COUNCIL_OF, LATEST) == {Cell("2026-11", "sleep", "waiting", "council:E06000057", ANY): 16}
