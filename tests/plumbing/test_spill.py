"""What is uploaded stands on no disk in the clear, and is as large as its view says and no larger."""

from __future__ import annotations

import io
import os
import tempfile
import urllib.error
import urllib.request
import uuid

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from hypothesis import given
from hypothesis import strategies as st

from plumbing.access import public
from plumbing.settings import Settings
from plumbing.spill import MEMORY_BYTES, Spill, uploads
from tests.conftest import Server, create_app

MEGABYTE = 1024 * 1024
CANARY = b"canary-4b1d-what-the-doctor-wrote"


def _on_disk(held: Spill) -> bytes:
    assert held.on_disk, "It was to be on the disk by now."
    held.on_disk.flush()
    return os.pread(held.on_disk.fileno(), 64 * MEGABYTE, 0)


def test_a_small_file_never_leaves_the_memory():
    held = Spill()
    held.write(CANARY)
    held.seek(0)
    assert held.read() == CANARY
    assert held.on_disk is None


def test_a_large_file_is_on_the_disk_and_nobody_can_read_it_there():
    text = CANARY * (2 * MEMORY_BYTES // len(CANARY))
    held = Spill()
    for begin in range(0, len(text), 10_000):
        held.write(text[begin : begin + 10_000])
    disk = _on_disk(held)
    assert len(disk) == len(text)
    assert CANARY not in disk
    assert not any(CANARY[at : at + 6] in disk for at in range(len(CANARY) - 6))
    held.seek(0)
    assert held.read() == text


def test_the_search_for_a_canary_would_find_one():
    with tempfile.TemporaryFile() as plain:
        plain.write(CANARY * 1000)
        plain.flush()
        assert CANARY in os.pread(plain.fileno(), MEGABYTE, 0)


def test_the_same_file_twice_is_not_the_same_on_the_disk():
    one, other = Spill(memory=0), Spill(memory=0)
    one.write(CANARY)
    other.write(CANARY)
    assert _on_disk(one) != _on_disk(other)


def test_the_temporary_file_has_no_name():
    held = Spill(memory=0)
    held.write(CANARY)
    assert held.on_disk
    assert os.fstat(held.on_disk.fileno()).st_nlink == 0


def test_what_is_written_is_not_written_over():
    held = Spill(memory=0)
    held.write(CANARY)
    held.seek(0)
    with pytest.raises(io.UnsupportedOperation):
        held.write(b"two texts under one stretch of the stream give each other away")


def test_a_closed_file_forgets_its_key():
    held = Spill(memory=0)
    held.write(CANARY)
    held.close()
    assert held.on_disk is None
    with pytest.raises(ValueError, match="closed"):
        held.read()


def test_there_is_nothing_before_the_beginning():
    with pytest.raises(ValueError, match="beginning"):
        Spill().seek(-1)


@given(
    st.integers(0, 60),
    st.lists(st.binary(max_size=50), max_size=8),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100))),
)
def test_it_reads_like_any_file(memory, pieces, reads):
    held, plain = Spill(memory=memory), io.BytesIO()
    for piece in pieces:
        assert held.write(piece) == plain.write(piece)
    for place, length in reads:
        assert held.seek(place) == plain.seek(place)
        assert held.read(length) == plain.read(length)
        assert held.tell() == plain.tell()
    assert held.seek(0, os.SEEK_END) == plain.seek(0, os.SEEK_END)
    held.close()


@pytest.fixture
def app(tmp_path) -> Flask:
    """Linkbook with two views that take a form: one with files, one without. The check of the form's token is on."""
    app = create_app(Settings(data=tmp_path))

    @app.post("/keep")
    @public
    @uploads(25 * MEGABYTE)
    def keep() -> dict[str, object]:
        sent = request.files["page"]
        assert isinstance(sent.stream, Spill)
        return {"bytes": len(sent.read()), "spilled": sent.stream.on_disk is not None, "title": request.form.get("title")}

    @app.post("/say")
    @public
    def say() -> str:
        return request.form["title"]

    @app.get("/token")
    @public
    def token() -> str:
        return generate_csrf()

    return app


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def _post(visitor: FlaskClient, address: str, page: bytes = b"", *, token: bool = True, **fields: str):
    data = dict(fields, page=(io.BytesIO(page), "letter.jpg")) if page else fields
    if token:
        data["csrf_token"] = visitor.get("/token").text
    return visitor.post(address, data=data, content_type="multipart/form-data")


