"""Somebody who gets the newsletter by mail, once they have said so twice. Nothing is known of them but an address."""

from __future__ import annotations

import datetime
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

CONFIRM, LEAVE = "confirm", "leave"


@dataclass(frozen=True)
class Subscriber:
    """`asked` counts what we wrote to the address on the day `asked_on`; `council` is the area that they want news of."""

    id: str
    address: str = field(repr=False)
    council: str = ""
    asked_on: datetime.date | None = None
    asked: int = 0
    confirmed_on: datetime.date | None = None


def token_of(key: bytes, subscriber_id: str, purpose: str) -> str:
    """What stands in a link: whose it is, and our mark on what it is for. It says nothing, and nobody can make one.

    >>> token_of(b"k", "0" * 32, CONFIRM) == token_of(b"k", "0" * 32, LEAVE)
    False
    """
    said = "\0".join(("newsletter", purpose, subscriber_id)).encode()
    return f"{subscriber_id}.{urlsafe_b64encode(hmac.digest(key, said, 'sha256')).decode().rstrip('=')}"


def read_token(key: bytes, token: str, purpose: str) -> str:
    """Whose link it is; "" where we did not make it, or not for this."""
    subscriber_id = token.partition(".")[0]
    is_ours = hmac.compare_digest(token.encode(), token_of(key, subscriber_id, purpose).encode())
    return subscriber_id if is_ours else ""
