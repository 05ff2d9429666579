"""The calendar feed: a sealed list of dates behind a secret address, for the calendar on a phone.

The address is the key, and only the holders and their calendars have it: the row is named by one half of what is derived from
it, and sealed under the other. Whoever has the address sees these dates and can reach nothing else of the record.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal
from records import canonical, store
from records.book import Book
from records.calendar import FeedDate, deadlines, feed_date
from records.entry import Entry
from records.gate import Opened

SETTING = "feed"
_TOKEN_BYTES = 24
_ID_BYTES = 16
# What is over stays for a while: an appointment is looked up afterwards, too.
_KEPT = datetime.timedelta(days=31)
# Opened in the place of a list that is not there, so that no address answers sooner than another.
_NO_LIST = seal(secrets.token_bytes(32), b"[]", context("export", "feed", ""))


@dataclass(frozen=True)
class Feed:
    """A feed that is on: its secret, whether the family's own words are in it, and whether last days are."""

    token: bytes = field(repr=False)
    with_words: bool = False
    with_deadlines: bool = False

    @property
    def address(self) -> str:
        """The secret part of its address."""
        return base64.urlsafe_b64encode(self.token).decode()


def new_feed(with_words: bool, with_deadlines: bool = False) -> Feed:
    """A feed with an address that nobody knows yet."""
    return Feed(secrets.token_bytes(_TOKEN_BYTES), with_words, with_deadlines)


def feed_of(book: Book) -> Feed | None:
    """The feed of a record, where it is on."""
    said = (book.settings or {}).get(SETTING)
    return Feed(canonical.raw(said["token"]), said["with_words"], bool(said.get("with_deadlines"))) if said else None


def with_feed(book: Book, feed: Feed | None) -> Book:
    """The book with this feed, or with none."""
    settings = {name: value for name, value in (book.settings or {}).items() if name != SETTING}
    said: dict[str, Any] = {"token": canonical.text(feed.token), "with_words": feed.with_words} if feed else {}
    said |= {"with_deadlines": True} if feed and feed.with_deadlines else {}
    return replace(book, settings=settings | ({SETTING: said} if said else {}))


def refresh(opened: Opened, book: Book, entries: Iterable[Entry]) -> None:
    """Write the list anew, in the transaction the caller has open; any other list of this record ends with it."""
    opened.db.execute("DELETE FROM feed WHERE record_id = ?", [opened.record_id])
    feed = feed_of(book)
    if feed is None:
        return
    entries = list(entries)
    known = [date for entry in entries if (date := feed_date(entry, feed.with_words))]
    if feed.with_deadlines:
        known += deadlines(entries, opened.today, {one.id: one.name for one in book.sections} if feed.with_words else None)
    oldest = (opened.today - _KEPT).isoformat()
    listed = sorted((date for date in known if date.date >= oldest), key=lambda date: (date.date, date.time, date.id))
    id_, key = _halves(feed.token)
    sealed = seal(key, canonical.to_bytes([date.as_json() for date in listed]), context("export", "feed", id_))
    made_on = opened.today.isoformat()
    store.insert(opened.db, "feed", id=id_, record_id=opened.record_id, sealed=sealed, made_on=made_on)


def dates_behind(db: Database, address: str) -> list[FeedDate]:
    """The dates behind a secret address. Raises CannotOpen where there are none, with as much work."""
    try:
        token = base64.b64decode(address.encode("ascii", "replace"), b"-_", validate=True)
    except (binascii.Error, ValueError):
        token = b""
    id_, key = _halves(token)
    row = db.execute("SELECT sealed FROM feed WHERE id = ?", [id_]).fetchone()
    plaintext = unseal(key, row[0] if row else _NO_LIST, context("export", "feed", id_))
    try:
        return [FeedDate(**one) for one in canonical.from_bytes(plaintext)]
    except TypeError:
        raise CannotOpen from None


def _halves(token: bytes) -> tuple[str, bytes]:
    """The name of the row, and the key of what is in it."""
    return derive(token, context("export", "feed", "id"), _ID_BYTES).hex(), derive(token, context("export", "feed", "key"))
