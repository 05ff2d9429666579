"""Export, import into an empty directory, export: the same bytes, whoever the listings are from."""

from __future__ import annotations

import io
import json

import pytest

from directory import exporting, importing
from plumbing.db import open_db

SAMPLES = ("bristol", "north lincolnshire", "miami", "buckinghamshire", "hsds 3.0 csv", "hsds 3.0 json", "uk 3.0 json")


def exported(db, format_: str = "openreferral") -> bytes:
    file = io.BytesIO()
    exporting.export(db, format_, file)
    return file.getvalue()


def first_difference(one: bytes, other: bytes) -> str:
    """Where two exports differ, for a person to read."""
    pairs = zip(json.loads(one)["contents"], json.loads(other)["contents"], strict=True)
    for a, b in pairs:
        for name in {**a, **b}:
            if a.get(name) != b.get(name):
                return f"{a['id']} {name}: {json.dumps(a.get(name))[:600]} / {json.dumps(b.get(name))[:600]}"
    return "only in their order"


def again(first: bytes, empty, tmp_path) -> bytes:
    file = tmp_path / "feed.json"
    file.write_bytes(first)
    db = empty("again")
    result = importing.import_listings(db, str(file), source="again")
    assert not result.refused
    return exported(db)


def test_the_starter_directory_comes_back_byte_for_byte(db, empty, tmp_path):
    first = exported(db)
    assert json.loads(first)["total_items"] > 400
    second = again(first, empty, tmp_path)
    assert first == second, first_difference(first, second)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_others_published_comes_back_byte_for_byte(published, name, empty, tmp_path):
    db = open_db(published(name).extensions["settings"].directory_db)
    first = exported(db)
    db.close()
    assert json.loads(first)["contents"]
    second = again(first, empty, tmp_path)
    assert first == second, first_difference(first, second)
