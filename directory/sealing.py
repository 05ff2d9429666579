"""What people write to us, sealed: `directory.db` goes into backups, and the key that opens this does not.

Those who keep the directory read it, so the server holds the key. Whoever has a copy of the database alone reads nothing.
"""

from __future__ import annotations

from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, seal, unseal


def key_of(server_key: bytes) -> bytes:
    """The key of all that is written to us, made from the server's own."""
    return derive(server_key, context("message"))


def seal_words(key: bytes, words: str, what: str, id_: str, place: int = 0) -> bytes:
    """Seal what was written, bound to the row it stands in."""
    return seal(key, words.encode(), context("message", what, id_, place))


def unseal_words(key: bytes, sealed: bytes, what: str, id_: str, place: int = 0) -> str:
    """What was written. Raises CannotOpen where it was moved, changed, or sealed under another key."""
    return unseal(key, sealed, context("message", what, id_, place)).decode()
