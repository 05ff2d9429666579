"""How vectors.json was made, once: `python -m tests.plumbing.crypto.make_vectors NEW_FILE`. No test runs it.

Whoever changes a format gives it a new version byte and adds vectors; those that are there must open for ever.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from plumbing.crypto.chunks import CHUNK_BYTES, seal_chunks
from plumbing.crypto.code import new_code, show_code
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal
from plumbing.crypto.pairs import sealing_pair, sign, signing_pair, wrap
from plumbing.crypto.passphrase import Cost, stretch

STAMP, OTHER_STAMP = "a1" * 32, "b2" * 32
SECTION, ENTRY, OTHER = "51" * 16, "e1" * 16, "e2" * 16
WORDS = b"The eye clinic, on 3 March 2027"
DOCUMENT = [{"hex": STAMP}, SECTION, 3, ENTRY, 7]


def parts(written: list[Any]) -> list[Any]:
    """The parts of a context as vectors.json has them: a number, a text, or {"hex": bytes}."""
    return [bytes.fromhex(one["hex"]) if isinstance(one, dict) else one for one in written]


def changed(place: int, value: Any) -> list[Any]:
    """The context of the document, with one part exchanged."""
    return [value if at == place else part for at, part in enumerate(DOCUMENT)]


def envelopes() -> list[dict[str, Any]]:
    """One sealed document, and everything that must not open it."""
    key = secrets.token_bytes(32)
    sealed = seal(key, WORDS, context("document", *parts(DOCUMENT)))
    right = {"key": key.hex(), "kind": "document", "context": DOCUMENT, "sealed": sealed.hex()}
    flipped = {
        place: sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        for place in (0, 2, 3, 4, 36, 68, len(sealed) - 1)
    }
    refused = {
        "wrong key": {"key": secrets.token_hex(32)},
        "other record": {"context": changed(0, {"hex": OTHER_STAMP})},
        "other section": {"context": changed(1, OTHER)},
        "older epoch": {"context": changed(2, 2)},
        "moved row": {"context": changed(3, OTHER)},
        "older version": {"context": changed(4, 6)},
        "given as newer": {"context": changed(4, 8)},
        "one part fewer": {"context": DOCUMENT[:-1]},
        "one part more": {"context": [*DOCUMENT, 0]},
        "a number as text": {"context": changed(4, "7")},
        "two parts run together": {"context": [{"hex": STAMP}, SECTION, 3, ENTRY + "7"]},
        "for another purpose": {"kind": "keyring"},
        "extended": {"sealed": (sealed + b"\0").hex()},
        "cut by a byte": {"sealed": sealed[:-1].hex()},
        "only its header": {"sealed": sealed[:68].hex()},
        "nothing": {"sealed": ""},
    } | {f"tampered at byte {place}": {"sealed": bytes_.hex()} for place, bytes_ in flipped.items()}
    empty = {"key": key.hex(), "kind": "keyring", "context": [], "sealed": seal(key, b"", context("keyring")).hex()}
    return [
        {"name": "opens", **right, "plaintext": WORDS.hex()},
        {"name": "opens, and is empty", **empty, "plaintext": ""},
        *({"name": name, **right, **change, "plaintext": None} for name, change in refused.items()),
    ]


def chunked() -> dict[str, Any]:
    """A file of three chunks, by its recipe: it has two mebibytes."""
    key, salt = secrets.token_bytes(32), secrets.token_bytes(32)
    times = (2 * CHUNK_BYTES + CHUNK_BYTES // 2) // len(WORDS)
    with mock.patch("secrets.token_bytes", return_value=salt):
        pieces = list(seal_chunks(key, WORDS * times, context("attachment", bytes.fromhex(STAMP), ENTRY)))
    cases = {
        "opens": [0, 1, 2, 3],
        "truncated after the head": [0],
        "truncated after chunk 1": [0, 1],
        "truncated after chunk 2": [0, 1, 2],
        "without its head": [1, 2, 3],
        "without chunk 1": [0, 2, 3],
        "without chunk 2": [0, 1, 3],
        "chunks 1 and 2 exchanged": [0, 2, 1, 3],
        "chunks 2 and 3 exchanged": [0, 1, 3, 2],
        "chunk 1 twice": [0, 1, 1, 2, 3],
        "extended by its last chunk": [0, 1, 2, 3, 3],
        "two files, one after the other": [0, 1, 2, 3, 0, 1, 2, 3],
    }
    return {
        "key": key.hex(),
        "salt": salt.hex(),
        "context": [{"hex": STAMP}, ENTRY],
        "plaintext": {"hex": WORDS.hex(), "times": times},
        "pieces": [{"bytes": len(piece), "sha256": hashlib.sha256(piece).hexdigest()} for piece in pieces],
        "cases": [{"name": name, "pieces": kept, "opens": name == "opens"} for name, kept in cases.items()],
    }


def wraps() -> list[dict[str, Any]]:
    """A section's key sealed to somebody, and everything that must not open it."""
    mine, other = sealing_pair(), sealing_pair()
    terms = [{"hex": STAMP}, SECTION, 3, "own", "ac" * 16, 1, "hold", 99991231]
    wrapped = wrap(mine.public, bytes(range(32)), context("wrap", *parts(terms)))
    right = {"private": mine.private.hex(), "context": terms, "wrapped": wrapped.hex()}

    def with_part(place: int, value: Any) -> dict[str, Any]:
        return {"context": [value if at == place else part for at, part in enumerate(terms)]}

    refused = {
        "another person's key": {"private": other.private.hex()},
        "another record": with_part(0, {"hex": OTHER_STAMP}),
        "another section": with_part(1, OTHER),
        "another epoch": with_part(2, 4),
        "another grant": with_part(3, "grant"),
        "another account": with_part(4, "ad" * 16),
        "another generation": with_part(5, 2),
        "another verb": with_part(6, "read"),
        "another last day": with_part(7, 20270303),
        "tampered": {"wrapped": (wrapped[:-1] + bytes([wrapped[-1] ^ 1])).hex()},
        "another sender's share": {"wrapped": (bytes([wrapped[0] ^ 1]) + wrapped[1:]).hex()},
        "a share of low order": {"wrapped": (bytes(32) + wrapped[32:]).hex()},
        "cut": {"wrapped": wrapped[:-1].hex()},
        "nothing": {"wrapped": ""},
    }
    opens = {"name": "opens", **right, "plaintext": bytes(range(32)).hex()}
    return [opens, *({"name": name, **right, **change, "plaintext": None} for name, change in refused.items())]


