"""The official schemas, and directories filled with other people's data."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlite_utils import Database

from directory import importing, setup, store
from plumbing.db import open_db
from tests.conftest import SHARED, plain_app
from tests.directory.feed.checking import Checker

OFFICIAL = SHARED / "samples" / "oruk"
# What others have published, by the name it goes by in the tests.
PUBLISHED = {
    "bristol": "bristol_2024-12.json",
    "north lincolnshire": "north_lincolnshire",
    "miami": "hsds_miami211",
    "buckinghamshire": "bucks_outpost/services_page1.json",
    "hsds 3.0 csv": "oruk/hsds-3.0-examples/csv",
    "hsds 3.0 json": "oruk/hsds-3.0-examples/service_full.json",
    "uk 3.0 json": "oruk/hsds-uk-3.0/examples/service_full.json",
}


@pytest.fixture(scope="session")
def checker() -> Checker:
    """Our checker over the official schemas."""
    folder = OFFICIAL / "hsds-uk-3.0" / "schema"
    if not folder.is_dir():
        pytest.skip("the official schemas are not beside this checkout")
    return Checker(folder)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with categories, needs and places, and no listing at all."""
    data = tmp_path_factory.mktemp("bare")
    plain_app(data)
    db = open_db(data / "directory.db")
    setup.set_up(db)
    setup.remove_demonstration(db)
    with db.atomic():
        store.remove_source(db, "national")
        store.bump(db)
    db.close()
    return data


@pytest.fixture
def empty(bare: Path, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Makes an empty directory of a name."""
    opened: list[Database] = []

    def make(name: str) -> Database:
        data = shutil.copytree(bare, tmp_path / name)
        opened.append(open_db(data / "directory.db"))
        return opened[-1]

    yield make
    for db in opened:
        db.close()


@pytest.fixture(scope="session")
def published(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Flask]:
    """Linkbook over what somebody published; skips where the sample is not beside the checkout."""
    made: dict[str, Flask] = {}

    def make(name: str) -> Flask:
        sample = SHARED / "samples" / PUBLISHED[name]
        if not sample.exists():
            pytest.skip(f"the sample of {name} is not beside this checkout")
        if name not in made:
            data = shutil.copytree(bare, tmp_path_factory.mktemp("published") / "data")
            db = open_db(data / "directory.db")
            importing.import_listings(db, str(sample), source=f"sample-{name.replace(' ', '-')}")
            db.close()
            made[name] = plain_app(data)
        return made[name]

    return make
