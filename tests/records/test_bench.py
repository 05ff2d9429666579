"""The benchmark measures what it says, on a small scale, and prints it."""

from __future__ import annotations

import re

import pytest

from records.bench import planning, reading, sharing, signing_in, writing
from records.bench.house import TODAY, House
from records.gate import Gate, NotShared


@pytest.fixture
def here(tmp_path):
    house = House(tmp_path)
    yield house
    house.close()


def test_it_prints_ours_the_bare_and_the_ratio(here):
    said: list[str] = []
    reading.open_one(here, said.append)
    reading.list_and_search(here, 5, said.append)
    text = "\n".join(said)
    ratios = [float(ratio) for ratio in re.findall(r"ours to that +([0-9.]+)", text)]
    assert len(ratios) == 4
    assert len(re.findall(r"p50 +[0-9.]+ ms   p95 +[0-9.]+ ms", text)) == 8
    # We do all that the primitives do, so we cannot be faster.
    assert min(ratios[:3]) > 1


def test_rotating_really_rotates(here, monkeypatch):
    monkeypatch.setattr(writing, "IN_ROTATION", 10)
    writing.rotate(here, lambda _line: None)
    assert here.db.execute("SELECT min(epoch), count(*) FROM entry_version WHERE epoch > 5").fetchone() == (10, 10)


def test_withdrawing_really_withdraws(here, monkeypatch):
    monkeypatch.setattr(sharing, "IN_WITHDRAWAL", 10)
    said: list[str] = []
    sharing.withdraw(here, said.append)
    assert re.search(r"withdrawn +p50 +[0-9.]+ ms", "\n".join(said))
    assert here.db.execute("SELECT min(epoch), count(*) FROM entry_version WHERE epoch > 5").fetchone() == (10, 10)
    gate = Gate(here.db, here.office, here.reader, TODAY)
    with pytest.raises(NotShared):
        gate.enter(gate.shared_ids()[0])


def test_a_reader_is_seen_each_time_and_the_only_holder_is_not(here, monkeypatch):
    monkeypatch.setattr(sharing, "_ROUNDS", 3)
    sharing.look(here, lambda _line: None)
    (record_id,) = Gate(here.db, here.office, here.person, TODAY).record_ids()
    looks = [line.words["who"] for line in here.enter(record_id).log_lines() if line.words["what"] == "listed"]
    assert looks == [here.reader.account_id] * 4


def test_the_log_is_read_and_the_pack_is_opened(here, monkeypatch):
    monkeypatch.setattr(sharing, "IN_LOG", 20)
    said: list[str] = []
    sharing.read_log(here, said.append)
    sharing.open_pack(here, said.append)
    ratios = [float(ratio) for ratio in re.findall(r"ours to that +([0-9.]+)", "\n".join(said))]
    assert len(ratios) == 2
    assert ratios[1] > 0.5, "Argon2 is most of it, and it was not left out."


def test_busy_people_are_counted_apart_from_the_times():
    times, share, _more = signing_in._sign_in_apart(16, 1, True)
    assert 0 < times.p50 <= times.p95
    assert share > 0.5


@pytest.mark.parametrize("sizes", ["0", "1,", "ten", "-5", "²", "12345678"])
def test_sizes_that_are_none_are_refused(app, sizes):
    answer = app.test_cli_runner().invoke(args=["records", "bench", "--sizes", sizes])
    assert answer.exit_code == 2
    assert "whole numbers" in answer.output


def test_a_plan_is_opened_whole_and_set_on_paper(here, monkeypatch):
    monkeypatch.setattr(planning, "_ROUNDS", 2)
    monkeypatch.setattr(planning, "ACTIONS", 8)
    monkeypatch.setattr(planning, "VERSIONS", 2)
    said: list[str] = []
    planning.open_plan(here, said.append)
    assert len(re.findall(r"p50 +[0-9.]+ ms   p95 +[0-9.]+ ms", "\n".join(said))) == 4
