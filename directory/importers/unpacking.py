"""What somebody uploaded, laid out as an importer reads it: files of the kinds we know in one folder, and nothing else.

A small archive can hold a whole disk of nothing ("zip bomb"), a thousand archives, or names that lead out of their folder. What
is unpacked is counted as it comes out, whatever the archive says of itself, and every file gets a plain name of ours.
"""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from directory.importers import UnreadableError

KINDS = (".json", ".csv", ".tsv", ".txt")
_MOST_FILES = 500
_PIECE = 1 << 16
_TIMES = 10


def lay_out(uploads: Iterable[tuple[str, IO[bytes]]], folder: Path, most_bytes: int) -> None:
    """Write what was sent, each a name and its bytes, into a new `folder`; else leave nothing and raise UnreadableError."""
    folder.mkdir(mode=0o700, parents=True)
    try:
        left = [_TIMES * most_bytes]
        for name, file in uploads:
            if name.lower().endswith(".zip"):
                _unpack(name, file, folder, left)
            else:
                _write(name, file, folder, left)
        if not any(folder.iterdir()):
            raise UnreadableError("There is no file in it that we can read: we know .json and .csv.")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _unpack(name: str, file: IO[bytes], folder: Path, left: list[int]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and _is_wanted(one.filename)]
            if len(members) > _MOST_FILES:
                raise UnreadableError(f"There are more than {_MOST_FILES} files in {name}.")
            for member in members:
                if member.flag_bits & 1:
                    raise UnreadableError(f"{name} needs a password. Send it without one.")
                with archive.open(member) as opened:
                    _write(member.filename, opened, folder, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise UnreadableError(f"{name} is damaged, or is not a zip file.") from None


def _is_wanted(path: str) -> bool:
    name = Path(path).name
    return name.lower().endswith(KINDS) and not name.startswith(".") and "__MACOSX" not in path


def _write(path: str, file: IO[bytes], folder: Path, left: list[int]) -> None:
    if not path.lower().endswith(KINDS):
        raise UnreadableError(f"{Path(path).name[:100]} is not a kind of file that we can read: we know .json, .csv and .zip.")
    target = folder / plain_name(path)
    if target.exists():
        raise UnreadableError(f"There are two files with the name {target.name}.")
    with target.open("xb") as written:
        while piece := file.read(_PIECE):
            left[0] -= len(piece)
            if left[0] < 0:
                raise UnreadableError("Unpacked it is larger than this Linkbook takes. Send it in parts.")
            written.write(piece)


def plain_name(path: str) -> str:
    """A file name that leads nowhere.

    >>> plain_name("../../etc/Passwd List.csv"), plain_name(chr(92) + "x/.json")
    ('Passwd-List.csv', 'file.json')
    """
    name = re.split(r"[/\\\\]", path)[-1]
    stem, _dot, kind = name.rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:80]
    return f"{plain or 'file'}.{kind.lower()}"
