"""Large things, sealed a mebibyte at a time (the STREAM construction; Hoang, Reyhanitabar, Rogaway, Vizár, 2015).

    "LB" | version 1 | algorithm 2 | salt 32 | commitment 32 | chunk, chunk, ... each with its tag 16

A chunk's nonce is 7 bytes of the message's own, its number in 4, and 1 for the last one, 0 for the others: a file cut off
between two chunks, or with two of them exchanged, does not open.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from plumbing.crypto import CannotOpen
from plumbing.crypto.envelope import COMMIT_BYTES, SALT_BYTES, TAG_BYTES, message_keys, pad, unpad

HEADER = b"LB\x01\x02"
CHUNK_BYTES = 1 << 20
_PREFIX_BYTES = 7


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def seal_chunks(key: bytes, plaintext: bytes, bound: bytes) -> Iterator[bytes]:
    """The pieces of a sealed file, in order; its length hides the plaintext's own (see `padded_length`)."""
    salt = secrets.token_bytes(SALT_BYTES)
    message_key, prefix, commitment = message_keys(key, salt, HEADER + bound, _PREFIX_BYTES)
    yield HEADER + salt + commitment
    cipher, padded = AESGCM(message_key), memoryview(pad(plaintext))
    last = (len(padded) - 1) // CHUNK_BYTES
    for number in range(last + 1):
        piece = padded[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
        yield cipher.encrypt(_nonce(prefix, number, number == last), piece, None)


def unseal_chunks(key: bytes, file: BinaryIO, bound: bytes) -> bytes:
    """What was sealed, whole. Raises CannotOpen, and gives nothing, where any of it is missing, moved or changed."""
    head = file.read(len(HEADER) + SALT_BYTES + COMMIT_BYTES)
    if len(head) < len(HEADER) + SALT_BYTES + COMMIT_BYTES or not head.startswith(HEADER):
        raise CannotOpen
    salt = head[len(HEADER) : len(HEADER) + SALT_BYTES]
    message_key, prefix, commitment = message_keys(key, salt, HEADER + bound, _PREFIX_BYTES)
    if not hmac.compare_digest(commitment, head[-COMMIT_BYTES:]):
        raise CannotOpen
    cipher, pieces, number = AESGCM(message_key), [], 0
    piece = file.read(CHUNK_BYTES + TAG_BYTES)
    while True:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        try:
            pieces.append(cipher.decrypt(_nonce(prefix, number, not following), piece, None))
        except (InvalidTag, ValueError):
            raise CannotOpen from None
        if not following:
            return unpad(b"".join(pieces))
        piece, number = following, number + 1
