"""One way to write a thing down as bytes, so that what is signed or hashed is the same bytes everywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from plumbing.crypto import CannotOpen


def to_bytes(value: Any) -> bytes:
    """JSON with sorted names and nothing to spare.

    >>> to_bytes({"b": 1, "a": "é"})
    b'{"a":"\\xc3\\xa9","b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def from_bytes(raw: bytes) -> Any:
    """What `to_bytes` was given. Raises CannotOpen for anything else: it may stand in a row that a stranger wrote."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise CannotOpen from None


def digest(*parts: bytes) -> bytes:
    """SHA-256 of the parts, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def text(raw: bytes) -> str:
    """Bytes inside JSON: base64."""
    return base64.b64encode(raw).decode()


def raw(written: str) -> bytes:
    """The bytes that `text` was given. Raises CannotOpen."""
    try:
        return base64.b64decode(written, validate=True)
    except (ValueError, TypeError):
        raise CannotOpen from None
