"""Opening, listing, finding."""

from __future__ import annotations

from typing import Any

from plumbing.crypto import pairs
from records.bench.house import House, fill
from records.bench.measuring import MEGABYTE, Echo, bare_of, say, side_by_side
from records.search import search

_ASKED = ("physiotherapy", "speech therapy", "appointmnt", "school transport", "zebra")


def open_one(here: House, echo: Echo) -> None:
    """One entry."""
    opened = here.record()
    entry_id = fill(opened, opened.sections[0].id, 50)
    sealed = here.db.execute("SELECT sealed FROM entry_version WHERE entry_id = ?", [entry_id]).fetchone()[0]
    echo("\nOpening one entry of 4 KB, from nothing but the person's keys: keyring, statements, roster, book, keys, entry")
    message, signing, sealing = bytes(200), pairs.signing_pair(), pairs.sealing_pair()
    signature, wrapped, bare = (
        pairs.sign(signing.private, message),
        pairs.wrap(sealing.public, bytes(200), message),
        bare_of(sealed),
    )

    def primitives() -> None:
        for _ in range(2):
            pairs.unwrap(sealing.private, wrapped, message)
        for _ in range(4):
            pairs.verify(signing.public, signature, message)
        for _ in range(4):
            bare()

    ours, same = side_by_side(500, lambda: here.enter(opened.record_id).entry(entry_id), primitives)
    say(echo, "opened", ours, "2 HPKE, 4 Ed25519, 4 AES-GCM alone", same, "1 ms")
    ours, one = side_by_side(500, lambda: here.enter(opened.record_id).entry(entry_id), bare)
    say(echo, "opened", ours, "AES-256-GCM of its bytes alone", one)


def list_and_search(here: House, size: int, echo: Echo) -> None:
    """Everything at once, and then a search in it."""
    opened = here.record()
    section_id = opened.sections[0].id
    fill(opened, section_id, size)
    rows = here.db.execute("SELECT sealed FROM entry_version WHERE section_id = ?", [section_id]).fetchall()
    bare = bare_of(*(row[0] for row in rows))
    echo(f"\n{size:,} letters of 4 KB, {sum(len(row[0]) for row in rows) / MEGABYTE:.1f} MB sealed")
    rounds = max(5, 40_000 // (size + 1000))

    def listed() -> list[Any]:
        return here.enter(opened.record_id).entries()

    ours, same = side_by_side(rounds, listed, bare)
    say(echo, "opened, all of them", ours, "AES-256-GCM of the bytes alone", same, "150 ms" if size == 1000 else "")
    entries, asked = listed(), iter(_ASKED * rounds * 2)
    ours, same = side_by_side(rounds, lambda: search(entries, next(asked)), bare)
    say(echo, "then searched", ours, "AES-256-GCM of the bytes alone", same, "100 ms" if size == 1000 else "")
