"""Whatever a file or its worker does, the server gets a safe file or a reason, in its time."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import tempfile
import threading
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from plumbing.files import MOST_BYTES, REASONS, Refused, cleaning, framing
from plumbing.files.cleaning import clean, pdf_of
from plumbing.files.facts import FORMATS, Cleaned, Picture
from plumbing.files.sniff import PHOTOS, RECORDINGS, format_of
from plumbing.files.wording import refusal
from plumbing.settings import ROOT
from tests.plumbing.files import samples
from tests.plumbing.files.samples import picture, saved

_ZIPPED = BytesIO()
with zipfile.ZipFile(_ZIPPED, "w") as _zip:
    _zip.writestr("word/document.xml", "<w:document/>")

UNWANTED = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html that is called a photo": b"<!doctype html><script>alert(1)</script>",
    "gif": saved(Image.new("P", (9, 9)), "GIF"),
    "tiff": saved(picture(9, 9), "TIFF"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage",
    "bmp": saved(picture(9, 9), "BMP"),
    "avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1",
    "docx": _ZIPPED.getvalue(),
    "html with a pdf inside": b"<html>%PDF-1.4",
    "program": b"\x7fELF\x02\x01\x01",
    "avi": b"RIFF\x00\x00\x00\x00AVI LIST",
    "playlist": b"#EXTM3U\nhttp://192.168.0.1/",
    "one byte": b"\xff",
    "mp3 that is none": b"\xff\xfb\xf0\x00",
}


def _refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean(data)
    return refused.value.reason


@pytest.mark.parametrize("data", UNWANTED.values(), ids=UNWANTED)
def test_what_we_do_not_take_is_refused_by_its_kind(data):
    assert _refusal(data) == "kind"


def test_nothing_is_refused_and_so_is_too_much():
    assert _refusal(b"") == "empty"
    assert _refusal(samples.jpeg() + bytes(MOST_BYTES)) == "too_big"


def test_refusing_by_kind_starts_no_process(monkeypatch):
    monkeypatch.setattr(cleaning, "_WORKER", Path("/nowhere"))
    assert _refusal(b"GIF89a") == "kind"


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"\x00\x00\x00\x20ftypheic", "heif"),
        (b"\x00\x00\x00\x20ftypmif1", "heif"),
        (b"\x00\x00\x00\x20ftypqt  ", "mp4"),
        (b"\x00\x00\x00\x20ftypM4A ", "mp4"),
        (b"\x00\x00\x00\x20ftypiso6", "mp4"),
        (b"\x1aE\xdf\xa3", "matroska"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf3\x40\x00", "mp3"),
        (b"%PDF-1.7", "pdf"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(begin, expected):
    assert format_of(begin) == expected
    assert expected in (*PHOTOS, *RECORDINGS, "pdf")


def test_every_reason_has_its_words(empty_app: Flask):
    with empty_app.test_request_context("/"):
        words = [refusal(reason) for reason in REASONS]
        assert refusal("photo_damaged") == "We could not read that photo. Try taking it again."
        assert refusal("too_big").startswith("That file is bigger than 25 MB.")
    assert len(set(words)) == len(REASONS)
    assert not [sentence for sentence in words if "%" in sentence or not sentence.endswith(".")]


def test_a_reason_that_has_no_words_cannot_be_given():
    with pytest.raises(ValueError, match="no reason"):
        Refused("my-sons-private-diagnosis")


def test_no_bytes_of_a_file_show_where_it_is_printed():
    assert "secret" not in repr(Cleaned("jpeg", b"secret", (Picture(b"secret", b"secret", 1, 1),)))


def _workers() -> list[int]:
    """The workers that this process has started and that are alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = (path / "stat").read_text().rsplit(")", 1)[1].split()[1]
            if int(parent) == os.getpid() and b"worker.py" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
    return found


def test_a_worker_that_is_killed_in_the_middle_is_a_refusal():
    large = saved(Image.new("RGB", (7000, 7000)), "PNG")
    reasons: list[str] = []
    asking = threading.Thread(target=lambda: reasons.append(_refusal(large)))
    asking.start()
    deadline = time.monotonic() + 10
    while not (workers := _workers()) and time.monotonic() < deadline:
        time.sleep(0.005)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    asking.join(20)
    assert reasons == ["slow"]
    assert not _workers()
    assert clean(samples.jpeg()).kind == "photo"


def _replace_worker(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str) -> None:
    """A worker that does something else: what a taken-over one might."""
    script = folder / "worker.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from plumbing.files import limits, worker, framing\nfrom plumbing.files.facts import *\n" + body,
        "utf-8",
    )
    monkeypatch.setattr(cleaning, "_WORKER", script)


_READ = "question = sys.stdin.buffer.read()\n"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("limits.limit(cpu_seconds=1)\nwhile True: pass", "slow"),
        (_READ + "import time\ntime.sleep(60)", "slow"),
        ("import time\ntime.sleep(60)", "slow"),
        (_READ + "import os\nos.abort()", "photo_damaged"),
        ("sys.exit(1)", "photo_damaged"),
        (_READ, "photo_damaged"),
        (_READ + "sys.stdout.buffer.write(b'nonsense' * 10)", "photo_damaged"),
        (_READ + "while True: sys.stdout.buffer.write(bytes(1 << 20))", "slow"),
        (_READ + "limits.limit()\nsys.stdout.buffer.write(worker.answer('photo', [], lambda _: bytes(2 << 30)))", "too_large"),
        (_READ + 'sys.stdout.buffer.write(framing.pack([b\'{"refused": "somebody"}\']))', "photo_damaged"),
    ],
)
def test_a_worker_that_does_not_answer_as_agreed_is_a_refusal(monkeypatch, tmp_path, body, reason):
    if "cpu_seconds" not in body:
        monkeypatch.setattr(cleaning, "_SECONDS", 1.5)
    _replace_worker(monkeypatch, tmp_path, body)
    began = time.monotonic()
    assert _refusal(samples.jpeg() + bytes(1 << 20)) == reason
    assert time.monotonic() - began < 8
    assert not _workers()


