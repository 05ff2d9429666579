"""The roster: who may have which section, until when. Sealed to the holders, numbered, signed, each naming the one before.

A key is wrapped only to somebody on the roster, and only to the key whose fingerprint stands there: whoever exchanges a public
key in the database gets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.person import Person
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.envelope import seal, unseal
from plumbing.crypto.pairs import sign, verify
from records import canonical
from records.consent import NOTHING_GIVEN, Given
from records.statement import Chain, Holder

NOTHING_BEFORE = bytes(32)


@dataclass(frozen=True)
class Roster:
    """The roster of one moment. `epochs` says which generation of each section's key is the newest; `given`, who has what.

    `statement` is the number of the newest statement when every section last got a new key: where a holder has left since,
    the next holder who comes rotates everything. `letterbox` is the generation of its keys: an older door is no door any more.
    """

    number: int
    epochs: dict[str, int]
    given: Given = NOTHING_GIVEN
    statement: int = 0
    letterbox: int = 1


@dataclass(frozen=True)
class SealedRoster:
    """A roster as it is stored."""

    number: int
    before: bytes
    epoch: int
    sealed: bytes

    @property
    def digest(self) -> bytes:
        """What the next roster names, and keyrings and the witness pin."""
        return canonical.digest(context("roster", self.number, self.before, self.epoch, self.sealed))


def fingerprint(holder: Holder) -> str:
    """What stands for somebody's keys: SHA-256 of both public halves."""
    return canonical.digest(holder.sealing, holder.signing).hex()


def _bound(stamp: bytes, number: int, before: bytes, epoch: int) -> bytes:
    return context("roster", stamp, number, before, epoch)


def seal_roster(
    stamp: bytes, roster: Roster, before: SealedRoster | None, root: tuple[int, bytes], signer: Person
) -> SealedRoster:
    """`roster` as the next one, sealed under the root section's newest epoch and key, `root`."""
    epoch, key = root
    number = before.number + 1 if before else 1
    before_digest = before.digest if before else NOTHING_BEFORE
    numbers = {"number": number, "statement": roster.statement, "letterbox": roster.letterbox}
    said = {"v": 1, **numbers, "epochs": roster.epochs, **roster.given.written()}
    body = canonical.to_bytes(said)
    bound = _bound(stamp, number, before_digest, epoch)
    inside = {
        "body": canonical.text(body),
        "by": [signer.account_id, signer.generation],
        "signature": canonical.text(sign(signer.signing.private, bound + body)),
    }
    return SealedRoster(number, before_digest, epoch, seal(key, canonical.to_bytes(inside), bound))


def open_roster(stamp: bytes, sealed: SealedRoster, root_key: bytes, chain: Chain) -> Roster:
    """The roster. Raises CannotOpen where it was exchanged, edited, or signed by nobody whose word counts today."""
    bound = _bound(stamp, sealed.number, sealed.before, sealed.epoch)
    inside = canonical.from_bytes(unseal(root_key, sealed.sealed, bound))
    signer = chain.signer(inside["by"], "roster", sealed.digest)
    body = canonical.raw(inside["body"])
    verify(signer.signing, canonical.raw(inside["signature"]), bound + body)
    said = canonical.from_bytes(body)
    if said["number"] != sealed.number:
        raise CannotOpen
    try:
        return Roster(said["number"], dict(said["epochs"]), Given.read(said), said["statement"], said["letterbox"])
    except (KeyError, TypeError, ValueError):
        raise CannotOpen from None


def check_chain(rosters: list[SealedRoster], pinned_number: int, pinned_digest: bytes) -> None:
    """Raises CannotOpen unless the newest of `rosters` follows, step by step, from the one that was pinned."""
    by_number = {roster.number: roster for roster in rosters}
    at = by_number.get(pinned_number)
    if at is None or at.digest != pinned_digest:
        raise CannotOpen
    for number in range(pinned_number + 1, max(by_number) + 1):
        following = by_number.get(number)
        if following is None or following.before != at.digest:
            raise CannotOpen
        at = following
