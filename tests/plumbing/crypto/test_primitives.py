"""What each primitive does, and what it refuses."""

from __future__ import annotations

import io
import random
import threading
import time

import pytest

from plumbing.crypto import CannotOpen, passphrase
from plumbing.crypto.chunks import CHUNK_BYTES, seal_chunks, unseal_chunks
from plumbing.crypto.code import ALPHABET, new_code, read_code, read_letters, show_code
from plumbing.crypto.context import context
from plumbing.crypto.envelope import OVERHEAD, derive, padded_length, seal, unpad, unseal
from plumbing.crypto.pairs import Pair, sealing_pair, sign, signing_pair, unwrap, verify, wrap
from plumbing.crypto.passphrase import WAITING, Busy, Cost, stretch
from tests.conftest import PROOF

KEY = bytes(range(32))
HERE = context("document", "here")
CHEAP = Cost(64, 1, 1)
FLIPS = 10_000 if PROOF else 2_000


# Envelopes


def test_what_is_sealed_twice_is_never_the_same_bytes():
    assert len({seal(KEY, b"words", HERE) for _ in range(50)}) == 50


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 1000, 100_000])
def test_every_length_comes_back(length):
    assert unseal(KEY, seal(KEY, bytes(length), HERE), HERE) == bytes(length)


def test_padding_hides_lengths():
    lengths = {len(seal(KEY, bytes(length), HERE)) for length in range(4096)}
    assert len(lengths) < 150
    # A diagnosis and its neighbour in the dictionary look alike.
    assert len(seal(KEY, b"x" * 1001, HERE)) == len(seal(KEY, b"x" * 1012, HERE))
    for length in (0, 1, 2, 3, 100, 5000, 99_999, 2**20 + 1, 25_000_000):
        assert length <= padded_length(length) <= 1.12 * length + 1


@pytest.mark.parametrize("padded", [b"", bytes(7), b"\xff" * 8, (1).to_bytes(8, "big"), (3).to_bytes(8, "big") + b"ab"])
def test_a_length_that_cannot_be_true_is_refused(padded):
    with pytest.raises(CannotOpen):
        unpad(padded)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_a_key_of_another_length_is_a_slip_of_ours(key):
    with pytest.raises(ValueError, match="32 bytes"):
        seal(key, b"", HERE)


def test_a_refusal_says_nothing():
    with pytest.raises(CannotOpen) as refused:
        unseal(KEY, seal(KEY, b"secret words", HERE), context("document", "there"))
    assert str(refused.value) == "it does not open"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    with pytest.raises(CannotOpen) as refused:
        unwrap(KEY, bytes(80), HERE)
    assert refused.value.__suppress_context__


def test_purposes_never_share_a_key():
    made = {derive(KEY, purpose) for purpose in (b"", b"a", b"b", b"ab", b"just-us", b"account-keys")}
    assert len(made) == 6


# Contexts


def test_no_two_contexts_are_the_same_bytes():
    several = [(), ("",), ("a",), ("a", ""), ("", "a"), ("ab", "c"), ("a", "bc"), (b"a",), (97,), ("a", 0), (0, "a"), (b"",)]
    assert len({context("document", *parts) for parts in several}) == len(several)
    assert context("document", "keyring") != context("keyring", "document")


@pytest.mark.parametrize("bad", [-1, 1 << 64, True])
def test_a_number_that_does_not_fit_is_refused(bad):
    with pytest.raises(ValueError, match="whole one"):
        context("document", bad)


def test_a_kind_that_is_not_in_the_table_is_refused():
    with pytest.raises(ValueError, match="no such kind"):
        context("diary")


# Chunks


@pytest.mark.parametrize(
    "length", [0, 1, CHUNK_BYTES - 9, CHUNK_BYTES - 8, CHUNK_BYTES, 2 * CHUNK_BYTES - 8, 2 * CHUNK_BYTES + 1]
)
def test_files_of_every_length_come_back(length):
    plaintext = random.Random(length).randbytes(length)
    sealed = b"".join(seal_chunks(KEY, plaintext, HERE))
    assert unseal_chunks(KEY, io.BytesIO(sealed), HERE) == plaintext
    assert length <= len(sealed) <= 1.12 * length + 200


