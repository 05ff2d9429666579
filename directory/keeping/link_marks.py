"""Links that somebody answers by without an account: our mark on them, and when one does not open (any more).

Nobody else can make one, or turn one to something else.
"""

from __future__ import annotations

import base64
import datetime
import hmac
from collections.abc import Callable

from directory.store.rows import Row

FORGED, EXPIRED, ANSWERED, CHANGED, GONE = "forged", "expired", "answered", "changed", "gone"
# A mail server takes some at a time.
MOST_AT_ONCE = 10


class RefusedError(Exception):
    """A link that does not open; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAskedError(Exception):
    """Nobody was asked; `reason`: no address, refused (they asked us to stop), or the mail could not be posted."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def token(key: bytes, ask_id: str, *said: str) -> str:
    """What stands in the link: the question's id, and our mark on all that it is about."""
    return f"{ask_id}.{_mark(key, *said)}"


def ask_id(sent: str) -> str:
    """The id in a link, of which nothing is proved yet."""
    return sent.partition(".")[0]


def still_open(ask: Row | None, sent: str, key: bytes, said: Callable[[Row], tuple[str, ...]], today: datetime.date) -> Row:
    """The question that a link names, where the mark is ours, on just this, and it waits for an answer. Raises RefusedError."""
    if ask is None or not hmac.compare_digest(sent.partition(".")[2].encode(), _mark(key, *said(ask)).encode()):
        raise RefusedError(FORGED)
    if ask["answer"]:
        raise RefusedError(CHANGED if ask["answer"] == "renewed" else ANSWERED)
    if ask["expires_on"] < today.isoformat():
        raise RefusedError(EXPIRED)
    return ask


def _mark(key: bytes, *said: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, "\0".join(said).encode(), "sha256")).decode().rstrip("=")
