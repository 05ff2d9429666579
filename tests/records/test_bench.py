"""The benchmark measures what it says, on a small scale, and prints it."""

from __future__ import annotations

import re

import pytest

from records import bench


@pytest.fixture
def here(tmp_path):
    house = bench._House(tmp_path)
    yield house
    house.close()


def test_it_prints_ours_the_bare_and_the_ratio(here):
    said: list[str] = []
    bench._open_one(here, said.append)
    bench._list_and_search(here, 5, said.append)
    text = "\n".join(said)
    ratios = [float(ratio) for ratio in re.findall(r"ours to that +([0-9.]+)", text)]
    assert len(ratios) == 4
    assert len(re.findall(r"p50 +[0-9.]+ ms   p95 +[0-9.]+ ms", text)) == 8
    # We do all that the primitives do, so we cannot be faster.
    assert min(ratios[:3]) > 1


def test_rotating_really_rotates(here, monkeypatch):
    monkeypatch.setattr(bench, "_IN_ROTATION", 10)
    bench._rotate(here, lambda _line: None)
    assert here.db.execute("SELECT min(epoch), count(*) FROM entry_version WHERE epoch > 5").fetchone() == (10, 10)


def test_busy_people_are_counted_apart_from_the_times():
    times, share, _more = bench._sign_in_apart(16, 1, True)
    assert 0 < times.p50 <= times.p95
    assert share > 0.5


@pytest.mark.parametrize("sizes", ["0", "1,", "ten", "-5", "²", "12345678"])
def test_sizes_that_are_none_are_refused(app, sizes):
    answer = app.test_cli_runner().invoke(args=["records", "bench", "--sizes", sizes])
    assert answer.exit_code == 2
    assert "whole numbers" in answer.output
