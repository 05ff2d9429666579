"""Signing in: one at a time, two, and more than there is memory for."""

from __future__ import annotations

import multiprocessing
import secrets
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from accounts import keys
from accounts.person import new_person
from plumbing.crypto.passphrase import Busy, Cost
from plumbing.ids import new_id
from records.bench.house import WORDS, account_of
from records.bench.measuring import Echo, Times, say, timed, watched_memory


def sign_in(echo: Echo) -> None:
    """How long it takes, how many are asked to come back, and how much memory there is more."""
    echo(f"Signing in, {Cost()}; bare: Argon2id alone, all of them at once, on a lane each")
    for at_once, rounds, goal in ((1, 20, ""), (2, 20, "p95 600 ms"), (16, 6, "200 MB more")):
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            ours, busy, more = pool.submit(_sign_in_apart, at_once, rounds, True).result()
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            bare, _busy, bare_more = pool.submit(_sign_in_apart, at_once, rounds, False).result()
        say(echo, f"{at_once} at once", ours, "Argon2id alone", bare, goal)
        asked = f"; {busy:.0%} asked to come back" if busy else ""
        echo(f"  {'memory':<36} {more:.0f} MB more, the bare ones {bare_more:.0f} MB{asked}")


def _sign_in_apart(at_once: int, rounds: int, is_ours: bool) -> tuple[Times, float, float]:
    """In a process of its own, so that no memory of before is counted: times, the share sent away, MB more."""
    pepper = secrets.token_bytes(32)
    person = replace(new_person(new_id()), just_us=keys.new_just_us())
    account, cost = account_of(person), Cost()
    sealed = keys.seal_by_passphrase(person, WORDS, pepper, cost)
    times: list[float] = []
    sent_away: list[int] = []

    def ours() -> object:
        return keys.open_by_passphrase(account, sealed, WORDS, pepper)

    def bare() -> object:
        # Two of several lanes in one process would wait for each other for ever (see plumbing/crypto/passphrase.py).
        work = Argon2id(
            salt=sealed.salt,
            length=32,
            iterations=cost.iterations,
            lanes=cost.lanes if at_once == 1 else 1,
            memory_cost=cost.memory_kib,
            secret=pepper,
        )
        return work.derive(WORDS.encode())

    def one(begin: threading.Barrier) -> None:
        begin.wait()
        try:
            times.append(timed(ours if is_ours else bare))
        except Busy:
            sent_away.append(1)

    with watched_memory() as more:
        for _round in range(rounds):
            begin = threading.Barrier(at_once)
            threads = [threading.Thread(target=one, args=[begin]) for _ in range(at_once)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    return Times.of(times), len(sent_away) / (at_once * rounds), more[0]
