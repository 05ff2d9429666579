"""Codes of words: they come back as they were told, slips are noticed, and six words stay the same for ever."""

from __future__ import annotations

import secrets

import pytest

from accounts.passphrases import words
from accounts.spoken import new_words_code, read_words, show_words, six_words
from plumbing.crypto import CannotOpen
from plumbing.crypto.words import WordCode

CODE = bytes(range(10))
TOLD = "abacus anytime lowland anytime filter airmail button chrome"


def test_a_code_comes_back_as_it_was_told():
    for _turn in range(200):
        code = new_words_code()
        assert len(code) == 10
        assert len(show_words(code).split()) == 8
        assert read_words(show_words(code)) == code


def test_the_words_of_a_code_never_change():
    assert show_words(CODE) == TOLD
    assert show_words(bytes(10)).startswith(" ".join(["abacus"] * 7))


@pytest.mark.parametrize(
    "typed",
    [
        TOLD.upper(),
        TOLD.replace(" ", ", "),
        TOLD.replace(" ", "-"),
        "\n".join(f"{number}. {word}" for number, word in enumerate(TOLD.split(), 1)),
        f"  “{TOLD.title()}.”  ",
        "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000" for letter in TOLD),
        " ".join(word[:4] for word in TOLD.split()),
    ],
)
def test_how_it_is_written_does_not_matter(typed):
    assert read_words(typed) == CODE


@pytest.mark.parametrize("typed", ["", " ", "12345", TOLD.rsplit(" ", 1)[0], TOLD + " otter", "otter " * 8, "²" * 8])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(CannotOpen):
        read_words(typed)


def test_a_word_that_is_not_ours_is_refused():
    first, rest = TOLD.split(" ", 1)
    for slip in (f"x{first}", first[1:], first[:3], "xylophone"):
        with pytest.raises(CannotOpen):
            read_words(f"{slip} {rest}")


def test_another_word_of_ours_is_nearly_always_refused():
    told, passed = TOLD.split(), 0
    for _turn in range(1000):
        slip = list(told)
        slip[secrets.randbelow(8)] = secrets.choice(words())
        try:
            passed += slip != told and read_words(" ".join(slip)) != CODE
        except CannotOpen:
            continue
    # One in 256 passes the check, and opens nothing then.
    assert passed < 25


def test_words_in_another_order_are_refused():
    with pytest.raises(CannotOpen):
        read_words(" ".join(reversed(TOLD.split())))


def test_six_words_never_change():
    assert six_words(b"") == "pigment huge yearbook kayak leaf green"
    assert six_words(bytes(64)) == "crossbar duty falcon lettuce cuckoo sausage"
    assert six_words(bytes(63) + b"\x01") != six_words(bytes(64))


@pytest.mark.parametrize("length", [0, 9, 11])
def test_only_ten_bytes_are_a_code(length):
    with pytest.raises(ValueError, match="ten bytes"):
        show_words(bytes(length))


def test_a_list_that_will_not_do_is_refused():
    for few in (words()[:-1], (*words()[:-1], words()[0]), (*words()[:-1], words()[0] + "s")):
        with pytest.raises(ValueError, match="2,048"):
            WordCode(few)
