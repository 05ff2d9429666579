"""Answers to programs: JSON with its envelope, a mark that says whether anything changed, and errors that say what was wrong."""

from __future__ import annotations

import datetime
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Response, request

from directory.feed.terms import Document
from directory.pages.api.blueprint import PREFIX, blueprint
from directory.pages.api.limits import DOWNLOADS, count
from directory.pages.api.parameters import USUAL_A_PAGE, Slice, WrongParameterError

# A program that asks every few seconds is spared the asking; nobody waits longer than this for a correction.
_FRESH_SECONDS = 60
_A_PART = 200


def to_bytes(document: Any) -> bytes:
    """A document as it travels."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def answer(document: Any, *, changed: str = "") -> Response:
    """A document, or 304 where the program has it already; `changed` is when it last changed."""
    body = to_bytes(document)
    response = Response(body, mimetype="application/json")
    if changed:
        response.last_modified = datetime.datetime.fromisoformat(changed)
    return _marked(response, hashlib.sha256(body).hexdigest())


def _marked(response: Response, mark: str) -> Response:
    """The answer with its mark, or 304 where the program has it already."""
    response.set_etag(mark[:32], weak=True)
    response.headers["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
    # Only the mark is compared: a check or a withdrawal changes an answer and no listing's time.
    request.environ.pop("HTTP_IF_MODIFIED_SINCE", None)
    response.make_conditional(request)
    return response


def listed(
    ids: Sequence[Any], asked: Slice, make: Callable[[Sequence[Any]], Iterable[Document]], *, all_at_once: bool = False
) -> Response:
    """One page of a list in its envelope, or, as `ndjson`, all of it, a line each; `make` gives the documents of some ids."""
    if asked.format == "ndjson":
        # Everything at once is a download.
        count(DOWNLOADS)
        parts = (ids[start : start + _A_PART] for start in range(0, len(ids), _A_PART))
        return _lines(document for part in parts for document in make(part))
    per_page = asked.per_page or (max(len(ids), 1) if all_at_once else USUAL_A_PAGE)
    contents = list(make(ids[(asked.page - 1) * per_page : asked.page * per_page]))
    return answer(envelope(contents, len(ids), asked.page, per_page))


def _lines(documents: Iterable[Document]) -> Response:
    """A line for each, by way of the disk: the whole directory need not fit into memory, nor wait for whoever reads slowly."""
    file, digest, size = tempfile.TemporaryFile(), hashlib.sha256(), 0  # noqa: SIM115 - closed with the answer
    for document in documents:
        line = to_bytes(document) + b"\n"
        digest.update(line)
        size += file.write(line)
    file.seek(0)
    response = Response(iter(lambda: file.read(1 << 16), b""), mimetype="application/x-ndjson")
    response.call_on_close(file.close)
    response.content_length = size
    return _marked(response, digest.hexdigest())


def envelope(contents: list[Document], total: int, page: int, per_page: int) -> Document:
    """A page as Open Referral UK has it. A page beyond the last is empty, and says so."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def problem(status: int, title: str, words: str, **more: str) -> Response:
    """An error as RFC 9457 has it."""
    body = to_bytes({"title": title, "status": status, "detail": words} | more)
    response = Response(body, status, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(WrongParameterError)
def wrong_parameter(error: WrongParameterError) -> Response:
    """Say which parameter is wrong, and what it should be."""
    return problem(400, "Wrong parameter", f"{error.name}: {error}", parameter=error.name)


_OPEN: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def open_to_all(response: Response) -> Response:
    """Let programs on other websites read the feed: it holds nothing that is anybody's, and knows nobody."""
    if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
        response.headers.update(_OPEN)
    return response
