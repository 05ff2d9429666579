"""A guest's half hour: a cookie and a row, neither of which opens anything alone."""

from __future__ import annotations

import pytest

from plumbing import clock
from plumbing.db import open_db
from records import guests


@pytest.fixture
def visits(tmp_path):
    """A file of visits."""
    db = open_db(tmp_path / "sessions.db", secure_delete=True)
    guests.migrations.apply(db)
    yield db
    db.close()


def test_a_visit_holds_the_packs_key_and_its_file_alone_does_not(visits):
    token = guests.start(visits, "a" * 32, b"k" * 32)
    assert guests.find(visits, token) == ("a" * 32, b"k" * 32)
    assert guests.find(visits, bytes(32)) is None
    assert b"k" * 32 not in visits.execute("SELECT sealed FROM guest").fetchone()[0]


@pytest.mark.parametrize("edit", ["pack_id = 'b'", "expires = expires + 9999"])
def test_an_edited_visit_opens_nothing(visits, edit):
    token = guests.start(visits, "a" * 32, b"k" * 32)
    visits.execute(f"UPDATE guest SET {edit}")
    assert guests.find(visits, token) is None


def test_a_visit_ends_by_itself_and_by_hand(visits):
    first, second = (guests.start(visits, "a" * 32, b"k" * 32) for _ in range(2))
    guests.end(visits, first)
    assert guests.find(visits, first) is None
    with clock.moved(minutes=guests.MINUTES):
        assert guests.find(visits, second) is None
        assert guests.sweep(visits) == 1
