"""What comes from outside: archives that are bombs, addresses that lead inside, feeds that are asked by the clock."""

import io
import threading
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from directory import store
from directory.importers import UnreadableError
from directory.importers.unpacking import lay_out
from directory.keeping import editing, pulls
from directory.store import imports as rows
from plumbing import clock
from plumbing.fetching import Limits, NotFetchedError, fetch, is_open
from tests.directory.desk.bringing import apply, bring, feed, kinds, listing, ours


def zipped(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv").replace("_json", ".json"), text)
    return io.BytesIO(data.getvalue())


def test_an_archive_is_laid_out_under_plain_names(tmp_path):
    lay_out([("hsds.zip", zipped(inside__services_csv="id,name\n1,Club", readme_md="x"))], tmp_path / "a", 1000)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["services.csv"]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../../../tmp/evil.csv", "x")
    lay_out([("x.zip", io.BytesIO(data.getvalue()))], tmp_path / "b", 1000)
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["evil.csv"]


@pytest.mark.parametrize(
    ("name", "file", "words"),
    [
        ("bomb.zip", lambda: zipped(a_csv="0" * 5_000_000), "larger than"),
        ("many.zip", lambda: zipped(**{f"f{n}_csv": "x" for n in range(600)}), "more than 500 files"),
        ("broken.zip", lambda: io.BytesIO(b"PK\x03\x04 nonsense"), "damaged"),
        ("empty.zip", lambda: zipped(readme_md="x"), "no file in it"),
        ("book.xlsx", lambda: io.BytesIO(b"PK"), "not a kind of file"),
        ("big.csv", lambda: io.BytesIO(b"x" * 200_000), "larger than"),
        ("twice.zip", lambda: zipped(a__x_csv="1", b__x_csv="2"), "two files with the name"),
    ],
)
def test_what_cannot_be_unpacked_is_refused_in_words_and_leaves_nothing(tmp_path, name, file, words):
    with pytest.raises(UnreadableError, match=words):
        lay_out([(name, file())], tmp_path / "new", 10_000)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::", "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_an_address_inside_our_walls_is_not_open(address):
    assert not is_open(address)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.org/services", "does not begin with https"),
        ("https://localhost/services", "not a site on the open internet"),
        ("https://127.0.0.1:8000/", "not a site on the open internet"),
        ("https://[::1]/", "not a site on the open internet"),
        ("https://2130706433/", "not a site on the open internet"),
        ("https://user:secret@example.org/", "not a web address"),
        ("file:///etc/passwd", "does not begin with https"),
        ("https:///x", "not a web address"),
    ],
)
def test_what_could_lead_inside_is_not_asked(url, words):
    with pytest.raises(NotFetchedError, match=words):
        fetch(url, Limits())


class Server(BaseHTTPRequestHandler):
    """A feed with an ETag, that can fail, and leads away under /away."""

    listings, status, asked = [], 200, []

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("If-None-Match")))
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest")
            self.end_headers()
            return
        body = feed(*self.listings)
        mark = f'"{hash(body)}"'
        known = self.headers.get("If-None-Match") == mark
        self.send_response(304 if known else self.status)
        self.send_header("ETag", mark)
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def server():
    Server.listings, Server.status, Server.asked = [listing(n) for n in range(8)], 200, []
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_redirect_to_another_site_is_not_followed(server):
    with pytest.raises(NotFetchedError, match="leads to another site"):
        fetch(f"{server}/away", Limits(anywhere=True))


def test_a_page_that_is_too_large_is_cut_off(server):
    with pytest.raises(NotFetchedError, match="sent more than"):
        fetch(f"{server}/services", Limits(anywhere=True, most_bytes=100))


def test_a_feed_waits_for_somebody_and_is_not_sent_again_while_nothing_is_new(own_db, shop, server):
    pulls.add(own_db, "council", f"{server}/services", "day", "Beth")
    assert pulls.pull_all(own_db, shop) == 1
    job = rows.list_jobs(own_db, ("ready",))[0]
    assert kinds(own_db, job.id) == {"added": 8}
    assert not store.has_source(own_db, "council")
    apply(own_db, shop, job.id)
    assert pulls.pull_all(own_db, shop) == 0
    with clock.moved(days=1, minutes=1):
        assert pulls.pull_all(own_db, shop) == 1
    assert Server.asked[-1][1]
    assert rows.list_jobs(own_db, ("ready",)) == []


def test_only_what_is_safe_happens_by_itself(own_db, shop, server):
    bring(own_db, shop, *Server.listings)
    editing.save(own_db, replace(ours(own_db, 2), fees="£5"), "Beth", "rang them")
    pulls.add(own_db, "council", f"{server}/services", "week", "Beth", by_itself=True)
    Server.listings = [listing(1, fees="Free"), listing(2, fees="£4"), *(listing(n) for n in range(3, 8)), listing(20)]
    pulls.pull_all(own_db, shop)
    assert (ours(own_db, 1).fees, ours(own_db, 2).fees) == ("Free", "£5")
    rest = rows.list_jobs(own_db, ("ready",))
    assert [kinds(own_db, job.id) for job in rest] == [{"added": 1, "changed": 1, "missing": 1}]
    assert rows.list_jobs(own_db, ("applied",))[0].changed == 1


def test_when_nearly_everything_changes_at_once_nothing_happens_by_itself(own_db, shop, server):
    bring(own_db, shop, *Server.listings)
    pulls.add(own_db, "council", f"{server}/services", "week", "Beth", by_itself=True)
    Server.listings = [listing(n, fees="Free") for n in range(8)]
    pulls.pull_all(own_db, shop)
    assert ours(own_db, 1).fees == ""
    assert len(rows.list_jobs(own_db, ("ready",))) == 1


def test_a_feed_that_fails_says_so_and_is_asked_later_and_later(own_db, shop, server):
    Server.status = 500
    feed_id = pulls.add(own_db, "council", f"{server}/services", "day", "Beth")
    waits = []
    for _turn in range(3):
        pulls.pull_all(own_db, shop)
        pull = pulls.get(own_db, feed_id)
        waits.append(pull.next_at)
        own_db.execute("UPDATE pull SET next_at = ''")
    assert pull.failures == 3
    assert "500" in pull.words
    assert waits == sorted(set(waits))
    Server.status = 200
    pulls.pull_all(own_db, shop)
    assert (pulls.get(own_db, feed_id).failures, pulls.get(own_db, feed_id).words) == (0, "")
