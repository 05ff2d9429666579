"""The server's mark on what it wrote: an HMAC under a key that is not in the database.

Whoever can change rows but does not have the key can make nobody a manager, and can put nobody else's keys in a row.
"""

from __future__ import annotations

import hashlib
import hmac

from accounts.account import Account
from plumbing.crypto.context import Part, context


def mark(server_key: bytes, kind: str, purpose: str, *parts: Part) -> bytes:
    """The mark of `parts`; `kind` is one of the table's in `plumbing/crypto/context.py`."""
    return hmac.new(server_key, b"mark" + context(kind, purpose, *parts), hashlib.sha256).digest()


def is_marked(given: bytes, server_key: bytes, kind: str, purpose: str, *parts: Part) -> bool:
    """Whether `given` is the mark of `parts`; takes the same time whichever byte differs."""
    return hmac.compare_digest(given, mark(server_key, kind, purpose, *parts))


def account_parts(account: Account) -> tuple[Part, ...]:
    """What the mark of an account's row covers."""
    return (
        account.id,
        account.generation,
        account.sign_in_name,
        account.shown_name,
        account.role,
        account.sealing_public,
        account.signing_public,
    )
