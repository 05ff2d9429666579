"""Open Referral UK JSON, 3.0 and 1.0: a list, a page with its envelope, one service, a folder of pages, or a web address.

Sources: openreferraluk.org 3.0 (`contents`, `total_pages`) and 1.0 (`content`, `totalPages`).
"""

from __future__ import annotations

import json
import re
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from directory.importers import NothingNewError, Raw, Remark, UnreadableError
from plumbing.fetching import Answer, Limits, NotFetchedError, fetch

_ENVELOPES = ("contents", "content", "services", "items")
_TOTALS = ("total_pages", "totalPages")
_LONGEST_SECONDS = 3600
_MOST_PAGES = 10_000


def recognises(path: str) -> bool:
    """Whether this looks like Open Referral JSON: a web address, a .json file, or a folder that holds some."""
    if is_address(path):
        return True
    here = Path(path)
    return here.suffix.lower() == ".json" or (here.is_dir() and any(here.glob("*.json")))


def is_address(path: str) -> bool:
    """Whether this is a web address."""
    return path.lower().startswith(("http://", "https://"))


def read(path: str) -> Iterator[Raw | Remark]:
    """Every service at `path`. Raises UnreadableError when there is nothing to read there."""
    if is_address(path):
        yield from read_address(path, Limits(anywhere=True))
        return
    here = Path(path)
    if not here.is_dir():
        yield from _services(_parse(here.read_bytes(), here.name), here.name)
        return
    for file in sorted(here.glob("*.json")):
        try:
            yield from _services(_parse(file.read_bytes(), file.name), file.name)
        except UnreadableError as error:
            yield Remark(file.name, str(error))


def _parse(data: bytes, name: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableError(f"{name} is not readable as JSON.") from None


def _services(document: Any, name: str) -> Iterator[Raw | Remark]:
    found = _list_of_services(document)
    if found is None:
        yield Remark(name, "There are no services in it.")
        return
    for number, item in enumerate(found, start=1):
        where = f"{name}, service {number}"
        if isinstance(item, dict):
            yield Raw(where, item)
        else:
            yield Remark(where, "It is not a service.")


def _list_of_services(document: Any) -> list[Any] | None:
    """The services in a document; None where it is about something else (a taxonomy, a location, an API's front page)."""
    if isinstance(document, list):
        return document if not document or any(_is_service(item) for item in document) else None
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("services"), list) and "name" in document:  # an organisation with its services
        organization = {key: value for key, value in document.items() if key != "services"}
        return [{"organization": organization} | item for item in document["services"] if isinstance(item, dict)]
    for key in _ENVELOPES:
        if isinstance(document.get(key), list):
            return _list_of_services(document[key])
    return [document] if _is_service(document) else None


def _is_service(item: Any) -> bool:
    # A location, an organisation and a taxonomy term have a name too; none of them has one of these.
    marks = {"status", "organization", "organisation", "service_at_locations", "fees", "organization_id", "send_needs"}
    return isinstance(item, dict) and "name" in item and bool(marks & item.keys()) and "addresses" not in item


@dataclass(frozen=True)
class Since:
    """What an earlier reading of the same address left: then only what is new since need be sent."""

    etag: str = ""
    modified_after: str = ""


@dataclass
class Heard:
    """What a server said of itself while it was read: the mark of its only page, or nothing where it has several."""

    etag: str = ""


def read_address(address: str, limits: Limits, since: Since = Since(), heard: Heard | None = None) -> Iterator[Raw | Remark]:
    """Every service of a feed, page after page. Raises UnreadableError; NothingNewError where there is nothing since."""
    page, last = 1, 1
    seen: set[str] = set()
    ends = time.monotonic() + _LONGEST_SECONDS
    if since.modified_after:
        address = _with(address, modified_after=since.modified_after)
    while page <= min(last, _MOST_PAGES):
        if time.monotonic() > ends:
            raise UnreadableError(f"{address} was still sending pages after an hour.")
        answer = _fetch(_with(address, page=str(page)) if page > 1 else address, limits, since.etag if page == 1 else "")
        document = _parse(answer.data, address)
        if isinstance(document, dict):
            totals = (str(document.get(key, "")) for key in _TOTALS)
            last = next((int(total) for total in totals if re.fullmatch(r"[0-9]{1,7}", total)), 1)
        if heard is not None and page == 1 and last <= 1:
            # The mark of a first page says nothing about the second.
            heard.etag = answer.headers.get("etag", "")[:200]
        found = list(_services(document, f"page {page}"))
        ids = {str(reading.data.get("id")) for reading in found if isinstance(reading, Raw)}
        yield from found
        # A server that does not know the parameter sends its first page for ever.
        if ids <= seen:
            return
        seen |= ids
        page += 1


def _with(address: str, **parameters: str) -> str:
    parts = urllib.parse.urlsplit(address)
    query = dict(urllib.parse.parse_qsl(parts.query)) | parameters
    return urllib.parse.urlunsplit(parts._replace(query=urllib.parse.urlencode(query)))


def _fetch(url: str, limits: Limits, etag: str) -> Answer:
    headers = {"Accept": "application/json"} | ({"If-None-Match": etag} if etag else {})
    try:
        answer = fetch(url, limits, headers)
    except NotFetchedError as error:
        raise UnreadableError(str(error)) from None
    if answer.status == HTTPStatus.NOT_MODIFIED:
        raise NothingNewError(f"{url} has nothing new.")
    return answer
