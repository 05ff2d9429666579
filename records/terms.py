"""The terms of a grant as the one it was given to reads them: sealed to them and signed by a holder, like the keys beside it.

Whoever edits who, which verb or which day in the row, or puts the row elsewhere, makes it open nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from accounts.person import Person
from plumbing.crypto import CannotOpen, pairs
from plumbing.crypto.context import context
from records import canonical
from records.consent import Consent, Granted
from records.letterbox import LetterBox
from records.statement import Chain, Holder

_SIGNATURE = 64


@dataclass(frozen=True)
class SealedTerms:
    """A grant's row. What stands in the clear is bound into what is sealed."""

    grant_id: str
    account_id: str
    generation: int
    verb: str
    last_day: int
    sealed: bytes = field(repr=False)

    @property
    def digest(self) -> bytes:
        """What a leaving statement names."""
        return canonical.digest(self.sealed)


@dataclass(frozen=True)
class Terms:
    """What a reader was told: the consent, what the child is called, the sections' names by id, which holder gave it.

    `letterbox` is the door to the family as it was that day: one of the same generation with another key is no door of theirs.
    """

    grant_id: str
    consent: Consent
    called: str = field(repr=False)
    names: Mapping[str, str]
    given_by: str
    letterbox: LetterBox


def kept_terms(grant_id: str) -> str:
    """What a leaving statement calls a grant's terms."""
    return f"terms {grant_id}"


def _bound(stamp: bytes, row: SealedTerms) -> bytes:
    return context("wrap", "terms", stamp, row.grant_id, row.account_id, row.generation, row.verb, row.last_day)


def seal_terms(
    stamp: bytes, granted: Granted, about: tuple[str, Mapping[str, str]], box: LetterBox, recipient: Holder, signer: Person
) -> SealedTerms:
    """The terms of `granted`, for the keys of `recipient`; `about` is what the child is called, and the sections' names."""
    called, names = about
    # Which entry of People who help us they are is the family's own note.
    consent = replace(granted.consent, person_id="")
    said = {
        "v": 1,
        "consent": asdict(consent),
        "called": called,
        "names": dict(names),
        "by": [signer.account_id, signer.generation],
        "letterbox": [box.generation, canonical.text(box.public)],
    }
    bare = SealedTerms(granted.grant_id, granted.account_id, granted.generation, consent.verb, consent.last_day, b"")
    bound, body = _bound(stamp, bare), canonical.to_bytes(said)
    signature = pairs.sign(signer.signing.private, bound + body)
    return replace(bare, sealed=pairs.wrap(recipient.sealing, signature + body, bound))


def open_terms(stamp: bytes, row: SealedTerms, person: Person, chain: Chain) -> Terms:
    """The terms. Raises CannotOpen where they were moved, edited, or signed by nobody whose word counts today."""
    if (row.account_id, row.generation) != (person.account_id, person.generation):
        raise CannotOpen
    bound = _bound(stamp, row)
    inside = pairs.unwrap(person.sealing.private, row.sealed, bound)
    signature, body = inside[:_SIGNATURE], inside[_SIGNATURE:]
    said: Any = canonical.from_bytes(body)
    try:
        signer = chain.signer(said["by"], kept_terms(row.grant_id), row.digest)
        pairs.verify(signer.signing, signature, bound + body)
        consent = Consent.read(said["consent"])
        generation, public = said["letterbox"]
        box = LetterBox(int(generation), canonical.raw(public))
        return Terms(row.grant_id, consent, said["called"], said["names"], str(said["by"][0]), box)
    except (KeyError, TypeError, ValueError):
        raise CannotOpen from None
