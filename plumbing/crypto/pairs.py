"""Pairs of keys: X25519 to seal to somebody (HPKE, RFC 9180, base mode), Ed25519 to sign (RFC 8032)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from plumbing.crypto import CannotOpen

KEY_BYTES = 32
_suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True)
class Pair:
    """A private key and its public half, 32 raw bytes each."""

    private: bytes = field(repr=False)
    public: bytes


def sealing_pair(private: bytes | None = None) -> Pair:
    """An X25519 pair: new, or the one that belongs to `private`."""
    key = X25519PrivateKey.from_private_bytes(private) if private is not None else X25519PrivateKey.generate()
    return Pair(key.private_bytes_raw(), key.public_key().public_bytes_raw())


def signing_pair(private: bytes | None = None) -> Pair:
    """An Ed25519 pair: new, or the one that belongs to `private`."""
    key = Ed25519PrivateKey.from_private_bytes(private) if private is not None else Ed25519PrivateKey.generate()
    return Pair(key.private_bytes_raw(), key.public_key().public_bytes_raw())


def wrap(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal to the holder of an X25519 key, bound to `info`: 48 bytes more than the plaintext. Anybody can; nobody is named."""
    try:
        return _suite.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info=info)
    except ValueError:
        raise CannotOpen from None


def unwrap(private: bytes, wrapped: bytes, info: bytes) -> bytes:
    """What was sealed to this private key. Raises CannotOpen for another key, other `info`, or a changed bit."""
    try:
        return _suite.decrypt(wrapped, X25519PrivateKey.from_private_bytes(private), info=info)
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def sign(private: bytes, message: bytes) -> bytes:
    """64 bytes that only the holder of the Ed25519 key can have made."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Raises CannotOpen where the signature is not of this message by this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise CannotOpen from None
