"""An opener written from FORMAT.md alone, as a stranger would: nothing of ours is imported.

It opens, or raises Refused. It knows nothing of Python's `hpke` or of HKDF classes, so that a slip of theirs would show.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Refused(Exception):
    """It does not open."""


def context(kind: str, parts: list[Any]) -> bytes:
    """ "Context": every piece with four bytes of length before it."""

    def typed(part: Any) -> bytes:
        if isinstance(part, bytes):
            return b"b" + part
        return b"s" + part.encode() if isinstance(part, str) else b"i" + part.to_bytes(8, "big")

    pieces = [b"linkbook/1", typed(kind), *map(typed, parts)]
    return b"".join(len(piece).to_bytes(4, "big") + piece for piece in pieces)


def extract(salt: bytes, material: bytes) -> bytes:
    """HKDF-Extract of RFC 5869."""
    return hmac.digest(salt or bytes(32), material, "sha256")


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand of RFC 5869."""
    made, block = b"", b""
    while len(made) < length:
        block = hmac.digest(key, block + info + bytes([len(made) // 32 + 1]), "sha256")
        made += block
    return made[:length]


def unpadded(padded: bytes) -> bytes:
    """ "Padding": eight bytes of length, the plaintext, zeros."""
    length = int.from_bytes(padded[:8], "big")
    if length > len(padded) - 8:
        raise Refused
    return padded[8 : 8 + length]


def open_envelope(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """ "The envelope"."""
    header, salt, commitment, body = sealed[:4], sealed[4:36], sealed[36:68], sealed[68:]
    if header != b"LB\x01\x01" or len(body) < 24:
        raise Refused
    material = expand(extract(salt, key), header + bound, 76)
    if material[44:] != commitment:
        raise Refused
    try:
        return unpadded(AESGCM(material[:32]).decrypt(material[32:44], body, None))
    except InvalidTag:
        raise Refused from None


def open_chunks(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    """ "Chunks"."""
    header, salt, commitment, body = sealed[:4], sealed[4:36], sealed[36:68], sealed[68:]
    if header != b"LB\x01\x02":
        raise Refused
    material = expand(extract(salt, key), b"LB\x01\x01" + header + bound, 71)
    if material[39:] != commitment:
        raise Refused
    size, opened = (1 << 20) + 16, b""
    count = max(1, -(-len(body) // size))
    for number in range(count):
        nonce = material[32:39] + number.to_bytes(4, "big") + bytes([number == count - 1])
        try:
            opened += AESGCM(material[:32]).decrypt(nonce, body[number * size : (number + 1) * size], None)
        except (InvalidTag, ValueError):
            raise Refused from None
    return unpadded(opened)


def hpke_keys(private: bytes, share: bytes, info: bytes, aead: int, key_bytes: int) -> tuple[bytes, bytes]:
    """Key and nonce of RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256."""

    def labeled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
        return extract(salt, b"HPKE-v1" + suite + label + material)

    def labeled_expand(suite: bytes, key: bytes, label: bytes, about: bytes, length: int) -> bytes:
        return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + about, length)

    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01" + aead.to_bytes(2, "big")
    mine = X25519PrivateKey.from_private_bytes(private)
    try:
        shared = mine.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise Refused from None
    both = share + mine.public_key().public_bytes_raw()
    secret = labeled_expand(kem, labeled_extract(kem, b"", b"eae_prk", shared), b"shared_secret", both, 32)
    schedule = b"\0" + labeled_extract(suite, b"", b"psk_id_hash", b"") + labeled_extract(suite, b"", b"info_hash", info)
    root = labeled_extract(suite, secret, b"secret", b"")
    key = labeled_expand(suite, root, b"key", schedule, key_bytes)
    return key, labeled_expand(suite, root, b"base_nonce", schedule, 12)


def open_wrap(private: bytes, wrapped: bytes, bound: bytes) -> bytes:
    """ "A wrap"."""
    if len(wrapped) < 48:
        raise Refused
    key, nonce = hpke_keys(private, wrapped[:32], bound, aead=2, key_bytes=32)
    try:
        return AESGCM(key).decrypt(nonce, wrapped[32:], None)
    except InvalidTag:
        raise Refused from None


def read_code(shown: str) -> bytes:
    """ "The code on the kit"."""
    letters = shown.replace("-", "")
    number = 0
    for letter in letters[:26]:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    check = hashlib.sha256(b"linkbook kit " + letters[:26].encode()).digest()
    bits = int.from_bytes(check[:2], "big") >> 6
    if [bits >> 5, bits & 31] != ["0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter) for letter in letters[26:]]:
        raise Refused
    return number.to_bytes(17, "big")


def read_words(shown: str, words: list[str]) -> bytes:
    """ "Codes of words"."""
    number = 0
    for word in shown.split():
        number = number * 2048 + words.index(word)
    code, check = number.to_bytes(11, "big")[:10], number & 255
    if hashlib.sha256(b"linkbook words " + code).digest()[0] != check:
        raise Refused
    return code


def six_words(data: bytes, words: list[str]) -> str:
    """ "Codes of words": the six for comparing."""
    number = int.from_bytes(hashlib.sha256(b"linkbook six words " + data).digest(), "big") >> (256 - 66)
    return " ".join(words[number >> (11 * place) & 2047] for place in (5, 4, 3, 2, 1, 0))
