"""Public keys as EC2 imports them: of which algorithm they are, and how long.

Sources: EC2 User Guide, "Create a key pair using a third-party tool and import the public key",
for the forms; RFC 4253, section 6.6, RFC 5656 and RFC 8709 for OpenSSH's; RFC 4716 for that of
SSH2; RFC 5280, RFC 8017 and RFC 8410 for DER.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final, Literal, NamedTuple

from iac_ec2lint.source.regular_expression import regular_expression

_PEM: Final = regular_expression(
    r"-----BEGIN (?:RSA )?PUBLIC KEY-----(?P<body>.*?)-----END (?:RSA )?PUBLIC KEY-----", re.DOTALL
)
_SSH2: Final = regular_expression(
    r"---- BEGIN SSH2 PUBLIC KEY ----(?P<body>.*?)---- END SSH2 PUBLIC KEY ----", re.DOTALL
)
_SSH2_HEADER: Final = regular_expression(r"^[!-9;-~]{1,64}:(?:[^\n]*\\\r?\n)*[^\n]*$", re.MULTILINE)
_OPENSSH: Final = regular_expression(
    r"(?P<name>(?:sk-)?(?:ssh|ecdsa)-\S+)\s+(?P<body>\S+)(?:\s.*)?"
)

_SEQUENCE, _INTEGER, _BIT_STRING, _OBJECT_ID = 0x30, 0x02, 0x03, 0x06

Algorithm = Literal["RSA", "DSA", "ECDSA", "ED25519"]

_BY_NAME: Final[dict[bytes, Algorithm]] = {
    b"ssh-rsa": "RSA",
    b"ssh-dss": "DSA",
    b"ecdsa-sha2-nistp256": "ECDSA",
    b"ecdsa-sha2-nistp384": "ECDSA",
    b"ecdsa-sha2-nistp521": "ECDSA",
    b"sk-ecdsa-sha2-nistp256@openssh.com": "ECDSA",
    b"ssh-ed25519": "ED25519",
    b"sk-ssh-ed25519@openssh.com": "ED25519",
}
_BY_OBJECT_ID: Final[dict[bytes, Algorithm]] = {
    bytes.fromhex("2a864886f70d010101"): "RSA",
    bytes.fromhex("2a8648ce380401"): "DSA",
    bytes.fromhex("2a8648ce3d0201"): "ECDSA",
    bytes.fromhex("2b6570"): "ED25519",
}


class PublicKey(NamedTuple):
    """What is asked of a public key.

    Attributes:
        algorithm: Its algorithm.
        bits: The length of an RSA key's modulus; 0 of others.
    """

    algorithm: Algorithm
    bits: int = 0


def read_public_key(text: str) -> PublicKey | None:
    """The key that a text is, in OpenSSH's form, SSH2's, PEM or DER in Base64.

    Returns:
        ``None`` where it is none of these, or is cut off.
    """
    written = text.strip()
    name = b""
    if (found := _PEM.fullmatch(written)) is not None:
        body = found["body"]
    elif (found := _SSH2.fullmatch(written)) is not None:
        body = _SSH2_HEADER.sub("", found["body"])
    elif (found := _OPENSSH.fullmatch(written)) is not None:
        name, body = found["name"].encode(), found["body"]
    else:
        body = written
    try:
        raw = base64.b64decode("".join(body.split()), validate=True)
        key = _from_der(raw) if raw[:1] == b"\x30" and not name else _from_ssh(raw, name)
    except (ValueError, binascii.Error):
        return None
    return None if key.algorithm == "RSA" and not key.bits else key


def _from_ssh(raw: bytes, name: bytes) -> PublicKey:
    """A key in the form of RFC 4253: strings after their lengths, the first of them its name."""
    strings: list[bytes] = []
    at = 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "big")
        at += 4 + size
        if at > len(raw):
            raise ValueError("cut off")
        strings.append(raw[at - size : at])
    algorithm = _BY_NAME.get(strings[0]) if strings else None
    if algorithm is None or len(strings) < 2 or name not in {b"", strings[0]}:
        raise ValueError("no key")
    if algorithm != "RSA":
        return PublicKey(algorithm)
    if len(strings) != 3:
        raise ValueError("an RSA key is an exponent and a modulus")
    return PublicKey(algorithm, int.from_bytes(strings[2], "big").bit_length())


def _from_der(raw: bytes) -> PublicKey:
    """A ``SubjectPublicKeyInfo``, or the bare modulus and exponent of PKCS #1."""
    parts = _elements(_content(_elements(raw), 0, _SEQUENCE))
    if parts and parts[0][0] == _INTEGER:
        return PublicKey("RSA", _bits(_content(parts, 0, _INTEGER)))
    algorithm = _BY_OBJECT_ID.get(_content(_elements(_content(parts, 0, _SEQUENCE)), 0, _OBJECT_ID))
    key = _content(parts, 1, _BIT_STRING)
    if algorithm is None:
        raise ValueError("an algorithm that EC2 does not know")
    if algorithm != "RSA":
        return PublicKey(algorithm)
    # The first octet of a bit string says how many bits its last one lacks.
    inner = _elements(_content(_elements(key[1:]), 0, _SEQUENCE))
    return PublicKey(algorithm, _bits(_content(inner, 0, _INTEGER)))


def _bits(integer: bytes) -> int:
    return int.from_bytes(integer, "big").bit_length()


def _elements(raw: bytes) -> list[tuple[int, bytes]]:
    """The elements of some DER, as tags and contents."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(raw):
        head = raw[at : at + 2]
        if len(head) < 2:
            raise ValueError("cut off")
        tag, size = head
        at += 2
        if size & 0x80:
            octets = size & 0x7F
            size = int.from_bytes(raw[at : at + octets], "big")
            at += octets
        if at + size > len(raw):
            raise ValueError("cut off")
        found.append((tag, raw[at : at + size]))
        at += size
    return found


def _content(elements: list[tuple[int, bytes]], index: int, tag: int) -> bytes:
    """The content of an element, which must have a certain tag."""
    if index >= len(elements) or elements[index][0] != tag:
        raise ValueError("another structure than a public key's")
    return elements[index][1]
