"""Links are looked at politely, from the open internet only; three bad days make one broken, and an officer may know better."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from directory import store
from directory.keeping import editing
from directory.keeping.web_links import look_at, look_at_some
from directory.store import web_links as rows
from plumbing import clock
from plumbing.tidy import tidy
from tests.family import Member, fill


class _Site(http.server.BaseHTTPRequestHandler):
    """A website whose paths say what it does."""

    asked: list[str] = []  # noqa: RUF012 - emptied by the fixture

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path = self.path.split("?")[0].strip("/")
        if path.startswith("to-"):
            self.send_response(302)
            self.send_header("Location", {"to-well": "/200", "to-ring": "/to-ring", "to-inside": self.server.inside}[path])
        else:
            self.send_response(int(path or 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Quietly."""


@pytest.fixture
def site() -> Iterator[http.server.ThreadingHTTPServer]:
    _Site.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.inside = "http://127.0.0.2:1/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def home(site) -> str:
    return f"http://127.0.0.1:{site.server_port}"


@pytest.fixture
def allowed(site):
    """This one site counts as the open internet."""
    return lambda address, port: (address, port) == ("127.0.0.1", site.server_port)


@pytest.mark.parametrize(
    ("path", "well", "reason"),
    [
        ("200", True, ""),
        ("204", True, ""),
        ("to-well", True, ""),
        ("403", True, ""),  # keeps programs out, not people
        ("429", True, ""),
        ("404", False, "gone"),
        ("410", False, "gone"),
        ("500", False, "out of order"),
        ("to-ring", False, "a ring"),
        ("to-inside", False, "private"),
    ],
)
def test_what_a_site_answers(home, allowed, path, well, reason):
    answer = look_at(f"{home}/{path}", allowed)
    assert (answer.well, answer.reason) == (well, reason)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://93.184.216.34:6379/",
        "https://93.184.216.34:22/",
    ],
)
def test_nobody_is_sent_into_our_own_network(monkeypatch, address):
    def connect(*_arguments: object, **_more: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("socket.create_connection", connect)
    answer = look_at(address)
    assert not answer.well
    assert answer.reason in {"private", "no such site"}


def test_a_name_with_one_door_inside_is_refused_whole(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_m: found)
    assert look_at("http://two.example/").reason == "private"


def test_what_was_looked_up_is_what_is_asked(monkeypatch, home, site, allowed):
    """A name that answers otherwise the second time gets nobody anywhere."""
    looked_up = []

    def once(host: str, port: int, **_more: object) -> list:
        looked_up.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(looked_up) == 1 else "10.0.0.1", port))]

    monkeypatch.setattr("socket.getaddrinfo", once)
    # The connection is made to the numbers: had it looked up the name again, there would be two.
    monkeypatch.setattr("socket.create_connection", _connect_to_numbers)
    assert look_at(f"http://turncoat.example:{site.server_port}/200", allowed).well
    assert looked_up == ["turncoat.example"]
    assert _Site.asked == ["/200"]


def _connect_to_numbers(address: tuple[str, int], timeout: float) -> object:
    connection = socket.socket()
    connection.settimeout(timeout)
    connection.connect(address)
    return connection


@pytest.mark.parametrize(
    "address", ["", "ftp://example.org", "file:///etc/passwd", "http://", "http://a:b@example.org/", "http://[", "javascript:1"]
)
def test_what_is_no_web_address_is_said_to_be_none(address):
    assert look_at(address).reason == "no web address"


def test_a_door_where_nobody_is(monkeypatch, allowed, site):
    answer = look_at(f"http://127.0.0.1:{site.server_port}/200", lambda _address, _port: True)
    assert answer.well
    answer = look_at("http://127.0.0.1:1/", lambda _address, _port: True)
    assert (answer.well, answer.reached) == (False, False)


@pytest.fixture
def listed(own_db, home) -> tuple[str, str]:
    """Two listings with addresses at the site, one well and one gone; nobody else has an address."""
    own_db.execute("UPDATE service SET url = ''")
    ids = store.all_service_ids(own_db)[:2]
    for id_, path in zip(ids, ("200", "404"), strict=True):
        service = store.get_services(own_db, [id_])[0]
        editing.save(own_db, replace(service, url=f"{home}/{path}"), "Beth", "for the test")
    return ids[0], ids[1]


def look(db, allowed, times: int = 1, most: int = 5) -> None:
    for _ in range(times):
        look_at_some(db, most, allowed)


def test_three_bad_days_make_a_link_broken(own_db, allowed, listed):
    for day in range(3):
        with clock.moved(days=day):
            look(own_db, allowed, times=4)
            assert len(rows.broken_links(own_db)) == (1 if day == 2 else 0)
    (row,) = rows.broken_links(own_db)
    assert row["service_id"] == listed[1]
    assert _Site.asked.count("/404") == 3, "once a day"
    assert _Site.asked.count("/200") == 1, "what is well is looked at once a week"


def test_one_good_answer_forgets_the_bad_days(own_db, allowed, listed, home):
    for day in range(2):
        with clock.moved(days=day):
            look(own_db, allowed, times=2)
    with clock.moved(days=2):
        rows.note_answer(own_db, f"{home}/404", clock.now())
    with clock.moved(days=10):
        look(own_db, allowed, times=2)
        assert not rows.broken_links(own_db)


def test_where_nothing_answers_the_fault_may_be_ours(own_db, listed):
    service = store.get_services(own_db, [listed[0]])[0]
    editing.save(own_db, replace(service, url="http://127.0.0.1:1/"), "Beth", "for the test")
    editing.save(own_db, replace(store.get_services(own_db, [listed[1]])[0], url=""), "Beth", "for the test")
    for day in range(6):
        with clock.moved(days=day):
            look(own_db, lambda _address, _port: True)
    assert not rows.broken_links(own_db)


def test_one_site_is_asked_once_at_a_time(own_db, allowed, listed):
    look(own_db, allowed)
    assert len(_Site.asked) == 1


def test_it_is_off_unless_told(own_app, own_db, listed):
    assert tidy(own_app)
    assert not _Site.asked


def test_an_officer_may_know_better(beth: Member, own_db, allowed, listed, home):
    for day in range(3):
        with clock.moved(days=day):
            look(own_db, allowed, times=2)
    page = beth.client.get("/directory/links").text
    assert f"{home}/404" in page
    assert "The page is gone" in page
    assert "Broken links" in beth.client.get("/directory").text
    answer = fill(beth.client, "/directory/links", to="/directory/links/works", address=f"{home}/404")
    assert "No web address is known to be broken" in beth.client.get(answer.location).text
    asked = len(_Site.asked)
    with clock.moved(days=60):
        look(own_db, allowed, times=3)
    assert _Site.asked[asked:].count("/404") == 0
    with clock.moved(days=95):
        look(own_db, allowed, times=3)
    assert _Site.asked[asked:].count("/404") == 1


def test_only_officers_see_broken_links(sara: Member, own_client):
    assert sara.client.get("/directory/links").status_code == 403
    assert own_client.get("/directory/links").location.startswith("/sign-in")


def test_an_address_that_no_listing_gives_is_forgotten(own_db, allowed, listed):
    look(own_db, allowed, times=2)
    service = store.get_services(own_db, [listed[1]])[0]
    editing.save(own_db, replace(service, url=""), "Beth", "no website")
    with clock.moved(days=1):
        look(own_db, allowed)
    assert [row["address"].rsplit("/", 1)[1] for row in own_db.query("SELECT address FROM web_link")] == ["200"]
