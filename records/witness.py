"""The witness: an append-only file outside the database that remembers the newest heads, and what is gone for good.

Whoever puts an old database back is noticed, because the witness has seen newer; and what was deleted stays deleted. A line is
written whole, under a lock, and is on the disk before anybody is told that their work is kept.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Seen:
    """The newest that the witness has seen of a record."""

    log_number: int
    log_head: bytes
    roster_number: int
    roster_digest: bytes


class Witness:
    """The file at `path`, and what this process has read of it so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._read_to = 0
        self._identity: tuple[int, int] | None = None
        self._seen: dict[str, Seen] = {}
        self._gone: set[str] = set()
        self._ended: set[str] = set()

    def _append(self, line: dict[str, object]) -> None:
        raw = json.dumps(line, sort_keys=True).encode() + b"\n"
        with os.fdopen(os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "rb+", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # A machine that stopped in the middle of a line left half of one: it must not swallow the next.
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
                raw = b"\n" + raw
            file.write(raw)
            os.fsync(file.fileno())

    def saw(self, record_id: str, seen: Seen, anew: bool = False) -> None:
        """Remember the newest heads of a record. Called after the commit, before the answer leaves.

        `anew` where a holder was told that the database is older than this witness, and goes on from there.
        """
        self._append(
            {
                "anew": anew,
                "record": record_id,
                "log": seen.log_number,
                "head": seen.log_head.hex(),
                "roster": seen.roster_number,
                "roster_digest": seen.roster_digest.hex(),
            }
        )

    def bury(self, record_id: str) -> None:
        """Remember that a record is gone for good. Called before the commit that deletes it."""
        self._append({"gone": record_id})

    def end(self, *ids: str) -> None:
        """Remember that grants, packs, links or invitations are over. Called before the commit that ends them."""
        for id_ in ids:
            self._append({"ended": id_})

    def newest(self, record_id: str) -> Seen | None:
        """The newest that was seen of a record, None where it is new to the witness."""
        self._catch_up()
        return self._seen.get(record_id)

    def is_gone(self, record_id: str) -> bool:
        """Whether a record was deleted for good."""
        self._catch_up()
        return record_id in self._gone

    def buried(self) -> set[str]:
        """Every record that is gone for good."""
        self._catch_up()
        return set(self._gone)

    def ended(self) -> set[str]:
        """Every grant, pack, link and invitation that was ended: a restored backup does not bring them back."""
        self._catch_up()
        return set(self._ended)

    def _catch_up(self) -> None:
        with self._lock:
            try:
                with self._path.open("rb") as file:
                    status = os.fstat(file.fileno())
                    identity = (status.st_dev, status.st_ino)
                    if identity != self._identity or status.st_size < self._read_to:
                        self._identity, self._read_to = identity, 0
                    file.seek(self._read_to)
                    new = file.read()
            except FileNotFoundError:
                return
            whole, _newline, _rest = new.rpartition(b"\n")
            self._read_to += len(whole) + 1 if whole or new.startswith(b"\n") else 0
            for line in whole.splitlines():
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            said = json.loads(line)
            if "gone" in said:
                self._gone.add(said["gone"])
                return
            if "ended" in said:
                self._ended.add(said["ended"])
                return
            seen = Seen(said["log"], bytes.fromhex(said["head"]), said["roster"], bytes.fromhex(said["roster_digest"]))
        except (ValueError, KeyError, TypeError):
            return  # half a line, left by a machine that stopped
        known = self._seen.get(said["record"])
        if known is None or seen.log_number >= known.log_number or said.get("anew") is True:
            self._seen[said["record"]] = seen
