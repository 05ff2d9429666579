"""A person with their keys in their hand: what an unlocked session holds, and nothing else ever does."""

from __future__ import annotations

from dataclasses import dataclass, field

from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive
from plumbing.crypto.pairs import Pair, sealing_pair, signing_pair


@dataclass(frozen=True)
class Person:
    """Somebody's opened private keys, in one generation. `just_us` is there only in its ten minutes."""

    account_id: str
    generation: int
    sealing: Pair
    signing: Pair
    second_factor_secret: str = field(default="", repr=False)
    just_us: bytes | None = field(default=None, repr=False)

    @property
    def keyring_key(self) -> bytes:
        """The key of what this person has pinned."""
        secret = self.sealing.private + self.signing.private
        return derive(secret, context("keyring", self.account_id, self.generation))


def new_person(account_id: str, generation: int = 1, second_factor_secret: str = "") -> Person:
    """New keys for somebody."""
    return Person(account_id, generation, sealing_pair(), signing_pair(), second_factor_secret)
