"""The index is derived: missing, damaged, behind or being written, the answers stay true."""

import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from directory import setup, store
from directory.search import Finder, Query
from directory.search.document import Document
from directory.search.index import Index
from directory.service import Service
from plumbing.db import open_db
from tests.conftest import PROOF, ROOT, Server


def save(db, number, name, status="active"):
    with db.atomic():
        store.ensure_source(db, "test", "Test")
        store.save_service(db, Service(id=f"00000000-0000-4000-8000-{number:012}", name=name, source="test", status=status))
        store.bump(db)


def total(finder, db, words):
    return finder.search(db, Query(words=words)).total


def test_an_edit_is_found_at_the_next_question(own_finder, own_db):
    save(own_db, 1, "Xylophone club")
    assert total(own_finder, own_db, "xylophone") == 1
    save(own_db, 1, "Trombone club")
    assert total(own_finder, own_db, '"xylophone"') == 0
    assert total(own_finder, own_db, "trombone") == 1


@pytest.mark.parametrize("status", ["inactive", "defunct"])
def test_a_withdrawn_listing_is_found_no_more(own_finder, own_db, status):
    save(own_db, 1, "Xylophone club")
    assert total(own_finder, own_db, "xylophone") == 1
    save(own_db, 1, "Xylophone club", status)
    assert total(own_finder, own_db, '"xylophone"') == 0


def test_a_page_shows_nothing_that_the_database_says_may_not_be_shown(own_app, own_db):
    finder = own_app.extensions["finder"]
    save(own_db, 1, "Xylophone club")
    total(finder, own_db, "xylophone")
    # Behind search's back, as if its outbox had been lost.
    own_db.execute("UPDATE service SET status = 'inactive' WHERE name = 'Xylophone club'")
    own_db.conn.commit()
    assert "Xylophone" not in own_app.test_client().get("/search?q=club").text


def test_two_finders_of_one_folder_see_the_same(own_data, own_db):
    one, other = (Finder(own_data / "search") for _ in range(2))
    total(one, own_db, "sleep"), total(other, own_db, "sleep")
    save(own_db, 1, "Xylophone club")
    assert total(one, own_db, "xylophone") == 1
    assert total(other, own_db, "xylophone") == 1
    one.rebuild(own_db)
    save(own_db, 2, "Xylophone band")
    assert total(other, own_db, "xylophone") == 2


def test_a_missing_index_is_built_by_itself(own_data, own_db):
    expected = total(Finder(own_data / "search"), own_db, "sleep")
    shutil.rmtree(own_data / "search")
    assert total(Finder(own_data / "search"), own_db, "sleep") == expected > 0


def test_an_index_deleted_under_a_running_process_is_built_again(own_data, own_finder, own_db):
    expected = total(own_finder, own_db, "sleep")
    shutil.rmtree(own_data / "search")
    assert total(own_finder, own_db, "sleep") == expected


@pytest.mark.parametrize("damage", ["cut", "noise", "gone", "empty", "toc", "pointer", "stamp"])
def test_a_damaged_index_is_built_again(own_data, own_db, damage):
    folder = own_data / "search"
    expected = total(Finder(folder), own_db, "sleep")
    live = folder / (folder / "CURRENT").read_text()
    parts = sorted(path for path in live.iterdir() if path.suffix == ".seg")
    rng = random.Random(damage)
    if damage == "cut":
        parts[0].write_bytes(parts[0].read_bytes()[:1000])
    elif damage == "noise":
        parts[0].write_bytes(rng.randbytes(5000))
    elif damage == "gone":
        parts[0].unlink()
    elif damage == "empty":
        parts[0].write_bytes(b"")
    elif damage == "toc":
        for path in live.glob("_MAIN_*.toc"):
            path.write_bytes(b"not a toc")
    elif damage == "pointer":
        (folder / "CURRENT").write_bytes(b"\xff../../../etc")
    else:
        (live / "stamp.json").write_text("{")
    assert total(Finder(folder), own_db, "sleep") == expected


def test_an_index_that_lost_documents_is_noticed_at_the_start(own_data, own_db):
    folder = own_data / "search"
    expected = total(Finder(folder), own_db, "sleep")
    index = Index(folder)
    with index.writing(wait=1):
        index.apply([], store.all_service_ids(own_db)[:50])
    assert total(Finder(folder), own_db, "sleep") == expected


