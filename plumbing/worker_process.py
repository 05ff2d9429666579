"""Something of our own that works on a stranger's bytes, in a process of its own: fed through one pipe, heard through another.

It gets no environment and no folder: whatever secrets ours holds are not for it. It is watched: it may take and answer so much.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, cast


def run_worker(worker: Path, question: bytes, seconds: float, most_bytes: int) -> tuple[bytes, int]:
    """What a new worker answers, or as much of it as came before it died, and its exit status (below zero: a signal)."""
    with subprocess.Popen(  # noqa: S603 - our own file, by its full path
        [sys.executable, "-I", "-B", str(worker)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    ) as process:
        watch = threading.Timer(seconds, process.kill)
        watch.start()
        try:
            # The worker reads everything before it writes anything: neither side waits for the other.
            with contextlib.suppress(BrokenPipeError), cast(IO[bytes], process.stdin) as pipe:
                pipe.write(question)
            answer = cast(IO[bytes], process.stdout).read(most_bytes)
            if len(answer) == most_bytes:
                process.kill()
            process.wait()
        finally:
            watch.cancel()
    return answer, process.returncode
