"""Pieces of text on a page, in the order in which people read them; and the engine itself, where it is installed."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from plumbing import reading
from plumbing.reading.lines import Piece, in_order, piece


def test_pieces_are_read_from_the_top_and_from_the_left():
    pieces = [Piece("today", 300, 102, 20), Piece("Dear Amina", 100, 40, 20), Piece("Seen", 50, 98, 20)]
    assert in_order(pieces) == "Dear Amina\nSeen today"


def test_a_page_that_lies_aslant_keeps_its_lines():
    # A line falls by twelve points from left to right; the next begins forty points below.
    pieces = [Piece(f"{line}{part}", 100 * part, 40 * line + 4 * part, 24) for part in (3, 1, 2) for line in (2, 1)]
    assert in_order(pieces) == "11 12 13\n21 22 23"


def test_a_box_is_known_by_its_middle():
    assert piece("Dear", [(0, 0), (40, 4), (40, 24), (0, 20)]) == Piece("Dear", 20, 12, 24)


def test_nothing_on_a_page_is_nothing():
    assert in_order([]) == ""


def test_a_worker_that_dies_is_noticed(tmp_path, monkeypatch):
    worker = tmp_path / "worker.py"
    worker.write_text("import sys\nsys.stdout.write('half an ans')\n")
    monkeypatch.setattr(reading, "_WORKER", worker)
    with pytest.raises(reading.Unread):
        reading.read([b"picture"])


@pytest.mark.skipif(not reading.is_there(), reason="needs the extra: pip install -e '.[reading]'")
def test_the_engine_reads_a_letter_in_a_process_that_is_shut_in():
    sheet, out = Image.new("RGB", (1200, 600), "white"), io.BytesIO()
    for number, words in enumerate(("Harbourne Child Development Centre", "Speech report for Yusuf")):
        ImageDraw.Draw(sheet).text((80, 100 + 120 * number), words, fill="black", font_size=48)
    sheet.save(out, "JPEG")
    assert reading.read([out.getvalue()])[0].splitlines() == ["Harbourne Child Development Centre", "Speech report for Yusuf"]