def test_the_index_folder_is_for_its_user_only(own_data, own_finder, own_db):
    own_finder.rebuild(own_db)
    assert (own_data / "search").stat().st_mode & 0o777 == 0o700


def test_a_failed_write_leaves_the_next_one_free(tmp_path):
    index = Index(tmp_path / "index")
    with index.writing(wait=1):
        index.rebuild([Document("1", "service", "One")], {})
    broken = Document("2", "service", "Two", points=(object(),))  # type: ignore[arg-type]
    with pytest.raises(TypeError), index.writing(wait=1):
        index.apply([broken], [])
    with index.writing(wait=1):
        index.apply([Document("3", "service", "Three")], [])
    assert index.count() == 2


def test_the_same_document_twice_in_one_batch_is_kept_once(tmp_path):
    index = Index(tmp_path / "index")
    with index.writing(wait=1):
        index.rebuild([], {})
    with index.writing(wait=1):
        index.apply([Document("1", "service", "One"), Document("1", "service", "Uno")], [])
    assert index.count() == 1


def test_only_one_writes_at_a_time(tmp_path):
    index = Index(tmp_path / "index")
    with index.writing(wait=1), pytest.raises(TimeoutError):
        Index(tmp_path / "index").writing(wait=0.05)


def test_many_readers_while_one_writes(own_data):
    """Nobody sees an error, a deleted listing, or two of one."""
    finder = Finder(own_data / "search")
    stop = threading.Event()

    def read():
        db = open_db(own_data / "directory.db")
        seen = set()
        while not stop.is_set():
            page = finder.search(db, Query(words="xylophone", size=50))
            ids = [result.id for result in page.results]
            assert len(ids) == len(set(ids))
            seen.add(page.total)
        db.close()
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        db = open_db(own_data / "directory.db")
        for number in range(20):
            save(db, number % 5, f"Xylophone club {number}")
            finder.search(db, Query(words="xylophone"))
        db.close()
        stop.set()
        totals = set().union(*(reader.result() for reader in readers))
    assert totals <= {0, 1, 2, 3, 4, 5}


def test_two_server_processes_see_an_edit_at_the_next_request(own_data):
    server = Server(own_data)
    try:
        db = open_db(own_data / "directory.db")
        for number in range(3):
            server.get("/search?q=xylophone")
            save(db, number, f"Xylophone club {number}")
            # Both processes take part in sixteen requests; each must know.
            pages = [server.get("/search?q=xylophone") for _ in range(16)]
            assert all(f"Xylophone club {number}" in page for page in pages)
        db.close()
        assert "xylophone" not in server.log.read_text()
    finally:
        server.stop()


@pytest.mark.parametrize("seed", range(200 if PROOF else 20))
def test_a_killed_writer_leaves_the_old_index_answering(own_data, seed):
    rng = random.Random(seed)
    finder = Finder(own_data / "search")
    db = open_db(own_data / "directory.db")
    expected = total(finder, db, "sleep")
    how = "rebuild(db)" if seed % 2 else "search(db, Query())"
    if seed % 2 == 0:
        for number in range(30):
            save(db, number, f"Xylophone club {number}")
    code = (
        "import sys; from pathlib import Path; from plumbing.db import open_db; from directory.search import Finder, Query\n"
        "here = Path(sys.argv[1]); db = open_db(here / 'directory.db'); finder = Finder(here / 'search')\n"
        "print('go', flush=True)\n"
        f"finder.{how}"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(own_data)], cwd=ROOT, stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(rng.random() * (1.2 if seed % 2 else 0.25))
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for one in (finder, Finder(own_data / "search")):
        assert total(one, db, "sleep") == expected
        assert total(one, db, "xylophone") == (0 if seed % 2 else 30)
    assert finder.health(db).ok
    db.close()


def test_taking_the_demonstration_out_takes_it_out_of_search(own_db, own_finder):
    setup.remove_demonstration(own_db)
    page = own_finder.search(own_db, Query(size=500))
    assert page.total == len(store.all_service_ids(own_db)) == 135
    assert {result.reach for result in page.results} == {"national"}
