"""What is written on a picture, as far as a machine can read it: full of mistakes, and good enough to find it again.

It needs the extra `reading`; without it `is_there` says no, and nothing else is asked. Each call is a process of its own, which
has no way out and leaves nothing behind: pictures go in through a pipe, words come out through another.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from plumbing.files.framing import pack, unpack
from plumbing.worker_process import run_worker

_WORKER = Path(__file__).with_name("worker.py")
_SECONDS_A_PICTURE = 40
_MOST_BYTES_A_PICTURE = 200_000
_ENGINES = ("rapidocr", "onnxruntime")


class Unread(Exception):
    """The pictures could not be read. It says nothing of what is on them."""


@cache
def is_there() -> bool:
    """Whether this Linkbook can read pictures."""
    return all(importlib.util.find_spec(name) for name in _ENGINES)


def read(jpegs: Sequence[bytes]) -> list[str]:
    """The words on each picture, line by line, from the top. Raises Unread."""
    many = max(1, len(jpegs))
    answer, _ended = run_worker(_WORKER, pack(jpegs), _SECONDS_A_PICTURE * many, _MOST_BYTES_A_PICTURE * many)
    try:
        texts = [part.decode("utf-8", "replace") for part in unpack(answer)]
    except ValueError:
        raise Unread from None
    if len(texts) != len(jpegs):
        raise Unread
    return texts
