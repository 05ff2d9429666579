"""What a holder's own device remembers of each record: the newest head of its log, in a cookie that carries our mark.

Whoever puts back an old database together with an old witness and every keyring in it is caught by the first phone that has
seen newer. The cookie names records by ids that say nothing, and holds nothing that opens anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping

from accounts.marks import is_marked, mark
from records.log import Head

# A cookie has room for 4,096 bytes; nobody holds more records than this.
_MOST = 20
_DIGEST_BYTES = 16


def cookie_name(account_id: str) -> str:
    """The cookie's name: another one for each account, for a phone that a family shares."""
    return f"linkbook-heads-{hashlib.sha256(account_id.encode()).hexdigest()[:8]}"


def written(heads: Mapping[str, Head], server_key: bytes, account_id: str) -> str:
    """The cookie that remembers `heads`, by record; the newest come last, and stay."""
    kept = list(heads.items())[-_MOST:]
    said = {record_id: [head.number, head.digest[:_DIGEST_BYTES].hex()] for record_id, head in kept}
    payload = base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode()
    return f"{payload}.{_mark(server_key, account_id, payload).hex()}"


def read(cookie: str, server_key: bytes, account_id: str) -> dict[str, Head]:
    """What a cookie remembers, with the first half of each head; nothing where it is not one that we gave this account."""
    payload, _dot, marked = cookie.partition(".")
    try:
        if not is_marked(bytes.fromhex(marked), server_key, "log", "device", account_id, payload):
            return {}
        said = json.loads(base64.b64decode(payload, b"-_", validate=True))
        return {record_id: Head(number, bytes.fromhex(digest)) for record_id, (number, digest) in said.items()}
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return {}


def _mark(server_key: bytes, account_id: str, payload: str) -> bytes:
    return mark(server_key, "log", "device", account_id, payload)


def matches(remembered: Head, head_now: bytes | None) -> bool:
    """Whether the log still has the line that a device remembers; `head_now` is the head of that line, None where it is gone."""
    return head_now is not None and head_now[:_DIGEST_BYTES] == remembered.digest[:_DIGEST_BYTES]