def test_a_view_for_uploads_takes_twenty_megabytes_with_a_token(visitor):
    answer = _post(visitor, "/keep", bytes(20 * MEGABYTE), title="From the clinic")
    assert answer.json == {"bytes": 20 * MEGABYTE, "spilled": True, "title": "From the clinic"}


def test_no_byte_of_a_photo_makes_it_too_large(visitor):
    # Line ends at the edge of a piece leave the form's reader with more than a piece in its hands.
    for photo in (b"\r\n" * MEGABYTE, os.urandom(2 * MEGABYTE)):
        assert _post(visitor, "/keep", photo).json["bytes"] == 2 * MEGABYTE


def test_a_view_for_uploads_takes_nothing_without_a_token(visitor):
    answer = _post(visitor, "/keep", bytes(MEGABYTE), token=False)
    assert answer.status_code == 400
    assert "That form was open for too long" in answer.text


@pytest.mark.parametrize(("address", "megabytes"), [("/say", 26), ("/say", 1), ("/keep", 26)])
def test_more_than_a_view_takes_is_refused_in_words(visitor, address, megabytes):
    answer = _post(visitor, address, bytes(megabytes * MEGABYTE), title="From the clinic")
    assert answer.status_code == 413
    assert "What you sent is larger than this page takes" in answer.text


def test_a_field_that_is_no_file_stays_small_beside_files(visitor):
    answer = _post(visitor, "/keep", bytes(MEGABYTE), title="x" * 200 * 1024)
    assert answer.status_code == 413
    assert "What you sent is larger than this page takes" in answer.text


def test_a_post_that_is_no_form_with_files_stays_small(visitor):
    answer = visitor.post("/keep", data={"title": "x" * MEGABYTE})
    assert answer.status_code == 413


def test_a_view_can_still_set_its_own_limit(app):
    with app.test_request_context("/keep", method="POST", content_type="multipart/form-data; boundary=x"):
        assert request.max_content_length == 25 * MEGABYTE + 64 * 1024
        request.max_content_length = 10
        request.max_form_memory_size = 5
        assert (request.max_content_length, request.max_form_memory_size) == (10, 5)


def test_an_upload_leaves_no_word_in_the_folder_for_temporary_files(visitor, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened: list[bytes] = []
    spilled = Spill.close
    monkeypatch.setattr(Spill, "close", lambda held: (opened.append(_on_disk(held)) if held.on_disk else None, spilled(held)))
    answer = _post(visitor, "/keep", CANARY * 100_000)
    assert answer.json["spilled"]
    answer.close()
    assert opened, "The upload was to be closed with its request."
    assert all(CANARY not in disk for disk in opened)


def test_a_body_that_is_too_large_is_read_to_its_end_so_that_the_answer_is_read_too(visitor):
    for megabytes, heard in ((26, 26), (101, 0)):
        body = io.BytesIO(bytes(megabytes * MEGABYTE))
        answer = visitor.post(
            "/say", input_stream=body, content_length=len(body.getvalue()), content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code == 413
        assert body.tell() == heard * MEGABYTE


def test_a_body_with_a_field_that_is_too_large_is_read_to_its_end_too(visitor):
    field = b'--x\r\nContent-Disposition: form-data; name="said"\r\n\r\n' + b"a" * 7 * MEGABYTE + b"\r\n--x--\r\n"
    body = io.BytesIO(field)
    answer = visitor.post("/keep", input_stream=body, content_length=len(field), content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert body.tell() == len(field)


def test_a_browser_that_sends_too_much_is_answered_in_words_by_the_real_server(server: Server):
    asked = urllib.request.Request(f"{server.url}/services/{uuid.uuid4()}/report", bytes(26 * MEGABYTE))
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=30)
    assert refused.value.code == 413
    assert "What you sent is larger than this page takes" in refused.value.read().decode()