_TELL = """
limits.limit()
limits.shut_in()
import os, socket, json
def attempt(what):
    try:
        what()
    except Exception as error:
        return type(error).__name__
    return "done"
found = {
    "environment": dict(os.environ),
    "memory": attempt(lambda: bytearray(2 << 30)),
    "reading": attempt(lambda: open(%r).read()),
    "server": attempt(lambda: open(f"/proc/{os.getppid()}/environ", "rb").read()),
    "writing": attempt(lambda: open(%r, "w").write("x")),
    "connecting": attempt(lambda: socket.create_connection(("127.0.0.1", 9))),
}
sys.stdin.buffer.read()
header = json.dumps({"format": "pdf", "seconds": 0, "sizes": []}).encode()
sys.stdout.buffer.write(framing.pack([header, json.dumps(found).encode()]))
"""


def test_a_worker_that_was_taken_over_finds_nothing_to_take(monkeypatch, tmp_path):
    monkeypatch.setenv("LINKBOOK_SECRET", "secret")
    letter = tmp_path / "family.db"
    letter.write_text("secret", "utf-8")
    _replace_worker(monkeypatch, tmp_path, _TELL % (str(letter), str(tmp_path / "new")))
    found = json.loads(clean(b"%PDF-").original)
    assert "secret" not in str(found["environment"])
    assert not [name for name in found["environment"] if name.startswith("LINKBOOK")]
    assert found["memory"] == "MemoryError"
    assert not (tmp_path / "new").exists() or not (tmp_path / "new").read_bytes()
    if not _has_landlock():
        pytest.skip("this kernel has no Landlock: the limits stand alone")
    assert found["reading"] == found["server"] == found["writing"] == found["connecting"] == "PermissionError"


def _has_landlock() -> bool:
    return ctypes.CDLL(None).syscall(444, None, 0, 1) > 0


def test_cleaning_leaves_nothing_in_the_folder_for_temporary_files(tmp_path, monkeypatch):
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    before = set(os.listdir(tempfile.gettempdir()))
    for make in (samples.heic, samples.pdf, lambda: samples.recording("mp4", "libx264", "aac")):
        clean(make())
    assert not list(tmp_path.iterdir())
    new = set(os.listdir(tempfile.gettempdir())) - before
    assert not [name for name in new if "linkbook" in name or name.startswith(("pdf", "img", "av"))]


def test_who_waits_too_long_is_told_so(monkeypatch):
    monkeypatch.setattr(cleaning, "_SECONDS_TO_WAIT", 0.05)
    taken = [cleaning._places.acquire(blocking=False) for _ in range(2)]
    try:
        assert taken == [True, True]
        assert _refusal(samples.jpeg()) == "busy"
    finally:
        for _ in taken:
            cleaning._places.release()
    assert clean(samples.jpeg())


def test_many_at_once_are_all_cleaned_two_at_a_time():
    seen: list[int] = []
    done: list[Cleaned] = []
    threads = [threading.Thread(target=lambda: done.append(clean(samples.jpeg()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen.append(len(_workers()))
    assert len(done) == 8
    assert max(seen) <= 2


def test_a_place_is_free_again_after_a_refusal():
    for _ in range(3):
        assert _refusal(samples.jpeg()[:400]) == "photo_damaged"
    assert clean(samples.jpeg())


@pytest.mark.parametrize(
    "parts",
    [
        [b""],
        [b"[]"],
        [b"{}"],
        [b'{"format": "html", "seconds": 0, "sizes": []}', b"<script>"],
        [b'{"format": "jpeg", "seconds": 0, "sizes": [[1, 1]]}', b"a", b"b"],
        [b'{"format": "jpeg", "seconds": 0, "sizes": [[1, 1]]}', b"a", b"<html>", b"<html>"],
        [b'{"format": "jpeg", "seconds": "long", "sizes": []}', b"a"],
        [b'{"format": "jpeg", "seconds": 0, "sizes": [["x", 1]]}', b"a", b"\xff\xd8\xff", b"\xff\xd8\xff"],
    ],
)
def test_what_a_worker_says_is_believed_no_further_than_its_form(parts):
    with pytest.raises((ValueError, KeyError, TypeError)):
        framing.unpack_answer(framing.pack(parts))


def test_parts_come_out_of_the_pipe_as_they_went_in():
    parts = [b"", b"x", bytes(100_000)]
    packed = framing.pack(parts)
    assert framing.unpack(packed) == parts
    for cut in (1, 3, 5, len(packed) - 1):
        with pytest.raises(ValueError, match="cut off"):
            framing.unpack(packed[:cut])


def test_a_taken_over_worker_cannot_choose_the_type_it_is_served_as():
    assert {mimetype for _, mimetype, _ in FORMATS.values()}.isdisjoint({"text/html", "image/svg+xml", "application/xhtml+xml"})


def test_a_title_of_any_letters_is_bound():
    assert pdf_of([saved(picture(), "JPEG")], title="‮evil/../\x00 ✿").startswith(b"%PDF-")
