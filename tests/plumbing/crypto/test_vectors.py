"""Each vector on disk has the outcome it was written with: by our code, and by an opener written from FORMAT.md alone."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest

from plumbing.crypto import CannotOpen
from plumbing.crypto.chunks import seal_chunks, unseal_chunks
from plumbing.crypto.code import read_code, show_code
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, unseal
from plumbing.crypto.pairs import unwrap, verify
from plumbing.crypto.passphrase import Cost, stretch
from tests.plumbing.crypto import stranger

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text())


def parts(written):
    return [bytes.fromhex(one["hex"]) if isinstance(one, dict) else one for one in written]


def hexed(vector, *names):
    return [bytes.fromhex(vector[name]) for name in names]


def of(kind):
    return pytest.mark.parametrize("vector", VECTORS[kind], ids=lambda vector: vector.get("name", ""))


@of("envelopes")
def test_an_envelope_opens_or_does_not_as_it_is_written(vector):
    key, sealed = hexed(vector, "key", "sealed")
    ours, theirs = (
        make(vector["kind"], parts(vector["context"])) for make in (lambda kind, p: context(kind, *p), stranger.context)
    )
    assert ours == theirs
    if vector["plaintext"] is None:
        with pytest.raises(CannotOpen):
            unseal(key, sealed, ours)
        with pytest.raises(stranger.Refused):
            stranger.open_envelope(key, sealed, theirs)
    else:
        assert unseal(key, sealed, ours) == stranger.open_envelope(key, sealed, theirs) == bytes.fromhex(vector["plaintext"])


@pytest.fixture
def pieces(monkeypatch):
    """The file of the vectors, sealed again from its recipe: every byte must be the same."""
    recipe = VECTORS["chunks"]
    key, salt = hexed(recipe, "key", "salt")
    monkeypatch.setattr("secrets.token_bytes", lambda _length: salt)
    plaintext = bytes.fromhex(recipe["plaintext"]["hex"]) * recipe["plaintext"]["times"]
    made = list(seal_chunks(key, plaintext, context("attachment", *parts(recipe["context"]))))
    assert [{"bytes": len(one), "sha256": hashlib.sha256(one).hexdigest()} for one in made] == recipe["pieces"]
    return made


@pytest.mark.parametrize("case", VECTORS["chunks"]["cases"], ids=lambda case: case["name"])
def test_chunks_open_or_do_not_as_it_is_written(pieces, case):
    recipe = VECTORS["chunks"]
    key = bytes.fromhex(recipe["key"])
    plaintext = bytes.fromhex(recipe["plaintext"]["hex"]) * recipe["plaintext"]["times"]
    sealed, bound = b"".join(pieces[number] for number in case["pieces"]), context("attachment", *parts(recipe["context"]))
    if case["opens"]:
        assert unseal_chunks(key, io.BytesIO(sealed), bound) == stranger.open_chunks(key, sealed, bound) == plaintext
        return
    with pytest.raises(CannotOpen):
        unseal_chunks(key, io.BytesIO(sealed), bound)
    with pytest.raises(stranger.Refused):
        stranger.open_chunks(key, sealed, bound)


@of("wraps")
def test_a_wrap_opens_or_does_not_as_it_is_written(vector):
    private, wrapped = hexed(vector, "private", "wrapped")
    bound = context("wrap", *parts(vector["context"]))
    if vector["plaintext"] is None:
        with pytest.raises(CannotOpen):
            unwrap(private, wrapped, bound)
        with pytest.raises(stranger.Refused):
            stranger.open_wrap(private, wrapped, bound)
    else:
        assert (
            unwrap(private, wrapped, bound) == stranger.open_wrap(private, wrapped, bound) == bytes.fromhex(vector["plaintext"])
        )


@of("signatures")
def test_a_signature_verifies_or_does_not_as_it_is_written(vector):
    public, signature, message = hexed(vector, "public", "signature", "message")
    if vector["ok"]:
        verify(public, signature, message)
        return
    with pytest.raises(CannotOpen):
        verify(public, signature, message)


@of("derivations")
def test_a_derivation_has_its_one_answer(vector):
    secret, key = hexed(vector, "secret", "key")
    purpose = vector["purpose"].encode()
    assert derive(secret, purpose) == stranger.expand(stranger.extract(b"", secret), purpose, 32) == key


@of("passphrases")
def test_a_passphrase_has_its_one_answer_at_its_full_cost(vector):
    salt, pepper, key = hexed(vector, "salt", "pepper", "key")
    assert vector["cost"] == str(Cost())
    assert stretch(vector["words"], salt, pepper, Cost.parse(vector["cost"])) == key


@of("codes")
def test_a_code_has_its_one_way_to_be_shown(vector):
    code = bytes.fromhex(vector["bytes"])
    assert show_code(code) == vector["shown"]
    assert read_code(vector["shown"]) == stranger.read_code(vector["shown"]) == code


@of("contexts")
def test_a_context_has_its_one_way_to_be_written(vector):
    written = parts(vector["context"])
    assert context(vector["kind"], *written) == stranger.context(vector["kind"], written) == bytes.fromhex(vector["bytes"])


def test_the_vectors_are_all_there():
    refused = [vector for kind in ("envelopes", "wraps") for vector in VECTORS[kind] if vector["plaintext"] is None]
    assert (len(VECTORS["envelopes"]), len(VECTORS["wraps"]), len(VECTORS["chunks"]["cases"]), len(refused)) == (25, 15, 12, 37)
