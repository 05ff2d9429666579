"""Our mark on a link that somebody answers by without an account: nobody else can make one, or turn one to something else."""

from __future__ import annotations

import base64
import hmac


def token(key: bytes, ask_id: str, *said: str) -> str:
    """What stands in the link: the question's id, and our mark on all that it is about."""
    return f"{ask_id}.{_mark(key, *said)}"


def ask_id(sent: str) -> str:
    """The id in a link, of which nothing is proved yet."""
    return sent.partition(".")[0]


def is_ours(sent: str, key: bytes, *said: str) -> bool:
    """Whether the mark in a link is ours, on just this."""
    return hmac.compare_digest(sent.partition(".")[2].encode(), _mark(key, *said).encode())


def _mark(key: bytes, *said: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, "\0".join(said).encode(), "sha256")).decode().rstrip("=")
