"""Photographs of letters, and the way of one into a record by the pages. What a telephone writes into a photo is in them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image, ImageDraw
from werkzeug.test import TestResponse

from records.entry import Entry
from tests.family import Member, token_of
from tests.records.pages.conftest import opened

FETCH = {"X-Linkbook": "fetch"}
GPS, CANARY = 0x8825, "canary-7c2e-where-we-live"


def photo(words: str = "Dear Amina", size: tuple[int, int] = (600, 800), file_format: str = "JPEG") -> bytes:
    """A photographed letter, with the place it was taken at and a comment."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((40, 40), words, fill="black", font_size=40)
    exif = Image.Exif()
    exif[0x010E] = CANARY
    exif[GPS] = {1: "N", 2: (54.0, 58.0, 40.0), 29: CANARY}
    out = io.BytesIO()
    extra: dict[str, Any] = {"comment": CANARY.encode()} if file_format == "JPEG" else {}
    image.save(out, file_format, exif=exif, **extra)
    return out.getvalue()


def pdf(pages: int = 2) -> bytes:
    """A PDF of empty pages."""
    made, out = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


@dataclass
class Desk:
    """Somebody's record, and what they do with its letters."""

    member: Member
    record: str

    def token(self) -> str:
        """A form's token."""
        return token_of(self.member.client.get(f"{self.record}/letters/new").text)

    def post(self, address: str, *files: bytes, fetch: bool = False, **fields: str) -> TestResponse:
        """Send a form with files in it."""
        data = {"csrf_token": self.token(), "files": [(io.BytesIO(file), "page") for file in files]} | fields
        return self.member.client.post(address, data=data, content_type="multipart/form-data", headers=FETCH if fetch else {})

    def begin(self, *files: bytes) -> str:
        """Begin a letter; the address of its tray."""
        answer = self.post(f"{self.record}/letters/new", *(files or (photo(),)))
        assert answer.status_code == 302, answer.text
        return answer.location

    def pages_url(self, tray: str) -> str:
        """Where more pages of a draft are sent."""
        return f"{self.record}/letters/{entry_id(tray)}/pages"

    def keep(self, tray: str, **typed: str) -> str:
        """Keep a draft; the letter's address."""
        section = re.search(r'name="section" value="([0-9a-f]{32})" checked', self.member.client.get(tray).text)
        assert section
        answer = self.post(f"{tray}/keep", section=section[1], **typed)
        assert answer.status_code == 302, answer.text
        return answer.location

    def entry(self, address: str) -> Entry:
        """What is behind a page, opened by the keys of its holder."""
        with self.member.app.test_request_context():
            return opened(self.member, self.record).entry(entry_id(address))

    def drafts(self) -> list[Entry]:
        """What was begun and not kept."""
        with self.member.app.test_request_context():
            return opened(self.member, self.record).drafts()


def entry_id(address: str) -> str:
    """The entry that an address is of."""
    return re.findall(r"[0-9a-f]{32}", address.split("?")[0])[1]


def pages(entry: Entry) -> list[str]:
    """The pictures of an entry, in order."""
    return [sheet["image"] for sheet in entry.document.get("pages", [])]