def test_a_file_cut_anywhere_is_refused():
    plaintext = random.Random(1).randbytes(2 * CHUNK_BYTES + 5)
    sealed = b"".join(seal_chunks(KEY, plaintext, HERE))
    edges = [68 + number * (CHUNK_BYTES + 16) for number in range(3)]
    rng = random.Random(2)
    for keep in {
        0,
        1,
        67,
        *edges,
        *(edge + 1 for edge in edges),
        len(sealed) - 1,
        *(rng.randrange(len(sealed)) for _ in range(40)),
    }:
        with pytest.raises(CannotOpen):
            unseal_chunks(KEY, io.BytesIO(sealed[:keep]), HERE)


def test_a_small_thing_and_a_file_are_never_taken_for_each_other():
    with pytest.raises(CannotOpen):
        unseal(KEY, b"".join(seal_chunks(KEY, b"words", HERE)), HERE)
    with pytest.raises(CannotOpen):
        unseal_chunks(KEY, io.BytesIO(seal(KEY, b"words", HERE)), HERE)


# Pairs


def test_a_pair_shows_its_private_half_to_nobody():
    for pair in (sealing_pair(), signing_pair()):
        assert repr(pair.private) not in repr(pair)
        assert Pair(pair.private, pair.public) == pair


@pytest.mark.parametrize("make", [sealing_pair, signing_pair])
def test_no_private_key_is_not_a_new_one(make):
    with pytest.raises(ValueError, match="32"):
        make(b"")


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(32), b"\1" + bytes(31)])
def test_nothing_is_sealed_to_a_key_that_is_none(public):
    with pytest.raises(CannotOpen):
        wrap(public, b"key", HERE)


def test_wraps_of_the_same_key_are_never_the_same_bytes():
    pair = sealing_pair()
    assert len({wrap(pair.public, KEY, HERE) for _ in range(20)}) == 20


# Passphrases


def test_every_part_of_a_derivation_counts():
    made = {
        stretch("goat wellies", bytes(16), KEY, CHEAP),
        stretch("goat wellies.", bytes(16), KEY, CHEAP),
        stretch("goat wellies", bytes(15) + b"\1", KEY, CHEAP),
        stretch("goat wellies", bytes(16), bytes(32), CHEAP),
        stretch("goat wellies", bytes(16), KEY, Cost(65, 1, 1)),
        stretch("goat wellies", bytes(16), KEY, Cost(64, 2, 1)),
        stretch("goat wellies", bytes(16), KEY, Cost(64, 1, 2)),
    }
    assert len(made) == 7


def test_every_keyboard_types_the_same_passphrase():
    assert stretch("Café au lait", bytes(16), KEY, CHEAP) == stretch(" Cafe\u0301  au\u00a0lait\n", bytes(16), KEY, CHEAP)


@pytest.mark.parametrize(
    "text",
    ["", "m=65536", "m=65536,t=3", "m=0,t=3,p=4", "m=65536,t=0,p=4", "m=65536,t=3,p=0", "m=31,t=1,p=4", "t=3,m=65536,p=4",
     "m=99999999,t=3,p=4", "m=9999999,t=3,p=4", "m=65536,t=3,p=4,x=1", "m=-1,t=3,p=4",
     "m=\u0663\u0662,t=1,p=1", "m=65536,t=999,p=4"],
)  # fmt: skip
def test_a_cost_that_nobody_wrote_is_refused(text):
    with pytest.raises(ValueError, match="a cost looks like"):
        Cost.parse(text)


