"""What somebody hostile, careless or unlucky would do; each was possible once."""

import contextlib
import json
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from directory import importing, store
from directory.importers import UnreadableError
from directory.importers.cleaning import clean_email, clean_text, clean_url
from directory.search import Finder, Query, words
from plumbing.db import open_db
from tests.conftest import ROOT, Server


def feed(tmp_path, *services, name="feed.json"):
    path = tmp_path / name
    path.write_text(json.dumps(list(services)))
    return str(path)


def listing(**changes):
    return {"id": "x1", "name": "A service", "status": "active"} | changes


# -- words


def test_words_are_stemmed_right_on_many_threads_at_once():
    cold = sorted({f"{stem}{end}" for stem in ("immun", "notif", "swimm", "respit", "supp", "cont", "wheel") for end in
                   ("ization", "izations", "ying", "ing", "ed", "orting", "inence", "chairs", "ational", "fulness")})  # fmt: skip
    right = {word: words.term_of(word) for word in cold}
    for _ in range(5):
        words.term_of.cache_clear()
        with ThreadPoolExecutor(8) as pool:
            found = [
                pool.submit(lambda order=order: {word: words.term_of(word) for word in order}) for order in (cold, cold[::-1]) * 8
            ]
        assert all(one.result() == right for one in found)


# -- one publisher against another


def test_a_feed_cannot_rewrite_an_organisation_of_ours(own_db, tmp_path):
    ours = store.get_services(own_db, [store.id_of_source(own_db, "national", "nat-001")])[0].organization
    evil = {"id": ours.id, "name": "Send money here", "website": "https://evil.example"}
    importing.import_listings(own_db, feed(tmp_path, listing(organization=evil)))
    assert store.get_organizations(own_db, [ours.id])[ours.id] == ours


def test_a_feed_cannot_unmask_a_refuge(own_db, tmp_path):
    rows = list(own_db.query("SELECT id FROM location WHERE hides_address = 1"))
    assert rows
    for row in rows:
        location = {"id": row["id"], "name": "Unmasked", "latitude": 55.1, "longitude": -1.5, "hides_address": False}
        importing.import_listings(own_db, feed(tmp_path, listing(service_at_locations=[{"location": location}])))
    assert list(own_db.query("SELECT id FROM location WHERE hides_address = 1")) == rows


def test_a_feed_cannot_take_over_another_publisher_s_listing(own_db, tmp_path):
    same = "ac148810-d857-441c-9679-408f346de14b"
    importing.import_listings(own_db, feed(tmp_path, listing(id=same, name="Ours"), name="aa.json"), source="aa")
    result = importing.import_listings(own_db, feed(tmp_path, listing(id=same, name="Theirs"), name="bb.json"), source="bb")
    assert "“aa”" in result.refused[0].words
    assert store.get_services(own_db, [same])[0].name == "Ours"


def test_two_councils_with_one_file_name_are_not_mixed_up(own_db, tmp_path):
    for number, town in enumerate(("Bristol", "Leeds")):
        (tmp_path / town).mkdir()
        path = feed(tmp_path / town, *(listing(id=str(n), name=f"{town} club {n}") for n in range(5)), name="services.json")
        if number == 0:
            importing.import_listings(own_db, path)
        else:
            with pytest.raises(UnreadableError, match="--source"):
                importing.import_listings(own_db, path)
            assert importing.import_listings(own_db, path, source="leeds").added == 5
    assert len(store.imported_digests(own_db, "services")) == 5


def test_no_publisher_says_how_sure_we_are_of_a_number(own_db, tmp_path):
    for confidence in ("checked", "high", "bogus"):
        document = listing(id=confidence, phones=[{"number": "01632 960001", "confidence": confidence}])
        result = importing.import_listings(own_db, feed(tmp_path, document), source="sure")
        assert result.taken == 1
    found = store.get_services(own_db, list(store.imported_digests(own_db, "sure")))
    assert {phone.confidence for service in found for phone in service.phones} == {""}


# -- hiding


@pytest.mark.parametrize("yes", [True, "TRUE", "y", "Y", "on", "t", 1, 1.0, "hidden", "withheld", "Yes ", "ja"])
def test_every_word_for_yes_hides_an_address(own_db, tmp_path, yes):
    location = {"id": "l", "name": "House", "addresses": [{"address_1": "1 Road", "city": "Blyth"}], "hides_address": yes}
    importing.import_listings(own_db, feed(tmp_path, listing(service_at_locations=[{"location": location}])))
    service = store.get_shown_services(own_db, list(store.imported_digests(own_db, "feed")))[0]
    assert service.locations[0].addresses[0].address_1 == ""


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_copies_of_a_place_the_hidden_one_wins(own_db, tmp_path, first):
    place = {"id": "l", "name": "House", "addresses": [{"address_1": "1 Road", "city": "Blyth"}]}
    copies = [place, place | {"hides_address": True}]
    services = [listing(id=str(n), service_at_locations=[{"location": copies[n ^ first]}]) for n in range(2)]
    importing.import_listings(own_db, feed(tmp_path, *services))
    assert [row["hides_address"] for row in own_db.query("SELECT hides_address FROM location WHERE name = 'House'")] == [1]