def signatures() -> list[dict[str, Any]]:
    """A signature, and everything that must not verify."""
    mine, other = signing_pair(), signing_pair()
    message = context("statement", ENTRY, 0, WORDS)
    made = sign(mine.private, message)
    right = {"public": mine.public.hex(), "message": message.hex(), "signature": made.hex()}
    refused = {
        "another message": {"message": (message + b".").hex()},
        "another person": {"public": other.public.hex()},
        "tampered": {"signature": (bytes([made[0] ^ 1]) + made[1:]).hex()},
        "cut": {"signature": made[:-1].hex()},
        "no key": {"public": bytes(31).hex()},
    }
    return [
        {"name": "verifies", **right, "ok": True},
        *({"name": name, **right, **bad, "ok": False} for name, bad in refused.items()),
    ]


def rest() -> dict[str, Any]:
    """What has one answer."""
    code = new_code()
    passphrase = {
        "words": "  goat wellies  piano caf\u0065\u0301 ",
        "salt": "00" * 16,
        "pepper": "11" * 32,
        "cost": "m=65536,t=3,p=4",
    }
    made = stretch(passphrase["words"], bytes(16), b"\x11" * 32, Cost.parse(passphrase["cost"]))
    return {
        "derivations": [{"secret": "22" * 32, "purpose": "account-keys", "key": derive(b"\x22" * 32, b"account-keys").hex()}],
        "passphrases": [passphrase | {"key": made.hex()}],
        "codes": [
            {"bytes": code.hex(), "shown": show_code(code)},
            {"bytes": "03" + "ff" * 16, "shown": show_code(b"\x03" + b"\xff" * 16)},
        ],
        "contexts": [{"kind": "document", "context": DOCUMENT, "bytes": context("document", *parts(DOCUMENT)).hex()}],
    }


def main() -> None:
    """Write them into a new file; never over one that is there."""
    made = {"envelopes": envelopes(), "chunks": chunked(), "wraps": wraps(), "signatures": signatures(), **rest()}
    with Path(sys.argv[1]).open("x") as file:
        file.write(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
