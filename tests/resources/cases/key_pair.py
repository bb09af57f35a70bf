"""Cases of the classes in ``resources/key_pair.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_key_pair",
        {"key_name": "k", "public_key": "ssh-rsa A"},
        "AWS::EC2::KeyPair",
        {"KeyName": "k", "PublicKeyMaterial": "ssh-rsa A"},
    ),
]
