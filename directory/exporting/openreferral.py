"""Open Referral UK 3.0 JSON: one file that is one page with everything on it, or a line for each listing."""

from __future__ import annotations

import json
from typing import IO

from directory.exporting.batches import Batches
from directory.feed.terms import Document


def _text(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def write(file: IO[bytes], batches: Batches) -> None:
    """One page, in the envelope that the feed has."""
    total = len(batches.index.services)
    head = {
        "total_items": total,
        "total_pages": 1 if total else 0,
        "page_number": 1,
        "size": total,
        "first_page": True,
        "last_page": True,
        "empty": not total,
    }
    file.write(_text(head)[:-1] + b',"contents":[')
    for number, document in enumerate(batches.documents()):
        file.write((b",\n" if number else b"\n") + _text(document))
    file.write(b"\n]}\n")


def write_lines(file: IO[bytes], batches: Batches) -> None:
    """A line for each listing."""
    for document in batches.documents():
        file.write(_text(document) + b"\n")
