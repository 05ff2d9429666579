"""Rate limits count for all server processes together, exactly, and forget."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from limits import RateLimitItemPerHour
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from directory import store
from plumbing.db import open_db
from plumbing.limits import SqliteStorage
from plumbing.settings import ROOT
from tests.conftest import create_app, settings_for

HOUR = 3600
_COUNT = """
import sys, time
from plumbing.limits import SqliteStorage
folder, begin = sys.argv[1], float(sys.argv[2])
for number in range(40):
    time.sleep(max(0, begin + number * 0.05 - time.time()))
    storage = SqliteStorage(f"linkbook-sqlite://{folder}/{number}.db")
    print(*[storage.incr("somebody", 3600) for _ in range(5)], flush=True)
"""


@pytest.fixture
def storage(tmp_path) -> SqliteStorage:
    return SqliteStorage(f"linkbook-sqlite://{tmp_path / 'limits.db'}")


def _rows(path: Path) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT key, count FROM hits ORDER BY key").fetchall()


def test_the_limits_library_finds_our_storage_by_its_address(tmp_path):
    assert isinstance(storage_from_string(f"linkbook-sqlite://{tmp_path / 'limits.db'}"), SqliteStorage)


def test_each_hit_counts_one_more_for_its_own_key(storage):
    assert [storage.incr("a", HOUR) for _ in range(3)] == [1, 2, 3]
    assert storage.incr("b", HOUR) == 1
    assert storage.incr("a", HOUR, amount=4) == 7
    assert (storage.get("a"), storage.get("b"), storage.get("nobody")) == (7, 1, 0)
    assert storage.check()


def test_four_processes_that_start_together_lose_no_hit_and_count_none_twice(tmp_path):
    begin = str(time.time() + 1.5)
    together = [
        subprocess.Popen(
            [sys.executable, "-c", _COUNT, tmp_path, begin], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    said = [process.communicate() for process in together]
    assert not [errors.decode().splitlines()[-1] for _, errors in said if errors]
    rounds = zip(*(out.decode().splitlines() for out, _ in said), strict=True)
    for number, lines in enumerate(rounds):
        assert sorted(int(count) for line in lines for count in line.split()) == list(range(1, 21))
        assert [count for _key, count in _rows(tmp_path / f"{number}.db")] == [20]


def test_a_window_ends_and_the_count_begins_anew(storage):
    # A window of no length has ended as soon as it began: nobody need wait for it here.
    assert [storage.incr("a", 0), storage.incr("a", 0)] == [1, 1]
    assert storage.get("a") == 0


def test_the_first_hit_starts_the_window_and_later_ones_do_not_stretch_it(storage):
    storage.incr("a", HOUR)
    ends = storage.get_expiry("a")
    assert time.time() < ends <= time.time() + HOUR
    storage.incr("a", 5 * HOUR)
    assert storage.get_expiry("a") == ends


def test_no_address_stays_in_the_file_after_its_window(storage, tmp_path):
    storage.incr("203.0.113.7", 0)
    storage.incr("203.0.113.8", HOUR)
    assert _rows(tmp_path / "limits.db") == [(storage.mark("203.0.113.8"), 1)]


def test_the_file_has_marks_that_nobody_makes_without_the_key(storage, tmp_path):
    account = "0123456789abcdef" * 2
    storage.mark_with(b"the server's key")
    storage.incr(account, HOUR)
    assert storage.get(account) == 1
    assert account.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("limits.db*"))
    storage.mark_with(b"another key")
    assert storage.get(account) == 0


def test_counts_can_be_forgotten_one_by_one_or_all(storage):
    for key in "abc":
        storage.incr(key, HOUR)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)
    assert storage.reset() == 2
    assert storage.get("b") == 0


def test_a_key_is_a_value_and_never_sql(storage):
    storage.incr("'; DROP TABLE hits; --", HOUR)
    assert storage.get("'; DROP TABLE hits; --") == 1


def test_one_hit_more_than_allowed_is_refused(storage):
    limiter, item = FixedWindowRateLimiter(storage), RateLimitItemPerHour(3)
    assert [limiter.hit(item, "somebody") for _ in range(5)] == [True, True, True, False, False]
    assert limiter.hit(item, "somebody else")


def _report(client, address: str, **fields: str):
    token = client.get(address).text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    return client.post(address, data={"csrf_token": token, "topic": "phone", "words": "It rings out."} | fields)


@pytest.fixture
def report_address(own_db) -> str:
    return f"/services/{store.all_service_ids(own_db)[0]}/report"


def test_a_second_server_process_refuses_what_the_first_one_counted(own_data, report_address):
    answers = [
        _report(create_app(settings_for(own_data, reports_an_hour=2)).test_client(), report_address).status_code for _ in range(4)
    ]
    assert answers == [302, 302, 429, 429]
    assert len(store.list_reports(open_db(own_data / "directory.db"))) == 2


def test_a_report_that_had_to_be_mended_is_not_counted(own_data, report_address):
    client = create_app(settings_for(own_data, reports_an_hour=1)).test_client()
    assert [_report(client, report_address, words="").status_code for _ in range(3)] == [400] * 3
    assert [_report(client, report_address).status_code for _ in range(2)] == [302, 429]


def test_nobody_gets_round_the_limit_by_making_up_an_address(own_data, report_address):
    client = create_app(settings_for(own_data, reports_an_hour=1)).test_client()
    assert _report(client, report_address).status_code == 302
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    assert _report(client, report_address).status_code == 429


def test_behind_one_proxy_of_ours_each_sender_is_counted_alone(own_data, report_address):
    client = create_app(settings_for(own_data, reports_an_hour=1, trusted_proxies=1)).test_client()
    answers = []
    for forwarded in ("203.0.113.1", "203.0.113.2", "made-up, 203.0.113.1"):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = forwarded
        answers.append(_report(client, report_address).status_code)
    assert answers == [302, 302, 429]


def test_reading_is_never_limited(own_data, report_address):
    client = create_app(settings_for(own_data, reports_an_hour=1)).test_client()
    _report(client, report_address)
    assert {client.get(address).status_code for address in (report_address, "/", "/talk-now")} == {200}
