"""Sealed files on the disk. A file is there, whole, before any row says so; what no row names is swept away later."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from plumbing.crypto import CannotOpen
from plumbing.crypto.chunks import seal_chunks, unseal_chunks
from plumbing.crypto.context import context


def path_of(folder: Path, attachment_id: str) -> Path:
    """Where an attachment lies: its name says nothing."""
    return folder / attachment_id[:2] / attachment_id


def write(folder: Path, attachment_id: str, key: bytes, plaintext: bytes, stamp: bytes) -> int:
    """Seal `plaintext` into a file, and see it onto the disk. Returns how many bytes it takes there."""
    path = path_of(folder, attachment_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside, size = path.with_suffix(".new"), 0
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in seal_chunks(key, plaintext, context("attachment", stamp, attachment_id)):
                size += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    folder_handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder_handle)
    finally:
        os.close(folder_handle)
    return size


def read(folder: Path, attachment_id: str, key: bytes, stamp: bytes) -> bytes:
    """What was sealed. Raises CannotOpen where the file is gone, cut short, moved or changed."""
    try:
        with path_of(folder, attachment_id).open("rb") as file:
            return unseal_chunks(key, file, context("attachment", stamp, attachment_id))
    except FileNotFoundError:
        raise CannotOpen from None


def unlink(folder: Path, attachment_ids: Iterable[str]) -> None:
    """Take files away. One that is gone already is gone."""
    for attachment_id in attachment_ids:
        path_of(folder, attachment_id).unlink(missing_ok=True)


def sweep(folder: Path, known: set[str], older_than: float) -> int:
    """Take away what no row names and nobody can be about to name; returns how many files.

    `older_than` is a time in seconds since 1970: a younger file may belong to a save that is under way.
    """
    swept = 0
    for path in folder.glob("??/*"):
        if path.name not in known and path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
