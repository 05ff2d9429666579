"""Sharing: taking a section back, being seen while reading, the log itself, and a guest's PIN."""

from __future__ import annotations

import datetime
import hmac
from itertools import islice

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from plumbing.crypto import pairs
from plumbing.crypto.passphrase import Cost
from records import canonical, editing, packs, sharing
from records.bench.house import TODAY, House, fill
from records.bench.measuring import Echo, bare_of, say, side_by_side
from records.pages.log import MOST_LINES

IN_WITHDRAWAL = 1000
IN_LOG = 10_000
_ON_A_PAGE = 50
_ROUNDS = 100


def withdraw(here: House, echo: Echo) -> None:
    """Take a section back: the tombstone, its rows, new keys for everything in it, a new roster, the log."""
    opened = here.record()
    section_id = opened.sections[0].id
    fill(opened, section_id, IN_WITHDRAWAL)
    rows = here.db.execute("SELECT sealed FROM entry_version WHERE section_id = ?", [section_id]).fetchall()
    bare, again = bare_of(*(row[0] for row in rows)), bare_of(*(row[0] for row in rows))
    echo(f"\nWithdrawing a grant on {IN_WITHDRAWAL:,} entries, on the disk")

    ours, same = side_by_side(
        8,
        lambda: sharing.withdraw(opened, opened.roster.given.grants[-1].grant_id),
        lambda: (bare(), again()),
        before=lambda: here.share(opened, section_id),
    )
    say(echo, "withdrawn", ours, "AES-256-GCM, out and in again, alone", same, "500 ms")


def look(here: House, echo: Echo) -> None:
    """The same page by somebody whose look is written down first, and by the only holder, whose look is not."""
    opened = here.record()
    section_id = opened.sections[0].id
    fill(opened, section_id, _ON_A_PAGE)
    here.share(opened, section_id)
    echo(f"\nOpening a section of {_ON_A_PAGE} letters, from nothing but the person's keys")
    ours, same = side_by_side(
        _ROUNDS,
        lambda: here.enter(opened.record_id, here.reader).entries([section_id]),
        lambda: here.enter(opened.record_id).entries([section_id]),
    )
    say(echo, "by a reader, with its line on disk", ours, "by the only holder, with no line", same)


def read_log(here: House, echo: Echo) -> None:
    """A page of a long log: every line held against the chain, the newest ones opened."""
    opened = here.record()
    with editing.change(opened) as pen:
        for _line in range(IN_LOG):
            pen.note("listed", sections=[opened.sections[0].id])
    echo(f"\nReading a page of a log of {IN_LOG:,} lines: all of them verified, the newest {MOST_LINES} opened")
    key, line, sealing = bytes(32), bytes(300), pairs.sealing_pair()
    wrapped = pairs.wrap(sealing.public, bytes(250), line)

    def bare() -> None:
        for _line in range(IN_LOG):
            hmac.digest(key, line, "sha256")
        for _line in range(MOST_LINES):
            pairs.unwrap(sealing.private, wrapped, line)

    ours, same = side_by_side(10, lambda: list(islice(here.enter(opened.record_id).newest_lines(), MOST_LINES)), bare)
    say(echo, "read", ours, f"{IN_LOG:,} HMAC, {MOST_LINES} HPKE alone", same)


def open_pack(here: House, echo: Echo) -> None:
    """A guest's PIN, typed right."""
    opened, cost = here.record(), Cost()
    section_id = opened.sections[0].id
    fill(opened, section_id, _ON_A_PAGE)
    order = packs.Order("Mr Patel", "", TODAY + datetime.timedelta(days=packs.USUAL_DAYS), section_id)
    pack = packs.give(opened, order, "Amina", cost)
    code, salt, pepper = canonical.raw(pack.token), bytes(16), here.office.secrets.pepper

    def bare() -> bytes:
        work = Argon2id(
            salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib, secret=pepper
        )
        return work.derive(pack.pin.encode())

    echo(f"\nOpening a pack of {_ON_A_PAGE} letters by its PIN, {cost}")
    ours, same = side_by_side(10, lambda: packs.open_by_pin(here.db, here.office, code, pack.pin, TODAY), bare)
    say(echo, "opened, its line on disk", ours, "Argon2id alone", same)
