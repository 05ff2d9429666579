"""The envelope: a few bytes sealed under a key for one purpose.

    "LB" | version 1 | algorithm 1 | salt 32 | commitment 32 | AES-256-GCM of (length 8 | plaintext | zeros) with its tag 16

A fresh key, nonce and commitment come out of HKDF for each message, from a random salt: no nonce can repeat. The commitment is
there because GCM does not commit to its key: without it one ciphertext can be made to open under two keys.
"""

from __future__ import annotations

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from plumbing.crypto import CannotOpen

KEY_BYTES = 32
HEADER = b"LB\x01\x01"  # magic, version 1, algorithm 1: HKDF-SHA256, AES-256-GCM, commitment
SALT_BYTES = 32
COMMIT_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
LENGTH_BYTES = 8
OVERHEAD = len(HEADER) + SALT_BYTES + COMMIT_BYTES + LENGTH_BYTES + TAG_BYTES


def derive(secret: bytes, purpose: bytes, length: int = KEY_BYTES, salt: bytes | None = None) -> bytes:
    """HKDF-SHA256 (RFC 5869) of a strong secret: `length` bytes for `purpose`. Not for passphrases: see `stretch`."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=purpose).derive(secret)


def padded_length(length: int) -> int:
    """The length under which something `length` bytes long is stored (Padmé, PURBs, PETS 2019): at most 12 % more.

    >>> [padded_length(n) for n in (0, 1, 9, 1000, 100_000)]
    [0, 1, 10, 1024, 100352]
    """
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    free_bits = exponent - (exponent.bit_length())
    mask = (1 << max(free_bits, 0)) - 1
    return (length + mask) & ~mask


def pad(plaintext: bytes) -> bytes:
    """The length, the plaintext, and zeros that hide how long it was."""
    whole = len(plaintext).to_bytes(LENGTH_BYTES, "big") + plaintext
    return whole + bytes(padded_length(len(whole)) - len(whole))


def unpad(padded: bytes) -> bytes:
    """What `pad` was given. Raises CannotOpen where the length cannot be true."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    if len(padded) < LENGTH_BYTES or length > len(padded) - LENGTH_BYTES:
        raise CannotOpen
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def message_keys(key: bytes, salt: bytes, bound: bytes, nonce_bytes: int = NONCE_BYTES) -> tuple[bytes, bytes, bytes]:
    """This message's own key, nonce and commitment, from the key, the message's salt and what it is bound to."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    material = derive(key, HEADER + bound, KEY_BYTES + nonce_bytes + COMMIT_BYTES, salt)
    return material[:KEY_BYTES], material[KEY_BYTES:-COMMIT_BYTES], material[-COMMIT_BYTES:]


def seal(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    """Seal `plaintext` under a 32-byte `key`, bound to the context `bound`."""
    salt = secrets.token_bytes(SALT_BYTES)
    message_key, nonce, commitment = message_keys(key, salt, bound)
    return HEADER + salt + commitment + AESGCM(message_key).encrypt(nonce, pad(plaintext), None)


def unseal(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What was sealed. Raises CannotOpen for a wrong key, another context, or a single changed bit."""
    if len(sealed) < OVERHEAD or sealed[: len(HEADER)] != HEADER:
        raise CannotOpen
    salt = sealed[len(HEADER) : len(HEADER) + SALT_BYTES]
    body = len(HEADER) + SALT_BYTES + COMMIT_BYTES
    message_key, nonce, commitment = message_keys(key, salt, bound)
    if not hmac.compare_digest(commitment, sealed[body - COMMIT_BYTES : body]):
        raise CannotOpen
    try:
        return unpad(AESGCM(message_key).decrypt(nonce, sealed[body:], None))
    except InvalidTag:
        raise CannotOpen from None
