"""Public keys: each form, what is none, and whatever bytes there are."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.compute.keys.public_keys import PublicKey, read_public_key

# Made by ssh-keygen and openssl; the first four are one key.
RSA = (
    "AAAAB3NzaC1yc2EAAAADAQABAAAAgQDWaPA2X1qVoto0Yn8H5I8YWl0NKCXJ8hjM3JUlqRLHj4E6B+vX"
    "MGy2FeHYJUTs16xuwjOqfkbArXw35oH1mPq9FU4gZHDZbhck6R8alut/ngOzPedQVTJJkqoUCZQ+3P7P"
    "XXn7V8efLNuk9XCGYxG3+KtooTYbfDcjc3olF5j6DQ=="
)
RSA_DER = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDWaPA2X1qVoto0Yn8H5I8YWl0NKCXJ8hjM3JUlqRLH"
    "j4E6B+vXMGy2FeHYJUTs16xuwjOqfkbArXw35oH1mPq9FU4gZHDZbhck6R8alut/ngOzPedQVTJJkqoU"
    "CZQ+3P7PXXn7V8efLNuk9XCGYxG3+KtooTYbfDcjc3olF5j6DQIDAQAB"
)
RSA_PKCS1 = (
    "MIGJAoGBANZo8DZfWpWi2jRifwfkjxhaXQ0oJcnyGMzclSWpEsePgToH69cwbLYV4dglROzXrG7CM6p+"
    "RsCtfDfmgfWY+r0VTiBkcNluFyTpHxqW63+eA7M951BVMkmSqhQJlD7c/s9deftXx58s26T1cIZjEbf4"
    "q2ihNht8NyNzeiUXmPoNAgMBAAE="
)
SSH2 = """---- BEGIN SSH2 PUBLIC KEY ----
Comment: "1024-bit RSA, converted by someone \\
from OpenSSH"
AAAAB3NzaC1yc2EAAAADAQABAAAAgQDWaPA2X1qVoto0Yn8H5I8YWl0NKCXJ8hjM3JUlqR
LHj4E6B+vXMGy2FeHYJUTs16xuwjOqfkbArXw35oH1mPq9FU4gZHDZbhck6R8alut/ngOz
PedQVTJJkqoUCZQ+3P7PXXn7V8efLNuk9XCGYxG3+KtooTYbfDcjc3olF5j6DQ==
---- END SSH2 PUBLIC KEY ----
"""
RSA_LONG = (
    "AAAAB3NzaC1yc2EAAAADAQABAAABAQC4hr6fg4gI6AAlOgTGR1vg4YMc9bmqNJ2wU9Z0Ke081Xrv7OKx"
    "Ahc8OSIpXIKhvdMNlIgce6HXj3zN4bwwafaQ3iGkRTVh9s/puoXnxqj1zH3ygXhpwh3FiTuKT24tDodx"
    "AhtX75i0E8oqpFuC5yr9I/HOI85dnFb+gkbBcMWkTUsOrNWIFL2ywKgwQ3glTiXlJkO6gBqt9AdUvsrd"
    "FSutXo/R7OhR4XHutscEpKQhAtw1ra+ROuq5NBzjRF6ljcQgwCWBOw5ETNlbl9PC6DaCNdxZthxgpbWz"
    "ot/uDf4KGLUZf7rAOQZ+PEe/0Qexm78wQ7ctX/wGdpJy5Ol1k2tf"
)
ED25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIF92DOVkt9HciXHbfbrsD1l6zKB7n+PEMSTo4Js79qWT"
ED25519_DER = "MCowBQYDK2VwAyEAFUrqLiPwWlLGSlHmn589/SReWdmN5s1ST9B/VPCcxwg="
ECDSA = (
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCM3fP7lf0kn+Uf6NMSaxYq9sAN3"
    "8MpG1+2VCsl4SS/WcHTnciEfJYqjzDek4b7DZQXyaD5hTgJHvDCZhucEyIs="
)
ECDSA_DER = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEIzd8/uV/SSf5R/o0xJrFir2wA3fwykbX7ZUKyXhJL9Zw"
    "dOdyIR8liqPMN6ThvsNlBfJoPmFOAke8MJmG5wTIiw=="
)
DSA_DER = (
    "MIIBwDCCATQGByqGSM44BAEwggEnAoGBANxdz0HYoSKeZ7D5+7OEuPAfLovsqszGEOyBWsXwnIngd9Zt"
    "rFP0JvXYdEcEbCPzUIoqOuHlG2xEQHD70pYdB3srkBH1eCtxRrj9Houk/4rmkKAPGhWcm5gc5/DNLpxt"
    "5bGasp/trGOGg/8a5uHyyfWWyIN5uibwU4SE0r4NPTlRAh0A154S9dnyocr0c2H+8Z2+R3CP/3ZnDso6"
    "96L05QKBgQDXTGPXCtMeX4sbYj80PcMKAATO3h/0EKCa1n62Q70rsLE8gURIjb1Q5U1g1Y2qvl7AwpE/"
    "PRcVfu3S06TW5zPeGGovoRFPcJZQIZy1rhjpxbpnF2I+Un5VRuoN+5/RJeoGyVUXHt5ds8ywtpvyA3HS"
    "/KycAikxCvtCLlYRWNm61wOBhQACgYEA3EA0uUPyptWcC5A7jSM2XSD7SGzripPxHeVZicuj7jX0fnfA"
    "vXaBTA6AE6kOSiuFKK3bcEKpTu1TaMdX4gqubk/x2sZKq95fdYBy3puqPePpDG9b0Row8DIHQLihRc0/"
    "BHQguu3R3LTFb4c52T8cDdr3Ss5VGnrDxTuIHWjedlw="
)


def _wire(*strings: bytes) -> str:
    packed = b"".join(len(each).to_bytes(4, "big") + each for each in strings)
    return base64.b64encode(packed).decode()


DSA = _wire(b"ssh-dss", b"\0\xff" * 64, b"\1" * 20, b"\2" * 128, b"\3" * 128)
SK = _wire(b"sk-ssh-ed25519@openssh.com", b"k" * 32, b"ssh:")


def _pem(words: str, body: str) -> str:
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN {words}-----\n{lines}\n-----END {words}-----\n"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"ssh-rsa {RSA}", PublicKey("RSA", 1024)),
        (f"  ssh-rsa  {RSA} someone@example.com\n", PublicKey("RSA", 1024)),
        (RSA, PublicKey("RSA", 1024)),
        (SSH2, PublicKey("RSA", 1024)),
        (RSA_DER, PublicKey("RSA", 1024)),
        (_pem("PUBLIC KEY", RSA_DER), PublicKey("RSA", 1024)),
        (_pem("RSA PUBLIC KEY", RSA_PKCS1), PublicKey("RSA", 1024)),
        (f"ssh-rsa {RSA_LONG}", PublicKey("RSA", 2048)),
        (f"ssh-ed25519 {ED25519}", PublicKey("ED25519")),
        (ED25519_DER, PublicKey("ED25519")),
        (f"sk-ssh-ed25519@openssh.com {SK}", PublicKey("ED25519")),
        (f"ecdsa-sha2-nistp256 {ECDSA}", PublicKey("ECDSA")),
        (ECDSA_DER, PublicKey("ECDSA")),
        (f"ssh-dss {DSA}", PublicKey("DSA")),
        (_pem("PUBLIC KEY", DSA_DER), PublicKey("DSA")),
    ],
)
def test_the_forms_of_keys(text: str, key: PublicKey) -> None:
    assert read_public_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-rsa",
        "ssh-rsa AAAA",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ...",
        f"ssh-rsa {RSA[:-8]}",
        f"ssh-ed25519 {RSA}",  # it says to be another than it is
        RSA_DER[:-8],
        _pem("CERTIFICATE", RSA_DER),
        f"ssh-rsa {_wire(b'ssh-rsa', b'', b'')}",
        "MAA=",
        "MIAA",
        "MP8=",
    ],
)
def test_what_is_no_key(text: str) -> None:
    assert read_public_key(text) is None


@given(st.text())
def test_no_text_is_too_much(text: str) -> None:
    read_public_key(text)
    read_public_key(f"ssh-rsa {text}")


@given(st.binary(max_size=64), st.sampled_from([b"", b"\x30", b"\0\0\0\x07ssh-rsa", b"\x30\x82"]))
def test_no_bytes_are_too_much(raw: bytes, start: bytes) -> None:
    body = base64.b64encode(start + raw).decode()
    for text in (body, f"ssh-rsa {body}", _pem("PUBLIC KEY", body)):
        read_public_key(text)


@given(st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=255))
def test_a_key_with_another_byte_is_no_crash(at: int, byte: int) -> None:
    for whole in (RSA, RSA_DER, DSA_DER, ED25519):
        raw = bytearray(base64.b64decode(whole))
        raw[at % len(raw)] = byte
        read_public_key(base64.b64encode(bytes(raw)).decode())


@given(st.integers(min_value=1, max_value=2**4096))
def test_the_length_is_that_of_the_modulus(modulus: int) -> None:
    packed = modulus.to_bytes(modulus.bit_length() // 8 + 1, "big")
    wire = _wire(b"ssh-rsa", b"\1\0\1", packed)
    assert read_public_key(f"ssh-rsa {wire}") == PublicKey("RSA", modulus.bit_length())