def test_one_is_let_in_two_wait_and_the_rest_are_asked_to_come_back(monkeypatch):
    """Slow enough that all sixteen are there at once; counted, because a queue that lets in one too many takes the memory."""
    # How many wait is what is counted here, not how long: on a busy machine the second of them would go away.
    monkeypatch.setattr(passphrase, "PATIENCE_SECONDS", 60)
    slow, answers, begin = Cost(64 * 1024, 6, 1), [], threading.Barrier(16)

    def sign_in() -> None:
        begin.wait()
        try:
            answers.append(stretch("goat wellies", bytes(16), KEY, slow))
        except Busy:
            answers.append(None)

    threads = [threading.Thread(target=sign_in) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    let_in = [answer for answer in answers if answer]
    assert (len(let_in), len(answers)) == (1 + WAITING, 16)
    assert len(set(let_in)) == 1
    # Afterwards every place is free again.
    assert stretch("goat wellies", bytes(16), KEY, CHEAP)


def test_who_waits_too_long_is_asked_to_come_back_and_leaves_the_place_free(monkeypatch):
    monkeypatch.setattr(passphrase, "PATIENCE_SECONDS", 0.01)
    with passphrase._desk:
        for _ in range(3 * WAITING):
            with pytest.raises(Busy):
                stretch("goat wellies", bytes(16), KEY, CHEAP)
    assert stretch("goat wellies", bytes(16), KEY, CHEAP)


def test_a_derivation_that_fails_leaves_its_place_free():
    for _ in range(2 * (1 + WAITING)):
        with pytest.raises(ValueError, match="salt"):
            stretch("goat wellies", b"", KEY, CHEAP)
    assert stretch("goat wellies", bytes(16), KEY, CHEAP)


def test_a_derivation_lets_other_threads_go_on():
    """It takes a fifth of a second; every page would stand still if it kept the interpreter to itself."""
    ticks, done = 0, threading.Event()
    thread = threading.Thread(target=lambda: (stretch("goat", bytes(16), KEY, Cost(64 * 1024, 4, 1)), done.set()))
    thread.start()
    while not done.is_set():
        ticks += 1
        time.sleep(0.001)
    thread.join()
    assert ticks > 20


# The code on the kit


def test_a_code_survives_the_ways_people_write_it():
    rng = random.Random(5)
    for _ in range(200):
        code = new_code()
        shown = show_code(code)
        worse = "".join(
            rng.choice({"0": "0oO", "1": "1iIlL", "V": "vVuU"}.get(letter, letter + letter.lower())) for letter in shown
        )
        assert read_code(f" {worse.replace('-', rng.choice([' ', '', ' - ', '–']))}\n") == code


def test_slips_in_a_code_are_told_apart():
    rng = random.Random(6)
    shown = read_letters(show_code(new_code()))
    slips = []
    for place in range(len(shown)):
        for letter in ALPHABET.replace(shown[place], ""):
            slips.append(shown[:place] + letter + shown[place + 1 :])
    slips += [shown[:at] + shown[at + 1] + shown[at] + shown[at + 2 :] for at in range(27) if shown[at] != shown[at + 1]]
    taken = 0
    for slip in slips:
        try:
            read_code(slip)
            taken += 1
        except CannotOpen:
            pass
    # Two letters check: one slip in 1,024 passes as a code, and then opens nothing.
    assert taken <= 8
    for bad in ("", "0", shown[:-1], shown + "0", "".join(rng.choices(ALPHABET, k=27)), "é" * 28, "²" * 28):
        with pytest.raises(CannotOpen):
            read_code(bad)


# Ten thousand flipped bits


def _kinds():
    sealing, signing = sealing_pair(), signing_pair()
    other = context("keyring", "b", 2)
    file = b"".join(seal_chunks(KEY, bytes(3000), HERE))
    made = seal(KEY, b"", HERE)
    wrapped, signature = wrap(sealing.public, KEY, other), sign(signing.private, HERE)
    return {
        "envelope": (seal(KEY, b"words", HERE), lambda sealed: unseal(KEY, sealed, HERE)),
        "empty envelope": (seal(KEY, b"", HERE), lambda sealed: unseal(KEY, sealed, HERE)),
        "long envelope": (seal(KEY, bytes(5000), HERE), lambda sealed: unseal(KEY, sealed, HERE)),
        "chunks": (file, lambda sealed: unseal_chunks(KEY, io.BytesIO(sealed), HERE)),
        "wrap": (wrapped, lambda sealed: unwrap(sealing.private, sealed, other)),
        "signature": (signature, lambda made: verify(signing.public, made, HERE)),
        "signed message": (HERE, lambda message: verify(signing.public, signature, message)),
        "context": (HERE, lambda bound: unseal(KEY, made, bound)),
        "key": (KEY, lambda key: unseal(key, made, HERE)),
    }


@pytest.mark.parametrize("kind", _kinds())
def test_no_flipped_bit_is_accepted(kind):
    sealed, opens = _kinds()[kind]
    opens(sealed)
    rng, accepted = random.Random(kind), []
    for _ in range(-(-FLIPS // len(_kinds()))):
        flipped, bit = bytearray(sealed), rng.randrange(8 * len(sealed))
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            opens(bytes(flipped))
            accepted.append(bit)
        except CannotOpen:
            pass
    assert not accepted


def test_overhead_is_what_format_says():
    assert OVERHEAD == len(seal(KEY, b"", HERE)) == 4 + 32 + 32 + 8 + 16
