"""One file cleaned, in a process of its own: `python -I worker.py`, a question on its input, an answer on its output.

It is started for one file and ends with it. What it may use is in `limits.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    # Started alone (`-I`), Python looks for nothing beside the file it runs: this is where ours are.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from plumbing.files import limits
from plumbing.files.facts import DAMAGED, Cleaned, Refused
from plumbing.files.framing import pack_answer, unpack


def _worker_for(job: str) -> Callable[[list[bytes]], Cleaned]:
    """What does a job. Only that job's decoders are loaded: it is quicker, and what is not there cannot be attacked."""
    if job == "photo":
        from plumbing.files import photo

        return lambda parts: photo.clean(parts[1], parts[0].decode())
    if job == "turn":
        from plumbing.files import photo

        return lambda parts: photo.turn(parts[1], int(parts[0]))
    if job == "pdf":
        from plumbing.files import document

        return lambda parts: document.clean(parts[0])
    if job == "bind":
        from plumbing.files import binding

        return lambda parts: binding.bind(parts[0].decode(), parts[1:])
    if job == "recording":
        from plumbing.files import recording

        return lambda parts: recording.clean(parts[1], parts[0].decode())
    raise ValueError("there is no such job")


def answer(job: str, parts: list[bytes], work: Callable[[list[bytes]], Cleaned]) -> bytes:
    """What became of it, in words that the server understands. A decoder's own complaint may quote the file: it is dropped."""
    try:
        return pack_answer(work(parts))
    except Refused as refused:
        return pack_answer(refused)
    except MemoryError:
        return pack_answer(Refused("too_large"))
    except Exception:
        return pack_answer(Refused(DAMAGED[job]))


def main() -> None:
    """Answer the one question on the input."""
    limits.limit()
    job, *parts = unpack(sys.stdin.buffer.read())
    name = job.decode()
    work = _worker_for(name)
    limits.shut_in()
    sys.stdout.buffer.write(answer(name, parts, work))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
