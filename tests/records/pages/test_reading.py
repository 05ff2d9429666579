"""Letters are read for search: one at a time, only the words are kept, and never shown as the letter.

The engine is a download of 350 MB that tests do without: what answers in its place is another process that speaks as it does.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from plumbing import reading as engine
from tests.family import Member
from tests.records.pages.letters import Desk, entry_id, pages, photo

WORKER = """
import struct, sys
data, place = sys.stdin.buffer.read(), 0
while place < len(data):
    length = struct.unpack_from(">I", data, place)[0]
    place += 4 + length
    words = {words!r}.encode()
    sys.stdout.buffer.write(struct.pack(">I", len(words)) + words)
"""
WORDS = "Harbourne Child Development Centre\n3 November 2026\nSpeech and language therapy report\nbuccal midazolam"


@pytest.fixture
def desk(amina: Member, yusuf: str) -> Desk:
    return Desk(amina, yusuf)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An engine that reads the same words on every page."""
    worker = tmp_path / "worker.py"
    worker.write_text(WORKER.format(words=WORDS))
    monkeypatch.setattr(engine, "_WORKER", worker)
    monkeypatch.setattr(engine, "_ENGINES", ("sys",))
    engine.is_there.cache_clear()
    yield
    engine.is_there.cache_clear()


def _read(desk: Desk, **fields: str) -> dict:
    return desk.post(f"{desk.record}/letters/read", fetch=True, **fields).json


@pytest.mark.skipif(engine.is_there(), reason="this Linkbook can read")
def test_without_the_extra_nothing_of_it_is_shown(desk):
    desk.keep(desk.begin())
    assert "data-reading" not in desk.member.client.get(f"{desk.record}/letters").text
    assert _read(desk) == {"left": 0, "busy": False}


@pytest.mark.usefixtures("reader")
def test_a_letter_is_read_and_found_by_a_word_in_it(desk):
    letter = desk.keep(desk.begin(photo(), photo()), title="Report")
    assert 'data-reading="1"' in desk.member.client.get(f"{desk.record}/letters").text
    assert _read(desk) == {"left": 0, "busy": False}
    assert desk.entry(letter).document["found_text"] == f"{WORDS}\n{WORDS}"
    assert letter in desk.post(f"{desk.record}/search", words="midazolam").text
    assert "data-reading" not in desk.member.client.get(f"{desk.record}/letters").text
    assert "midazolam" not in desk.member.client.get(letter).text


@pytest.mark.usefixtures("reader")
def test_letters_are_read_one_after_another(desk):
    for _letter in range(3):
        desk.keep(desk.begin())
    assert [_read(desk)["left"] for _try in range(4)] == [2, 1, 0, 0]


@pytest.mark.usefixtures("reader")
def test_a_long_letter_is_read_in_parts(desk):
    letter = desk.keep(desk.begin(*[photo()] * 5))
    assert _read(desk)["left"] == 1
    assert _read(desk)["left"] == 0
    assert desk.entry(letter).document["found_text"].count("midazolam") == 5


@pytest.mark.usefixtures("reader")
def test_a_draft_that_was_read_is_offered_a_title_a_date_and_a_sender(desk):
    tray = desk.begin()
    told = _read(desk, entry=entry_id(tray))
    assert told["words"]["dated"] == "3 November 2026"
    assert told["words"]["from_whom"] == "Harbourne Child Development Centre"
    assert told["words"]["title"] in desk.member.client.get(tray).text


@pytest.mark.usefixtures("reader")
def test_a_page_that_was_turned_is_read_again_and_one_taken_out_is_forgotten(desk):
    letter = desk.keep(desk.begin(photo(), photo()))
    _read(desk)
    arrange = f"{desk.record}/letters/{entry_id(letter)}/arrange"
    desk.post(arrange, do=f"remove {pages(desk.entry(letter))[0]}")
    assert "found_text" not in desk.entry(letter).document
    assert _read(desk)["left"] == 0
    assert desk.entry(letter).document["found_text"] == WORDS


@pytest.mark.usefixtures("reader")
def test_only_one_letter_is_read_at_a_time_on_the_whole_machine(desk):
    letter = desk.keep(desk.begin())
    lock = desk.member.app.extensions["settings"].private / "reading.lock"
    with FileLock(lock):
        assert _read(desk) == {"left": 1, "busy": True}
    assert "found_text" not in desk.entry(letter).document


@pytest.mark.usefixtures("reader")
def test_a_page_that_kills_the_engine_is_not_tried_for_ever(desk, tmp_path, monkeypatch):
    letter = desk.keep(desk.begin(photo(), photo()))
    (tmp_path / "worker.py").write_text("import os\nos.abort()\n")
    assert _read(desk)["left"] == 0
    assert "found_text" not in desk.entry(letter).document


@pytest.mark.usefixtures("reader")
def test_nobody_else_can_have_it_read(desk, joe):
    desk.keep(desk.begin())
    token = joe.client.get("/records/new").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = joe.client.post(f"{desk.record}/letters/read", data={"csrf_token": token}, headers={"X-Linkbook": "fetch"})
    assert answer.status_code == 404


@pytest.mark.usefixtures("reader")
def test_without_a_script_a_button_reads_the_next_one(desk):
    letter = desk.keep(desk.begin())
    page = desk.member.client.get(f"{desk.record}/letters").text
    assert "Read the next one" in page
    assert desk.post(f"{desk.record}/letters/read").status_code == 302
    assert "midazolam" in desk.entry(letter).document["found_text"]