def test_a_spreadsheet_can_say_that_an_address_is_confidential(own_db, tmp_path):
    path = tmp_path / "council.csv"
    path.write_text("Name,Address,Town,Address confidential\nHouse,1 Road,Blyth,yes\nHall,2 Road,Blyth,no\n")
    importing.import_listings(own_db, str(path))
    shown = store.get_shown_services(own_db, list(store.imported_digests(own_db, "council")))
    assert {s.name: s.locations[0].addresses[0].address_1 for s in shown} == {"House": "", "Hall": "2 Road"}


# -- fields and files


@pytest.mark.parametrize("email", ["help@charity.org?bcc=spy%40evil.example", "a@b.org&cc=c@d.org", "a@b.org\nBcc: c@d.org"])
def test_an_email_cannot_name_a_second_receiver(email):
    assert "?" not in clean_email(email)
    assert "&" not in clean_email(email)
    assert "\n" not in clean_email(email)


@pytest.mark.parametrize("url", ["https://www.nhs.uk@evil.example/", "https://a:b@evil.example/", "http://evil\\@x.org/"])
def test_an_address_cannot_pretend_to_be_another_s(url):
    assert clean_url(url) == ""


def test_a_field_of_mostly_nothing_is_read_at_once():
    started = time.process_time()
    for filler in (" ", "\u3000", "\n", "<li>", "\t \n"):
        clean_text("<b>x</b>" + filler * 60_000)
    # Not a benchmark: it took minutes, and a stall is what is tested.
    assert time.process_time() - started < 20


