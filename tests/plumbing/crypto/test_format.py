"""FORMAT.md says what is: every hexadecimal example in it opens, with an opener that was written from it."""

from __future__ import annotations

import ast
import inspect
import io
import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from plumbing.crypto import chunks, code, envelope, pairs
from plumbing.crypto.chunks import unseal_chunks
from plumbing.crypto.context import KINDS
from plumbing.crypto.envelope import pad
from plumbing.crypto.passphrase import Cost, stretch
from plumbing.crypto.words import WordCode
from tests.plumbing.crypto import stranger

ROOT = Path(envelope.__file__).resolve().parents[2]
FORMAT = Path(envelope.__file__).with_name("FORMAT.md").read_text()
EXAMPLES = {name: bytes.fromhex(text) for name, text in re.findall(r"```hex ([a-z ]+)\n(.*?)```", FORMAT, re.DOTALL)}
STAMP, ATTACHMENT = b"\xa1" * 32, "e1" * 16
WORDS = b"The eye clinic, on 3 March 2027"


def test_the_context():
    assert stranger.context("document", [STAMP, "51" * 16, 3, "e1" * 16, 7]) == EXAMPLES["context"]


def test_the_padding():
    assert stranger.unpadded(EXAMPLES["padded"]) == WORDS
    assert pad(WORDS) == EXAMPLES["padded"]


def test_the_envelope():
    assert stranger.open_envelope(EXAMPLES["envelope key"], EXAMPLES["envelope sealed"], EXAMPLES["context"]) == WORDS


def test_the_chunks():
    bound = stranger.context("attachment", [STAMP, ATTACHMENT])
    assert stranger.open_chunks(EXAMPLES["chunks key"], EXAMPLES["chunks sealed"], bound) == b"a small photo"
    assert unseal_chunks(EXAMPLES["chunks key"], io.BytesIO(EXAMPLES["chunks sealed"]), bound) == b"a small photo"


def test_the_passphrase():
    assert stretch("goat wellies piano café", bytes(16), b"\x11" * 32, Cost()) == EXAMPLES["passphrase key"]


def test_the_code():
    (shown,) = re.findall(r"`((?:[0-9A-Z]{4}-){6}[0-9A-Z]{4})`", FORMAT)
    assert stranger.read_code(shown) == code.read_code(shown.lower().replace("-", " ")) == EXAMPLES["code"]


def test_the_words():
    shown, compared = re.findall(r"“([a-z ]+)”", FORMAT)
    lines = (ROOT / "data" / "reference" / "words.txt").read_text().splitlines()
    words = [line for line in lines if not line.startswith("#")]
    assert stranger.read_words(shown, words) == WordCode(words).read(shown) == EXAMPLES["words"]
    assert stranger.six_words(EXAMPLES["words"], words) == WordCode(words).six(EXAMPLES["words"]) == compared


def test_the_wrap():
    bound = stranger.context("wrap", [STAMP, "51" * 16, 3, "own", "ac" * 16, 1, "hold", 99991231])
    assert stranger.open_wrap(EXAMPLES["wrap private"], EXAMPLES["wrap sealed"], bound) == bytes(range(32))


def test_the_signature():
    public = Ed25519PublicKey.from_public_bytes(EXAMPLES["signature public"])
    public.verify(EXAMPLES["signature"], EXAMPLES["signature message"])
    with pytest.raises(InvalidSignature):
        public.verify(EXAMPLES["signature"], EXAMPLES["signature message"] + b".")


def test_every_example_is_walked():
    """A new example without a test of its own would be a claim that nobody checks."""
    asked = set(re.findall(r'EXAMPLES\["([a-z ]+)"\]', Path(__file__).read_text()))
    assert set(EXAMPLES) == asked


def test_every_kind_of_context_is_in_the_table():
    named = re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", FORMAT, re.MULTILINE)))
    assert set(named) == set(KINDS)
    assert len(KINDS) == len(set(KINDS))


def test_every_context_we_make_is_of_a_kind_in_the_table():
    made = set()
    for path in [path for name in ("plumbing", "accounts", "records") for path in (ROOT / name).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "context"
                and isinstance(node.args[0], ast.Constant)
            ):
                made.add(node.args[0].value)
    assert made <= set(KINDS)
    assert {"document", "wrap", "session", "log", "roster", "letterbox", "keyring", "attachment", "statement"} <= made


def test_the_headers_are_the_ones_in_the_code():
    assert (envelope.HEADER, chunks.HEADER, chunks.CHUNK_BYTES) == (b"LB\x01\x01", b"LB\x01\x02", 1_048_576)
    assert code.ALPHABET in FORMAT
    for number in ("0x0020", "0x0001", "0x0002"):
        assert number in FORMAT
    assert "base mode" in inspect.getdoc(pairs)
