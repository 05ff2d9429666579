"""A house with a family in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.person import Person
from records.gate import Opened
from tests.records.people import House, build


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A family.db with nobody in it."""
    house = build(tmp_path)
    yield house
    house.db.close()


@pytest.fixture
def amina(house: House) -> Person:
    """Yusuf's mum, who holds his record."""
    return house.person("amina")


@pytest.fixture
def yusuf(house: House, amina: Person) -> Opened:
    """Yusuf's record, opened by Amina."""
    return house.record(amina)