def test_rows_end_where_the_file_says_and_nowhere_else(own_db, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text('Name,About\nOne,"a\x0bb\u2028c\x85d"\nTwo,"line\nbreak"\n', "utf-8")
    assert importing.import_listings(own_db, str(path)).added == 2


def test_a_header_of_many_quotes_does_not_stall(own_db, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("name" + ',"a' * 33_000 + "\nClub\n")
    with contextlib.suppress(UnreadableError):
        importing.import_listings(own_db, str(path))


def test_a_spreadsheet_in_utf_16_keeps_its_letters(own_db, tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes("Name,About\nCafé’s Łódź,x\n".encode("utf-16"))
    importing.import_listings(own_db, str(path))
    assert [s.name for s in store.get_services(own_db, list(store.imported_digests(own_db, "excel")))] == ["Café’s Łódź"]


def test_a_check_in_the_future_is_none(own_db, tmp_path):
    importing.import_listings(own_db, feed(tmp_path, listing(assured_date="2999-01-01")))
    assert store.get_services(own_db, list(store.imported_digests(own_db, "feed")))[0].check is None


class Endless(BaseHTTPRequestHandler):
    """Says that it has ten million pages, and sends the first one every time; /away leads to another site."""

    asked = 0

    def do_GET(self):
        Endless.asked += 1
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "http://localhost:1/else")
            self.end_headers()
            return
        body = json.dumps({"total_pages": 9_999_999, "contents": [listing()]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def endless():
    Endless.asked = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_server_that_sends_one_page_for_ever_is_left(own_db, endless):
    assert importing.import_listings(own_db, endless + "/services").added == 1
    assert Endless.asked == 2


def test_an_address_that_leads_to_another_site_is_refused(own_db, endless):
    with pytest.raises(UnreadableError, match="another site"):
        importing.import_listings(own_db, endless + "/away")


# -- the server


def test_a_report_is_taken_over_https(own_app, own_db):
    client, id_ = own_app.test_client(), store.all_service_ids(own_db)[0]
    address = f"https://localhost/services/{id_}/report"
    page = client.get(address)
    # What a browser does with our policy: to our own site it says where it comes from.
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    fields = {"topic": "closed", "words": "Moved.", "csrf_token": token}
    assert client.post(address, data=fields, headers={"Referer": address}).status_code == 302
    assert client.post(address, data=fields, headers={"Referer": "https://evil.example/"}).status_code == 400


def test_two_dozen_reports_at_once_are_counted_one_by_one(own_app, own_db):
    id_ = store.all_service_ids(own_db)[0]

    def send(_number):
        client = own_app.test_client()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(f"/services/{id_}/report").text)[1]
        return client.post(f"/services/{id_}/report", data={"topic": "other", "words": "x", "csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(16)))
    assert answers.count(302) == 6 == len(store.list_reports(own_db))


def test_nobody_s_address_is_in_the_file_that_counts(own_app, own_data, own_db):
    test_two_dozen_reports_at_once_are_counted_one_by_one(own_app, own_db)
    assert b"127.0.0.1" not in b"".join(path.read_bytes() for path in own_data.glob("limits.db*"))


def test_a_locked_database_does_not_stop_search(own_finder, own_data, own_db):
    own_finder.search(own_db, Query(words="sleep"))
    own_db.execute("INSERT INTO search_outbox (service_id) VALUES (?)", [store.all_service_ids(own_db)[0]])
    own_db.conn.commit()
    other = sqlite3.connect(own_data / "directory.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert own_finder.search(own_db, Query(words="sleep")).total > 0
    finally:
        other.execute("ROLLBACK")
        other.close()
    own_finder.search(own_db, Query(words="sleep"))
    assert store.untold(own_db)[0] == []


def test_the_server_s_log_says_nothing_of_what_was_asked_or_who_asked(own_data):
    server = Server(own_data)
    try:
        server.get("/search?q=canarybird")
        for line in (
            b"GET /search?q=canarybird\xff HTTP/9.9",
            b"GET /search?q=canarybird autism HTTP/1.1",
            b"GET /a%0aFORGED%1b[31m HTTP/1.1",
        ):
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
                raw.sendall(b"GET " + line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
                raw.recv(4096)
        time.sleep(0.5)
    finally:
        server.stop()
    log = server.log.read_text()
    assert "canarybird" not in log
    assert "127.0.0.1" not in log.replace(f"http://127.0.0.1:{server.port}", "")
    assert "\nFORGED" not in log
    assert "\x1b" not in log


def test_the_data_folder_is_for_its_user_only(empty_app):
    assert empty_app.extensions["settings"].data.stat().st_mode & 0o777 == 0o700


BAD = (["search", "--age", "nan", "x"], ["search", "--age", "inf", "x"], ["bench", "--sizes", "abc"], ["bench", "--sizes", ""])


@pytest.mark.parametrize("args", [*BAD, ["import", "/" + "x" * 5000]])
def test_bad_arguments_end_in_words(runner, args):
    result = runner.invoke(args=["directory", *args])
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_the_public_s_words_cannot_steer_a_terminal(own_db, runner):
    own_db.execute(
        "INSERT INTO report (service_id, service_name, topic, words, received_at) VALUES ('x', 'X', 'other', ?, '2026-01-01')",
        ["\x1b]0;PWNED\x07\n99. 2026-01-01 FAKE"],
    )
    own_db.conn.commit()
    output = runner.invoke(args=["directory", "reports"]).output
    assert "\x1b" not in output
    assert "\n99." not in output


def test_sixteen_search_while_others_change_everything(own_data):
    code = (
        "import sys; from pathlib import Path; from plumbing.db import open_db; from directory.search import Finder, Query\n"
        "from directory import setup\n"
        "here = Path(sys.argv[1]); db = open_db(here / 'directory.db'); finder = Finder(here / 'search')\n"
        "finder.rebuild(db); setup.remove_demonstration(db); finder.search(db, Query())\n"
        "setup.set_up(db, with_demonstration=True)\n"
        "finder.search(db, Query()); finder.rebuild(db)"
    )
    finder, stop = Finder(own_data / "search"), threading.Event()

    def ask(number):
        db = open_db(own_data / "directory.db")
        while not stop.is_set():
            finder.search(db, Query(words=("sleep autism", "wheelchiar", "respite in Hexham", "DLA")[number % 4]))
        db.close()

    with ThreadPoolExecutor(16) as pool:
        asking = [pool.submit(ask, number) for number in range(16)]
        process = subprocess.run([sys.executable, "-c", code, str(own_data)], cwd=ROOT, timeout=120, check=False)
        stop.set()
        for one in asking:
            one.result()
    assert process.returncode == 0


def test_the_words_of_a_place_just_hidden_leave_the_index(own_db, own_data, own_finder, tmp_path):
    place = {"id": "l", "name": "Quorndaleton House", "addresses": [{"address_1": "1 Road", "city": "Blyth"}]}
    document = listing(service_at_locations=[{"location": place}])
    importing.import_listings(own_db, feed(tmp_path, document))
    assert own_finder.search(own_db, Query(words="quorndaleton")).total == 1
    place["hides_address"] = True
    importing.import_listings(own_db, feed(tmp_path, document))
    page = own_finder.search(own_db, Query(words="quorndaletom"))
    assert (page.total, page.corrections) == (0, ())
    live = own_data / "search" / (own_data / "search" / "CURRENT").read_text()
    assert not [path for path in live.iterdir() if b"quorndaleton" in path.read_bytes().lower()]
