"""A checker of a feed's answers: the official schemas, and rules of our own for what they do not catch."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

BASE = "https://openreferraluk.org/specifications/3.0/schema/"
DAYS = {"assured_date", "valid_from", "valid_to", "dtstart"}
TIMES = {"opens_at", "closes_at"}
URIS = {"url", "website", "uri", "term_uri", "schedule_link", "profile", "openapi_url"}
ENVELOPE = ("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents")


class Checker:
    """Says what is wrong with an answer: by a schema of the official set, and by rules of our own."""

    def __init__(self, folder: Path) -> None:
        schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
        resources = [(f"{BASE}{name}.json", Resource(schema, DRAFT202012)) for name, schema in schemas.items()]
        registry = Registry().with_resources(resources)
        formats = FormatChecker()
        formats.checks("uri")(_is_uri)
        formats.checks("date-time")(_is_moment)
        formats.checks("uuid")(_is_uuid)
        self.names = set(schemas)
        self._validators = {
            name: Draft202012Validator(schema, registry=registry, format_checker=formats) for name, schema in schemas.items()
        }

    def wrong(self, schema: str, answer: Any) -> list[str]:
        """Everything that is wrong with an answer."""
        found = self.officially_wrong(schema, answer) + list(_ours(answer))
        if schema.endswith("_list"):
            found += list(_envelope(answer))
        return found

    def officially_wrong(self, schema: str, answer: Any) -> list[str]:
        """What the official schema alone finds."""
        return [f"{error.json_path}: {error.message[:200]}" for error in self._validators[schema].iter_errors(answer)]


def _is_uri(text: Any) -> bool:
    return not isinstance(text, str) or bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", text))


def _is_moment(text: Any) -> bool:
    if not isinstance(text, str):
        return True
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_uuid(text: Any) -> bool:
    try:
        return not isinstance(text, str) or str(UUID(text)) == text
    except ValueError:
        return False


def _envelope(answer: Any) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield "it is no envelope"
        return
    missing = [name for name in ENVELOPE if name not in answer]
    if missing:
        yield f"the envelope lacks {missing}"
        return
    total, pages, page, size = (answer[name] for name in ENVELOPE[:4])
    if any(isinstance(number, bool) or not isinstance(number, int) for number in (total, pages, page, size)):
        yield "its numbers are not whole numbers"
        return
    if size != len(answer["contents"]):
        yield "size is not how many there are on the page"
    if answer["empty"] != (not answer["contents"]):
        yield "empty is not true"
    if answer["first_page"] != (page == 1) or answer["last_page"] != (page >= pages):
        yield "first_page or last_page is not true"
    if page < 1 or size > total or (total == 0) != (pages == 0) or pages > total:
        yield "its numbers do not go together"
    ids = Counter(one.get("id") for one in answer["contents"] if isinstance(one, dict))
    yield from (f"{id_} is there {times} times" for id_, times in ids.items() if times > 1)


def _ours(value: Any, path: str = "$") -> Iterator[str]:
    """No nulls, nothing empty but what must be there, days and times that programs can read, ids once in their list."""
    if value is None:
        yield f"{path} is null"
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _ours(part, f"{path}.{name}")
            if name in DAYS and not _is_day(part):
                yield f"{path}.{name} is no day: {part}"
            if name in TIMES and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?", str(part)):
                yield f"{path}.{name} is no time: {part}"
            if name in URIS and not _is_uri(part):
                yield f"{path}.{name} is no address: {part}"
            if part in ([], {}) and name != "contents" and name != "services":
                yield f"{path}.{name} is empty"
    elif isinstance(value, list):
        ids = [part["id"] for part in value if isinstance(part, dict) and "id" in part]
        if len(ids) != len(set(ids)):
            yield f"{path} has one id twice"
        for number, part in enumerate(value):
            yield from _ours(part, f"{path}[{number}]")


def _is_day(text: Any) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)) and bool(date.fromisoformat(text))
    except (TypeError, ValueError):
        return False
