"""What is written on a picture, as far as a machine can read it: full of mistakes, and good enough to find it again.

It needs the extra `reading`; without it `is_there` says no, and nothing else is asked. Each call is a process of its own, which
has no way out and leaves nothing behind: pictures go in through a pipe, words come out through another.
"""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, cast

from plumbing.files.framing import pack, unpack

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
    with subprocess.Popen(  # noqa: S603 - our own file, by its full path
        [sys.executable, "-I", "-B", str(_WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    ) as process:
        watch = threading.Timer(_SECONDS_A_PICTURE * max(1, len(jpegs)), process.kill)
        watch.start()
        try:
            with contextlib.suppress(BrokenPipeError), cast(IO[bytes], process.stdin) as pipe:
                pipe.write(pack(jpegs))
            answer = cast(IO[bytes], process.stdout).read(_MOST_BYTES_A_PICTURE * max(1, len(jpegs)))
            process.kill()
            process.wait()
        finally:
            watch.cancel()
    try:
        texts = [part.decode("utf-8", "replace") for part in unpack(answer)]
    except ValueError:
        raise Unread from None
    if len(texts) != len(jpegs):
        raise Unread
    return texts
