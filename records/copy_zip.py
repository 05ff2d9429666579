"""The ZIP of a copy, written as it is sent and read as what a stranger made. Nothing of it ever touches a disk in the clear."""

from __future__ import annotations

import datetime
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, cast

from records.copy_format import NotACopy

MOST_FILES = 60_000
MOST_TEXT_BYTES = 64 * 1024 * 1024
MOST_FILE_BYTES = 64 * 1024 * 1024
_MOST_INDEX_BYTES = 16 * 1024 * 1024
_INDEX_LINE = b"PK\x01\x02"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


class _Sink:
    """A file that is only ever written at its end, and whose bytes are taken out as they come."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def take(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces


def zipped(files: Iterable[tuple[str, Callable[[], bytes]]], made_at: datetime.datetime) -> Iterator[bytes]:
    """A ZIP of these files (path, and what gives the bytes), piece by piece; one file at a time is in memory.

    Written twice, the same files make a ZIP of the same length. Only what ends in a text's name is squeezed: photos, PDFs and
    recordings are already as small as they get.
    """
    sink = _Sink()
    with zipfile.ZipFile(cast(IO[bytes], sink), "w") as archive:
        for path, content in files:
            info = zipfile.ZipInfo(path, made_at.timetuple()[:6])
            is_text = path.endswith((".html", ".json", ".css"))
            info.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content())
            yield from sink.take()
    yield from sink.take()


class _Guarded:
    """A stranger's ZIP, of whose index no more is read than a real copy has: a million empty names fill any memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell
        self.is_index_read = False

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.is_index_read:
            return self._stream.read(size)
        if size > _MOST_INDEX_BYTES:
            raise NotACopy("too_many")
        data = self._stream.read(size if size >= 0 else _MOST_INDEX_BYTES)
        if data.count(_INDEX_LINE) > MOST_FILES:
            raise NotACopy("too_many")
        return data


class CopyZip:
    """A ZIP that somebody sent, looked at with care. Files in it are read into memory one at a time, and unpacked nowhere."""

    def __init__(self, stream: IO[bytes], most_bytes: int) -> None:
        """Raises NotACopy where it is no ZIP, or one that a copy never is; `most_bytes` is what all of it may come to."""
        guarded = _Guarded(stream)
        try:
            self._archive = zipfile.ZipFile(cast(Any, guarded))
        except _UNREADABLE:
            raise NotACopy("no_zip") from None
        guarded.is_index_read = True
        known = self._archive.infolist()
        self._files = {one.filename: one for one in known}
        if len(self._files) != len(known) or any(map(_is_a_trick, known)):
            raise NotACopy("changed")
        # What is said of the sizes binds: not one byte more is ever unpacked.
        if sum(one.file_size for one in known) > most_bytes + MOST_TEXT_BYTES:
            raise NotACopy("too_big")

    def size(self, path: str) -> int:
        """How many bytes a file says it has. Raises NotACopy where it is not there."""
        if path not in self._files:
            raise NotACopy("missing", path)
        return self._files[path].file_size

    def read(self, path: str, most: int = MOST_FILE_BYTES) -> bytes:
        """One file's bytes. Raises NotACopy where it is not there, too large, or not whole."""
        if self.size(path) > most:
            raise NotACopy("too_big", path)
        try:
            with self._archive.open(self._files[path]) as file:
                data = file.read(most + 1)
        except _UNREADABLE:
            raise NotACopy("damaged", path) from None
        if len(data) != self.size(path):
            raise NotACopy("damaged", path)
        return data


def _is_a_trick(info: zipfile.ZipInfo) -> bool:
    """Whether a file in a ZIP is one that no copy of ours has: out of its folder, a link, locked, or squeezed in rare ways."""
    parts = info.filename.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    return (
        ".." in parts
        or info.filename.startswith("/")
        or "\\" in info.filename
        or ":" in info.filename
        or kind not in (0, stat.S_IFREG, stat.S_IFDIR)
        or bool(info.flag_bits & 0x1)
        or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    )
