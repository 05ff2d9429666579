"""How it is measured and said: turn by turn with the bare work, the middle and the slow end, and the ratio."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MEGABYTE = 1_000_000
Echo = Callable[[str], None]


@dataclass(frozen=True)
class Times:
    """The middle and the slow end of several measurements, in seconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, times: Sequence[float]) -> Times:
        """Of measurements."""
        ordered = sorted(times)
        return cls(statistics.median(ordered), ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)])

    def __str__(self) -> str:
        return f"p50 {self.p50 * 1000:8.2f} ms   p95 {self.p95 * 1000:8.2f} ms"


def timed(do: Callable[[], object]) -> float:
    """How many seconds it takes."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def side_by_side(
    rounds: int, ours: Callable[[], object], bare: Callable[[], object], before: Callable[[], object] = lambda: None
) -> tuple[Times, Times]:
    """Both, turn by turn, so that a slow moment of the machine slows both; what comes `before` ours each time is not counted."""
    before(), ours(), bare()
    pairs_ = []
    for _round in range(rounds):
        before()
        pairs_.append((timed(ours), timed(bare)))
    return Times.of([one for one, _other in pairs_]), Times.of([other for _one, other in pairs_])


def say(echo: Echo, what: str, ours: Times, bare_name: str, bare: Times, goal: str = "") -> None:
    """Three lines: ours, the bare work, and how many times as long ours takes."""
    echo(f"  {what:<36} {ours}{f'   (goal: {goal})' if goal else ''}")
    echo(f"  {bare_name:<36} {bare}")
    echo(f"  {'ours to that':<36} {ours.p50 / bare.p50:.1f}")


def _memory_mb() -> float:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / MEGABYTE
    except OSError:  # not Linux: the figure is left at nothing rather than guessed
        return 0.0


@contextmanager
def watched_memory() -> Iterator[list[float]]:
    """Yields a list whose one number is, in the end, how many MB more there were at the worst moment."""
    before, worst, stop = _memory_mb(), [0.0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.002):
            worst[0] = max(worst[0], _memory_mb() - before)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield worst
    finally:
        stop.set()
        thread.join()


def bare_of(*sealed: bytes) -> Callable[[], object]:
    """AES-256-GCM alone, of as many bytes."""
    cipher, nonce = AESGCM(bytes(32)), bytes(12)
    made = [cipher.encrypt(nonce, bytes(len(one)), None) for one in sealed]
    return lambda: [cipher.decrypt(nonce, one, None) for one in made]
