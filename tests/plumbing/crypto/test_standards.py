"""The primitives are the ones that the standards describe: their own test vectors."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from plumbing.crypto.envelope import derive
from plumbing.crypto.pairs import sign, signing_pair, verify
from plumbing.crypto.passphrase import Cost, plain, stretch
from tests.plumbing.crypto.stranger import hpke_keys


def test_hkdf_is_rfc_5869():
    okm = derive(b"\x0b" * 22, bytes(range(0xF0, 0xFA)), 42, bytes(range(13)))
    assert okm.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    without = derive(b"\x0b" * 22, b"", 42)
    assert without.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"


def test_argon2id_is_rfc_9106():
    kdf = Argon2id(salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\x04" * 12, secret=b"\x03" * 8)
    assert kdf.derive(b"\x01" * 32).hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_a_passphrase_goes_into_that_argon2id_with_its_pepper():
    cost, salt, pepper = Cost(64, 2, 2), bytes(range(16)), bytes(range(32))
    bare = Argon2id(salt=salt, length=32, iterations=2, lanes=2, memory_cost=64, secret=pepper)
    assert stretch("goat  wellies", salt, pepper, cost) == bare.derive(plain("goat wellies"))


def test_ed25519_is_rfc_8032():
    vectors = [
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ]  # fmt: skip
    for private, public, message, signature in (tuple(map(bytes.fromhex, vector)) for vector in vectors):
        assert signing_pair(private).public == public
        assert sign(private, message) == signature
        verify(public, signature, message)


def test_the_strangers_hpke_is_rfc_9180():
    """A.1.1 of the RFC has AES-128 where we have AES-256; the rest is the same."""
    private = bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
    share = bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431")
    key, nonce = hpke_keys(private, share, b"Ode on a Grecian Urn", aead=1, key_bytes=16)
    assert (key.hex(), nonce.hex()) == ("4531685d41d65f03dc48f6b8302c05b0", "56d890e5accaaf011cff4b7d")
    sealed = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
    assert AESGCM(key).decrypt(nonce, bytes.fromhex(sealed), b"Count-0") == b"Beauty is truth, truth beauty"
