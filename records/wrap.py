"""A wrap: a section's key, sealed to one person and signed by a holder. What it is bound to cannot be edited afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.person import Person
from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from records import canonical
from records.statement import Chain

HOLD = "hold"
FOR_GOOD = 99991231
OWN = "own"  # the grant of holders: what is one's own was not given by anybody
_KEY = 32
_SIGNATURE = 64


@dataclass(frozen=True)
class Terms:
    """What a wrap is for: which section's key, to whom, under which grant, to do what, until which day (20270303) inclusive."""

    section_id: str
    epoch: int
    account_id: str
    generation: int
    grant_id: str = OWN
    verb: str = HOLD
    last_day: int = FOR_GOOD


@dataclass(frozen=True)
class Wrap:
    """A wrap as it is stored."""

    terms: Terms
    wrapped: bytes = field(repr=False)


def _bound(stamp: bytes, terms: Terms) -> bytes:
    return context(
        "wrap",
        stamp,
        terms.section_id,
        terms.epoch,
        terms.grant_id,
        terms.account_id,
        terms.generation,
        terms.verb,
        terms.last_day,
    )


def kept_key(section_id: str, epoch: int) -> str:
    """What a leaving statement calls a section's key."""
    return f"key {section_id} {epoch}"


def wrap_key(stamp: bytes, terms: Terms, key: bytes, recipient: bytes, signer: Person) -> Wrap:
    """`key` for the holder of the X25519 key `recipient`, on `terms`, in the name of the holder `signer`."""
    bound = _bound(stamp, terms)
    signature = pairs.sign(signer.signing.private, bound + canonical.digest(key))
    by = canonical.to_bytes([signer.account_id, signer.generation])
    return Wrap(terms, pairs.wrap(recipient, key + signature + by, bound))


def unwrap_key(stamp: bytes, wrap: Wrap, person: Person, chain: Chain) -> bytes:
    """The section's key. Raises CannotOpen where the wrap was moved, edited, or signed by nobody whose word counts today."""
    bound = _bound(stamp, wrap.terms)
    if (wrap.terms.account_id, wrap.terms.generation) != (person.account_id, person.generation):
        raise CannotOpen
    inside = pairs.unwrap(person.sealing.private, wrap.wrapped, bound)
    key, signature, by = inside[:_KEY], inside[_KEY : _KEY + _SIGNATURE], inside[_KEY + _SIGNATURE :]
    # Anybody can seal to a public key, so what is inside may be anything.
    digest = canonical.digest(key)
    signer = chain.signer(canonical.from_bytes(by), kept_key(wrap.terms.section_id, wrap.terms.epoch), digest)
    pairs.verify(signer.signing, signature, bound + digest)
    return key
