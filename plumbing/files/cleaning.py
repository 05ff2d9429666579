"""The server's side: a worker started, fed, watched and listened to. Nothing of a file is decoded on this side."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from plumbing.files.facts import DAMAGED, Cleaned, Picture, Refused
from plumbing.files.framing import pack, unpack_answer
from plumbing.files.sniff import PHOTOS, format_of
from plumbing.worker_process import run_worker

_WORKER = Path(__file__).with_name("worker.py")
_SECONDS = 40
_SECONDS_TO_WAIT = 20
_MOST_ANSWER_BYTES = 128 * 1024 * 1024
# Each may use a gigabyte: two in each server process, however many parents photograph at once.
_places = threading.BoundedSemaphore(2)


def clean(data: bytes) -> Cleaned:
    """A stranger's file made safe.

    Raises Refused, with the reason, where that cannot be done.
    """
    file_format = format_of(data)
    if file_format == "pdf":
        return _ask("pdf", [data])
    if file_format in PHOTOS:
        return _ask("photo", [file_format.encode(), data])
    return _ask("recording", [file_format.encode(), data])


def turn(jpeg: bytes, quarter_turns: int) -> Picture:
    """A picture turned clockwise, a quarter at a time.

    Raises Refused where it is no JPEG.
    """
    if format_of(jpeg) != "jpeg":
        raise Refused("kind")
    return _ask("turn", [str(quarter_turns).encode(), jpeg]).pages[0]


def pdf_of(jpegs: Sequence[bytes], title: str = "") -> bytes:
    """The pictures as the pages of one PDF, each on A4, without any loss.

    Raises Refused where one is no JPEG.
    """
    return _ask("bind", [title.encode(), *jpegs]).original


def _ask(job: str, parts: list[bytes]) -> Cleaned:
    if not _places.acquire(timeout=_SECONDS_TO_WAIT):
        raise Refused("busy")
    try:
        answer, ended = run_worker(_WORKER, pack([job.encode(), *parts]), _SECONDS, _MOST_ANSWER_BYTES)
    finally:
        _places.release()
    if ended in (-signal.SIGKILL, -signal.SIGXCPU):
        raise Refused("slow")
    try:
        return unpack_answer(answer)
    except (ValueError, KeyError, TypeError):
        # It died over the file, or did not speak as agreed.
        raise Refused(DAMAGED[job]) from None
