"""Passphrases: which will do and which will not, and what the bundled lists of words promise."""

from __future__ import annotations

import itertools

import pytest
from rapidfuzz.distance import Levenshtein

from accounts.passphrases import REASONS, commonest, make_passphrase, problem, words
from accounts.wording import passphrase_problem

AMINA = ("Amina Hussain", "amina.hussain@example.org")


@pytest.mark.parametrize(
    "passphrase",
    [
        "my aunt keeps bees in leeds",
        "A Goat In Wellies",
        "goat hat sun oak",
        "goat-hat-sun-oak",
        "fiddlestickspondweed",
        "xK9#mVq2$Lp7!wRt",
        "قطة زرقاء تحب الشاي",
        "मेरी बिल्ली नीली चाय पीती",
        "我家有三只猫和一条狗还有两只鸡呢对",
        "🐶🐱🐭🐹🐰🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵",
        "   rhubarb under a blue bus   ",
        "liverpool beat my grandfather at cards",
        "e" + "lephants never iron their own socks" * 5,
    ],
)
def test_what_a_person_would_make_up_is_taken(passphrase):
    assert problem(passphrase, AMINA) == ""


@pytest.mark.parametrize(
    "passphrase", ["", "  ", "elephant", "fourteen char.", "cat dog owl", "rhubarb rhubarb", " " * 40 + "otter"]
)
def test_what_is_too_short_is_refused(passphrase):
    assert problem(passphrase) in {"too_short", "too_simple"}
    assert problem(passphrase[:10]) == "too_short"


def test_fifteen_characters_or_four_words_are_the_edge():
    assert problem("brolly in spate") == ""
    assert problem("brolly in spat") == "too_short"
    assert problem("hat oak sun bee") == ""
    assert problem("hat oak sun") == "too_short"
    assert problem("hat oak by sun") == "too_short", "A word of two letters is no word."
    assert problem("hat hat oak sun") == "", "Fifteen characters are enough, whatever the words."
    assert problem("hat hat oak su") == "too_short"


@pytest.mark.parametrize(
    "passphrase",
    [
        "password123456789",
        "PASSWORD!!!!!!!!!",
        "12345678password",
        "p4ssw0rd12345678",
        "passwordpassword",
        "Correct Horse Battery Staple",
        "correct-horse-battery-staple-2027!",
        "You'll Never Walk Alone",
        "ｌｅｔｍｅｉｎ ｌｅｔｍｅｉｎ ２７",
        "iloveyou liverpool forever",
        "i l o v e y o u m u m",
        "Our Father, who art in Heaven",
        "this is my password",
        "Howay the lads 1892",
    ],
)
def test_the_commonest_are_refused_however_they_are_dressed(passphrase):
    assert problem(passphrase) == "too_common"


@pytest.mark.parametrize(
    "passphrase",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "!!!!!!!!!!!!!!!!!!!!",
        "abababababababababab",
        "hopscotchhopscotch",
        "hopscotch hopscotch hop",
        "wombat wombat wombat wombat",
        "1-2-3-4-5-6-7-8-9-10",
        "mnbvcx 0987654321 fgh",
        "99999 88888 77777 66666",
        "abcdefgh 12345678 x",
    ],
)
def test_rows_of_keys_and_one_thing_again_and_again_are_refused(passphrase):
    assert problem(passphrase) == "too_simple"


def test_ones_own_name_does_not_count_towards_the_length():
    assert problem("Amina Hussain 1988", AMINA) == "own_name"
    assert problem("amina.hussain@ex", AMINA) == "own_name"
    assert problem("ＡＭＩＮＡ hussain 1988", AMINA) == "own_name"
    assert problem("amina hussain 1988", ("ＡＭＩＮＡ Hussain",)) == "own_name"
    assert problem("amina hussain grows blue rhubarb", AMINA) == ""
    assert problem("Amina Hussain 1988") == "", "To nobody but Amina is it a name."
    assert problem("the planner of gardens", ("Ann", "an")) == ""


def test_two_hundred_characters_are_enough():
    long = "".join(make_passphrase(40).split())
    assert problem(long[:200]) == ""
    assert problem(long[:201].ljust(201, "q")) == "too_long"


def test_a_made_passphrase_is_five_different_words_and_will_do():
    made = [make_passphrase() for _turn in range(200)]
    assert len(set(made)) == 200
    for passphrase in made:
        assert len(set(passphrase.split()) & set(words())) == 5
        assert problem(passphrase, AMINA) == ""
    assert len(make_passphrase(8).split()) == 8


def test_every_reason_has_a_sentence_of_its_own(app):
    with app.test_request_context():
        sentences = {passphrase_problem(reason) for reason in REASONS}
        assert len(sentences) == len(REASONS)
        assert all(sentence.endswith(".") for sentence in sentences)
        assert passphrase_problem("") == ""
        with pytest.raises(KeyError):
            passphrase_problem("no such reason")


def test_there_are_2048_words_in_order():
    assert len(words()) == len(set(words())) == 2048
    assert list(words()) == sorted(words())


def test_each_word_is_short_and_in_plain_letters():
    odd = [word for word in words() if not (3 <= len(word) <= 8 and word.isascii() and word.isalpha() and word.islower())]
    assert not odd


def test_words_are_told_apart_by_their_first_four_letters():
    assert len({word[:4] for word in words()}) == 2048
    begun = [(a, b) for a, b in itertools.pairwise(sorted(words())) if b.startswith(a)]
    assert not begun, "No word begins another."


def test_no_slip_of_one_letter_makes_another_word():
    near = [pair for pair in itertools.combinations(words(), 2) if Levenshtein.distance(*pair, score_cutoff=1) < 2]
    assert not near


@pytest.mark.parametrize(
    "pair",
    [
        "flour flower",
        "pear pair",
        "sun son",
        "bear bare",
        "key quay",
        "sauce source",
        "story storey",
        "berry beret",
        "cruise crew",
        "hanger hangar",
        "lynx links",
        "medal meddle",
        "mussel muscle",
        "plaice place",
        "pitcher picture",
        "serial cereal",
        "tapir taper",
        "throne thrown",
        "waist waste",
    ],
)
def test_no_word_sounds_like_another(pair):
    assert not set(pair.split()) <= set(words())


def test_the_list_of_the_commonest_is_worth_keeping():
    assert len(commonest()) > 1000
    assert {"password", "letmein", "correcthorsebatterystaple", "qwertyuiop", "iloveyou"} <= commonest()
    assert not [line for line in commonest() if not line.isalpha()]
    assert not commonest() & {make_passphrase().replace(" ", "") for _turn in range(100)}
