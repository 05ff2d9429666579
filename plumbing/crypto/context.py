"""What a sealed thing is bound to, as bytes that cannot be read in two ways."""

from __future__ import annotations

PRODUCT = b"linkbook/1"

# Every purpose of a key, once. A new purpose is a new name here: two things sealed for two purposes can never be exchanged.
KINDS = (
    "account-keys",
    "kit-keys",
    "keyring",
    "just-us",
    "statement",
    "wrap",
    "document",
    "attachment",
    "roster",
    "letterbox",
    "log",
    "session",
    "quick-unlock",
    "pack",
    "invitation",
    "export",
    "message",
)

Part = bytes | str | int


def _sized(written: bytes) -> bytes:
    return len(written).to_bytes(4, "big") + written


# A page of a thousand letters makes four contexts for each: what all of a kind begin with is made once.
_BEGINNINGS = {kind: _sized(PRODUCT) + _sized(b"s" + kind.encode()) for kind in KINDS}


def _piece(part: Part) -> bytes:
    if isinstance(part, bytes):
        return _sized(b"b" + part)
    if isinstance(part, str):
        return _sized(b"s" + part.encode())
    if isinstance(part, bool) or not 0 <= part < 1 << 64:
        raise ValueError("a number in a context is a whole one, from 0 to 2^64 - 1")
    return _sized(b"i" + part.to_bytes(8, "big"))


def context(kind: str, *parts: Part) -> bytes:
    """The product, the kind and the parts, each with its length before it and its type.

    Without lengths ("ab", "c") and ("a", "bc") would be the same bytes, and a ciphertext could move from one to the other.

    >>> context("document", "a", 1).hex()
    '0000000a6c696e6b626f6f6b2f310000000973646f63756d656e7400000002736100000009690000000000000001'
    """
    beginning = _BEGINNINGS.get(kind)
    if beginning is None:
        raise ValueError(f"no such kind of context: {kind}")
    return beginning + b"".join(map(_piece, parts))
