"""Those who put letters into the letter-box: by a link, with a photo or two."""

from __future__ import annotations

import datetime
import io

from PIL import Image

from plumbing.files import Cleaned
from plumbing.files.cleaning import clean
from plumbing.ids import new_id
from records import canonical, items, links
from records.consent import OpenLink
from records.item import LINK, Sender
from records.items import Letter
from records.links import Door
from tests.records.people import TODAY, House

CANARY = "canary-4b1d-speech-report"
WORDS = {"v": 1, "kind": "letter", "title": CANARY, "from_whom": "Mrs Jones, Elm School"}
NEXT_MONTH = TODAY + datetime.timedelta(days=30)


def photo(shade: int = 200) -> Cleaned:
    """A photographed page, cleaned."""
    out = io.BytesIO()
    Image.new("L", (60, 80), shade).save(out, "JPEG")
    return clean(out.getvalue())


def find(house: House, link: OpenLink, today: datetime.date = TODAY) -> Door:
    """What a link leads to."""
    return links.find(house.db, house.office, canonical.raw(link.token), today)


def send(house: House, link: OpenLink, letter: Letter | None = None) -> str:
    """A letter by a link; its id."""
    door = find(house, link)
    letter = letter or Letter(WORDS, (photo(),), "education_letters", new_id())
    sender = Sender(LINK, door.link_id, "Mrs Jones", "Elm School")
    return items.put_in(house.db, house.office, door, sender, letter, TODAY, lambda: find(house, link))


def files_of(house: House) -> set[str]:
    """Every sealed file on the disk."""
    return {path.name for path in house.office.attachments.glob("??/*")}
