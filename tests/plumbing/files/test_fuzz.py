"""Good files with bytes changed anywhere: each is kept or refused, in time, and nothing else ever comes of it.

A process a file would take minutes: many are cleaned by one worker, under the limits of all workers.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plumbing.files import REASONS, Refused, framing
from plumbing.files.facts import Cleaned
from plumbing.settings import ROOT
from tests.plumbing.files import samples

ROUNDS = 40 if os.environ.get("LINKBOOK_PROOF") else 2
# A worker that answers many questions; one that a file makes crash answers no more of them, and the rest go to a new one.
_MANY = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from plumbing.files import framing, limits, worker
limits.limit()
job, *files = framing.unpack(sys.stdin.buffer.read())
name, _, kind = job.decode().partition(" ")
work = worker._worker_for(name)
limits.shut_in()
for file in files:
    answer = worker.answer(name, [kind.encode(), file] if kind else [file], work)
    sys.stdout.buffer.write(framing.pack([answer]))
    sys.stdout.buffer.flush()
"""
GOOD = {
    "photo jpeg": samples.jpeg,
    "photo png": samples.png,
    "photo webp": samples.webp,
    "photo heif": samples.heic,
    "pdf": samples.pdf,
    "recording mp4": lambda: samples.recording("mp4", "libx264", "aac"),
    "recording matroska": lambda: samples.recording("webm", "libvpx", "libopus"),
    "recording ogg": lambda: samples.recording("ogg", "", "libopus"),
    "recording mp3": lambda: samples.recording("mp3", "", "libmp3lame"),
    "recording wav": lambda: samples.recording("wav", "", "pcm_s16le"),
}
_changes = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6)
_cut = st.one_of(st.none(), st.floats(0, 1))


def _changed(good: bytes, changes: list[tuple[float, bytes]], cut: float | None) -> bytes:
    changed = bytearray(good)
    for place, new in changes:
        at = int(place * len(good))
        changed[at : at + len(new)] = new
    return bytes(changed[: int(cut * len(changed))] if cut is not None else changed)


@pytest.mark.parametrize("job", GOOD)
@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(_changes, _cut), min_size=25, max_size=25))
def test_a_changed_file_is_kept_or_refused(job, mutations):
    good = GOOD[job]()
    files = [good, *(_changed(good, changes, cut) for changes, cut in mutations)]
    while files:
        ran = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _MANY],
            input=framing.pack([job.encode(), *files]),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        answers = framing.unpack(ran.stdout)
        for answer in answers:
            try:
                assert isinstance(framing.unpack_answer(answer), Cleaned)
            except Refused as refused:
                assert refused.reason in REASONS  # noqa: PT017 - a refusal is one of two good outcomes
        if len(answers) < len(files):
            # A decoder may die over a file: it has a process of its own for that. One that merely gives up has broken a promise.
            assert ran.returncode < 0, ran.returncode
        files = files[len(answers) + 1 :]
