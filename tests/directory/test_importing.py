"""The job of importing: by id, never twice, all or nothing."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from directory import importing, store
from directory.importers import UnreadableError
from plumbing.db import open_db
from tests.conftest import PROOF, ROOT


def listing(number, **changes):
    return {"id": f"x{number}", "name": f"Service {number}", "status": "active", "description": "A club."} | changes


def write(path, listings):
    path.write_text(json.dumps({"contents": listings}))
    return str(path)


def everything(db):
    """The whole directory as text, to compare before with after."""
    tables = [name for name in db.table_names() if name not in {"search_outbox", "revision"}]
    return {table: sorted(map(repr, db[table].rows)) for table in tables}


def test_importing_again_changes_nothing(own_db, tmp_path):
    path = write(tmp_path / "feed.json", [listing(n) for n in range(5)])
    importing.import_listings(own_db, path)
    before = everything(own_db)
    result = importing.import_listings(own_db, path)
    assert (result.added, result.changed, result.unchanged) == (0, 0, 5)
    before.pop("source"), (after := everything(own_db)).pop("source")
    assert after == before


def test_only_what_differs_is_changed(own_db, tmp_path):
    importing.import_listings(own_db, write(tmp_path / "feed.json", [listing(n) for n in range(5)]))
    again = [listing(n) for n in range(4)] + [listing(4, name="New name"), listing(9)]
    result = importing.import_listings(own_db, write(tmp_path / "feed.json", again))
    assert (result.added, result.changed, result.unchanged) == (1, 1, 4)


def test_a_publisher_is_known_again_under_another_file_name(own_db, tmp_path):
    importing.import_listings(own_db, write(tmp_path / "october.json", [listing(n) for n in range(8)]))
    result = importing.import_listings(own_db, write(tmp_path / "november.json", [listing(n, fees="Free") for n in range(8)]))
    assert (result.added, result.changed) == (0, 8)


def test_two_publishers_with_the_same_small_ids_do_not_collide(own_db, tmp_path):
    importing.import_listings(own_db, write(tmp_path / "alpha.json", [listing(n) for n in range(5)]))
    other = [listing(n, name=f"Quite another {n}") for n in range(5)]
    result = importing.import_listings(own_db, write(tmp_path / "beta.json", other))
    assert result.added == 5


def test_the_same_listing_twice_in_one_file_is_one_listing_and_said(own_db, tmp_path):
    twice = [listing(1), listing(1, description="A club with a much longer description.")]
    result = importing.import_listings(own_db, write(tmp_path / "feed.json", twice))
    assert result.added == 1
    assert any("same listing" in remark.words for remark in result.remarks)
    service = store.get_services(own_db, list(store.imported_digests(own_db, result.source)))[0]
    assert service.description.startswith("A club with")


def test_a_failure_half_way_leaves_the_directory_as_it_was(own_db, tmp_path):
    before = everything(own_db)

    def stop(done, _total):
        if done == 30:
            raise KeyboardInterrupt

    path = write(tmp_path / "feed.json", [listing(n) for n in range(60)])
    with pytest.raises(KeyboardInterrupt):
        importing.import_listings(own_db, path, progress=stop)
    assert everything(own_db) == before


@pytest.mark.parametrize("seed", range(200 if PROOF else 20))
def test_killed_at_any_moment_the_directory_is_as_before_or_as_after(own_data, tmp_path, seed):
    rng = random.Random(seed)
    path = write(tmp_path / "feed.json", [listing(n, description="Words " * 60) for n in range(400)])
    code = (
        "import sys; from pathlib import Path; from plumbing.db import open_db; from directory import importing\n"
        "db = open_db(Path(sys.argv[1]) / 'directory.db'); print('go', flush=True)\n"
        "importing.import_listings(db, sys.argv[2])"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(own_data), path], cwd=ROOT, stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(rng.random() * 0.6)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    db = open_db(own_data / "directory.db")
    count = len(store.imported_digests(db, "feed"))
    assert count in {0, 400}
    assert next(iter(db.query("PRAGMA integrity_check")))["integrity_check"] == "ok"
    assert not list(db.query("PRAGMA foreign_key_check"))
    # Whatever happened, the next import brings it to its end.
    result = importing.import_listings(db, path)
    assert result.taken == 400
    db.close()


def test_two_imports_at_once_both_arrive(own_data, tmp_path):
    paths = [write(tmp_path / f"{name}.json", [listing(n, name=f"{name} {n}") for n in range(150)]) for name in ("one", "two")]
    code = (
        "import sys; from pathlib import Path; from plumbing.db import open_db; from directory import importing\n"
        "importing.import_listings(open_db(Path(sys.argv[1]) / 'directory.db'), sys.argv[2])"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(own_data), path], cwd=ROOT) for path in paths]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    db = open_db(own_data / "directory.db")
    assert len(store.imported_digests(db, "one")) == len(store.imported_digests(db, "two")) == 150
    db.close()


class Feed(BaseHTTPRequestHandler):
    """An Open Referral API of three pages, or one that fails on its second."""

    fails = False

    def do_GET(self):
        page = int(self.path.partition("page=")[2] or 1)
        if self.fails and page == 2:
            self.send_error(500)
            return
        body = json.dumps({"total_pages": 3, "contents": [listing(page * 10 + n) for n in range(4)]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def feed():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/services"
    Feed.fails = False
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_page_of_a_web_address_is_read(own_db, feed):
    result = importing.import_listings(own_db, feed)
    assert result.added == 12
    assert importing.import_listings(own_db, feed).unchanged == 12


def test_an_address_that_fails_half_way_imports_nothing(own_db, feed):
    Feed.fails = True
    before = everything(own_db)
    with pytest.raises(UnreadableError, match="did not answer"):
        importing.import_listings(own_db, feed)
    assert everything(own_db) == before


SAMPLES = [
    ("bristol_2024-12.json", 817, 1),
    ("hsds_miami211", 4089, 0),
    ("bucks_outpost", 20, 0),
    ("oruk/hsds-3.0-examples", 1, 0),
    ("oruk/hsds-3.0-examples/csv", 1, 0),
    ("oruk/hsds-uk-3.0/examples", 1, 0),
]


@pytest.mark.parametrize(("name", "added", "refused"), SAMPLES)
def test_real_data_is_imported_and_found(own_db, own_finder, samples, name, added, refused):
    result = importing.import_listings(own_db, str(samples / name))
    assert (result.added, len(result.refused)) == (added, refused)
    ids = list(store.imported_digests(own_db, result.source))
    services = store.get_services(own_db, ids)
    assert len(services) == added
    assert not any("<p>" in service.description or "###" in service.description for service in services)
    from directory.search import Query

    own_finder.search(own_db, Query(size=1))
    health = own_finder.health(own_db)
    assert health.ok
    assert health.waiting == 0
    again = importing.import_listings(own_db, str(samples / name))
    assert (again.added, again.changed, again.unchanged) == (0, 0, added)


def test_dangling_references_of_real_data_are_reported(own_db, samples):
    result = importing.import_listings(own_db, str(samples / "hsds_miami211"))
    words = " ".join(remark.words for remark in result.remarks)
    assert sum("which is not there" in remark.words for remark in result.remarks) == 447
    assert "2244 rows do not say which service" in words


def test_real_outpost_listings_bring_ages_places_and_needs(own_db, samples):
    importing.import_listings(own_db, str(samples / "bucks_outpost"))
    services = store.get_services(own_db, list(store.imported_digests(own_db, "bucks-outpost")))
    brownies = next(service for service in services if "Aylesbury Brownies" in service.name)
    assert (brownies.minimum_age, brownies.maximum_age) == (5, 11)
    assert brownies.locations[0].precision == "exact"
    assert "autism" in brownies.needs
