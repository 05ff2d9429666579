"""What a page says when something went wrong: in words, with a number to ring, and never what was asked for."""

from __future__ import annotations

import logging
import re
import runpy
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlite_utils import Database

from directory import store
from plumbing.settings import ROOT
from tests.conftest import Server, create_app, settings_for
from tests.inspector import inspect

PRIVATE = "my-sons-private-diagnosis"
EMERGENCY = ("999", "116 123")


def _fail() -> str:
    raise ValueError(f"no such thing as {request.args.get('q', PRIVATE)}")


@pytest.fixture
def served(own_data: Path) -> Flask:
    """Linkbook as it is in use: an error is answered, not handed to the test."""
    app = create_app(settings_for(own_data, reports_an_hour=1))
    app.add_url_rule("/fail", view_func=_fail)
    for status in (400, 401, 403, 409, 410, 415, 418, 500, 501, 503):
        app.add_url_rule(f"/abort/{status}", f"abort-{status}", lambda status=status: abort(status))
    return app


@pytest.fixture
def visitor(served: Flask) -> FlaskClient:
    return served.test_client()


@pytest.fixture
def report_address(own_db: Database) -> str:
    return f"/services/{store.all_service_ids(own_db)[0]}/report"


def _token(visitor: FlaskClient, address: str) -> str:
    return visitor.get(address).text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]


def _ask(visitor: FlaskClient, status: int, report_address: str):
    """Something that is answered with `status`."""
    if status == 405:
        return visitor.post(f"/?q={PRIVATE}", data={"q": PRIVATE})
    if status == 413:
        return visitor.post(report_address, data={"words": PRIVATE * 10_000})
    if status == 429:
        sent = {"csrf_token": _token(visitor, report_address), "topic": "other", "words": PRIVATE}
        assert visitor.post(report_address, data=sent).status_code == 302
        return visitor.post(report_address, data=sent)
    return visitor.get({400: f"/places/nearest?lat={PRIVATE}", 404: f"/{PRIVATE}?q={PRIVATE}", 500: f"/fail?q={PRIVATE}"}[status])


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (400, "That did not work"),
        (404, "We cannot find that page"),
        (405, "That did not work"),
        (413, "That is too much"),
        (429, "Please wait a little"),
        (500, "Something went wrong on our side"),
    ],
)
def test_an_error_is_said_in_words_with_numbers_to_ring_and_not_with_what_was_asked(
    visitor, report_address, caplog, status, title
):
    answer = _ask(visitor, status, report_address)
    assert answer.status_code == status
    inspect(answer.text)
    main = BeautifulSoup(answer.text, "html.parser").main
    assert main.h1.get_text() == title
    assert main.find("a", href="/"), "The page leads back to finding help."
    for number in EMERGENCY:
        assert number in main.get_text()
    assert PRIVATE not in answer.text
    assert PRIVATE not in caplog.text
    for technical in ("Traceback", "Error:", "Exception", "werkzeug", str(status)):
        assert technical not in main.get_text()


@pytest.mark.parametrize("status", [400, 401, 403, 409, 410, 415, 418, 500, 501, 503])
def test_any_other_error_has_a_page_in_words_too(visitor, status):
    answer = visitor.get(f"/abort/{status}")
    assert answer.status_code == status
    inspect(answer.text)
    assert all(number in answer.text for number in EMERGENCY)


def test_the_log_says_what_kind_of_error_and_where_and_nothing_else(visitor, caplog):
    visitor.get(f"/fail?q={PRIVATE}")
    said = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(said) == 1
    assert re.fullmatch(r"Unexpected ValueError at \S+test_errors\.py:\d+", said[0].getMessage())
    assert not said[0].exc_info, "A traceback ends with the exception's text."


def test_an_error_of_the_database_keeps_what_was_typed_to_itself(served, visitor, own_db, caplog):
    def view() -> str:
        own_db.execute(f"SELECT '{PRIVATE}' FROM \"{PRIVATE}\"")
        return ""

    served.add_url_rule("/query", view_func=view)
    answer = visitor.get("/query")
    assert answer.status_code == 500
    assert PRIVATE not in answer.text + caplog.text


def _break_database(own_data: Path, how: str) -> None:
    for path in own_data.glob("directory.db*"):
        path.unlink()
    if how == "garbage":
        (own_data / "directory.db").write_bytes(b"not a database at all " * 100)
    if how == "a folder":
        (own_data / "directory.db").mkdir()


@pytest.mark.parametrize("how", ["gone", "garbage", "a folder"])
@pytest.mark.parametrize("address", ["/", f"/search?q={PRIVATE}", "/talk-now", "/guides/sleep"])
def test_the_error_page_works_without_the_database(visitor, own_data, caplog, how, address):
    _break_database(own_data, how)
    answer = visitor.get(address)
    assert answer.status_code == 500
    inspect(answer.text)
    assert all(number in answer.text for number in EMERGENCY)
    assert PRIVATE not in answer.text + caplog.text


@pytest.mark.parametrize("how", ["gone", "garbage"])
@pytest.mark.parametrize(("address", "method", "status"), [("/nowhere", "GET", 404), ("/", "POST", 405)])
def test_every_error_page_works_without_the_database(visitor, own_data, caplog, how, address, method, status):
    _break_database(own_data, how)
    answer = visitor.open(f"{address}?q={PRIVATE}", method=method)
    assert answer.status_code == status
    assert all(number in answer.text for number in EMERGENCY)
    assert PRIVATE not in answer.text + caplog.text


def test_a_refused_method_is_told_which_ones_are_taken(visitor):
    # RFC 9110, 15.5.6: an answer of 405 must say so.
    assert "GET" in visitor.post("/").headers.get("Allow", "")


@pytest.mark.parametrize(
    "address", ["/%ff", "/search?q=%ff%fe", "/search?q=%00", "/categories/%00", "/guides/%F0%9F%98%80", "/" + "a" * 5000]
)
def test_a_mangled_address_is_never_our_error(visitor, address):
    assert visitor.get(address).status_code in {200, 400, 404}


def _access_log_format() -> str:
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))["access_log_format"]


@pytest.mark.parametrize(
    ("atom", "what"),
    [
        ("%(q)s", "what was searched for"),
        ("%(r)s", "the whole request line, with what was searched for"),
        ("%(f)s", "the page before, with what was searched for"),
        ("%(h)s", "the address of the visitor"),
        ("%(a)s", "the browser of the visitor"),
        ("%(u)s", "the name of the visitor"),
    ],
)
def test_the_access_log_is_not_told(atom, what):
    assert atom not in _access_log_format(), f"The log would keep {what}."


def test_the_access_log_holds_no_headers_and_no_environment():
    assert "%({" not in _access_log_format()


def test_a_real_server_logs_the_page_and_never_the_question(server):
    server.get(f"/search?q={PRIVATE}&place=NE66")
    server.get("/privacy")
    log = server.log.read_text()
    assert " /search 200 " in log
    assert PRIVATE not in log
    assert "NE66" not in log
    assert "127.0.0.1 " not in log


@pytest.mark.parametrize("address", ["/nowhere", "/search"])
def test_a_real_server_keeps_the_question_out_of_its_log_when_everything_breaks(own_data, address):
    server = Server(own_data)
    try:
        _break_database(own_data, "gone")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{server.url}{address}?q={PRIVATE}", timeout=30)
        page = refused.value.read().decode()
        refused.value.close()
    finally:
        server.stop()
    assert PRIVATE not in server.log.read_text()
    assert all(number in page for number in EMERGENCY)
