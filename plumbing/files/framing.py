"""How the server and a worker hand each other bytes through a pipe: each part behind its length."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable

from plumbing.files.facts import FORMATS, Cleaned, Picture, Refused

_LENGTH = struct.Struct(">I")


def pack(parts: Iterable[bytes]) -> bytes:
    """The parts in one piece."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def unpack(packed: bytes) -> list[bytes]:
    """The parts again.

    Raises ValueError where the last one is cut off.
    """
    parts, place = [], 0
    while place < len(packed):
        begin = place + _LENGTH.size
        if begin > len(packed):
            raise ValueError("a part's length is cut off")
        place = begin + _LENGTH.unpack_from(packed, place)[0]
        if place > len(packed):
            raise ValueError("a part is cut off")
        parts.append(packed[begin:place])
    return parts


def pack_answer(answer: Cleaned | Refused) -> bytes:
    """What a worker says."""
    if isinstance(answer, Refused):
        return pack([json.dumps({"refused": answer.reason}).encode()])
    sizes = [(page.width, page.height) for page in answer.pages]
    header = json.dumps({"format": answer.format, "seconds": answer.seconds, "sizes": sizes}).encode()
    return pack([header, answer.original, *(picture for page in answer.pages for picture in (page.jpeg, page.thumbnail))])


def unpack_answer(packed: bytes) -> Cleaned:
    """What a worker said, believed no further than its form.

    A worker may have been taken over by the file it read: whatever else it sends, its pictures begin as JPEGs and its types come
    from our own table. Raises Refused where it refused, ValueError where it did not speak as agreed.
    """
    header, *parts = unpack(packed)
    said = json.loads(header)
    if not isinstance(said, dict):
        raise ValueError("the worker sent no header")
    if "refused" in said:
        raise Refused(str(said["refused"]))
    sizes = [(int(width), int(height)) for width, height in said["sizes"]]
    if said["format"] not in FORMATS or len(parts) != 1 + 2 * len(sizes):
        raise ValueError("the worker sent something else than it said")
    original, *pictures = parts
    if not all(picture.startswith(b"\xff\xd8\xff") for picture in pictures):
        raise ValueError("the worker sent no picture")
    pages = tuple(
        Picture(jpeg, thumbnail, *size) for jpeg, thumbnail, size in zip(pictures[::2], pictures[1::2], sizes, strict=True)
    )
    return Cleaned(said["format"], original, pages, float(said["seconds"]))
