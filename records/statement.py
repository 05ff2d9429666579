"""Statements say who the holders of a record are. Each is signed by a holder and names the one before it.

Nothing else says so: not a role, not a column. The SHA-256 of the first one is the record's stamp, and each holder has it
pinned; whoever writes into the database cannot make themselves a holder, because no holder would have signed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.person import Person
from plumbing.crypto import CannotOpen
from plumbing.crypto.context import context
from plumbing.crypto.pairs import sign, verify
from records import canonical

NOTHING_BEFORE = bytes(32)


@dataclass(frozen=True)
class Holder:
    """Somebody's public keys, in one generation."""

    account_id: str
    generation: int
    sealing: bytes
    signing: bytes

    @classmethod
    def of(cls, person: Person) -> Holder:
        """The public half of a person."""
        return cls(person.account_id, person.generation, person.sealing.public, person.signing.public)


@dataclass(frozen=True)
class Departure:
    """What a holder signed that still counts after they left: exactly what their leaving statement names.

    `number` is that statement's. `kept` holds digests: of each section's key, of each grant's sealed terms, of the roster. The
    others live by them until the next holder comes and rotates everything; nothing the departed signs afterwards is among them.
    """

    holder: Holder
    number: int
    kept: Mapping[str, str]


@dataclass(frozen=True)
class Chain:
    """Whom the statements name: the holders of today, and those who left, by account and generation."""

    holders: Mapping[tuple[str, int], Holder]
    departed: Mapping[tuple[str, int], Departure] = field(default_factory=dict)

    def signer(self, by: Any, what: str, digest: bytes) -> Holder:
        """The holder that "by": [account, generation] names, if their signature counts for `what`. Raises CannotOpen."""
        try:
            key = str(by[0]), int(by[1])
        except (KeyError, IndexError, TypeError, ValueError):
            raise CannotOpen from None
        if key in self.holders:
            return self.holders[key]
        departure = self.departed.get(key)
        if departure is None or departure.kept.get(what) != canonical.text(digest):
            raise CannotOpen
        return departure.holder


@dataclass(frozen=True)
class Statement:
    """One statement as it is stored: `body` is canonical JSON, `signature` is of a holder."""

    number: int
    body: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """What the next statement names, and keyrings pin. Of the first statement it is the record's stamp."""
        return canonical.digest(self.body, self.signature)


def _bound(record_id: str, number: int, body: bytes) -> bytes:
    return context("statement", record_id, number, body)


def _written(holder: Holder) -> dict[str, object]:
    return {
        "account": holder.account_id,
        "generation": holder.generation,
        "sealing": canonical.text(holder.sealing),
        "signing": canonical.text(holder.signing),
    }


def _read(written: dict[str, object]) -> Holder:
    sealing, signing = canonical.raw(str(written["sealing"])), canonical.raw(str(written["signing"]))
    return Holder(str(written["account"]), int(str(written["generation"])), sealing, signing)


def make_statement(
    record_id: str,
    before: Statement | None,
    signer: Person,
    joins: Iterable[Holder] = (),
    leaves: Iterable[Holder] = (),
    kept: Mapping[str, bytes] | None = None,
) -> Statement:
    """The next statement of a record, signed by `signer`: who joins, who leaves, and which signatures of theirs still count."""
    number = before.number + 1 if before else 0
    body = canonical.to_bytes(
        {
            "v": 1,
            "record": record_id,
            "number": number,
            "before": canonical.text(before.digest if before else NOTHING_BEFORE),
            "by": [signer.account_id, signer.generation],
            "joins": [_written(holder) for holder in joins],
            "leaves": [[holder.account_id, holder.generation] for holder in leaves],
            **({"kept": {what: canonical.text(digest) for what, digest in kept.items()}} if kept else {}),
        }
    )
    return Statement(number, body, sign(signer.signing.private, _bound(record_id, number, body)))


def read_chain(record_id: str, statements: list[Statement], stamp: bytes) -> Chain:
    """Whom the statements name. Raises CannotOpen where they do not lead from `stamp` to here."""
    try:
        return _followed(record_id, statements, stamp)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CannotOpen from None  # a body of another shape than we write


def _followed(record_id: str, statements: list[Statement], stamp: bytes) -> Chain:
    holders: dict[tuple[str, int], Holder] = {}
    departed: dict[tuple[str, int], Departure] = {}
    before = NOTHING_BEFORE
    if not statements or statements[0].digest != stamp:
        raise CannotOpen
    for number, statement in enumerate(statements):
        said = canonical.from_bytes(statement.body)
        joins = {(one["account"], one["generation"]): _read(one) for one in said["joins"]}
        signer = (joins if number == 0 else holders)[tuple(said["by"])]
        is_next = (said["record"], said["number"], statement.number) == (record_id, number, number)
        if not is_next or canonical.raw(said["before"]) != before:
            raise CannotOpen
        verify(signer.signing, statement.signature, _bound(record_id, number, statement.body))
        leaving = {tuple(one) for one in said["leaves"]}
        # Nobody removes another holder: whoever signs may leave, and may take their own next keys in.
        if any(account != signer.account_id for account, _generation in leaving):
            raise CannotOpen
        # Nor puts other keys into another holder's place.
        if joins.keys() & holders.keys():
            raise CannotOpen
        for key in leaving:
            departed[key] = Departure(holders[key], number, dict(said.get("kept", {})))
        holders = {key: holder for key, holder in (holders | joins).items() if key not in leaving}
        # A record without a holder would be sealed for ever.
        if not holders:
            raise CannotOpen
        before = statement.digest
    return Chain(holders, departed)
